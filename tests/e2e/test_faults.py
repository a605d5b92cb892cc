"""Programs die; people get their answer, nothing is lost, everything stops when told."""

import os
import signal
import threading
import time
from pathlib import Path

import psutil
import pytest

from tests.stack import Stack
from tests.telefonos import until

pytestmark = pytest.mark.engine


def _of_this_stack(stack: Stack) -> list[str]:
    """Commands that still run for this data folder or port."""
    found = []
    for process in psutil.process_iter(["cmdline", "status", "environ"]):
        if process.info["status"] == psutil.STATUS_ZOMBIE:
            continue
        command = " ".join(process.info["cmdline"] or ())
        environment = process.info["environ"] or {}
        if str(stack.data) in command or environment.get("TRIBUTA_DATA") == str(stack.data):
            found.append(command)
    return found


def test_the_engine_is_killed_while_it_answers(stack: Stack) -> None:
    """The person gets an apology at once and the answer soon; the supervisor starts a new engine."""
    stack.ask("hola", "kill")  # the next message goes over the same connection, which dies with the engine
    engine = stack.programs()["rasa run"]
    engine.suspend()  # so that the message is surely being processed
    answers: list[dict] = []  # type: ignore[type-arg]
    thread = threading.Thread(target=lambda: answers.append(stack.ask("cuánto vendí en marzo", "kill")))
    thread.start()
    time.sleep(0.5)
    engine.kill()
    thread.join(150)
    [apology] = answers
    assert apology["pendiente"] is True
    assert "quedó guardado" in apology["respuesta"]
    until(stack.ready)
    assert stack.programs()["rasa run"].pid != engine.pid
    again = {"id_mensaje": "0e6f2bd4-5a77-4d6e-9f61-5a8f8a0f0001"}
    assert "Ventas de marzo" in stack.ask("cuánto vendí en marzo", "kill", **again)["respuesta"]


def test_the_worker_answers_what_was_left(stack: Stack) -> None:
    """A message that met a dead engine is answered in the history without being sent again."""
    message = {"id_mensaje": "0e6f2bd4-5a77-4d6e-9f61-5a8f8a0f0002"}
    stack.programs()["rasa run"].kill()
    assert stack.ask("cuánto compré en marzo", "left", **message)["pendiente"] is True

    def answered() -> bool:
        said = stack.ask("cuánto compré en marzo", "left", **message)
        return "Compras de marzo de 2026" in said["respuesta"] and not said["pendiente"]

    until(answered)


def test_api_and_worker_come_back(stack: Stack) -> None:
    """Killed with -9, both are started again and answer."""
    until(stack.ready)
    old = stack.programs()
    for name in ("cli api", "cli worker"):
        old[name].kill()
    until(lambda: len(stack.programs()) == 3 and stack.ready())
    assert "Ventas de mayo" in stack.ask("ventas de mayo", "back")["respuesta"]


def test_postgres_comes_back(stack: Stack) -> None:
    """With its server killed, the supervisor starts it again and everything goes on."""
    until(stack.ready)
    before = _postmaster(stack)
    os.kill(before, signal.SIGKILL)
    until(lambda: _postmaster(stack) not in (before, 0))
    until(stack.ready)
    assert "Ventas de abril" in stack.ask("ventas de abril", "pg")["respuesta"]


def _postmaster(stack: Stack) -> int:
    """The process of its PostgreSQL; 0 while there is none."""
    path = stack.data / "postgres" / "postmaster.pid"
    lines = path.read_text().split() if path.exists() else []
    return int(lines[0]) if lines else 0


def test_a_port_that_is_taken(stack: Stack, own: Stack) -> None:
    """A second Tributa on the same port says so in a sentence, and leaves nothing running."""
    own.port = stack.port
    with pytest.raises(AssertionError, match="está ocupado"):
        own.start()
    assert "Traceback" not in own.log()
    assert _of_this_stack(own) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_before_it_is_ready(own: Stack, number: signal.Signals) -> None:
    """A signal during the start ends everything, PostgreSQL too, without a traceback."""
    own.launch()
    until((own.data / "postgres" / "postmaster.pid").exists)
    own.stop(number)
    assert "Traceback" not in own.log()
    assert _of_this_stack(own) == []


@pytest.fixture
def own(tmp_path: Path) -> Stack:
    """A Tributa that the test may stop."""
    stack = Stack(tmp_path / "data")
    stack.data.mkdir()
    return stack


def test_stops_clean_and_starts_again(own: Stack) -> None:
    """Ctrl-C leaves no process; the data are there after the next start; a second kill -9 heals too."""
    own.start()
    password = own.password(0)
    own.ask("ventas de mayo", id_mensaje="0e6f2bd4-5a77-4d6e-9f61-5a8f8a0f0003")
    assert own.stop(signal.SIGINT) == 0
    assert _of_this_stack(own) == []
    own.start()
    assert own.password(0) == password
    _kill_supervisor(own)
    own.start()
    said = own.ask("ventas de mayo", id_mensaje="0e6f2bd4-5a77-4d6e-9f61-5a8f8a0f0003")
    assert "Ventas de mayo" in said["respuesta"]
    assert own.stop(signal.SIGTERM) == 0
    assert _of_this_stack(own) == []


def _kill_supervisor(stack: Stack) -> None:
    """With -9: its programs end by themselves, PostgreSQL stays for the next start."""
    assert stack.process
    programs = stack.programs().values()
    os.kill(stack.process.pid, signal.SIGKILL)
    stack.process.wait()
    until(lambda: not any(program.is_running() for program in programs if not _is_zombie(program)))


def _is_zombie(process: psutil.Process) -> bool:
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
