"""Whether other workers run: each holds a lock of PostgreSQL, which ends with its connection."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import psycopg
import structlog

_KEY = "hashtextextended('trabajadores', 0)"
_PROBE_SECONDS = 5
log = structlog.get_logger()


@asynccontextmanager
async def present(url: str) -> AsyncIterator[bool]:
    """Be known as a worker for as long as the context lasts; whether nobody else was one before.

    The kernel closes the connections of a program that is killed, so it is known at once. Without session
    locks (a pooler) it looks as if somebody else were there, and only heartbeats tell.
    """
    connection = await _connect(url)
    alone = await _take(connection)
    keeping = asyncio.create_task(_keep(url, connection))
    try:
        yield alone
    finally:
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping


async def _connect(url: str) -> psycopg.AsyncConnection[Any]:
    return await psycopg.AsyncConnection.connect(url, autocommit=True, connect_timeout=5)


async def _take(connection: psycopg.AsyncConnection[Any]) -> bool:
    """Take the shared lock; whether the exclusive one could be had first."""
    row = await (await connection.execute(f"SELECT pg_try_advisory_lock({_KEY})")).fetchone()
    alone = bool(row and row[0])
    await connection.execute(f"SELECT pg_advisory_lock_shared({_KEY})")
    if alone:
        await connection.execute(f"SELECT pg_advisory_unlock({_KEY})")
    return alone


async def _keep(url: str, connection: psycopg.AsyncConnection[Any]) -> None:
    """Look after the connection, and take the lock again if the database was away."""
    try:
        while True:
            await asyncio.sleep(_PROBE_SECONDS)
            try:
                if connection.closed:
                    connection = await _connect(url)
                    await _take(connection)
                await connection.execute("SELECT 1")
            except psycopg.Error as error:
                log.info("worker.presence.lost", error=type(error).__name__)
                await connection.close()
    finally:
        await connection.close()
