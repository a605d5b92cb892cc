"""What arrives together is written together, and fails alone."""

import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy.exc import OperationalError

from bot.storage.tandas import Tandas


class Disk:
    """Takes its time to write, refuses what is negative, and everything while it is away."""

    def __init__(self) -> None:
        self.writes: list[list[int]] = []
        self.away = False

    async def write(self, what: Sequence[int]) -> None:
        await asyncio.sleep(0.01)
        self.writes.append(list(what))
        if self.away:
            raise OperationalError("", None, Exception())
        if min(what) < 0:
            raise ValueError("negative")


@pytest.fixture
def disk() -> Disk:
    """Empty."""
    return Disk()


async def test_what_comes_meanwhile_is_one_write(disk: Disk) -> None:
    """The first goes at once; those that came while it was written go together, in their order."""
    tandas = Tandas(disk.write)
    first = asyncio.create_task(tandas.add([1]))
    await asyncio.sleep(0.005)
    await asyncio.gather(tandas.add([2, 3]), tandas.add([4]), first)
    assert disk.writes == [[1], [2, 3, 4]]


async def test_nobody_fails_for_another(disk: Disk) -> None:
    """What cannot be written fails whoever gave it; the others' is written."""
    tandas = Tandas(disk.write)
    given = [tandas.add([1]), tandas.add([-2]), tandas.add([3])]
    ended = await asyncio.gather(*given, return_exceptions=True)
    assert [type(one) for one in ended] == [type(None), ValueError, type(None)]
    assert [3] in disk.writes


async def test_a_database_that_is_away_is_not_insisted_on(disk: Disk) -> None:
    """One try for all: whoever gave it is told, and gives it again."""
    tandas = Tandas(disk.write)
    disk.away = True
    ended = await asyncio.gather(*(tandas.add([one]) for one in range(5)), return_exceptions=True)
    assert all(isinstance(one, OperationalError) for one in ended)
    assert len(disk.writes) == 1
    disk.away = False
    await tandas.add([9])


async def test_who_no_longer_waits_keeps_nobody_else(disk: Disk) -> None:
    """A connection that is cut off while its delivery is written changes nothing for those beside it."""
    tandas = Tandas(disk.write)
    gone, stays = asyncio.create_task(tandas.add([1])), asyncio.create_task(tandas.add([2]))
    await asyncio.sleep(0.005)
    gone.cancel()
    await stays
    assert disk.writes == [[1, 2]]
