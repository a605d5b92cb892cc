"""How soon an engine that died answers again, and what it keeps in memory after a crowd.

`python -m bench motor`: the engine of a running Tributa is killed some times; the seconds count until the
next one takes turns, its supervisor's pause included. Then fifty people write, and its memory is read.
"""

import asyncio
import json
import tempfile
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from statistics import median

import aiohttp

from bench.medidas import Medida, note
from bench.mensajes import ask_tributa, crowd, tributa
from tests.stack import READY_SECONDS, Stack

STARTS, PEOPLE, CROWDS = 5, 50, 4
GOAL_SECONDS, GOAL_MB = 20, 700


def restart(stack: Stack) -> float:
    """Seconds from the engine's death until another takes turns."""
    engine = stack.programs()["rasa run"]
    command = engine.cmdline()
    url = f"http://127.0.0.1:{command[command.index('--port') + 1]}/webhooks/gateway/"
    engine.kill()
    began = time.monotonic()
    while time.monotonic() < began + READY_SECONDS:
        with suppress(OSError, ValueError), urllib.request.urlopen(url, timeout=1) as answer:
            told = json.load(answer)
            if told.get("ready") and told.get("pid") != engine.pid:
                return time.monotonic() - began
        time.sleep(0.05)
    raise TimeoutError("the engine did not start")


async def write(stack: Stack) -> None:
    """Everybody asks at once, some times."""
    async with aiohttp.ClientSession() as session:
        for number in range(CROWDS):
            await crowd(ask_tributa(stack), session, number, PEOPLE)


def memory(stack: Stack) -> float:
    """Resident megabytes of the engine."""
    return float(stack.programs()["rasa run"].memory_info().rss / 2**20)


def main() -> None:
    with tempfile.TemporaryDirectory() as name, tributa(Path(name)) as stack:
        starts = [restart(stack) for _ in range(STARTS)]
        empty = memory(stack)
        asyncio.run(write(stack))
        full = memory(stack)
    listed = ", ".join(f"{one:.1f}" for one in starts)
    print(f"\nmotor listo: {median(starts):.1f} s ({listed}; meta ≤ {GOAL_SECONDS})")
    print(f"memoria residente: {empty:.0f} MB al empezar, {full:.0f} MB tras {CROWDS * PEOPLE * 2} mensajes")
    note(Medida("motor listo", median(starts), "s", maximo=GOAL_SECONDS))
    note(Medida("memoria del motor", full, "MB", maximo=GOAL_MB))
