"""Limits counted in the database: fixed windows, shared by all programs, closed if they cannot count."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import datetime

import psycopg
import pytest
from limits.aio.storage import memory

from bot.bootstrap import Services, limits_in_memory
from bot.core.errors import ServiceUnavailableError
from bot.services.limites import REGLAS, require
from bot.storage.database import Database
from bot.storage.embedded import Urls
from bot.storage.limites import PostgresStorage, WindowLimits
from tests.conftest import A, B

REGLA = "codigo_rut_ip"
MOST, SECONDS = 4, 600
WHO = (REGLA, str(A), "203.0.113.7")


@pytest.fixture
def owner(clean: Urls) -> Iterator[psycopg.Connection]:
    """Looks into the table, and moves its clock."""
    with psycopg.connect(clean.owner, autocommit=True) as owner:
        yield owner


@pytest.fixture
async def away() -> AsyncIterator[WindowLimits]:
    """Limits on a database that does not answer."""
    database = Database("postgresql://nobody@127.0.0.1:9/nothing")
    yield WindowLimits(PostgresStorage(database))
    await database.close()


def window(owner: psycopg.Connection) -> tuple[int, datetime]:
    """The only counter and its end."""
    [(cuenta, expira)] = owner.execute("SELECT cuenta, expira FROM limites").fetchall()
    return cuenta, expira


def over(owner: psycopg.Connection) -> None:
    """Have all windows end now."""
    owner.execute("UPDATE limites SET expira = now()")


async def test_a_window_fills_and_another_begins(services: Services, owner: psycopg.Connection) -> None:
    """So many and no more, with the time to wait; when it is over as many again, counted from one."""
    for _ in range(2):
        assert [await services.limites.hit(*WHO) for _ in range(MOST)] == [0] * MOST
        assert 0 < await services.limites.hit(*WHO) <= SECONDS
        over(owner)
    assert await services.limites.hit(*WHO) == 0
    assert window(owner)[0] == 1


async def test_a_window_is_fixed_by_its_first_hit(services: Services, owner: psycopg.Connection) -> None:
    """Neither hits that are let nor those that are refused put its end off: who waits is let."""
    await services.limites.hit(*WHO)
    _, end = window(owner)
    for _ in range(MOST + 3):
        await services.limites.hit(*WHO)
    assert window(owner) == (MOST + 4, end)


async def test_windows_do_not_mix(services: Services, owner: psycopg.Connection) -> None:
    """Each rule, RUT and address has its own; parts that run together are not the same."""
    others = [
        (REGLA, str(B), "203.0.113.7"),
        (REGLA, str(A), "203.0.113.8"),
        ("login_rut_ip", str(A), "203.0.113.7"),
        (REGLA, f"{A}2", "03.0.113.7"),
        (REGLA, f"{A}203.0.113.7"),
    ]
    while not await services.limites.hit(*WHO):
        pass
    assert [await services.limites.hit(*other) for other in others] == [0] * len(others)
    [(stored,)] = owner.execute("SELECT string_agg(limites::text, '') FROM limites").fetchall()
    assert str(A) not in stored
    assert "203.0.113" not in stored


async def test_many_at_once_are_counted(services: Services) -> None:
    """Of forty parallel requests as many pass as the rule says."""
    told = await asyncio.gather(*(services.limites.hit(*WHO) for _ in range(40)))
    assert told.count(0) == MOST


async def test_programs_count_together(services: Services, clean: Urls) -> None:
    """What one program counted another knows."""
    database = Database(clean.app)
    other = WindowLimits(PostgresStorage(database))
    told = [await limites.hit(*WHO) for limites in (services.limites, other) for _ in range(MOST)]
    await database.close()
    assert [bool(one) for one in told] == [False] * MOST + [True] * MOST


async def test_the_purge_removes_what_is_over(services: Services, owner: psycopg.Connection) -> None:
    """A window that is over goes, one that is not stays and goes on counting."""
    await services.limites.hit(REGLA, "old")
    over(owner)
    for _ in range(MOST):
        await services.limites.hit(*WHO)
    await services.limites.purge()
    assert window(owner)[0] == MOST
    assert await services.limites.hit(*WHO) > 0


@pytest.mark.parametrize("regla", REGLAS)
async def test_what_cannot_be_counted_is_not_done(away: WindowLimits, regla: str) -> None:
    """With the database away every rule that is counted there refuses."""
    with pytest.raises(ServiceUnavailableError):
        await require(away, (regla, str(A)))


async def test_a_broken_table_refuses_too(services: Services, owner: psycopg.Connection) -> None:
    """Whatever goes wrong in the database, nothing passes uncounted."""
    owner.execute("REVOKE INSERT ON limites FROM tributa_app")
    try:
        with pytest.raises(ServiceUnavailableError):
            await services.limites.hit(*WHO)
    finally:
        owner.execute("GRANT INSERT ON limites TO tributa_app")


async def test_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a database the same windows, each program by itself; the library's clock is moved."""
    limites, other = limits_in_memory(), limits_in_memory()
    now = memory.time.time()
    monkeypatch.setattr(memory.time, "time", lambda: now)
    assert [await limites.hit(*WHO) for _ in range(MOST)] == [0] * MOST
    assert await limites.hit(*WHO) > 0
    assert await other.hit(*WHO) == 0
    now += SECONDS - 1
    assert await limites.hit(*WHO) > 0
    now += 2
    assert await limites.hit(*WHO) == 0
