"""The web chat live: server-sent events, as the browser's EventSource reads them."""

import asyncio
from contextlib import suppress
from typing import Annotated

import structlog
from aiohttp import web
from pydantic import Field

from api.auth import Auth, who
from api.endpoint import endpoint
from api.fields import Model
from api.keys import SERVICES, STREAMS
from api.routes.conversacion import WEB_CHANNEL, mensaje_historial
from bot.bootstrap import DATABASE_ERRORS
from bot.core.errors import NotAuthenticatedError, ServiceUnavailableError, TooManyWindowsError
from bot.services.ports import Quien
from bot.services.seguimiento import Seguimiento

routes = web.RouteTableDef()
log = structlog.get_logger()

HEARTBEAT_SECONDS = 15.0
# The client connects again: so nobody stays for ever on a program that is to be replaced.
LIFE_SECONDS = 300.0
# A client that takes nothing for this long is let go; it holds nobody but its own stream meanwhile.
SLOW_SECONDS = 20.0
# A browser has one session for all its windows: each hears whose stream it got, before anything else.
_BEGIN = 'retry: 2000\nevent: sesion\ndata: {{"rut":"{rut}"}}\n\n'
_HEARTBEAT = b":\n\n"
_HEADERS = {"Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no"}
_Numero = Annotated[int, Field(ge=0, lt=2**63)]


class EventosQuery(Model):
    """From which message on; without it, from now on."""

    despues: _Numero | None = None


class EventosHeader(Model):
    """What a browser sends when it connects again; it counts more than `despues`."""

    last_event_id: _Numero | None = Field(None, alias="Last-Event-ID")


@routes.get("/api/chat/eventos", allow_head=False)
@endpoint(
    "Los mensajes del chat web, a medida que llegan",
    auth=Auth.SESION,
    errors=(TooManyWindowsError,),
    content_type="text/event-stream",
    use=False,
)
async def eventos(
    request: web.Request, quien: Quien, query: EventosQuery, header: EventosHeader
) -> web.StreamResponse:
    """The web chat's messages from one on: `id` is the message's, `data` is as in the history.

    First comes an event `sesion` with the taxpayer's RUT. It ends with the session, and after some minutes
    anyway.
    """
    despues = query.despues if header.last_event_id is None else header.last_event_id
    conversacion = request.app[SERVICES].conversacion
    with request.app[STREAMS].admit(quien, request):
        async with conversacion.seguir(quien, WEB_CHANNEL, str(quien.rut), despues) as seguimiento:
            response = web.StreamResponse(headers=_HEADERS)
            await response.prepare(request)
            await _Stream(request, response, quien, seguimiento).run()
    return response


class _Stream:
    """One client's stream; after its beginning, whatever happens can only end it."""

    def __init__(
        self, request: web.Request, response: web.StreamResponse, quien: Quien, seguimiento: Seguimiento
    ) -> None:
        self._quien = quien
        self._request = request
        self._response = response
        self._seguimiento = seguimiento

    async def run(self) -> None:
        try:
            await self._write(_BEGIN.format(rut=self._quien.rut).encode())
            with suppress(NotAuthenticatedError):
                await self._tell()
            async with asyncio.timeout(SLOW_SECONDS):
                await self._response.write_eof()
        except (ConnectionError, TimeoutError):
            self._abort()
        except Exception:
            log.exception("stream.failed")
            self._abort()

    async def _tell(self) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + LIFE_SECONDS
        while True:
            with suppress(*DATABASE_ERRORS, ServiceUnavailableError):  # it waits until the database is back
                await self._tell_new()
            left = end - loop.time()
            if left <= 0:
                return
            if not await self._seguimiento.esperar(min(HEARTBEAT_SECONDS, left)):
                await self._write(_HEARTBEAT)

    async def _tell_new(self) -> None:
        """Everything that is there, page by page; of a session that is over nothing more is told."""
        while True:
            await who(self._request, use=False)
            found = await self._seguimiento.nuevos()
            for one in found:
                data = mensaje_historial(one).model_dump_json()
                await self._write(f"id: {one.id}\ndata: {data}\n\n".encode())
            if not found:
                return

    async def _write(self, data: bytes) -> None:
        async with asyncio.timeout(SLOW_SECONDS):
            await self._response.write(data)

    def _abort(self) -> None:
        if self._request.transport is not None:
            self._request.transport.abort()
