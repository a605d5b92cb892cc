"""The SII's register through API Gateway, versions 1 and 2."""

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpx

from bot.core.documentos import Documento, EstadoCompra, Libro, Rechazo
from bot.core.errors_sii import SiiSessionError, SiiUnavailableError, SiiWaitError
from bot.core.periodo import Periodo
from bot.services.ports_sii import AccesoSii, FilaSii, Llamada, Pausa, Ritmo
from bot.sii.gateway_answers import Answer, SessionLostError, read_rows
from bot.sii.rcv_json import read_detalle, read_resumen
from bot.sii.rcv_values import RowError
from bot.telemetry.metrics import SII_CALL_SECONDS, SII_CALLS, SII_WAIT_SECONDS, stage

_SCHEMES = {1: "Bearer", 2: "Token"}
_TIMEOUT = httpx.Timeout(45, connect=5)
# The read timeout counts between two pieces only; a body that trickles must end as well.
_WHOLE_CALL = 180
_MAX_BODY = 50_000_000
_MAX_ERROR = 65_536


class GatewaySii:
    """Implements the port `Sii` on API Gateway's HTTP contract."""

    def __init__(
        self,
        base_url: str,
        version: int,
        token: str,
        ritmo: Ritmo,
        reloj: Callable[[], datetime],
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._base, self._version, self._token = base_url.rstrip("/"), version, token.strip()
        self._ritmo, self._reloj = ritmo, reloj
        self._token_works = False
        self._http = httpx.AsyncClient(
            headers={
                b"Authorization": f"{_SCHEMES[version]} {self._token}".encode(),
                b"Accept": b"application/json",
                b"Content-Type": b"application/json",
                b"User-Agent": b"Tributa",
            },
            # A cookie of one taxpayer's answer must not go with another's call.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            timeout=_TIMEOUT,
            trust_env=False,
            follow_redirects=False,
            transport=transport,
        )

    async def close(self) -> None:
        await self._http.aclose()

    async def resumen(
        self, acceso: AccesoSii, libro: Libro, periodo: Periodo, estado: EstadoCompra | None
    ) -> tuple[FilaSii, ...]:
        """The month's totals by type; purchases without a state are those in REGISTRO.

        Raises:
            SiiError: as the port says; also if any row cannot be read.
        """
        path = f"{libro}/resumen/{acceso.rut}/{periodo.aaaamm}"
        params = {"certificacion": "0", "formato": "json"} if libro is Libro.VENTAS else {}
        rows = await self._rows(acceso, f"{libro} resumen {periodo}", path, _state(libro, estado), params)
        with suppress(RowError):
            return read_resumen(rows)
        raise SiiUnavailableError()

    async def detalle(
        self, acceso: AccesoSii, libro: Libro, periodo: Periodo, estado: EstadoCompra | None, tipo: int
    ) -> tuple[Documento | Rechazo, ...]:
        """The documents of one type; 0 asks for all of them, in the shape that the service has for that."""
        path = f"{libro}/detalle/{acceso.rut}/{periodo.aaaamm}/{tipo}"
        state = _state(libro, estado)
        params = {"tipo": "rcv" if tipo else "rcv_csv"}
        rows = await self._rows(acceso, f"{libro} detalle {tipo} {periodo}", path, state, params)
        return await asyncio.to_thread(read_detalle, rows, libro, periodo, state, tipo)

    async def _rows(
        self, acceso: AccesoSii, que: str, path: str, state: EstadoCompra | None, params: dict[str, str]
    ) -> list[Any]:
        url = f"{self._base}/sii/rcv/{path}" + (f"/{state}" if state else "")
        for once in (params, {**params, "auth_cache": "0"}):
            # Of this same sync no call counts: its clave has been accepted, so it is not what is wrong.
            works = self._token_works and all(llamada.codigo != 200 for llamada in acceso.llamadas)
            with stage("sii", _kind(que), role="CLIENT"):
                answer = await self._send(acceso, que, url, once)
                with suppress(SessionLostError):
                    return await self._read(answer, acceso, works)
        raise SiiSessionError()

    async def _read(self, answer: Answer, acceso: AccesoSii, works: bool) -> list[Any]:
        if answer.codigo in (200, 401):
            # A 401 uses the proof up: should the token be the culprit, one clave is disabled, not all.
            self._token_works = answer.codigo == 200
        secretos = (acceso.clave, self._token)
        try:
            return await asyncio.to_thread(
                read_rows, answer, self._version, secretos, self._reloj(), token_works=works
            )
        except SiiWaitError as espera:
            await self._ritmo.pausar(Pausa(espera.hasta, espera.bloqueo))
            raise

    async def _send(self, acceso: AccesoSii, que: str, url: str, params: dict[str, str]) -> Answer:
        answer, asked = Answer(), time.monotonic()
        async with self._ritmo.turno():
            await acceso.antes()
            start = time.monotonic()
            SII_WAIT_SECONDS.observe(start - asked)
            try:
                answer = await self._exchange(acceso, url, params)
            finally:
                spent = time.monotonic() - start
                acceso.llamadas.append(Llamada(que, answer.codigo, round(spent * 1000)))
                SII_CALL_SECONDS.observe(spent)
                SII_CALLS.labels(_kind(que), str(answer.codigo)).inc()
        return answer

    async def _exchange(self, acceso: AccesoSii, url: str, params: dict[str, str]) -> Answer:
        """Whatever goes wrong on the way is an answer too: the client's own errors hold the request, and
        with it the clave."""
        # ASCII only, so that no odd letter of a clave fails in an error that quotes it.
        content = json.dumps({"auth": {"pass": {"rut": str(acceso.rut), "clave": acceso.clave}}}).encode()
        codigo, headers, body = 0, httpx.Headers(), bytearray()
        try:
            async with (
                asyncio.timeout(_WHOLE_CALL),
                self._http.stream("POST", url, params=params, content=content) as response,
            ):
                codigo, headers = response.status_code, response.headers
                limit = _MAX_BODY if codigo == 200 else _MAX_ERROR
                async for piece in response.aiter_bytes():
                    body += piece
                    if len(body) > limit:
                        break
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError):
            return Answer(codigo, headers, bytes(body))
        return Answer(codigo, headers, bytes(body), len(body) <= limit)


def _kind(que: str) -> str:
    """What is asked for, without the month."""
    return " ".join(que.split()[:2])


def _state(libro: Libro, estado: EstadoCompra | None) -> EstadoCompra | None:
    return (estado or EstadoCompra.REGISTRO) if libro is Libro.COMPRAS else None
