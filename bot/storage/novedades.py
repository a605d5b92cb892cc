"""News of conversations: a NOTIFY with whatever is stored, and one LISTEN for all who follow in a program."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, LiteralString

import psycopg
import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

CHANNEL: LiteralString = "novedades"
_ANNOUNCE = text(
    "SELECT pg_advisory_xact_lock(hashtextextended('mensajes ' || :conversacion, 0)),"
    f" pg_notify('{CHANNEL}', :conversacion)"
)
_RETRY_SECONDS = 0.5
_PROBE_SECONDS = 20
_SILENCE_SECONDS = 10
# A server that went away without a word is noticed by the probe or, sooner, by the kernel.
_CONNECT: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 20,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}

log = structlog.get_logger()


async def announce(connection: AsyncConnection, conversacion: str) -> None:
    """Called before messages of a conversation are touched: who follows it is told when that is committed.

    Until then nobody else stores in it, so that its messages become visible in the order of their numbers:
    who has read up to one has missed none before it. The notification says which conversation, nothing else.
    The lock comes before those of rows, or two who answer and store the same message wait for each other.
    """
    await connection.execute(_ANNOUNCE, {"conversacion": conversacion})


class ConversationNews:
    """Implements the port `Novedades`. The connection is opened by the first who follows, and kept."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._followers: dict[str, set[asyncio.Event]] = {}
        self._listener: asyncio.Task[None] | None = None

    async def close(self) -> None:
        if self._listener is not None:
            self._listener.cancel()
            with suppress(asyncio.CancelledError):
                await self._listener

    @contextmanager
    def seguir(self, conversacion: str) -> Iterator[asyncio.Event]:
        """An event that is set whenever there may be something new; who waits for it clears it and looks."""
        if self._listener is None:
            self._listener = asyncio.create_task(self._listen())
        aviso = asyncio.Event()
        followers = self._followers.setdefault(conversacion, set())
        followers.add(aviso)
        try:
            yield aviso
        finally:
            followers.discard(aviso)
            if not followers:
                self._followers.pop(conversacion, None)

    async def _listen(self) -> None:
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    self._url, autocommit=True, **_CONNECT
                ) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    self._wake_all()  # nobody was told what came while nobody listened
                    await self._hear(connection)
            except (psycopg.Error, OSError) as error:
                log.warning("novedades.lost", error=type(error).__name__)
            await asyncio.sleep(_RETRY_SECONDS)

    async def _hear(self, connection: psycopg.AsyncConnection) -> None:
        """Pass on what is heard until the connection fails."""
        while True:
            async for notice in connection.notifies(timeout=_PROBE_SECONDS):
                for aviso in self._followers.get(notice.payload, ()):
                    aviso.set()
            async with asyncio.timeout(_SILENCE_SECONDS):
                await connection.execute("SELECT 1")

    def _wake_all(self) -> None:
        for followers in self._followers.values():
            for aviso in followers:
                aviso.set()
