"""What the supervisor does by itself."""

import asyncio

import pytest

from bot import supervisor


async def test_tables_are_rewritten_once_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many erasures there are; only what was busy or failed is tried again sooner."""
    results = [False, True, OSError(), False]
    pauses: list[float] = []

    def work() -> bool:
        result = results[len(pauses)]
        if isinstance(result, Exception):
            raise result
        return result

    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == len(results):
            raise asyncio.CancelledError

    monkeypatch.setattr(supervisor.asyncio, "sleep", pause)
    with pytest.raises(asyncio.CancelledError):
        await supervisor._compact(work)
    hour, soon = supervisor.COMPACT_SECONDS, supervisor.BUSY_SECONDS
    assert pauses == [hour, soon, soon, hour]
    assert hour == 3600
