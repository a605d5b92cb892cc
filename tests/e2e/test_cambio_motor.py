"""Another model goes live while people write."""

import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest

from bot.programs import MODEL
from tests.stack import Stack

pytestmark = pytest.mark.engine
WRITERS, MESSAGES, PATIENCE = 4, 100, 240


def _engines(stack: Stack) -> set[int]:
    assert stack.process
    children = psutil.Process(stack.process.pid).children()
    return {one.pid for one in children if "rasa run" in " ".join(one.cmdline())}


def test_no_message_is_lost_while_the_model_changes(stack: Stack) -> None:
    """A hundred and more, until the old engine is gone: each is answered at once by one of the two."""
    old, changed = _engines(stack), threading.Event()
    copy = MODEL.with_name("copia.tar.gz")
    shutil.copyfile(MODEL, copy)
    copy.replace(MODEL)  # the same model, but another file

    def write(writer: int) -> list[str]:
        answers: list[str] = []
        while not changed.is_set() or len(answers) < MESSAGES // WRITERS:
            answers.append(stack.ask("cuánto vendí en marzo", f"cambio-{writer}-{len(answers)}")["respuesta"])
        return answers

    with ThreadPoolExecutor(WRITERS) as pool:
        writers = [pool.submit(write, number) for number in range(WRITERS)]
        deadline = time.monotonic() + PATIENCE
        while _engines(stack) & old or not _engines(stack):
            if time.monotonic() > deadline:
                break
            time.sleep(0.2)
        changed.set()
        answers = [answer for writer in writers for answer in writer.result()]
    assert not _engines(stack) & old, stack.log()
    assert len(answers) >= MESSAGES
    assert [answer for answer in answers if "Ventas de marzo" not in answer] == []
