"""Client, simulator, queue and database together: what the SII has is what people are told."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from aiohttp.test_utils import TestClient, TestServer
from procrastinate.jobs import Job

from api.app import make_app
from bot.bootstrap import Replacements, Services, open_services
from bot.core.documentos import Documento, EstadoCompra, Libro
from bot.core.periodo import Periodo
from bot.core.resumen import MONTOS, total
from bot.core.rut import Rut
from bot.services.ports import FiltroDocumentos, Quien
from bot.services.ports_sincronizacion import Encargo, Motivo
from bot.storage.embedded import Urls
from sandbox.sii import Ajustes, RegistroSimulado, Simulador, simulador
from tests.conftest import HOY, PASSWORD, A, make_settings, register_tasks
from tests.fakes import FakeHasher, FixedReloj
from tests.fakes_sii import FakeNotificador

TOKEN, CLAVE = "t0ken-de-prueba", "Perro-1234"
NOV = Periodo(2026, 11)
RATE = 60_000
# Form 29 of the golden figures, by code, with a PPM of 0,25 % and 10.000 withheld.
F29 = {
    538: 1_143_800, 520: 190_000, 528: 19_000, 511: 171_000, 504: 0, 537: 171_000, 89: 972_800, 77: 0,
    563: 6_020_000, 62: 15_050, 151: 10_000, 91: 997_850,
}  # fmt: skip


@asynccontextmanager
async def tributa(
    sii: Simulador, urls: Urls, data: Path, notificador: FakeNotificador, version: int = 1
) -> AsyncIterator[Services]:
    """One program with the real client, against the simulator."""
    settings = make_settings(
        data,
        sii_base_url=f"{sii.url}/api/v{version}",
        sii_api_version=version,
        sii_token=TOKEN,
        sii_rate=RATE,
        sii_desde="2026-10",
        sii_concurrency=6,
    )
    replaced = Replacements(hasher=FakeHasher(), reloj=FixedReloj(HOY), notificador=notificador, canales={})
    async with open_services(settings, urls.app, replaced) as services:
        register_tasks(services)
        yield services


async def work(services: Services) -> None:
    """Do what waits, some at a time; a job that waits for another of its taxpayer is looked for again."""
    before = None
    while (left := {job.id for job in await _waiting(services)}) and left != before:
        before = left
        await services.jobs.run_worker_async(
            queues=["sii"], concurrency=6, wait=False, install_signal_handlers=False, listen_notify=False
        )


async def _waiting(services: Services) -> list[Job]:
    return list(await services.jobs.job_manager.list_jobs_async(queue="sii", status="todo"))


def sale(folio: int, tipo: int, neto: int, iva: int) -> Documento:
    """A sale of November."""
    return Documento(
        Libro.VENTAS, NOV, tipo, folio, date(2026, 11, 3), Rut(77_111_222), "CLIENTE SPA",
        0, neto, iva, neto + iva,
    )  # fmt: skip


def bought(folio: int, tipo: int, neto: int, iva: int) -> Documento:
    """A purchase of November that is in the register."""
    return replace(sale(folio, tipo, neto, iva), libro=Libro.COMPRAS, estado=EstadoCompra.REGISTRO)


@asynccontextmanager
async def api(services: Services, data: Path) -> AsyncIterator[Callable[..., Awaitable[dict[str, Any]]]]:
    """The REST API on the same services; what taxpayer A reads of November there."""
    async with TestClient(TestServer(make_app(make_settings(data), services))) as client:
        entry = await client.post("/api/login", json={"rut": str(A), "password": PASSWORD})
        bearer = {"Authorization": f"Bearer {(await entry.json())['token']}"}
        client.session.cookie_jar.clear()

        async def read(what: str, **query: object) -> dict[str, Any]:
            params = {"periodo": str(NOV)} | {name: str(value) for name, value in query.items()}
            async with client.get(f"/api/{what}", params=params, headers=bearer) as answer:
                found: dict[str, Any] = await answer.json()
                assert answer.status == 200, found
                return found

        yield read


def figures(row: dict[str, int]) -> tuple[int, ...]:
    """Count, exempt, net, IVA and total of a row that the API gave."""
    return tuple(row[name] for name in ("cantidad", *MONTOS))


def simulated() -> RegistroSimulado:
    """The register as of the tests' day."""
    return RegistroSimulado(HOY.date)


@pytest.mark.parametrize("version", [1, 2])
async def test_the_golden_figures(
    clean: Urls, tmp_path: Path, notificador: FakeNotificador, version: int
) -> None:
    """The figures of the domain notes come out of the API after a sync with either version of the service,
    and a change is followed."""
    registro = simulated()
    factura, nota = sale(1, 33, 10_840_000, 2_059_600), sale(2, 61, 4_820_000, 915_800)
    registro.put(A, [factura, nota])
    registro.put(A, [bought(3, 33, 600_000, 114_000), bought(4, 33, 400_000, 76_000)])
    registro.put(A, [bought(5, 61, 100_000, 19_000)])
    async with simulador(registro, Ajustes(por_minuto=RATE), TOKEN) as sii:
        sii.set_clave(A, CLAVE)
        async with (
            tributa(sii, clean, tmp_path, notificador, version) as services,
            api(services, tmp_path) as read,
        ):
            await services.claves.guardar(Quien(A), CLAVE, "web")
            await work(services)
            ventas, compras = await read("ventas/resumen"), await read("compras/resumen")
            assert figures(ventas["totales"]) == (2, 0, 6_020_000, 1_143_800, 7_163_800)
            assert [figures(fila) for fila in ventas["filas"]] == [
                (1, 0, 10_840_000, 2_059_600, 12_899_600),
                (1, 0, 4_820_000, 915_800, 5_735_800),
            ]
            assert figures(compras["totales"]) == (3, 0, 900_000, 171_000, 1_071_000)
            f29 = await read("f29", remanente=0, tasa_ppm=0.25, retenciones=10_000)
            values = {linea["codigo"]: linea["valor"] for linea in f29["lineas"]}
            assert {code: values[code] for code in F29} == F29
            assert notificador.kinds() == ["alta", "completa"]
            registro.remove(A, nota)
            services.reloj.now += timedelta(hours=1)  # type: ignore[attr-defined]
            await services.sincronizacion.pedir(Quien(A), None)
            await work(services)
            ventas = await read("ventas/resumen")
            assert figures(ventas["totales"]) == (1, 0, 10_840_000, 2_059_600, 12_899_600)
            assert "$7.163.800 → $12.899.600" in notificador.texts()[-1]
        assert sii.violaciones == []


async def test_a_bad_clave_is_tried_once(clean: Urls, tmp_path: Path, notificador: FakeNotificador) -> None:
    """The SII sees it a single time, though both books and the night want it."""
    async with simulador(simulated(), Ajustes(por_minuto=RATE), TOKEN) as sii:
        sii.set_clave(A, CLAVE)
        async with tributa(sii, clean, tmp_path, notificador) as services:
            await services.claves.guardar(Quien(A), "otra-Clave9", "web")
            for _ in range(3):
                await work(services)
                await services.sincronizacion.noche(HOY.replace(hour=2))
            estado = await services.sincronizacion.estado(Quien(A))
            assert estado.clave_rechazada
            assert notificador.kinds().count("clave_mala") == 1
        assert sii.violaciones == []


async def test_two_workers_and_faults(clean: Urls, tmp_path: Path, notificador: FakeNotificador) -> None:
    """However it fails and whoever works, in the end the database holds what the SII has, by its rules."""
    registro = simulated()
    people = registro.sinteticos(4)
    with psycopg.connect(clean.owner) as owner:
        for one in people:
            owner.execute(
                "INSERT INTO contributors (rut, nombre, verificado) VALUES (%s, 'x', true)", (str(one.rut),)
            )
    async with simulador(registro, Ajustes(por_minuto=RATE), TOKEN) as sii:
        async with (
            tributa(sii, clean, tmp_path, notificador) as first,
            tributa(sii, clean, tmp_path, notificador) as second,
        ):
            for one in people:
                await first.claves.guardar(Quien(one.rut), one.clave, "web")
            sii.fallar("http", codigo=503, veces=3)
            sii.fallar("http", codigo=409, veces=2)
            for _ in range(8):
                await asyncio.gather(work(first), work(second))
                _hurry(clean)
            for one in people:
                await _same(first, registro, one.rut)
        assert sii.violaciones == []


async def test_a_lock_is_waited_for(clean: Urls, tmp_path: Path, notificador: FakeNotificador) -> None:
    """While the account is locked nobody calls; afterwards the same jobs go on."""
    registro = simulated()
    registro.put(A, [sale(1, 33, 100, 19)])
    async with simulador(registro, Ajustes(por_minuto=RATE), TOKEN) as sii:
        sii.set_clave(A, CLAVE)
        sii.fallar("bloqueo", segundos=3600)
        async with tributa(sii, clean, tmp_path, notificador) as services:
            await services.claves.guardar(Quien(A), CLAVE, "web")
            await work(services)
            pausa = (await services.sincronizacion.estado(Quien(A))).pausa
            assert pausa
            assert pausa.bloqueo
            _hurry(clean, paused=True)
            await work(services)
            sii.normal()
            _hurry(clean)
            await work(services)
            await _same(services, registro, A)
        assert sii.violaciones == []


async def test_a_job_that_is_done_twice(clean: Urls, tmp_path: Path, notificador: FakeNotificador) -> None:
    """After a crash what was synced since it was asked for is not read again."""
    async with simulador(simulated(), Ajustes(por_minuto=RATE), TOKEN) as sii:
        sii.set_clave(A, CLAVE)
        async with tributa(sii, clean, tmp_path, notificador) as services:
            await services.claves.guardar(Quien(A), CLAVE, "web")
            await work(services)
            calls = sii.bitacora.as_json()["llamadas"]
            encargo = Encargo(A, Libro.COMPRAS, Motivo.NOCHE, HOY)
            await services.sincronizador.sincronizar(encargo)
            assert sii.bitacora.as_json()["llamadas"] == calls


def _hurry(urls: Urls, *, paused: bool = False) -> None:
    """The time of what waits to be tried again has come."""
    with psycopg.connect(urls.owner) as owner:
        owner.execute("UPDATE procrastinate.procrastinate_jobs SET scheduled_at = NULL")
        if not paused:
            owner.execute("UPDATE sii_cuenta SET pausa = NULL")


async def _same(services: Services, registro: RegistroSimulado, rut: Rut) -> None:
    """Documents and totals of two months are those of the register."""
    for (libro, periodo, estado), contenido in registro.verdad(rut, [NOV, NOV.plus(-1)]).items():
        filtro = FiltroDocumentos((periodo,), estado if libro is Libro.COMPRAS else None)
        servicio = services.libro(libro)
        found = await servicio.resumen(Quien(rut), filtro)
        assert found.faltan == ()
        assert found.resumen == total(contenido.filas)
        detalle = await servicio.detalle(Quien(rut), filtro, limite=10_000)
        expected = {(one.tipo, one.folio, one.monto_total, one.estado) for one in contenido.electronicos}
        assert {(one.tipo, one.folio, one.monto_total, one.estado) for one in detalle.documentos} == expected
