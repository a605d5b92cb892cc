"""Companies of one chat as a list, page by page."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.vinculos import ActionCambiarEmpresa
from bot.bootstrap import Services
from bot.core.reparto import WHATSAPP
from bot.core.rut import Rut
from bot.services.ports import Contribuyente
from bot.services.ports_canales import Remitente

ACCOUNTANT = Remitente("whatsapp", "CL.900", None, "Marta")
RUTS = [Rut.parse(text) for text in (
    "77111222-6", "77111333-8", "77111444-K", "77111555-1", "76192083-9", "77697060-3",
    "76354771-K", "1-9", "11111111-1", "22222222-2", "12345678-5", "44444444-4",
)]  # fmt: skip

NAMES = "Alerce Boldo Canelo Espino Litre Maitén Notro Peumo Quillay Raulí Tepa Ulmo".split()


async def offered(services: Services, many: int, boton: str = "", texto: str = "") -> list[dict[str, Any]]:
    """The rows that an accountant with so many companies gets."""
    for number, rut in enumerate(RUTS[:many]):
        await services.acceso._contribuyentes.add(Contribuyente(rut, f"Comercial {NAMES[number]} Limitada"))
        await services.vinculacion._link(ACCOUNTANT, rut)
    mine = await services.vinculacion.de(ACCOUNTANT)
    entities = [{"entity": "boton", "value": boton}] if boton else []
    latest = {"text": texto, "entities": entities, "intent": {"name": "x"}}
    tracker = Tracker(mine[0].conversacion, {}, latest, [], False, None, {}, "action_listen")
    dispatcher = CollectingDispatcher()
    await ActionCambiarEmpresa(services).run(dispatcher, tracker, {})
    [message] = dispatcher.messages
    rows: list[dict[str, Any]] = message["buttons"]
    return rows


async def test_a_few(services: Services) -> None:
    """Each with its RUT, and how to add another."""
    rows = await offered(services, 3)
    assert [row["payload"] for row in rows][-1] == "vincular.entrar"
    assert len(rows) == 3
    assert all(row["description"] for row in rows)


async def test_a_name_that_is_said_goes_first(services: Services) -> None:
    """Whoever names a company need not look for it."""
    usual = (await offered(services, 12))[5]
    named = await offered(services, 12, texto=f"cambiar a la de {usual['title'].split()[1]}")
    assert named[0] == usual


async def test_page_by_page(services: Services) -> None:
    """No page has more rows than WhatsApp takes, and together they have every other company once."""
    first = await offered(services, 12)
    more = first[-2]["payload"]
    assert more == "cambiar_empresa:::2"
    second = await offered(services, 12, boton=more)
    assert max(len(first), len(second)) <= WHATSAPP.filas
    shown = [row["payload"] for row in (*first, *second) if ".activar." in row["payload"]]
    assert len(shown) == len(set(shown)) == 11
    assert await offered(services, 12, boton="cambiar_empresa:::9") == first
