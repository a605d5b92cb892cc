"""A thousand messages over the simulated WhatsApp while api and worker are killed with -9.

Lost: a question without its answer. Twice: an answer that came more than once. Out of order: an answer that
overtook that of a question which the webhook had taken before (WhatsApp itself changes the order of what it
has to deliver again; how often is printed too).
"""

import asyncio
import os
import random
import secrets
import tempfile
import time
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from statistics import quantiles
from typing import Any

import aiohttp
import psutil
import psycopg

from bench.mensajes import tributa
from bench.multitud import QUESTIONS, answered, database, link, phone, question, quiet, read, write
from bot.storage.turnos import fingerprint
from tests.stack import Stack

PEOPLE, EACH, KILLS, SECONDS, PATIENCE = 50, 20, 20, 300, 400
DOING = "SELECT id, worker_id FROM procrastinate_jobs WHERE status = 'doing' AND worker_id IS NOT NULL"
STUCK = (
    "SELECT count(*) FROM procrastinate_jobs WHERE id = ANY(%s) AND status = 'doing'"
    " AND (worker_id IS NULL OR worker_id = ANY(%s))"
)


@dataclass
class Outcome:
    """What became of the messages."""

    asked: int = 0
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    overtaken: list[str] = field(default_factory=list)
    reordered: int = 0
    other: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


async def person(session: aiohttp.ClientSession, stack: Stack, number: int, chance: random.Random) -> None:
    """Asks different things, each at a random moment."""
    moments = sorted(chance.uniform(0, SECONDS) for _ in range(EACH))
    asked = chance.sample(QUESTIONS, EACH)
    began = time.monotonic()
    for moment, one in zip(moments, asked, strict=True):
        await asyncio.sleep(max(0, began + moment - time.monotonic()))
        await write(session, stack, number, question(*one))


async def kill(stack: Stack, owner: psycopg.AsyncConnection[Any], moments: list[float]) -> list[float]:
    """Kill api and worker by turns; how long the jobs of each killed worker were stuck."""
    began, watched = time.monotonic(), []
    for turn, moment in enumerate(moments):
        await asyncio.sleep(max(0, began + moment - time.monotonic()))
        name = ("cli api", "cli worker")[turn % 2]
        (await running(stack, name)).kill()
        if name == "cli worker":
            rows = await (await owner.execute(DOING)).fetchall()
            if rows:
                watched.append(asyncio.create_task(_freed(owner, [tuple(row) for row in rows])))
    return list(await asyncio.gather(*watched))


async def running(stack: Stack, name: str) -> psutil.Process:
    """A program that was killed before takes some time to come back."""
    while True:
        if process := stack.programs().get(name):
            return process
        await asyncio.sleep(0.1)


async def _freed(owner: psycopg.AsyncConnection[Any], rows: list[tuple[int, int]]) -> float:
    """Seconds until none of these jobs is held any more by a worker that is dead."""
    began = time.monotonic()
    jobs, workers = [job for job, _ in rows], [worker for _, worker in rows]
    while True:
        row = await (await owner.execute(STUCK, (jobs, workers))).fetchone()
        if row and row[0] == 0:
            return time.monotonic() - began
        await asyncio.sleep(0.1)


async def judge(session: aiohttp.ClientSession, stack: Stack, owner: psycopg.AsyncConnection[Any]) -> Outcome:
    """Read every phone."""
    rows = await (await owner.execute("SELECT huella, id FROM inbox")).fetchall()
    taken = {row[0]: row[1] for row in rows}
    outcome = Outcome()
    for number in range(PEOPLE):
        messages = await read(session, stack, number)
        _judge(outcome, phone(number), messages, taken)
    return outcome


def _judge(outcome: Outcome, who: str, messages: list[dict[str, Any]], taken: dict[str, int]) -> None:
    asked = {one["texto"]: one for one in messages if one["de"] == "persona"}
    came = {text: taken.get(fingerprint("whatsapp", one["id"]), 0) for text, one in asked.items()}
    said = [(answered(one["texto"]), one) for one in messages if one["de"] == "negocio"]
    texts = [text for text, _ in said if text in asked]
    first = list(dict.fromkeys(texts))
    outcome.asked += len(asked)
    outcome.lost += [f"{who}: {text}" for text in asked if text not in texts]
    outcome.twice += [f"{who}: {text}" for text in first for _ in range(texts.count(text) - 1)]
    outcome.overtaken += [f"{who}: {two}" for one, two in pairwise(first) if came[one] > came[two]]
    outcome.reordered += sum(one > two for one, two in pairwise(came.values()))
    outcome.other += [one["texto"] for text, one in said if text not in asked]
    for text in first:
        answer = next(one for found, one in said if found == text)
        waited = datetime.fromisoformat(answer["hora"]) - datetime.fromisoformat(asked[text]["hora"])
        outcome.seconds.append(waited.total_seconds())


def tell(outcome: Outcome, stuck: list[float], whole: float, *, ended: bool) -> None:
    cuts = quantiles(outcome.seconds, n=100)
    print(f"  perdidos {len(outcome.lost)}, repetidos {len(outcome.twice)},", end=" ")
    print(f"fuera de orden {len(outcome.overtaken)}   (meta 0, 0, 0)")
    print(
        f"  {outcome.asked} mensajes en {whole:.0f} s; respuesta p50 {cuts[49]:.1f} s, p95 {cuts[94]:.1f} s"
    )
    print(f"  entregados en otro orden por WhatsApp mismo: {outcome.reordered}")
    print(f"  otras respuestas (disculpas y avisos): {len(outcome.other)}")
    if stuck:
        print(f"  trabajos de un trabajador muerto, retomados tras {min(stuck):.1f}–{max(stuck):.1f} s")
    if not ended:
        print(f"  No terminó: quedaba trabajo tras {PATIENCE} s.")
    for title, found in (
        ("perdido", outcome.lost),
        ("repetido", outcome.twice),
        ("adelantado", outcome.overtaken),
        ("otra", sorted(set(outcome.other))),
    ):
        for one in found[:10]:
            print(f"    {title}: {one[:150]!r}")


async def measure(stack: Stack, seed: int) -> None:
    """Everything at once, then wait until nothing moves."""
    chance = random.Random(seed)
    moments = sorted(chance.uniform(5, SECONDS) for _ in range(KILLS))
    await link(stack, PEOPLE)
    async with aiohttp.ClientSession() as session, database(stack) as owner:
        began = time.monotonic()
        people = (
            person(session, stack, number, random.Random(f"{seed}.{number}")) for number in range(PEOPLE)
        )
        stuck, *_ = await asyncio.gather(kill(stack, owner, moments), *people)
        ended = await quiet(owner, PEOPLE * EACH, PATIENCE)
        whole = time.monotonic() - began
        tell(await judge(session, stack, owner), stuck, whole, ended=ended)


def main() -> None:
    seed = int(os.environ.get("TRIBUTA_SEED") or secrets.randbelow(10**6))
    print(f"\nEntrega por WhatsApp con {KILLS} kill -9, api y trabajador por turnos (TRIBUTA_SEED={seed})")
    with tempfile.TemporaryDirectory() as name, tributa(Path(name)) as stack:
        asyncio.run(measure(stack, seed))
