"""A running SII simulator whose time stands still, and a client that asks it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import aiohttp

from bot.core.documentos import Documento, EstadoCompra, Libro
from bot.core.periodo import Periodo
from bot.core.rut import Rut
from bot.services.reloj import SANTIAGO
from sandbox.sii import Ajustes, RegistroSimulado, Simulador, simulador

HOY = date(2026, 11, 20)
MES = Periodo(2026, 11)
EMPRESA = Rut(76_192_083)
CLAVE = "clave-Buena1"
REGISTRO, PENDIENTE = EstadoCompra.REGISTRO, EstadoCompra.PENDIENTE


class Clock:
    """Moves when somebody waits, or is told to."""

    def __init__(self) -> None:
        self.now = 1_795_000_000.0
        self.slept: list[float] = []
        self.gate: asyncio.Event | None = None
        self._asleep = asyncio.Semaphore(0)

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Real seconds pass at once; or when the gate opens, if there is one."""
        self.slept.append(seconds)
        self._asleep.release()
        if self.gate:
            await self.gate.wait()
        self.now += seconds

    async def asleep(self, count: int) -> None:
        """Until so many more wait."""
        for _ in range(count):
            await self._asleep.acquire()


@dataclass
class Answer:
    """What came back; `body` is None if it is no JSON."""

    status: int
    headers: dict[str, str]
    text: str
    body: Any = None

    @property
    def code(self) -> int:
        code: int = self.body["respEstado"]["codRespuesta"]
        return code

    @property
    def rows(self) -> list[dict[str, Any]]:
        return self.body["data"] or []


@dataclass
class Stage:
    """The simulator and one taxpayer's client."""

    sii: Simulador
    clock: Clock
    http: aiohttp.ClientSession
    version: int = 1

    async def post(
        self, path: str, *, rut: Rut = EMPRESA, clave: str = CLAVE, token: str | None = None, **query: Any
    ) -> Answer:
        """POST below `/sii/rcv/` as the client of a taxpayer."""
        url = f"{self.sii.url}/api/v{self.version}/sii/rcv/{path}"
        scheme = "Bearer" if self.version == 1 else "Token"
        headers = {"Authorization": token or f"{scheme} {self.sii.token}"}
        body = {"auth": {"pass": {"rut": str(rut), "clave": clave}}}
        async with self.http.post(url, headers=headers, json=body, params=query) as got:
            text = await got.text()
            answer = Answer(got.status, dict(got.headers), text)
            if got.content_type == "application/json" and text.endswith("}"):
                answer.body = await got.json()
            return answer

    async def resumen(
        self, libro: Libro, estado: EstadoCompra | None = None, periodo: Periodo = MES, **how: Any
    ) -> Answer:
        """One of the two summaries."""
        rut = how.get("rut", EMPRESA)
        end = f"/{estado}" if estado else ""
        return await self.post(f"{libro}/resumen/{rut}/{periodo.aaaamm}{end}", **how)

    async def detalle(
        self, libro: Libro, dte: int, estado: EstadoCompra | None = None, periodo: Periodo = MES, **how: Any
    ) -> Answer:
        """One of the two details."""
        rut = how.get("rut", EMPRESA)
        end = f"/{estado}" if estado else ""
        path = f"{libro}/detalle/{rut}/{periodo.aaaamm}/{dte}{end}"
        return await self.post(path, **{"tipo": "rcv"} | how)

    async def ventas(self, **how: Any) -> Answer:
        """The call of tests to which it does not matter."""
        return await self.resumen(Libro.VENTAS, **how)

    def kinds(self) -> list[str]:
        """The violations so far."""
        return [one.tipo for one in self.sii.violaciones]


@asynccontextmanager
async def staged(**ajustes: Any) -> AsyncIterator[Stage]:
    """A simulator of 20 November 2026 that knows the clave of an empty taxpayer."""
    clock = Clock()
    registro = RegistroSimulado(lambda: HOY)
    settings = Ajustes(**{"por_minuto": 10_000, **ajustes})
    async with (
        simulador(registro, settings, "t0ken", clock, clock.sleep) as sii,
        aiohttp.ClientSession() as http,
    ):
        sii.set_clave(EMPRESA, CLAVE)
        yield Stage(sii, clock, http)


def venta(folio: int = 1, tipo: int = 33, **rest: Any) -> Documento:
    """A sale of this month."""
    recepcion = datetime(2026, 11, 5, 10, 20, 30, tzinfo=SANTIAGO)
    given = {"fecha_recepcion": recepcion, **rest}
    return Documento(
        Libro.VENTAS, MES, tipo, folio, date(2026, 11, 5), Rut(77_111_222), "CLIENTE SPA",
        0, 1_000, 190, 1_190, **given,
    )  # fmt: skip


def compra(folio: int = 1, tipo: int = 33, estado: EstadoCompra = PENDIENTE, **rest: Any) -> Documento:
    """A purchase of this month."""
    recepcion = datetime(2026, 11, 6, 9, 8, 7, tzinfo=SANTIAGO)
    given = {"fecha_recepcion": recepcion, **rest}
    return Documento(
        Libro.COMPRAS, MES, tipo, folio, date(2026, 11, 5), Rut(78_333_444), "PROVEEDOR LTDA",
        0, 2_000, 380, 2_380, estado, **given,
    )  # fmt: skip
