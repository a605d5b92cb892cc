"""The SII password and one's own data, asked for in the chat, on the real database."""

from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.confirmar import ActionAfirmar, ActionNegar
from actions.cuenta import ActionClaveSii, ActionMisDatos
from bot.bootstrap import Services
from bot.core.consulta import asks_to_download, asks_to_erase, is_plain_yes
from bot.services.ports import Quien
from bot.services.ports_acceso import Cliente
from bot.services.ports_secretos import PropositoEnlace
from tests.actions.test_registro import ask
from tests.conftest import A, B

AQUI = Cliente("127.0.0.1")


def _offer(*titles_and_ids: str) -> dict[str, Any]:
    """Something that Tributa said, with buttons."""
    pairs = zip(titles_and_ids[::2], titles_and_ids[1::2], strict=True)
    buttons = [{"title": title, "payload": payload} for title, payload in pairs]
    return {"event": "bot", "text": "x", "data": {"buttons": buttons}}


async def _say(services: Services, action: type, *events: dict[str, Any]) -> str:
    """Answer with one word after these events; gives the response's name."""
    conversacion = await services.conversacion._mensajes.conversacion("web", str(A), A)
    latest = {"text": "sí", "entities": [], "intent": {"name": "x"}}
    history = [{"event": "user"}, *events, {"event": "user"}]
    tracker = Tracker(conversacion.id, {}, latest, history, False, None, {}, "action_listen")
    dispatcher = CollectingDispatcher()
    await action(services).run(dispatcher, tracker, {})
    [message] = dispatcher.messages
    return str(message["response"])


BORRAR = _offer("Sí, borrarla", "clave_sii.borrar_ya", "No, dejarla", "negar")


async def test_the_link_to_give_the_password(services: Services) -> None:
    """The link opens for this taxpayer and this purpose, and the password is never typed in the chat."""
    name, said, _ = await ask(services, ActionClaveSii, "cómo te doy mi clave")
    assert name == "utter_clave_pedir"
    token = said["enlace"].partition("#")[2]
    quien, canal = await services.enlaces.abierto(token, PropositoEnlace.CLAVE, AQUI)
    assert (quien.rut, canal) == (A, "web")


async def test_the_password_goes_once_confirmed(services: Services) -> None:
    """Asked to remove it, Tributa asks first; `sí` does it, and only of who says it."""
    for rut in (A, B):
        await services.claves.guardar(Quien(rut), "inventada1", "web")
    name, said, _ = await ask(services, ActionClaveSii, "tienes mi clave?")
    assert name == "utter_clave_guardada"
    assert said["desde"].startswith("hoy")
    name, _, _ = await ask(services, ActionClaveSii, "ya no quiero que tengan mi clave")
    assert name == "utter_clave_confirmar"
    assert await services.claves.estado(Quien(A))
    assert await _say(services, ActionAfirmar, BORRAR) == "utter_clave_borrada"
    assert await services.claves.estado(Quien(A)) is None
    assert await services.claves.estado(Quien(B))
    assert await _say(services, ActionAfirmar, BORRAR) == "utter_clave_ninguna"


@pytest.mark.parametrize(
    "events",
    [
        [],
        [_offer("Ver ventas", "ventas_resumen")],
        [BORRAR, {"event": "user"}, _offer("Ver ventas", "ventas_resumen")],
        [_offer("Sí, algo", "restart")],
    ],
)
async def test_yes_to_nothing(services: Services, events: list[dict[str, Any]]) -> None:
    """`sí` does nothing if it is not the answer to what was just asked."""
    await services.claves.guardar(Quien(A), "inventada1", "web")
    assert await _say(services, ActionAfirmar, *events) in (
        "utter_afirmar_nada",
        "utter_error_boton_desconocido",
    )
    assert await services.claves.estado(Quien(A))


async def test_no(services: Services) -> None:
    """`no` leaves it as it is."""
    await services.claves.guardar(Quien(A), "inventada1", "web")
    assert await _say(services, ActionNegar, BORRAR) == "utter_negar"
    assert await _say(services, ActionNegar) == "utter_negar_nada"
    assert await services.claves.estado(Quien(A))


@pytest.mark.parametrize(
    ("text", "boton", "response", "proposito"),
    [
        ("", "mis_datos.avisos_si", "utter_avisos_si", None),
        ("", "mis_datos.avisos_no", "utter_avisos_no", None),
        ("quiero descargar mis datos", "", "utter_mis_datos_descargar", PropositoEnlace.DATOS),
        ("", "mis_datos.descargar", "utter_mis_datos_descargar", PropositoEnlace.DATOS),
        ("borra todo lo mío", "", "utter_mis_datos_borrar", PropositoEnlace.BORRAR),
        ("", "mis_datos.borrar", "utter_mis_datos_borrar", PropositoEnlace.BORRAR),
        ("", "mis_datos.otra", "utter_error_boton_desconocido", None),
    ],
)
async def test_my_data(
    services: Services, text: str, boton: str, response: str, proposito: PropositoEnlace | None
) -> None:
    """A link to take everything away, a link to erase it, alerts on or off."""
    name, said, _ = await ask(services, ActionMisDatos, text, boton=boton)
    assert name == response
    if proposito:
        token = said["enlace"].partition("#")[2]
        assert (await services.enlaces.abierto(token, proposito, AQUI))[0].rut == A


@pytest.mark.parametrize("state", ["encendidos", "apagados"])
async def test_an_overview_of_my_data(services: Services, state: str) -> None:
    """What is kept, and whether alerts are on, each with its buttons."""
    await services.alertas.encender(Quien(A), "web", encendidos=state == "encendidos")
    conversacion = await services.conversacion._mensajes.conversacion("web", str(A), A)
    latest = {"text": "qué guardan de mí", "entities": [], "intent": {"name": "mis_datos"}}
    tracker, dispatcher = (
        Tracker(conversacion.id, {}, latest, [], False, None, {}, "x"),
        CollectingDispatcher(),
    )
    await ActionMisDatos(services).run(dispatcher, tracker, {})
    assert [one["response"] for one in dispatcher.messages] == ["utter_mis_datos", f"utter_avisos_{state}"]


@pytest.mark.parametrize(
    ("text", "erase", "download"),
    [
        ("elimínenla porfa", True, False),
        ("BORREN MI CLAVE", True, False),
        ("quiero darme de baja", True, False),
        ("no quiero que guarden mi clave", True, False),
        ("dejen de tener mis datos", True, False),
        ("cómo cambio mi clave", False, False),
        ("olvida mi clave", True, False),
        ("me olvidé de poner la clave", False, False),
        ("mándame una copia de lo mío", False, True),
        ("quiero llevarme mis datos", False, True),
        ("quién ve mis datos", False, False),
    ],
)
def test_what_is_wished(text: str, *, erase: bool, download: bool) -> None:
    """Read from the verb; erasing is confirmed, so it may be read too often."""
    assert (asks_to_erase(text), asks_to_download(text)) == (erase, download)


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("sí", True),
        ("SI!!", True),
        ("sipo bórrala", True),
        ("ya dale", True),
        ("👍", True),
        ("siii porfa", True),
        ("bueno, confirmo", True),
        ("no", False),
        ("sí, pero mejor no", False),
        ("alto", False),
        ("🚫", False),
        ("4", False),
        ("", False),
        ("mmm no sé", False),
    ],
)
def test_a_plain_yes(text: str, *, yes: bool) -> None:
    """What erases something takes a word that says so."""
    assert is_plain_yes(text) is yes
