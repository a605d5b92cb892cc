"""What the supervisor does by itself."""

import asyncio
import errno
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot import programs, supervisor
from bot.motores import READY_SECONDS


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


@pytest.mark.parametrize(
    ("first", "last", "killed"),
    [
        (120, 900, []),  # it loaded its model for two minutes
        (120, 300, [320]),  # it fell silent afterwards
        (900, 900, [READY_SECONDS + 20]),  # it never began to answer
    ],
)
async def test_an_engine_is_killed_only_if_it_is_stuck(
    monkeypatch: pytest.MonkeyPatch, first: int, last: int, killed: list[float]
) -> None:
    """Whatever loads slowly, as on a busy machine, would else be killed again and again."""
    now, told = [0.0], list[float]()
    engine = SimpleNamespace(began=1.0, kill=lambda: told.append(now[0]))

    async def pause(seconds: float) -> None:
        now[0] += seconds
        if now[0] > 600:
            raise asyncio.CancelledError

    async def answers(session: object, url: str) -> bool:
        return first <= now[0] <= last

    monkeypatch.setattr(supervisor.asyncio, "sleep", pause)
    monkeypatch.setattr(supervisor, "time", SimpleNamespace(monotonic=lambda: now[0]))
    monkeypatch.setattr(supervisor, "_answers", answers)
    with pytest.raises(asyncio.CancelledError):
        await supervisor._watch_engine(SimpleNamespace(current=engine), "", lambda news: None)
    assert told == killed


@pytest.mark.parametrize("begins", [True, False])
async def test_a_full_disk(tmp_path: Path, begins: bool) -> None:
    """A program is started again and again, even if its log, or what is told of it, cannot be written."""
    told: list[str] = []

    def tell(news: str) -> None:
        told.append(news)
        if len(told) == 3:
            raise asyncio.CancelledError
        raise OSError(errno.ENOSPC, "No space left on device")

    (tmp_path / "file").touch()
    log = tmp_path / ("logs" if begins else "file") / "x.log"
    program = programs.Program("x", ["true"], os.environ, log)
    with pytest.raises(asyncio.CancelledError):
        await program.keep_running(supervisor.undisturbed(tell))
    assert len(told) == 3
    assert log.exists() == begins


def test_what_a_program_writes_is_kept_within_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it wrote last is put aside, while it goes on writing to the same open file."""
    monkeypatch.setattr(programs, "_MAXIMUM_LOG", 10)
    program = programs.Program("x", [], {}, tmp_path / "logs" / "x.log")
    with program._log() as output:
        output.write(b"poco\n")
        output.flush()
        program.trim_log()
        assert program.log_file.read_bytes() == b"poco\n"
        output.write(b"ya es mucho\n")
        output.flush()
        program.trim_log()
        output.write(b"sigue\n")
    before = program.log_file.with_suffix(".log.1")
    assert before.read_bytes() == b"poco\nya es mucho\n"
    assert before.stat().st_mode & 0o077 == 0
    assert program.log_file.read_bytes() == b"sigue\n"
