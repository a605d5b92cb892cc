"""The sync in the chat, on the real database."""

from datetime import UTC, date, datetime, timedelta

import pytest

from actions.sii import ActionActualizarSii
from bot.bootstrap import Services
from bot.channels.textos import DomainTexts
from bot.core.consulta import asks_how_it_stands, asks_what_changed, find_desde, find_libro
from bot.core.documentos import Libro
from bot.core.edad import until
from bot.core.periodo import Periodo
from bot.services.ports import Quien
from bot.services.ports_sii import Pausa
from bot.settings import ROOT
from tests.actions.test_registro import ask
from tests.conftest import HOY, A, B, Work
from tests.fakes import FixedReloj
from tests.fakes_sii import FakeSii
from tests.storage.test_importacion import documento

TEXTS = DomainTexts(ROOT / "domain.yml")


async def say(services: Services, text: str = "", boton: str = "", rut: object = A) -> tuple[str, str]:
    """The response's name, and what the person reads."""
    name, said, _ = await ask(services, ActionActualizarSii, text, rut, boton)
    return name, TEXTS.texto(name, **said)


@pytest.fixture
async def synced(services: Services, sii: FakeSii, work: Work) -> FakeSii:
    """A's register has been read once, an hour ago."""
    await services.claves.guardar(Quien(A), "Perro-1234", "web")
    await work()
    assert isinstance(services.reloj, FixedReloj)
    services.reloj.now += timedelta(hours=1)
    return sii


async def test_it_is_queued_and_said(services: Services, synced: FakeSii) -> None:
    """Which book and months, and how old is what there is; asked again, it is on its way already."""
    name, text = await say(services, "actualiza mis ventas de septiembre")
    assert name == "utter_actualizar_sii"
    assert "por tus ventas de septiembre de 2026" in text
    assert "hoy a las 12:00" in text
    assert (await say(services, "actualiza mis ventas de septiembre"))[0] == "utter_actualizar_sii_en_camino"
    [job] = await services.jobs.job_manager.list_jobs_async(queue="sii", status="todo")
    assert (job.task_name, job.task_kwargs["periodos"]) == ("update_ventas", "2026-09")
    assert "ventas y compras" in (await say(services, boton="actualizar_sii"))[1]


async def test_a_day_is_its_month(services: Services, synced: FakeSii) -> None:
    """Nothing smaller can be fetched, so what was asked for is in it."""
    assert "compras de noviembre de 2026" in (await say(services, "actualiza las compras de hoy"))[1]


async def test_without_a_clave(services: Services, sii: FakeSii, work: Work) -> None:
    """The way to give it is offered; one that was refused is not tried again."""
    assert (await say(services, "actualiza"))[0] == "utter_error_sii_sin_clave"
    await services.claves.guardar(Quien(A), "mala-1234", "web")
    stored = await services.sincronizador._claves.get(A)
    assert stored
    await services.sincronizador._claves.reject(A, stored.cifrada, HOY)
    for text in ("actualiza", "cuándo se actualizó por última vez"):
        assert (await say(services, text))[0] == "utter_error_sii_clave_mala"


async def test_a_pause_is_told(services: Services, synced: FakeSii) -> None:
    """Until when, and that it will be done."""
    hasta = datetime.now(UTC) + timedelta(minutes=30)
    await services.sincronizacion._ritmo.pausar(Pausa(hasta, bloqueo=False))
    name, text = await say(services, "actualiza mis compras")
    assert name == "utter_actualizar_sii_espera"
    assert f"hasta {until(hasta, services.reloj.ahora())}" in text


async def test_what_changed(services: Services, synced: FakeSii, work: Work) -> None:
    """The totals before and after, the documents, and how old the data is; of nobody else."""
    name, text = await say(services, "qué cambió desde ayer")
    assert (name, "Nada cambió en tu registro desde ayer" in text) == ("utter_sii_cambios_ninguno", True)
    synced.documentos = [documento(7, periodo=Periodo(2026, 11))]
    await services.sincronizacion.pedir(Quien(A), None)
    await work()
    name, text = await say(services, "qué cambió desde ayer")
    assert name == "utter_sii_cambios"
    for part in (
        "*Ventas de noviembre de 2026*: 1 documento nuevo",
        "Total $0 → $119",
        "factura electrónica 7",
        "hoy a las 13:00",
    ):
        assert part in text
    assert (await say(services, boton="actualizar_sii.cambios"))[1] == text
    assert (await say(services, "qué cambió", rut=B))[0] == "utter_sii_cambios_sin_datos"


async def test_how_it_stands(services: Services, synced: FakeSii) -> None:
    """Each book with its age, and what is on its way."""
    await services.sincronizacion.pedir(Quien(A), Libro.VENTAS)
    name, text = await say(services, "ya se actualizó?")
    assert name == "utter_sii_estado"
    assert "• Ventas: al día hoy a las 12:00, en la fila" in text
    assert "• Compras: al día hoy a las 12:00\n" in text


async def test_a_button_that_is_none(services: Services) -> None:
    """An unknown one is told as such."""
    assert (await say(services, boton="actualizar_sii.otra"))[0] == "utter_error_boton_desconocido"


@pytest.mark.parametrize(
    ("text", "changed", "stands"),
    [
        ("qué cambió desde ayer", True, False),
        ("¿Hay algo nuevo en mis compras?", True, False),
        ("novedades", True, False),
        ("que facturas nuevas llegaron", True, False),
        ("qué documentos desaparecieron", True, False),
        ("actualiza que algo cambió", False, False),
        ("trae lo nuevo del SII de octubre", False, False),
        ("anda a ver al sii si hay facturas nuevas", False, False),
        ("actualiza", False, False),
        ("cuándo fue la última actualización", False, True),
        ("ya se sincronizó?", False, True),
        ("falló la bajada de datos, inténtalo de nuevo", False, True),
        ("actualiza mis ventas de septiembre", False, False),
    ],
)
def test_which_of_the_three(text: str, *, changed: bool, stands: bool) -> None:
    """To do a sync, how it stands, or what it changed."""
    assert (asks_what_changed(text), not asks_what_changed(text) and asks_how_it_stands(text)) == (
        changed,
        stands,
    )


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("qué cambió", 21),
        ("qué cambió desde ayer", 21),
        ("qué cambió hoy", 22),
        ("qué cambió de ayer a hoy", 21),
        ("desde anteayer", 20),
        ("esta semana", 15),
        ("desde el viernes", 20),
        ("desde el domingo", 15),
        ("cambios de los últimos 3 días", 19),
    ],
)
def test_since_when(text: str, day: int) -> None:
    """On Sunday, November 22; yesterday if nothing is said."""
    assert find_desde(text, date(2026, 11, 22)) == date(2026, 11, day)


@pytest.mark.parametrize(
    ("text", "libro"),
    [
        ("actualiza mis ventas", Libro.VENTAS),
        ("trae las compras de octubre", Libro.COMPRAS),
        ("actualiza ventas y compras", None),
        ("actualiza mi registro de compras y ventas", None),
        ("actualiza", None),
    ],
)
def test_which_book(text: str, libro: Libro | None) -> None:
    """The one that is named alone."""
    assert find_libro(text) is libro
