"""Pictures, documents and lists on their way out, against the simulators with the services' own limits."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.channels.telegram import TelegramCanal
from bot.channels.whatsapp import WhatsAppCanal
from bot.core.mensajes import Archivo, Boton, Outgoing
from bot.services.ports_archivos import Contenido
from bot.services.ports_canales import CanalOcupadoError, CanalRechazoError
from tests.channels.test_telegram import Stage, stage, telegram  # noqa: F401  (fixtures)
from tests.sandbox.conftest import sim  # noqa: F401  (a fixture)
from tests.sandbox.telegram_stage import ANA, png
from tests.sandbox.whatsapp import BUSINESS, PHONE, Sim

CHART = Contenido("ventas.png", "image/png", png(1000, 750))
SHEET = Contenido(
    "ventas septiembre.xlsx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    b"PK\x03\x04" + bytes(3000),
)
PICTURE, DOCUMENT = Archivo("f1", CHART.nombre), Archivo("f2", SHEET.nombre)
BUTTONS = (Boton("ventas_resumen", "Ver el total"), Boton("ayuda", "¿Qué puedes hacer?"))


@pytest.fixture
async def whatsapp(sim: Sim) -> AsyncIterator[WhatsAppCanal]:  # noqa: F811
    """Talks to the simulator; the person has just written."""
    await sim.write(texto="hola")
    canal = WhatsAppCanal(sim.url, "23.0", BUSINESS.phone_id, BUSINESS.token, "s", "v")
    yield canal
    await canal.close()


async def last(sim: Sim) -> dict[str, Any]:  # noqa: F811
    """What the person sees."""
    return (await sim.read())[-1]


async def test_whatsapp_pictures_and_documents(whatsapp: WhatsAppCanal, sim: Sim) -> None:  # noqa: F811
    """With their caption, name and buttons, or bare."""
    await whatsapp.enviar(PHONE, Outgoing("Tus ventas", BUTTONS, imagen=PICTURE), 1, CHART)
    said = await last(sim)
    assert (said["texto"], said["imagen"]["mime"]) == ("Tus ventas", "image/png")
    assert [one["id"] for one in said["botones"]] == ["ventas_resumen", "ayuda"]
    await whatsapp.enviar(PHONE, Outgoing("Tu planilla", documento=DOCUMENT), 2, SHEET)
    said = await last(sim)
    assert said["texto"] == "Tu planilla"
    assert (said["documento"]["nombre"], said["documento"]["tamano"]) == (SHEET.nombre, len(SHEET.datos))
    await whatsapp.enviar(PHONE, Outgoing("", documento=DOCUMENT), 3, SHEET)
    assert (await last(sim))["documento"]["nombre"] == SHEET.nombre


async def test_whatsapp_uploads_once(whatsapp: WhatsAppCanal, sim: Sim) -> None:  # noqa: F811
    """A message that has to wait is sent with the file that is there already."""
    message = Outgoing("Tus ventas", imagen=PICTURE)
    await sim.faults(error_envio={"codigo": 131056, "veces": 1})
    with pytest.raises(CanalOcupadoError):
        await whatsapp.enviar(PHONE, message, 1, CHART)
    await whatsapp.enviar(PHONE, message, 1, CHART)
    assert (await last(sim))["imagen"]["mime"] == "image/png"
    assert len(sim.state.media.files) == 1


async def test_whatsapp_lists(whatsapp: WhatsAppCanal, sim: Sim) -> None:  # noqa: F811
    """Ten rows with what each is for, behind one button."""
    rows = tuple(Boton(f"fila{n}", "T" * 24, "d" * 72) for n in range(10))
    await whatsapp.enviar(PHONE, Outgoing("¿Con cuál?", lista=rows), 1)
    [section] = (await last(sim))["lista"]["secciones"]
    assert [row["id"] for row in section["filas"]] == [row.id for row in rows]
    assert {row["descripcion"] for row in section["filas"]} == {"d" * 72}


@pytest.mark.parametrize(
    ("message", "content"),
    [
        (Outgoing("x", imagen=PICTURE), Contenido("x.png", "image/png", CHART.datos + bytes(5 * 2**20))),
        (Outgoing("x", imagen=PICTURE), Contenido("x.gif", "image/gif", b"GIF89a")),
        (Outgoing("x", documento=DOCUMENT), Contenido("x.bin", "application/x-thing", b"x")),
    ],
)
async def test_whatsapp_refuses(whatsapp: WhatsAppCanal, message: Outgoing, content: Contenido) -> None:
    """What is too large or of a kind that it does not take is refused for good."""
    with pytest.raises(CanalRechazoError):
        await whatsapp.enviar(PHONE, message, 1, content)


async def test_whatsapp_is_away() -> None:
    """Nothing was sent if not even the file arrived."""
    away = WhatsAppCanal("http://127.0.0.1:9", "23.0", "1", "t", "s", "v")
    with pytest.raises(CanalOcupadoError):
        await away.enviar(PHONE, Outgoing("x", imagen=PICTURE), 1, CHART)
    await away.close()


async def test_telegram_pictures_and_documents(telegram: TelegramCanal, stage: Stage) -> None:  # noqa: F811
    """With caption, marks and keyboard; a list is a keyboard of one column."""
    await telegram.enviar(str(ANA), Outgoing("*Tus* ventas", BUTTONS, imagen=PICTURE), 1, CHART)
    said = (await stage.seen(ANA))[-1]
    assert (said["tipo"], said["texto"]) == ("imagen", "Tus ventas")
    assert [one["type"] for one in said["formato"]] == ["bold"]
    assert [one["id"] for one in said["botones"]] == ["ventas_resumen", "ayuda"]
    await telegram.enviar(str(ANA), Outgoing("", documento=DOCUMENT), 2, SHEET)
    said = (await stage.seen(ANA))[-1]
    assert (said["tipo"], said["nombre"], said["tamano"]) == ("documento", SHEET.nombre, len(SHEET.datos))
