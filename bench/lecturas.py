"""Reading a month's documents over REST, beside FastAPI + SQLModel and beside the bare query.

`python -m bench lecturas`. Ours checks the session, counts the request, runs under row-level security and
tells coverage and age; the peers make the same two queries (a page of the month and how many documents there
are) as an ordinary program would, which asks nobody who they are. All three are asked in turns.
"""

import asyncio
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import aiohttp
import psycopg

from bench.medidas import Medida, note
from bot.bootstrap import Replacements, mark_as_demo, open_database, open_services
from bot.programs import free_port
from bot.settings import ROOT, Settings
from sandbox.demo import load_demo, password
from sandbox.demo_datos import DEMO

MONTH, PAGE = "2026-09", 50
ROUNDS, EACH, CROWD = 6, 50, 10
COLUMNS = (
    "tipo_documento, folio, fecha, contraparte_rut, contraparte,"
    " monto_exento, monto_neto, monto_iva, monto_total"
)
WHERE = "FROM ventas_detalle WHERE rut = %s AND periodo = %s"
READ = f"SELECT {COLUMNS} {WHERE} ORDER BY fecha DESC, tipo_documento, folio DESC LIMIT {PAGE}"
PATH = f"/api/ventas/detalle?periodo={MONTH}&limite={PAGE}"

type Ask = Callable[[], Awaitable[int]]


@contextlib.contextmanager
def program(command: list[str], environment: Mapping[str, str]) -> Iterator[None]:
    """A program that serves while the context lasts."""
    running = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield
    finally:
        running.terminate()
        running.wait()


async def answering(session: aiohttp.ClientSession, url: str) -> None:
    """Wait until somebody answers there."""
    for _ in range(1200):
        with contextlib.suppress(aiohttp.ClientError):
            async with session.get(url):
                return
        await asyncio.sleep(0.1)
    raise TimeoutError(url)


def over_http(session: aiohttp.ClientSession, url: str, headers: Mapping[str, str]) -> Ask:
    """Ask there; gives how many documents came."""

    async def ask() -> int:
        async with session.get(url, headers=headers) as answer:
            assert answer.status == 200, await answer.text()
            return len((await answer.json())["documentos"])

    return ask


def bare(connection: psycopg.AsyncConnection[Any]) -> Ask:
    """The queries alone, in this program: what nobody who serves them can beat."""
    lock = asyncio.Lock()

    async def ask() -> int:
        async with lock:
            of = (str(DEMO[0].rut), MONTH)
            rows = await (await connection.execute(READ, of)).fetchall()
            await (await connection.execute(f"SELECT count(*) {WHERE}", of)).fetchone()
            return len(rows)

    return ask


async def timed(ask: Ask) -> tuple[list[float], float]:
    """Milliseconds of each of `EACH` reads, and reads a second of `CROWD` who read at once."""
    taken = []
    for _ in range(EACH):
        began = time.perf_counter()
        await ask()
        taken.append((time.perf_counter() - began) * 1e3)
    began = time.perf_counter()
    await asyncio.gather(*(_several(ask) for _ in range(CROWD)))
    return taken, CROWD * (EACH // 5) / (time.perf_counter() - began)


async def _several(ask: Ask) -> None:
    for _ in range(EACH // 5):
        await ask()


async def measure(asks: Mapping[str, Ask]) -> None:
    """Ask all in turns; the first round warms up."""
    assert len({await ask() for ask in asks.values()}) == 1, "not the same documents"
    latency: dict[str, list[float]] = {name: [] for name in asks}
    rate: dict[str, list[float]] = {name: [] for name in asks}
    for turn in range(-1, ROUNDS):
        for name, ask in asks.items():
            taken, per_second = await timed(ask)
            if turn >= 0:
                latency[name] += taken
                rate[name].append(per_second)
    tell({name: (latency[name], median(rate[name])) for name in asks})


def tell(found: Mapping[str, tuple[list[float], float]]) -> None:
    """The table, and the ratios that have a goal."""
    print(f"\nLeer los documentos de un mes ({ROUNDS * EACH} por lado, en turnos)")
    print(f"{'':18}{'p50 ms':>9}{'p95 ms':>9}{'lecturas/s, ' + str(CROWD) + ' a la vez':>26}")
    for name, (taken, rate) in found.items():
        cuts = quantiles(taken, n=100)
        print(f"{name:18}{cuts[49]:9.1f}{cuts[94]:9.1f}{rate:26.0f}")
    ours, ours_rate = found["tributa"]
    for name, (taken, rate) in found.items():
        goal = 1.0 if name.startswith("FastAPI") else None
        if name != "tributa":
            note(Medida("leer un mes por REST, p50", median(ours), "ms", name, median(taken), maximo=goal))
            note(Medida("leer un mes por REST, 10 a la vez", ours_rate, "por s", name, rate, minimo=goal))


async def serve_and_measure(settings: Settings, database_url: str) -> None:
    """The demo's shop, three ways."""
    async with open_services(settings, database_url, Replacements()) as services:
        await load_demo(services, settings)
    ports = {name: free_port() for name in ("api", "par")}
    shared = {"DATABASE_URL": database_url, "TRIBUTA_DATA": str(settings.data), "TRIBUTA_ENV": "demo"}
    ours = {**shared, "TRIBUTA_PORT": str(ports["api"]), "ENGINE_URL": "http://127.0.0.1:9"}
    urls = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
    peer = ["uvicorn", "bench.lecturas_par:app", "--port", str(ports["par"]), "--no-access-log"]
    async with contextlib.AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        stack.enter_context(program(["bot.cli", "api"], ours))
        await answering(session, f"{urls['api']}/health")
        token = await _token(session, urls["api"], settings)
        asks = {"tributa": over_http(session, urls["api"] + PATH, {"Authorization": f"Bearer {token}"})}
        if find_spec("fastapi"):
            stack.enter_context(program(peer, shared))
            await answering(session, f"{urls['par']}/docs")
            asks["FastAPI+SQLModel"] = over_http(session, f"{urls['par']}/{DEMO[0].rut}/{MONTH}", {})
        else:
            print("Sin el par FastAPI + SQLModel: falta fastapi en este entorno.")
        owner = await stack.enter_async_context(await psycopg.AsyncConnection.connect(database_url))
        await owner.execute("SELECT set_config('app.rut', %s, false)", (str(DEMO[0].rut),))
        asks["psycopg solo"] = bare(owner)
        await measure(asks)


async def _token(session: aiohttp.ClientSession, url: str, settings: Settings) -> str:
    login = {"rut": str(DEMO[0].rut), "password": password(settings, DEMO[0])}
    async with session.post(f"{url}/api/login", json=login) as answer:
        return str((await answer.json())["token"])


def main() -> None:
    os.environ.pop("DATABASE_URL", None)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(_env_file=None, data=Path(folder), env="demo")  # type: ignore[call-arg]
        with open_database(settings) as urls:
            mark_as_demo(urls)
            asyncio.run(serve_and_measure(settings, urls.app))
