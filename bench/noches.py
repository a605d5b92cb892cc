"""A scratch Tributa for the benchmarks of the sync: database, simulated SII and workers, each a program."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import psutil
import psycopg

from bot.bootstrap import Replacements, Services, open_database, open_services
from bot.crypto.llavero import Llavero
from bot.programs import free_port
from bot.services.reloj import SANTIAGO, RelojSantiago
from bot.settings import ROOT, Settings
from bot.storage.embedded import Urls
from sandbox.sii.ajustes import TOKEN
from sandbox.sii.sinteticos import Sintetico

OPTIONS = "-c search_path=public,procrastinate"
CONSENT = (
    "INSERT INTO consents (rut, materia, version, canal) SELECT rut, 'clave_sii', '1', 'web' FROM claves"
)
LEFT = (
    "SELECT count(*) FILTER (WHERE queue_name = 'sii'), count(*) FILTER (WHERE task_name = ANY (%s)),"
    " count(*) FILTER (WHERE status = 'doing' AND queue_name = 'sii') FROM procrastinate_jobs"
    " WHERE status IN ('todo', 'doing')"
)
TELLING = ["alertar", "despachar"]


class Reloj:
    """The workers' clock: it jumps to a moment, and goes on from there as real time does."""

    def __init__(self, momento: datetime) -> None:
        self.jump(momento)

    def jump(self, momento: datetime) -> None:
        self._reloj = RelojSantiago(momento)

    def ahora(self) -> datetime:
        return self._reloj.ahora()

    def hoy(self) -> Any:
        return self._reloj.hoy()


@dataclass
class Escena:
    """Everything that runs; `por_segundo` is the allowance, `workers` their programs."""

    folder: Path
    urls: Urls
    por_segundo: float
    velocidad: float
    semilla: int
    environment: dict[str, str] = field(default_factory=dict)
    puerto: int = field(default_factory=free_port)
    version: int = 1
    rafaga: int = 5
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    reloj: Reloj = field(default_factory=lambda: Reloj(datetime.now(SANTIAGO)))

    @property
    def sii(self) -> str:
        return f"http://127.0.0.1:{self.puerto}"

    @property
    def tasa(self) -> int:
        """Calls a real minute."""
        return round(self.por_segundo * 60)

    def settings(self) -> Settings:
        """Those of the workers, for what people do meanwhile."""
        return Settings(
            _env_file=None, data=self.folder, env="development", sii_base_url=f"{self.sii}/api/v1",
            sii_token=TOKEN, sii_rate=self.tasa, sii_desde="2", telegram_token=None,
        )  # type: ignore[call-arg]  # fmt: skip

    def start_worker(self) -> None:
        """One more `tributa worker`, on the clock as it is now."""
        environment = {
            **os.environ,
            **self.environment,
            "DATABASE_URL": self.urls.app,
            "TRIBUTA_DATA": str(self.folder),
            "TRIBUTA_ENV": "development",
            "TRIBUTA_NOW": self.reloj.ahora().isoformat(),
            "SII_BASE_URL": f"{self.sii}/api/v{self.version}",
            "SII_API_VERSION": str(self.version),
            "SII_TOKEN": TOKEN,
            "SII_RATE": str(self.tasa),
            "SII_DESDE": "2",
        }
        with (self.folder / "workers.log").open("ab") as log:
            command = [sys.executable, "-m", "bot.cli", "worker"]
            self.workers.append(subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log))

    def stop_workers(self) -> None:
        """Tell them to stop, and wait."""
        for worker in self.workers:
            worker.send_signal(signal.SIGTERM)
        for worker in self.workers:
            worker.wait(60)
        self.workers.clear()

    def kill_worker(self, which: int) -> None:
        """As if its machine lost power; another takes its place."""
        worker = self.workers.pop(which)
        worker.kill()
        worker.wait()
        self.start_worker()

    def restart_postgres(self) -> None:
        """An immediate shutdown, as after a crash, and up again."""
        server = postmaster(self.folder)
        server.send_signal(signal.SIGQUIT)
        psutil.wait_procs([server], timeout=30)
        self.urls.revive()

    def memory(self) -> dict[str, float]:
        """MB in use: of the largest worker, and of PostgreSQL without counting shared pages twice."""
        data = str((self.folder / "postgres").resolve())
        postgres = 0
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if process.name().startswith("postgres") and process.cwd() == data:
                    postgres += process.memory_full_info().pss
        workers = [psutil.Process(one.pid).memory_info().rss for one in self.workers]
        return {"worker": max(workers, default=0) / 2**20, "postgres": postgres / 2**20}


@contextlib.contextmanager
def escena(folder: Path, por_segundo: float, velocidad: float = 1, semilla: int = 0) -> Iterator[Escena]:
    """Database and simulated SII; whoever wants workers starts them."""
    settings = Settings(_env_file=None, data=folder, env="development")  # type: ignore[call-arg]
    with open_database(settings) as urls:
        scene = Escena(folder, urls, por_segundo, velocidad, semilla)
        por_minuto = str(round(por_segundo * 60 / velocidad))
        options = ["--port", str(scene.puerto), "--por-minuto", por_minuto, "--velocidad", str(velocidad)]
        command = [sys.executable, "-m", "sandbox.sii", *options, "--semilla", str(semilla)]
        simulator = subprocess.Popen(command, cwd=ROOT)
        # What a network holds up arrives together, and the simulated minute is short.
        scene.rafaga = round(por_segundo / 2) if velocidad > 1 else 5
        try:
            yield scene
        finally:
            for worker in scene.workers:
                worker.kill()
                worker.wait()
            simulator.terminate()
            simulator.wait()


@contextlib.asynccontextmanager
async def opened(scene: Escena) -> AsyncIterator[tuple["Sii", psycopg.AsyncConnection[Any], Services]]:
    """The simulator's switches, the tables as their owner, and the services as people reach them."""
    async with aiohttp.ClientSession(scene.sii) as session:
        sii = Sii(session)
        await sii.wait()
        await sii.post("ajustes", rafaga=scene.rafaga)
        replaced = Replacements(reloj=scene.reloj)
        async with open_services(scene.settings(), scene.urls.app, replaced) as services:
            yield sii, await connect(scene), services


async def connect(scene: Escena) -> psycopg.AsyncConnection[Any]:
    """The tables as their owner."""
    return await psycopg.AsyncConnection.connect(scene.urls.owner, options=OPTIONS, autocommit=True)


class Sii:
    """The simulator's switches."""

    def __init__(self, session: aiohttp.ClientSession, url: str = "") -> None:
        self._session, self._url = session, url

    async def get(self, path: str) -> Any:
        async with self._session.get(f"{self._url}/_control/{path}") as answer:
            return await answer.json()

    async def post(self, path: str, **body: Any) -> Any:
        async with self._session.post(f"{self._url}/_control/{path}", json=body) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def delete_faults(self) -> None:
        async with self._session.delete(f"{self._url}/_control/fallas"):
            pass

    async def wait(self) -> None:
        """Until it answers."""
        for _ in range(200):
            with contextlib.suppress(aiohttp.ClientConnectionError):
                await self.get("estado")
                return
            await asyncio.sleep(0.1)
        raise TimeoutError("the simulated SII did not start")


def register(settings: Settings, owner_url: str, people: Sequence[Sintetico], claves: dict[str, str]) -> None:
    """All of them at once: verified, with a clave (that of `claves`, or else their own) and its consent."""
    llavero = Llavero(settings.keyring)
    with psycopg.connect(owner_url, options=OPTIONS) as owner, owner.cursor() as cursor:
        with cursor.copy("COPY contributors (rut, nombre, verificado) FROM STDIN") as copy:
            for one in people:
                copy.write_row((str(one.rut), one.nombre, True))
        with cursor.copy("COPY claves (rut, cifrada, llave) FROM STDIN") as copy:
            for one in people:
                clave = claves.get(str(one.rut), one.clave)
                copy.write_row((str(one.rut), llavero.encrypt(clave), llavero.llave))
        owner.execute(CONSENT)
        owner.execute("ANALYZE contributors, claves, consents")


def postmaster(data: Path) -> psutil.Process:
    """The server of a data folder.

    Raises:
        OSError, ValueError, psutil.Error: if there is none now.
    """
    return psutil.Process(int((data / "postgres" / "postmaster.pid").read_text().split("\n")[0]))


def at(dia: Any, hora: int) -> datetime:
    """That hour in Santiago."""
    return datetime.combine(dia, time(hora), SANTIAGO) + timedelta(seconds=1)
