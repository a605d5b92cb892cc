"""A message through all of Tributa, beside the bare engine with a trivial action.

Ours: POST /api/agent/message with authentication, both sides stored, the action's queries under row-level
security. The peer: the same Rasa and the same model with its own REST channel, in memory, and the stock
action server with an action that says "ok". Both run at once and are asked in turns, so that a noisy machine
is noisy for both.
"""

import asyncio
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import psutil

from bench.medidas import Medida, note
from bot.programs import MODEL, free_port
from bot.settings import ENGINE_PYTHON, ROOT
from sandbox.demo_datos import DEMO
from tests.stack import Stack

ROUNDS, EACH, CROWDS = 12, 25, (10, 50)
TEXT = "cuánto vendí en septiembre"

type Ask = Callable[[aiohttp.ClientSession, str], Awaitable[None]]


@contextlib.contextmanager
def tributa(folder: Path) -> Iterator[Stack]:
    """All of Tributa, with the demo's data or what is there already."""
    stack = Stack(folder / "data")
    stack.data.mkdir(exist_ok=True)
    stack.start()
    try:
        yield stack
    finally:
        stack.stop()


@contextlib.contextmanager
def bare_engine(folder: Path) -> Iterator[str]:
    """Rasa as it comes, and its action server."""
    port, actions = free_port(), free_port()
    (folder / "credentials.yml").write_text("rest:\n")
    (folder / "endpoints.yml").write_text(f'action_endpoint:\n  url: "http://127.0.0.1:{actions}/webhook"\n')
    own = {"PYTHONPATH": str(ROOT / "engine"), "RASA_TELEMETRY_ENABLED": "false"}
    environment = {**os.environ, **own, "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}
    serve = [ENGINE_PYTHON, "-W", "ignore", "-m", "rasa", "run", "-m", MODEL, "-i", "127.0.0.1", "-p", port]
    files = ["--endpoints", folder / "endpoints.yml", "--credentials", folder / "credentials.yml"]
    act = [sys.executable, "-m", "rasa_sdk", "--actions", "bench.trivial.actions", "--port", actions]
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": ROOT}
    running = [
        subprocess.Popen([str(part) for part in command], env=environment, **quiet)
        for command in ([*serve, *files], act)
    ]
    url = f"http://127.0.0.1:{port}/webhooks/rest/webhook"
    try:
        _wait(url)
        yield url
    finally:
        for process in running:
            for child in psutil.Process(process.pid).children(recursive=True):
                child.kill()
            process.kill()
            process.wait()


def _wait(url: str) -> None:
    body = json.dumps({"sender": "w", "message": TEXT}).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    for _ in range(300):
        with contextlib.suppress(OSError), urllib.request.urlopen(request, timeout=5) as answer:
            if json.load(answer):
                return
        time.sleep(0.3)
    raise TimeoutError("the bare engine did not start")


def ask_tributa(stack: Stack) -> Ask:
    """One message of the demo's shop."""
    headers = {"Authorization": f"Bearer {stack.secret('agent_api_key')}"}

    async def ask(session: aiohttp.ClientSession, who: str) -> None:
        body = {"rut": str(DEMO[0].rut), "mensaje": TEXT, "conversacion": who}
        async with session.post(f"{stack.url}/api/agent/message", json=body, headers=headers) as answer:
            said = await answer.json()
            assert "$44.163.014" in said["respuesta"], said

    return ask


def ask_bare(url: str) -> Ask:
    """One message of the bare engine."""

    async def ask(session: aiohttp.ClientSession, who: str) -> None:
        async with session.post(url, json={"sender": who, "message": TEXT}) as answer:
            assert (await answer.json())[0]["text"] == "ok"

    return ask


async def one_by_one(ask: Ask, session: aiohttp.ClientSession, number: int) -> list[float]:
    """Milliseconds of each of `EACH` messages of one person."""
    taken = []
    for _ in range(EACH):
        began = time.perf_counter()
        await ask(session, f"one{number}")
        taken.append((time.perf_counter() - began) * 1e3)
    return taken


async def crowd(ask: Ask, session: aiohttp.ClientSession, number: int, people: int) -> float:
    """Messages a second of so many people who write at once, 50 messages or two of each."""
    each = max(2, 50 // people)

    async def person(who: int) -> None:
        for _ in range(each):
            await ask(session, f"crowd{number}-{people}-{who}")

    began = time.perf_counter()
    await asyncio.gather(*(person(who) for who in range(people)))
    return people * each / (time.perf_counter() - began)


async def measure(ours: Ask, bare: Ask) -> None:
    """Ask both in turns and print the table."""
    latency: dict[str, list[float]] = {"tributa": [], "motor solo": []}
    rate: dict[tuple[str, int], list[float]] = {(name, people): [] for name in latency for people in CROWDS}
    async with aiohttp.ClientSession() as session:
        for number in range(-1, ROUNDS):
            for name, ask in (("tributa", ours), ("motor solo", bare)):
                taken = await one_by_one(ask, session, number)
                rates = {people: await crowd(ask, session, number, people) for people in CROWDS}
                if number >= 0:  # the first round warms up
                    latency[name] += taken
                    for people, per_second in rates.items():
                        rate[name, people].append(per_second)
    tell(latency, {one: statistics.median(values) for one, values in rate.items()})


def tell(latency: dict[str, list[float]], rate: dict[tuple[str, int], float]) -> None:
    """The table, and its ratios."""
    print(f"\nMensaje con una acción ({ROUNDS * EACH} por lado, en turnos)")
    crowds = "".join(f"{f'msj/s, {people} personas':>22}" for people in CROWDS)
    print(f"{'':12}{'p50 ms':>9}{'p95 ms':>9}{crowds}")
    for name, values in latency.items():
        p50, p95 = _percentiles(values)
        print(f"{name:12}{p50:9.1f}{p95:9.1f}" + "".join(f"{rate[name, people]:22.1f}" for people in CROWDS))
    (ours50, ours95), (bare50, bare95) = _percentiles(latency["tributa"]), _percentiles(latency["motor solo"])
    faster = {people: rate["tributa", people] / rate["motor solo", people] for people in CROWDS}
    ratios = "".join(f"{one:22.2f}" for one in faster.values())
    print(f"{'razón':12}{ours50 / bare50:9.2f}{ours95 / bare95:9.2f}{ratios}   (meta p50 ≤ 1.3)")
    note(Medida("un mensaje, p50", ours50, "ms", "motor solo", bare50, maximo=1.3))
    note(Medida("un mensaje, p95", ours95, "ms", "motor solo", bare95))
    for people in CROWDS:
        peer = rate["motor solo", people]
        note(Medida(f"mensajes, {people} personas", rate["tributa", people], "por s", "motor solo", peer))


def _percentiles(values: list[float]) -> tuple[float, float]:
    cuts = statistics.quantiles(values, n=100)
    return cuts[49], cuts[94]


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with tributa(folder) as stack, bare_engine(folder) as url:
            asyncio.run(measure(ask_tributa(stack), ask_bare(url)))
