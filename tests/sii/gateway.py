"""A taxpayer, an allowance and a service of answers written by hand, for the tests of the SII's client."""

import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from bot.core.rut import Rut
from bot.services.ports_sii import AccesoSii, Pausa
from bot.sii.gateway import GatewaySii

DATA = Path(__file__).parent / "data" / "json"
AHORA = datetime(2026, 11, 22, 10, 0, tzinfo=ZoneInfo("America/Santiago"))
CLAVE = "Ñandú#7 clave-secreta"
TOKEN = "tok-9f8e7d6c5b4a"
BASES = {1: "https://legacy.apigateway.cl/api/v1", 2: "https://app.apigateway.cl/api/v2"}
RUT = Rut(76192083)


class FakeRitmo:
    """An allowance that counts turns and remembers pauses."""

    def __init__(self) -> None:
        self.turnos, self.dentro = 0, 0
        self.pausas: list[Pausa] = []

    @asynccontextmanager
    async def turno(self) -> AsyncIterator[None]:
        self.turnos += 1
        self.dentro += 1
        try:
            yield
        finally:
            self.dentro -= 1

    async def pausar(self, pausa: Pausa) -> None:
        assert not self.dentro, "a pause asked for within the turn could wait for itself"
        self.pausas.append(pausa)

    async def pausa(self) -> Pausa | None:
        return self.pausas[-1] if self.pausas else None


class Service:
    """Gives its answers one after another, the last one again and again; remembers the requests."""

    def __init__(self, *answers: httpx.Response | Exception, version: int = 1) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []
        self.ritmo = FakeRitmo()
        transport = httpx.MockTransport(self._answer)
        self.sii = GatewaySii(BASES[version], version, TOKEN, self.ritmo, lambda: AHORA, transport)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        assert self.ritmo.dentro == 1
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)


def acceso(rut: Rut = RUT) -> AccesoSii:
    """A taxpayer's access."""
    return AccesoSii(rut, CLAVE)


def sample(name: str) -> Any:
    """A recorded answer of the register."""
    return json.loads((DATA / f"{name}.json").read_text())


def sobre(rows: Iterable[Any] | None, codigo: Any = 0, dice: str | None = None, version: int = 1) -> Any:
    """The service's envelope around rows."""
    inner = {
        "data": None if rows is None else list(rows),
        "respEstado": {"codRespuesta": codigo, "msgeRespuesta": dice, "codError": None},
    }
    return inner if version == 1 else {"data": inner, "metadata": {"timestamp": "2026-11-22"}}


def ok(rows: Iterable[Any] | None = (), version: int = 1) -> httpx.Response:
    """A good answer."""
    return httpx.Response(200, json=sobre(rows, version=version))


def said(codigo: int, text: str, **headers: str) -> httpx.Response:
    """A refusal with words."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(codigo, json={"message": text}, headers=names)


def fila(**cambios: Any) -> dict[str, Any]:
    """A row of the register's detail, with a valid RUT."""
    row: dict[str, Any] = dict(sample("rcv-detalle-compra")["data"][0])
    return row | {"detRutDoc": 12345678, "detDvDoc": "5", "detNroDoc": 10} | cambios
