"""Logs: one JSON object a line, without what is personal."""

import errno
import io
import json
import logging
import sys
from collections.abc import Iterator

import pytest
import structlog

from bot.bootstrap import Services
from bot.logs import set_up_logs
from bot.services.ports_acceso import Proposito
from tests.conftest import A, Work
from tests.fakes import FakeMensajero
from tests.services.test_acceso import HOME


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    root = logging.getLogger()
    before, level, hook = root.handlers[:], root.level, sys.excepthook
    yield
    sys.excepthook = hook
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    """What was logged, parsed."""
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("otra.biblioteca", {"event": 'dijo "no"\ny se fue', "level": "warning", "program": "tributa"}),
        ("procrastinate.worker", {"event": "procrastinate.tell", "level": "warning", "program": "tributa"}),
    ],
)
def test_a_line_is_an_object(capsys: pytest.CaptureFixture[str], name: str, told: dict[str, str]) -> None:
    """Quotes and line ends of a library stay inside their JSON; the queue's own words are not repeated."""

    def tell() -> None:
        logging.getLogger(name).warning('dijo "%s"\ny se fue', "no")

    set_up_logs()
    tell()
    [line] = lines(capsys)
    assert line.pop("timestamp")
    assert line == told


def test_what_ends_a_program(capsys: pytest.CaptureFixture[str]) -> None:
    """The class and the place of it and of its cause, without their words."""
    set_up_logs("worker")
    try:
        try:
            raise KeyError("76.543.210-3")
        except KeyError as cause:
            raise RuntimeError("DETAIL: la fila de Rosa") from cause
    except RuntimeError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    raw = capsys.readouterr().err
    line = json.loads(raw)
    assert (line["event"], line["error"], line["causes"]) == ("program.crashed", "RuntimeError", ["KeyError"])
    assert "Rosa" not in raw
    assert "76.543" not in raw


class FullDisk(io.StringIO):
    """Takes nothing."""

    def write(self, text: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that cannot be written stops nobody: a loop that tells of an error would end by telling it."""
    monkeypatch.setattr("sys.stderr", FullDisk())
    set_up_logs()
    structlog.get_logger().warning("telegram.store.failed")
    logging.getLogger("otra").warning("algo")


@pytest.mark.parametrize("name", ["httpx", "httpcore.http11", "pywa", "pywa.client"])
def test_addresses_are_not_logged(capsys: pytest.CaptureFixture[str], name: str) -> None:
    """They can hold tokens; not even if somebody wants to hear more of everything."""
    set_up_logs()
    logging.getLogger().setLevel(logging.DEBUG)
    logging.getLogger(name).info("GET https://api.telegram.org/bot123:secreto/getMe")
    assert lines(capsys) == []


async def test_a_failed_job_is_told_without_its_arguments(
    services: Services,
    phone: FakeMensajero,
    work: Work,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Task, number and kind of error, never whose it was or what it said."""

    async def fail(*args: object) -> None:
        raise ValueError(f"mal {A}")

    monkeypatch.setattr(phone, "send_code", fail)
    await services.codigos.pedir(A, Proposito.LOGIN, HOME)
    set_up_logs()
    await work()
    said = lines(capsys)
    assert str(A) not in str(said)
    [failed] = [line for line in said if line.get("error")]
    assert (failed["tarea"], failed["error"], failed["level"]) == ("enviar_codigo", "ValueError", "error")
    assert failed["trabajo"]
    assert "test_logs.py" in str(failed["where"])
