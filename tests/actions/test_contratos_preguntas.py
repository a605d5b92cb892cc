"""What the chat says to questions about contracts."""

from typing import Any

from actions.contratos_preguntas import ActionContratoPregunta, facts
from bot.bootstrap import Services
from bot.core.contratos.temas import Clase
from bot.core.mensajes import Pedido
from bot.services.contratos_redaccion import Fuente, Opcion, RespuestaContratos
from bot.services.ports import Quien
from tests.actions.test_registro import ask

DOS = RespuestaContratos("¿Cuál?", Clase.MONTO, opciones=(Opcion(7, "a"), Opcion(9, "b")))
UNA = RespuestaContratos("Esto dice…", Clase.MONTO, (Fuente(9, "b.pdf", 2, "La renta…"),), 9)


async def test_nobody_has_contracts_yet(services: Services) -> None:
    """Without contracts that is what is said."""
    name, said, _ = await ask(services, ActionContratoPregunta, "cuánto es la multa del arriendo")
    assert name == "utter_contrato_texto"
    assert "No tienes contratos aquí" in said["texto"]


async def test_a_choice_is_asked_what_was_asked_before(services: Services, monkeypatch: Any) -> None:
    """Two contracts fit: the button names one, and the question is still known."""
    heard = []

    async def responder(self: Any, quien: Quien, pregunta: str, contexto: int | None) -> RespuestaContratos:
        heard.append((pregunta, contexto))
        return UNA if contexto else DOS

    monkeypatch.setattr(type(services.respuestas), "responder", responder)
    _, said, events = await ask(services, ActionContratoPregunta, "cuánto pago de arriendo")
    assert [one["title"] for one in said["buttons"]] == ["a", "b"]
    payload = said["buttons"][1]["payload"]
    kept = {event["name"]: event["value"] for event in events}
    _, _, events = await ask(services, ActionContratoPregunta, "b", boton=payload, **kept)
    assert heard == [("cuánto pago de arriendo", None), ("cuánto pago de arriendo", 9)]
    assert {event["name"]: event["value"] for event in events}["contrato_duda"] is None


async def test_the_page_of_an_answer(services: Services, monkeypatch: Any) -> None:
    """An answer offers its page, and the button names contract and page; nobody else's is shown."""

    async def responder(self: Any, quien: Quien, pregunta: str, contexto: int | None) -> RespuestaContratos:
        return UNA

    monkeypatch.setattr(type(services.respuestas), "responder", responder)
    _, said, _ = await ask(services, ActionContratoPregunta, "cuánto es la renta")
    [button] = said["buttons"]
    assert button["title"] == "Ver página"
    assert Pedido.parse(button["payload"]) == Pedido(
        "contrato_pregunta", pagina=2, accion="pagina", contrato=9
    )
    name, _, _ = await ask(services, ActionContratoPregunta, "Ver página", boton=button["payload"])
    assert name == "utter_error_no_encontrado"


def test_the_api_is_told_where_it_stands() -> None:
    """File, page and passage of each source."""
    [source] = facts(UNA)["fuentes"]
    assert source == {"contrato_id": 9, "archivo": "b.pdf", "pagina": 2, "fragmento": "La renta…"}
