"""What goes wrong in the day: a seeded schedule of faults, of which only the causes are undone."""

import asyncio
import contextlib
import os
import random
import shutil
import signal
import subprocess
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import psutil
import psycopg

from bench.entrega import running
from bench.noches import Sii, postmaster
from bench.semana import OFTEN
from bot.programs import free_port
from bot.settings import ROOT
from bot.storage.embedded import Urls
from tests.stack import Stack

FIRST, LAST = 0.03, 0.9
_CHUNK = 1 << 20
# What is tried again the same night. After the others a person gives a clave anew, or the next night reads
# what was refused: `bench semana` has those, and a last night without faults.
_SII = [one for one in OFTEN if one["tipo"] in ("lento", "http", "html", "truncado", "corte")]
_GRAPH: tuple[dict[str, Any], ...] = (
    {"demora": 4}, {"http_503": 40}, {"corte": 20}, {"respuesta_perdida": 10}, {"duplicados": 3}
)  # fmt: skip
_TELEGRAM: tuple[dict[str, Any], ...] = (
    {"demora": 4, "veces": 20}, {"codigo": 500, "veces": 20}, {"codigo": 429, "retry_after": 3, "veces": 10},
    {"cortar": True, "veces": 10},
)  # fmt: skip
# Hours that the clock of a further worker is ahead or behind.
_SKEWS = (-26, -3, 3)


@dataclass(frozen=True, slots=True)
class Falla:
    """A fault: its kind, and when of the day's seconds it begins and how long it lasts."""

    tipo: str
    cuando: float
    dura: float


@dataclass
class Chroma:
    """A Chroma server as an operator runs one."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [str(ROOT / ".venv" / "bin" / "chroma"), "run", "--path", str(self.folder)]
        command += ["--host", "127.0.0.1", "--port", str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()


KINDS = (
    "api: kill -9", "trabajador: kill -9", "motor: kill -9", "PostgreSQL: caída", "PostgreSQL: kill -9",
    "disco lleno", "Chroma: lento", "Chroma: cortado", "Chroma: índice perdido", "SII: errores",
    "SII: en mantención", "WhatsApp: fallas", "Telegram: fallas", "reloj corrido", "conexiones agotadas",
)  # fmt: skip


def schedule(semilla: int, whole: float, count: int, kinds: tuple[str, ...] = KINDS) -> list[Falla]:
    """Faults of every kind, as often each as possible, in a random order at random moments."""
    azar = random.Random(f"fallas.{semilla}")
    tipos: list[str] = []
    while len(tipos) < count:
        tipos += azar.sample(kinds, min(len(kinds), count - len(tipos)))
    moments = sorted(azar.uniform(FIRST * whole, LAST * whole) for _ in tipos)
    return [Falla(tipo, when, azar.uniform(5, 15)) for tipo, when in zip(tipos, moments, strict=True)]


class Danos:
    """Does the faults to a running Tributa."""

    def __init__(
        self, stack: Stack, urls: Urls, chroma: Chroma, session: aiohttp.ClientSession, azar: random.Random
    ) -> None:
        self.stack, self.urls, self.chroma, self.session, self.azar = stack, urls, chroma, session, azar
        self.hechas: list[tuple[Falla, str]] = []
        self._does: dict[str, Callable[[float], Awaitable[str]]] = dict(
            zip(
                KINDS,
                (
                    lambda _: self._kill("cli api"), lambda _: self._kill("cli worker"),
                    lambda _: self._kill("rasa run"), lambda _: self._postgres(signal.SIGQUIT),
                    lambda _: self._postgres(signal.SIGKILL), self._disk, self._slow_chroma, self._cut_chroma,
                    self._lose_index, self._sii, self._maintenance, self._graph, self._telegram, self._clock,
                    self._connections,
                ),
                strict=True,
            )
        )  # fmt: skip

    async def run(self, fallas: list[Falla], began: float) -> None:
        """All of them at their moments; some overlap."""
        async with asyncio.TaskGroup() as group:
            for one in fallas:
                group.create_task(self._at(one, began))

    async def _at(self, falla: Falla, began: float) -> None:
        await asyncio.sleep(max(0.0, began + falla.cuando - asyncio.get_running_loop().time()))
        told = await self._does[falla.tipo](falla.dura)
        self.hechas.append((falla, told))

    async def _kill(self, name: str) -> str:
        (await running(self.stack, name)).kill()
        return ""

    async def _postgres(self, number: signal.Signals) -> str:
        while True:
            with contextlib.suppress(OSError, ValueError, psutil.Error):
                postmaster(self.stack.data).send_signal(number)
                return ""
            await asyncio.sleep(0.2)

    async def _disk(self, seconds: float) -> str:
        """Fill what is left, and go on while others give space back."""
        path, loop, full = self.stack.data.parent / "relleno", asyncio.get_running_loop(), 0.0
        try:
            with path.open("ab", buffering=0) as filler:
                while not full or loop.time() < full + seconds:
                    try:
                        await asyncio.to_thread(_fill, filler)
                    except OSError:
                        full = full or loop.time()
                        await asyncio.sleep(0.2)
        finally:
            path.unlink(missing_ok=True)
        return f"{seconds:.0f} s sin un byte libre"

    async def _slow_chroma(self, seconds: float) -> str:
        process = self.chroma.process
        assert process
        process.send_signal(signal.SIGSTOP)
        await asyncio.sleep(seconds)
        process.send_signal(signal.SIGCONT)
        return f"{seconds:.0f} s sin responder"

    async def _cut_chroma(self, seconds: float) -> str:
        self.chroma.kill()
        await asyncio.sleep(seconds)
        self.chroma.start()
        return f"{seconds:.0f} s"

    async def _lose_index(self, seconds: float) -> str:
        """Its disk is lost; the worker makes it anew when it starts."""
        self.chroma.kill()
        shutil.rmtree(self.chroma.folder)
        self.chroma.start()
        await asyncio.sleep(2)
        await self._kill("cli worker")
        return "carpeta borrada, y el trabajador con kill -9"

    async def _sii(self, seconds: float) -> str:
        sii = Sii(self.session, f"http://127.0.0.1:{self.stack.sii}")
        chosen = self.azar.sample(_SII, 4)
        for one in chosen:
            await sii.post("fallas", **{**one, "veces": 10, "probabilidad": 0.5})
        return ", ".join(str(one["tipo"]) for one in chosen)

    async def _maintenance(self, seconds: float) -> str:
        sii = Sii(self.session, f"http://127.0.0.1:{self.stack.sii}")
        await sii.post("modo", modo="mantencion")
        await asyncio.sleep(seconds)
        await sii.post("modo", modo="normal")
        return f"{seconds:.0f} s"

    async def _graph(self, seconds: float) -> str:
        what, url = self.azar.choice(_GRAPH), f"http://127.0.0.1:{self.stack.telefono}/simulador/fallas"
        async with self.session.post(url, json=what) as answer:
            assert answer.status == 200, await answer.text()
        await asyncio.sleep(seconds)
        async with self.session.delete(url):
            return f"{what} por {seconds:.0f} s"

    async def _telegram(self, seconds: float) -> str:
        what, url = self.azar.choice(_TELEGRAM), f"http://127.0.0.1:{self.stack.telegram}/simulador/fallas"
        for metodos in ([what], []):
            async with self.session.post(url, json={"metodos": metodos}) as answer:
                assert answer.status == 200, await answer.text()
            await asyncio.sleep(seconds if metodos else 0)
        return f"{what} por {seconds:.0f} s"

    async def _clock(self, seconds: float) -> str:
        """A further worker, of a machine whose clock is wrong, takes part for a while."""
        worker, hours = await running(self.stack, "cli worker"), self.azar.choice(_SKEWS)
        environment = worker.environ()
        wrong = datetime.fromisoformat(environment["TRIBUTA_NOW"]) + timedelta(hours=hours)
        environment |= {"TRIBUTA_NOW": wrong.isoformat()}
        environment.pop("TRIBUTA_METRICS", None)
        log = self.stack.data / "logs" / "corrido.log"
        with log.open("ab") as output:
            other = await asyncio.create_subprocess_exec(
                *worker.cmdline(), cwd=ROOT, env=environment, stdout=output, stderr=output
            )
        try:
            await asyncio.sleep(10 + seconds)
            other.terminate()
            await asyncio.wait_for(other.wait(), 60)
        finally:
            if other.returncode is None:
                other.kill()
        return f"un trabajador más con {hours:+} h"

    async def _connections(self, seconds: float) -> str:
        """Some other program takes every connection that the server gives."""
        taken: list[psycopg.AsyncConnection[Any]] = []
        until = asyncio.get_running_loop().time() + seconds
        try:
            while asyncio.get_running_loop().time() < until:
                try:
                    taken.append(await psycopg.AsyncConnection.connect(self.urls.app))
                except psycopg.Error:
                    await asyncio.sleep(0.1)
        finally:
            for one in taken:
                await one.close()
        return f"{len(taken)} tomadas por {seconds:.0f} s"


def _fill(filler: Any) -> None:
    for _ in range(64):
        os.write(filler.fileno(), bytes(_CHUNK))
