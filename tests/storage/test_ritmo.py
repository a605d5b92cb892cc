"""The allowance of the SII's service, asked for by many at once on the real database."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from bot.bootstrap import Services
from bot.core.errors_sii import SiiWaitError
from bot.services.ports_sii import Pausa
from bot.storage.embedded import Urls
from bot.storage.ritmo import MARGIN, RitmoRepository


def ritmo(services: Services, intervalo: float = 0.02, limite: int = 50) -> RitmoRepository:
    """What one program holds; several of them share the database alone."""
    return RitmoRepository(services.database, intervalo, limite)


def turns(urls: Urls) -> int:
    """How many calls the database thinks are being made."""
    with psycopg.connect(urls.owner) as owner:
        [count] = owner.execute("SELECT count(*) FROM sii_turnos").fetchone() or (0,)
        return int(count)


async def test_calls_are_spaced(services: Services, clean: Urls) -> None:
    """However many programs and tasks want to call, the database hands out one turn per interval."""
    programs = [ritmo(services), ritmo(services)]
    begun: list[float] = []

    async def call(number: int) -> None:
        async with programs[number % 2].turno():
            begun.append(time.monotonic())

    first = time.monotonic()
    await asyncio.gather(*(call(number) for number in range(40)))
    with psycopg.connect(clean.owner) as owner:
        [ahead] = owner.execute("SELECT count(*) FROM sii_cuenta").fetchone() or (0,)
    assert ahead == 1
    assert len(begun) == 40
    assert max(begun) - first >= 39 * 0.02 * MARGIN - 0.001
    assert turns(clean) == 0


async def test_no_more_than_the_limit_at_once(services: Services, clean: Urls) -> None:
    """Tasks of two programs together never run more calls than are allowed."""
    programs = [ritmo(services, 0.0001, 3), ritmo(services, 0.0001, 3)]
    running, together = set[int](), asyncio.Barrier(3)

    async def call(number: int) -> None:
        async with programs[number % 2].turno():
            running.add(number)
            assert len(running) <= 3
            await together.wait()  # as many as are allowed do run at once
            running.remove(number)

    async with asyncio.timeout(60):
        await asyncio.gather(*(call(number) for number in range(12)))
    assert turns(clean) == 0


async def test_the_turns_of_a_killed_worker_come_free(services: Services, clean: Urls) -> None:
    """What nobody renews is over at its time; until then it counts."""
    with psycopg.connect(clean.owner) as owner:
        owner.execute("INSERT INTO sii_turnos (vence) VALUES (now() - interval '1 second')")
    async with ritmo(services, limite=1).turno():
        assert turns(clean) == 1
        waiting = asyncio.create_task(_call(ritmo(services, limite=1)))
        done, _ = await asyncio.wait([waiting], timeout=0.3)
        assert not done
    await waiting


async def test_a_pause_holds_everybody(services: Services, clean: Urls) -> None:
    """Whoever asks is told until when; a shorter pause does not shorten it; afterwards calls go on."""
    hasta = datetime.now(UTC) + timedelta(minutes=10)
    await ritmo(services).pausar(Pausa(hasta, bloqueo=True))
    await ritmo(services).pausar(Pausa(hasta - timedelta(minutes=5), bloqueo=False))
    with pytest.raises(SiiWaitError) as told:
        await _call(ritmo(services))
    assert (told.value.hasta, told.value.bloqueo) == (hasta, True)
    assert await ritmo(services).pausa() == Pausa(hasta, bloqueo=True)
    with psycopg.connect(clean.owner) as owner:
        owner.execute("UPDATE sii_cuenta SET pausa = now()")
    assert await ritmo(services).pausa() is None
    await _call(ritmo(services))


async def test_a_pause_reaches_who_had_a_turn(services: Services, clean: Urls) -> None:
    """A turn whose time had not come when the pause began is given back."""
    mine = ritmo(services, 0.48)
    await _call(mine)
    waiting = asyncio.create_task(_call(mine))
    done, _ = await asyncio.wait([waiting], timeout=0.1)
    assert not done
    assert turns(clean) == 1
    await mine.pausar(Pausa(datetime.now(UTC) + timedelta(minutes=1), bloqueo=False))
    with pytest.raises(SiiWaitError):
        await waiting
    assert turns(clean) == 0


async def test_who_is_in_a_hurry_goes_first(services: Services) -> None:
    """Of many that wait, the one for whom somebody waits is next but one at the latest."""
    mine, order = ritmo(services, 0.7), list[str]()

    async def call(name: str) -> None:
        async with mine.turno():
            order.append(name)

    await call("first")
    others = [asyncio.create_task(call("other")) for _ in range(3)]
    await asyncio.sleep(0.05)
    with mine.primero():
        await call("urgent")
    assert order.index("urgent") <= 2
    for other in others:
        other.cancel()


async def _call(ritmo: RitmoRepository) -> None:
    async with ritmo.turno():
        pass
