"""Client, simulator, queue and database together: what the SII has is what people are told."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from procrastinate.jobs import Job

from bot.bootstrap import Replacements, Services, open_services
from bot.core.documentos import Documento, Libro
from bot.core.periodo import Periodo
from bot.core.resumen import Montos, total
from bot.core.rut import Rut
from bot.services.ports import FiltroDocumentos, Quien
from bot.services.ports_sincronizacion import Encargo, Motivo
from bot.storage.embedded import Urls
from sandbox.demo import phone
from sandbox.demo_datos import DEMO
from sandbox.sii import Ajustes, RegistroSimulado, Simulador, simulador
from tests.conftest import HOY, A, make_settings, register_tasks
from tests.fakes import FakeHasher, FixedReloj
from tests.fakes_sii import FakeNotificador
from tests.stack import SII_RATE, Stack
from tests.telefonos import Telefono, fetch, status, until

TOKEN, CLAVE = "t0ken-de-prueba", "Perro-1234"
NOV = Periodo(2026, 11)
RATE = 60_000


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


def simulated() -> RegistroSimulado:
    """The register as of the tests' day."""
    return RegistroSimulado(HOY.date)


@pytest.mark.parametrize("version", [1, 2])
async def test_the_golden_figures(
    clean: Urls, tmp_path: Path, notificador: FakeNotificador, version: int
) -> None:
    """The totals of the domain arrive through both versions of the service, and a change is followed."""
    registro = simulated()
    factura, nota = sale(1, 33, 10_840_000, 2_059_600), sale(2, 61, 4_820_000, 915_800)
    registro.put(A, [factura, nota])
    async with simulador(registro, Ajustes(por_minuto=RATE), TOKEN) as sii:
        sii.set_clave(A, CLAVE)
        async with tributa(sii, clean, tmp_path, notificador, version) as services:
            await services.claves.guardar(Quien(A), CLAVE, "web")
            await work(services)
            asked = FiltroDocumentos((NOV,))
            found = await services.ventas.resumen(Quien(A), asked)
            assert found.resumen.totales == Montos(2, 0, 6_020_000, 1_143_800, 7_163_800)
            assert notificador.kinds() == ["alta", "completa"]
            registro.remove(A, nota)
            services.reloj.now += timedelta(hours=1)  # type: ignore[attr-defined]
            await services.sincronizacion.pedir(Quien(A), None)
            await work(services)
            found = await services.ventas.resumen(Quien(A), asked)
            assert found.resumen.totales == Montos(1, 0, 10_840_000, 2_059_600, 12_899_600)
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


class Contribuyente:
    """A demo taxpayer with a phone, and the SII behind them."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.telefono = Telefono(stack, phone(DEMO[1]))
        self.clave = stack.secret(f"demo_sii_{DEMO[1].rut}")[:12]

    def sii(self, what: str, body: object = None, method: str | None = None) -> Any:
        """The simulated SII's controls."""
        return fetch(f"http://127.0.0.1:{self.stack.sii}/_control/{what}", body, method)

    def give(self, clave: str) -> None:
        """Ask for the link in the chat, and write the clave on its page."""
        link = self.telefono.say("quiero dejar mi clave del SII")["texto"].partition("/enlace#")[2].split()[0]
        body = {"token": link, "clave": clave, "consentimiento": True}
        raw = json.dumps(body).encode()
        assert status(f"{self.stack.url}/api/enlaces/clave", raw, Content_Type="application/json")[0] == 204

    def heard(self, words: str) -> dict[str, Any]:
        """Something that is told without being asked for, waited for."""
        try:
            return until(lambda: [one for one in self.telefono.said() if words in one["texto"]])[-1]
        except AssertionError:
            said = [one["texto"] for one in self.telefono.said()]
            raise AssertionError(f"{said}\n{self.stack.log_of('worker')[-3000:]}") from None


@pytest.fixture
def contribuyente(stack: Stack) -> Iterator[Contribuyente]:
    """Boldo's owner; afterwards the SII is well again."""
    until(stack.ready)
    one = Contribuyente(stack)
    one.sii("ajustes", {"por_minuto": SII_RATE})
    yield one
    one.sii("fallas", method="DELETE")


@pytest.mark.engine
def test_from_the_phone(contribuyente: Contribuyente) -> None:
    """Without a clave, with a bad one, with the good one, and while the SII makes everybody wait."""
    say, heard = contribuyente.telefono.say, contribuyente.heard
    said = say("actualiza mis datos del SII")
    assert "necesito tu clave tributaria" in said["texto"]
    assert [one["id"] for one in said["botones"]] == ["clave_sii"]
    contribuyente.give("otra-Clave9")
    assert [one["id"] for one in heard("no aceptó tu clave")["botones"]] == ["clave_sii"]
    assert "no aceptó tu clave" in say("actualiza mis datos del SII")["texto"]
    contribuyente.give(contribuyente.clave)
    heard("Ya están tus ventas y compras de los últimos dos meses")
    heard("ya tengo todo tu registro desde diciembre de 2024")
    assert "voy al SII por tus ventas y compras" in say("actualiza mis datos del SII")["texto"]
    heard("no hay nada nuevo")
    contribuyente.sii("fallas", {"tipo": "bloqueo", "segundos": 600})
    say("actualiza mis datos del SII")
    until(lambda: "nos pidió esperar hasta" in say("cómo va la actualización")["texto"])
    assert "nos pidió esperar hasta" in say("actualiza mis datos del SII")["texto"]
    assert "registro del SII" in say("cuánto vendí en septiembre")["texto"]
    assert contribuyente.sii("violaciones") == []


@pytest.mark.engine
def test_nothing_of_the_clave_is_on_the_disk(contribuyente: Contribuyente) -> None:
    """Neither a clave nor the service's token is in any log, nor in the database's files."""
    stack = contribuyente.stack
    secret = [contribuyente.clave, "otra-Clave9", stack.secret("demo_sii")]
    for path in stack.data.rglob("*"):
        if path.is_file() and path.name != "secrets.json":
            content = path.read_bytes()
            assert not [one for one in secret if one.encode() in content], path
