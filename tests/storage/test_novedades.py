"""Messages of a conversation become visible in the order of their numbers, each with its notification."""

import asyncio

import psycopg
import pytest

from bot.bootstrap import Services
from bot.core.mensajes import Incoming
from bot.services.ports import Quien
from bot.storage.embedded import Urls
from bot.storage.novedades import CHANNEL, announce
from tests.conftest import A, B


async def _say(services: Services, quien: Quien, id_: str) -> None:
    await services.conversacion.hablar(quien, "web", str(quien.rut), Incoming(id_, "hola"))


async def test_one_after_another_in_a_conversation(services: Services, clean: Urls) -> None:
    """Who stores waits for whoever began before, so that no number appears below one that was read."""
    await _say(services, Quien(A), "m1")
    await _say(services, Quien(B), "m1")
    with psycopg.connect(clean.owner) as owner:
        rows = owner.execute("SELECT conversacion FROM identities WHERE rut = %s", (str(A),)).fetchall()
    async with services.database.scope(A) as connection:
        await announce(connection, rows[0][0])
        later = asyncio.create_task(_say(services, Quien(A), "m2"))
        await asyncio.wait_for(_say(services, Quien(B), "m2"), 5)  # other conversations go on
        assert not later.done()
    await asyncio.wait_for(later, 5)


async def test_what_is_notified(services: Services, clean: Urls) -> None:
    """Only once it is committed, and only which conversation: nothing personal."""
    await _say(services, Quien(A), "m1")
    with psycopg.connect(clean.app, autocommit=True) as listener:
        listener.execute(f"LISTEN {CHANNEL}")
        with pytest.raises(asyncio.CancelledError):
            async with services.database.scope(A) as connection:
                await announce(connection, "nunca")
                raise asyncio.CancelledError
        await _say(services, Quien(A), "m2")
        heard = {notice.payload for notice in listener.notifies(timeout=60, stop_after=2)}
    with psycopg.connect(clean.owner) as owner:
        assert heard == {row[0] for row in owner.execute("SELECT conversacion FROM identities")}
