"""The sync, through the real queue and the real database, with the SII's side in the test's hands."""

from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest

from bot.bootstrap import Services
from bot.core.documentos import EstadoCompra, Libro, Rechazo
from bot.core.errors import PeriodoFutureError, TooManyRequestsError
from bot.core.errors_sii import (
    SiiAccountError,
    SiiClaveMissingError,
    SiiClaveWrongError,
    SiiUnavailableError,
    SiiWaitError,
)
from bot.core.periodo import Periodo
from bot.core.resumen import Montos
from bot.services.ports import FiltroDocumentos, Quien
from bot.services.ports_sii import Pausa
from bot.services.ports_sincronizacion import EstadoLibro
from bot.storage.embedded import Urls
from tests.conftest import HOY, A, B, Work
from tests.fakes import FixedReloj
from tests.fakes_sii import FakeNotificador, FakeSii, boletas
from tests.storage.test_importacion import compra, documento

NOV, OCT, SEPT = Periodo(2026, 11), Periodo(2026, 10), Periodo(2026, 9)
CLAVE = "Perro-1234"
YA = Quien(A)


@pytest.fixture
async def synced(services: Services, work: Work, sii: FakeSii) -> FakeSii:
    """Taxpayer A has given the clave, and everything has been read once; what was asked is forgotten."""
    sii.documentos = [
        documento(1, periodo=NOV, fecha=date(2026, 11, 3)),
        documento(2, periodo=NOV, tipo=61, fecha=date(2026, 11, 4)),
        compra(3, periodo=NOV),
        compra(4, periodo=NOV, estado=EstadoCompra.PENDIENTE),
        documento(5, periodo=SEPT),
    ]
    sii.solo_resumen[Libro.VENTAS, NOV, None] = boletas(7, 7_000)
    await services.claves.guardar(YA, CLAVE, "web")
    await work()
    later(services, hours=1)
    sii.asked.clear()
    return sii


def later(services: Services, **passed: float) -> datetime:
    """Time passes."""
    reloj = services.reloj
    assert isinstance(reloj, FixedReloj)
    reloj.now += timedelta(**passed)
    return reloj.now


async def total(services: Services, libro: Libro, periodo: Periodo, **more: object) -> Montos:
    """What a person would be told of a month."""
    filtro = FiltroDocumentos((periodo,), **more)  # type: ignore[arg-type]
    return (await services.libro(libro).resumen(YA, filtro)).resumen.totales


async def folios(services: Services, libro: Libro, periodo: Periodo, **more: object) -> set[int]:
    """The documents of a month."""
    found = await services.libro(libro).detalle(YA, FiltroDocumentos((periodo,), **more))  # type: ignore[arg-type]
    return {one.folio for one in found.documentos}


async def ask(services: Services, work: Work, libro: Libro | None = None, *periodos: Periodo) -> None:
    """Ask for a sync and have it done."""
    await services.sincronizacion.pedir(YA, libro, periodos)
    await work()


async def book(services: Services, libro: Libro = Libro.VENTAS) -> EstadoLibro:
    """How the sync of a book stands."""
    return next(one for one in (await services.sincronizacion.estado(YA)).libros if one.libro is libro)


async def test_a_new_clave_brings_everything(
    services: Services, synced: FakeSii, notificador: FakeNotificador
) -> None:
    """The newest months first, then back to the first one, told on the way and not more than that."""
    assert await total(services, Libro.VENTAS, NOV) == Montos(9, 0, 7_000, 0, 7_000)
    assert await total(services, Libro.COMPRAS, NOV) == Montos(1, 0, 100, 19, 119)
    pending = await folios(services, Libro.COMPRAS, NOV, estado=EstadoCompra.PENDIENTE)
    assert pending == {4}
    assert await folios(services, Libro.VENTAS, SEPT) == {5}
    assert notificador.kinds() == ["alta", "primeros", "completa"]
    for libro in Libro:
        found = await book(services, libro)
        assert (found.llega_a, found.completa, found.error) == (Periodo(2026, 7), HOY, "")
    assert set(synced.claves) == {CLAVE}
    assert await services.sincronizacion.cambios(YA, HOY - timedelta(days=1)) == ()


async def test_nothing_changed(
    services: Services, synced: FakeSii, work: Work, notificador: FakeNotificador
) -> None:
    """Two months, five calls each for totals, none for documents; the person is told that all is equal."""
    await ask(services, work)
    assert sum(synced.asked.values()) == 2 + 2 * 4
    assert all(que.startswith("resumen") for que in synced.asked)
    assert notificador.kinds()[-1] == "pedido"
    assert "igual" in notificador.texts()[-1]


async def test_the_register_is_followed(
    services: Services, synced: FakeSii, work: Work, notificador: FakeNotificador
) -> None:
    """What is new, changed, gone or in another state at the SII is so here, and is told with its totals."""
    synced.documentos = [one for one in synced.documentos if one.folio != 2]
    synced.documentos.append(documento(6, periodo=NOV))
    synced.move(1, monto_neto=1_000, monto_total=1_019)
    synced.move(4, estado=EstadoCompra.REGISTRO)
    await ask(services, work)
    assert await folios(services, Libro.VENTAS, NOV) == {1, 6}
    assert await total(services, Libro.VENTAS, NOV) == Montos(9, 0, 8_100, 38, 8_138)
    assert await folios(services, Libro.COMPRAS, NOV) == {3, 4}
    assert await folios(services, Libro.COMPRAS, NOV, estado=EstadoCompra.PENDIENTE) == set()
    ventas, compras = await services.sincronizacion.cambios(YA, HOY)
    assert (ventas.nuevos, ventas.cambiados, ventas.idos) == (1, 1, 1)
    assert (ventas.antes.monto_total, ventas.despues.monto_total) == (7_000, 8_138)
    assert (compras.nuevos, compras.cambiados, compras.idos) == (0, 1, 0)
    assert {(one["que"], one["folio"]) for one in ventas.documentos} == {
        ("nuevo", 6), ("cambiado", 1), ("ido", 2),
    }  # fmt: skip
    assert "$7.000 → $8.138" in notificador.texts()[-1]
    assert await services.sincronizacion.cambios(Quien(B), HOY) == ()


async def test_a_document_that_changes_its_month(services: Services, synced: FakeSii, work: Work) -> None:
    """The month that it left is read too, though nobody asked for it."""
    synced.move(5, periodo=NOV)
    await ask(services, work, Libro.VENTAS, NOV)
    assert await folios(services, Libro.VENTAS, NOV) == {1, 2, 5}
    assert await folios(services, Libro.VENTAS, SEPT) == set()
    assert await total(services, Libro.VENTAS, SEPT) == Montos()
    assert synced.asked[f"resumen ventas {SEPT}"] == 1


async def test_a_type_that_vanishes(services: Services, synced: FakeSii, work: Work) -> None:
    """If the SII totals no such type any more, its documents and its row go."""
    synced.documentos = [one for one in synced.documentos if one.libro is Libro.COMPRAS]
    synced.solo_resumen.clear()
    await ask(services, work)
    assert await total(services, Libro.VENTAS, NOV) == Montos()
    assert await folios(services, Libro.VENTAS, NOV) == set()


async def test_what_cannot_be_read_deletes_nothing(services: Services, synced: FakeSii, work: Work) -> None:
    """A row that is no document leaves the others of its type; the SII's total is shown all the same."""
    synced.documentos.append(documento(7, periodo=NOV))
    synced.rechazos[33] = Rechazo(1, "sin folio")
    await ask(services, work)
    assert await folios(services, Libro.VENTAS, NOV) == {1, 2, 7}
    assert (await total(services, Libro.VENTAS, NOV)).monto_total == 7_119


async def test_the_register_moves_while_it_is_read(services: Services, synced: FakeSii, work: Work) -> None:
    """Totals and documents that do not agree are read once more."""
    synced.documentos.append(documento(8, periodo=NOV))
    synced.changes = [documento(9, periodo=NOV)]
    await ask(services, work, Libro.VENTAS, NOV)
    assert synced.asked[f"resumen ventas {NOV}"] == 2
    assert await folios(services, Libro.VENTAS, NOV) == {1, 2, 8, 9}
    assert await total(services, Libro.VENTAS, NOV) == Montos(11, 0, 7_200, 38, 7_238)


async def test_documents_are_read_again_after_a_week(services: Services, synced: FakeSii, work: Work) -> None:
    """Of the newest months, also if the totals are equal."""
    synced.move(1, contraparte="Otro nombre")
    later(services, days=6)
    await ask(services, work, Libro.VENTAS)
    assert not [que for que in synced.asked if que.startswith("detalle")]
    later(services, days=1)
    await ask(services, work, Libro.VENTAS)
    assert [que for que in synced.asked if que.startswith("detalle")]
    found = await services.ventas.detalle(YA, FiltroDocumentos((NOV,), folio=1))
    assert found.documentos[0].contraparte == "Otro nombre"


@pytest.mark.parametrize(("day", "seen"), [(1, True), (8, True), (9, False)])
async def test_a_month_is_read_for_some_nights_more(
    services: Services, synced: FakeSii, work: Work, *, day: int, seen: bool
) -> None:
    """What a month's last day as one of the newest brought is found in the nights that follow."""
    synced.documentos.append(documento(6, periodo=OCT, fecha=date(2026, 10, 30)))
    now = later(services, days=30 - HOY.day + day)
    await services.sincronizacion.noche(now.replace(hour=2))
    await work()
    assert (6 in await folios(services, Libro.VENTAS, OCT)) is seen


async def test_a_bad_clave_is_used_once(
    services: Services, sii: FakeSii, work: Work, notificador: FakeNotificador
) -> None:
    """It is told once, with the way to mend it, and never used again; a new one is, at once."""
    sii.errors = [SiiClaveWrongError()]
    await services.claves.guardar(YA, "mala-1234", "web")
    await work()
    assert sii.claves == ["mala-1234"]
    [_, told] = notificador.told.values()
    assert [boton.id for boton in told.salida.botones] == ["clave_sii"]
    with pytest.raises(SiiClaveWrongError):
        await services.sincronizacion.pedir(YA, None)
    assert await services.sincronizacion.noche(HOY.replace(hour=2)) == 0
    await work()
    assert (await services.sincronizacion.estado(YA)).clave_rechazada == HOY
    assert sii.claves == ["mala-1234"]
    later(services, minutes=1)
    await services.claves.guardar(YA, CLAVE, "web")
    await work()
    assert set(sii.claves) == {"mala-1234", CLAVE}
    assert notificador.kinds() == ["alta", "clave_mala", "alta", "primeros", "completa"]


async def test_an_answer_about_an_old_clave(services: Services, sii: FakeSii, work: Work) -> None:
    """If another was given meanwhile, that one is not refused."""
    await services.claves.guardar(YA, "mala-1234", "web")
    old = await services.sincronizador._claves.get(A)
    await services.claves.guardar(YA, CLAVE, "web")
    assert old
    assert not await services.sincronizador._claves.reject(A, old.cifrada, HOY)
    await work()
    assert (await services.sincronizacion.estado(YA)).clave_rechazada is None


@pytest.mark.parametrize("bloqueo", [True, False])
async def test_being_told_to_wait(
    services: Services, synced: FakeSii, work: Work, clean: Urls, *, bloqueo: bool
) -> None:
    """Everybody waits until then, which is told; the job goes on afterwards, and it is no failure."""
    hasta = datetime.now(UTC) + timedelta(hours=2)
    synced.errors = [SiiWaitError(hasta, bloqueo=bloqueo)]
    synced.meanwhile = [lambda: services.sincronizador._ritmo.pausar(Pausa(hasta, bloqueo))]
    await ask(services, work, Libro.VENTAS)
    estado = await services.sincronizacion.estado(YA)
    assert estado.pausa
    assert (estado.pausa.hasta, estado.pausa.bloqueo) == (hasta, bloqueo)
    assert (await book(services)).trabajo == "todo"
    assert (await book(services)).error == ""
    [job] = await services.jobs.job_manager.list_jobs_async(queue="sii", status="todo")
    assert job.scheduled_at
    assert hasta <= job.scheduled_at <= hasta + timedelta(seconds=7)
    await now(clean)
    await work()
    assert (await book(services)).trabajo == ""


async def test_an_outage(services: Services, synced: FakeSii, work: Work, clean: Urls) -> None:
    """It is tried again later, keeping what there is; after some tries it is left to the night."""
    synced.errors = [SiiUnavailableError() for _ in range(20)]
    await ask(services, work, Libro.VENTAS)
    found = await book(services)
    assert (found.error, found.fallando, found.fallos) == ("sii_no_disponible", HOY + timedelta(hours=1), 1)
    assert found.exito == HOY
    for _ in range(3):
        await now(clean)
        await work()
    found = await book(services)
    assert (found.trabajo, found.fallos) == ("", 0)
    assert sum(synced.asked.values()) == 4
    assert (await total(services, Libro.VENTAS, NOV)).monto_total == 7_000
    synced.errors = []
    await ask(services, work, Libro.VENTAS)
    found = await book(services)
    assert (found.error, found.fallando) == ("", None)


async def test_the_account_with_the_service_fails(services: Services, synced: FakeSii, work: Work) -> None:
    """Nobody calls for a while, and admins find it in the log."""
    synced.errors = [SiiAccountError(codigo=402)]
    await ask(services, work, Libro.VENTAS)
    assert (await services.sincronizacion.estado(YA)).pausa
    assert (await book(services)).trabajo == "todo"


async def test_what_the_sii_refuses(
    services: Services, synced: FakeSii, work: Work, notificador: FakeNotificador, clean: Urls
) -> None:
    """Its words are kept, the other months are read, and the night asks again for what is missing."""
    synced.refused = {NOV}
    synced.documentos.append(documento(9, periodo=OCT))
    await ask(services, work, Libro.VENTAS)
    assert await folios(services, Libro.VENTAS, OCT) == {9}
    assert (await book(services)).error == "sii_rechazo"
    assert notificador.kinds()[-1] == "pedido"
    with psycopg.connect(clean.owner) as owner:
        logged = owner.execute("SELECT datos ->> 'dice' FROM logs WHERE evento = 'sii.fallo'").fetchall()
    assert logged == [("no se puede",)]


async def test_every_call_is_logged(services: Services, synced: FakeSii, work: Work, clean: Urls) -> None:
    """A row for each month, with its calls, and nothing personal."""
    await ask(services, work, Libro.COMPRAS, NOV)
    with psycopg.connect(clean.owner) as owner:
        [(rut, datos)] = owner.execute(
            "SELECT rut, datos FROM logs WHERE evento = 'sii.mes' ORDER BY id DESC LIMIT 1"
        ).fetchall()
    assert rut == str(A)
    assert (datos["libro"], datos["periodo"], datos["motivo"]) == ("compras", "2026-11", "pedido")
    assert [codigo for _, codigo, _ in datos["llamadas"]] == [200] * 4
    assert CLAVE not in str(datos)


async def test_asked_twice(services: Services, synced: FakeSii) -> None:
    """The same is not queued again while it waits; other months are, and only so often."""
    first = await services.sincronizacion.pedir(YA, None)
    again = await services.sincronizacion.pedir(YA, None)
    assert (first.ya_estaba, again.ya_estaba) == (False, True)
    assert again.trabajos == first.trabajos
    assert not (await services.sincronizacion.pedir(YA, Libro.VENTAS, (SEPT,))).ya_estaba
    with pytest.raises(TooManyRequestsError):
        for _ in range(20):
            await services.sincronizacion.pedir(YA, None)


async def test_what_cannot_be_asked(services: Services) -> None:
    """Without a clave nothing is queued, nor for a month that has not begun."""
    with pytest.raises(SiiClaveMissingError):
        await services.sincronizacion.pedir(YA, None)
    await services.claves.guardar(YA, CLAVE, "web")
    with pytest.raises(PeriodoFutureError):
        await services.sincronizacion.pedir(YA, None, (Periodo(2026, 12),))


async def test_the_erased_and_the_blocked(services: Services, synced: FakeSii, work: Work) -> None:
    """A job of somebody who is gone, or may not use us, calls nobody."""
    await services.sincronizacion.pedir(YA, None)
    await services.administracion.cambiar("x", A, bloqueado=True)
    await work()
    assert not synced.asked
    await services.datos.borrar(YA)
    await work()
    assert not synced.asked


async def now(urls: Urls) -> None:
    """What waits to be tried again may be tried, and nobody is told to wait any more."""
    with psycopg.connect(urls.owner) as owner:
        owner.execute("UPDATE procrastinate.procrastinate_jobs SET scheduled_at = NULL")
        owner.execute("UPDATE sii_cuenta SET pausa = NULL")
