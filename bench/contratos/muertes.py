"""What becomes of contracts whose worker is killed with -9 while it reads them, at twenty random moments.

`python -m bench.contratos.muertes` (TRIBUTA_SEED=n for the same moments again)

Each must end in the index once, with all its passages, or in error with a reason; and nothing may be left of
those who died.
"""

import asyncio
import os
import random
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import psutil
import psycopg

from bench.contratos.hacer import make_all
from bot.bootstrap import Services, open_database, open_services
from bot.core.rut import Rut
from bot.services.ports import Quien
from bot.services.ports_carpeta import EstadoContrato, Ficha
from bot.settings import ROOT, Settings
from bot.storage.embedded import Urls
from tests.rag import hostiles

KILLS, AT_ONCE, LONGEST, PATIENCE = 20, 2, 4.0, 240
QUIEN = Quien(Rut(76_192_083))
DOING = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'leer_contrato' AND status = 'doing'"
LEFT = DOING.replace("= 'doing'", "IN ('todo', 'doing')")
PASSAGES = (
    "SELECT contrato_id, count(*), count(DISTINCT (pagina, texto, contexto)) FROM embeddings"
    " GROUP BY contrato_id"
)
BAD = {
    "cifrado": hostiles.encrypted("AES-256"),
    "bomba": hostiles.forms(),
    "cortado": hostiles.raw(b"(nada)"),
}


class Trabajador:
    """A worker program, and what is left of it."""

    def __init__(self, urls: Urls, data: Path) -> None:
        self._environment = {
            **os.environ, "DATABASE_URL": urls.app, "TRIBUTA_DATA": str(data), "TRIBUTA_ENV": "development"
        }  # fmt: skip
        self._log = (data / "worker.log").open("ab")
        self._seen: set[psutil.Process] = set()
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "bot.cli", "worker"]
        self._program = subprocess.Popen(
            command, cwd=ROOT, env=self._environment, stdout=self._log, stderr=self._log
        )

    def kill(self) -> None:
        """As a power cut does; its readers are on their own then."""
        self._seen.update(psutil.Process(self._program.pid).children(recursive=True))
        self._program.kill()
        self._program.wait()

    def stop(self) -> int:
        """Tell it to end; how many readers outlived the worker they worked for."""
        left = [one for one in self._seen if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]
        self._program.terminate()
        self._program.wait(60)
        return len(left)


async def count(owner: psycopg.AsyncConnection[Any], query: str) -> int:
    """A number."""
    row = await (await owner.execute(query)).fetchone()
    return int(row[0]) if row else 0


async def suffer(
    services: Services,
    owner: psycopg.AsyncConnection[Any],
    worker: Trabajador,
    files: Sequence[Path],
    seed: int,
) -> None:
    """Two contracts more, and a kill while one is read, as often as was said."""
    chance, more = random.Random(seed), iter(files)
    for turn in range(KILLS):
        for path in islice(more, AT_ONCE):
            await services.contratos.subir(QUIEN, path, path.name)
        deadline = time.monotonic() + PATIENCE
        while not await count(owner, DOING):
            if time.monotonic() > deadline:
                raise SystemExit("El trabajador no empieza a leer.")
            await asyncio.sleep(0.02)
        moment = chance.uniform(0, LONGEST)
        await asyncio.sleep(moment)
        worker.kill()
        print(f"  kill -9 número {turn + 1}, {moment:.1f} s después de empezar a leer", flush=True)
        worker.start()


async def judge(owner: psycopg.AsyncConnection[Any], fichas: Sequence[Ficha]) -> list[str]:
    """What is not as it should be."""
    rows = await (await owner.execute(PASSAGES)).fetchall()
    held = {contrato: (all_, different) for contrato, all_, different in rows}
    wrong = []
    for one in fichas:
        all_, different = held.get(one.id, (0, 0))
        if one.estado is EstadoContrato.INDEXADO:
            if not all_ == different == one.trozos > 0:
                wrong.append(f"{one.archivo}: {all_} pasajes, {different} distintos, anotó {one.trozos}")
        elif one.estado is not EstadoContrato.CON_ERROR or not one.motivo or all_:
            wrong.append(f"{one.archivo}: {one.estado}, motivo «{one.motivo}», {all_} pasajes")
    return wrong


def documents(folder: Path) -> list[Path]:
    """Contracts of the corpus, scans among them, each file different, and some that cannot be read."""
    made = cycle(hecho.path for hecho in make_all(folder / "hechos").values())
    found = []
    for number, path in enumerate(islice(made, KILLS * AT_ONCE - len(BAD))):
        copy = folder / f"{number:02} {path.name}"
        copy.write_bytes(path.read_bytes() + b"\n" * number)
        found.append(copy)
    for name, content in BAD.items():
        bad = folder / f"{name}.pdf"
        bad.write_bytes(content)
        found.insert(len(found) // 2, bad)
    return found


async def measure(urls: Urls, settings: Settings, folder: Path, seed: int) -> None:
    """Everything, then wait until nothing moves."""
    async with (
        open_services(settings, urls.app) as services,
        await psycopg.AsyncConnection.connect(
            urls.owner, autocommit=True, options="-c search_path=public,procrastinate"
        ) as owner,
    ):
        await owner.execute(
            "INSERT INTO contributors (rut, nombre, password_hash) VALUES (%s, 'x', '')", (str(QUIEN.rut),)
        )
        worker = Trabajador(urls, settings.data)
        try:
            await suffer(services, owner, worker, documents(folder), seed)
            deadline = time.monotonic() + PATIENCE
            while time.monotonic() < deadline and await count(owner, LEFT):  # noqa: ASYNC110, another program works
                await asyncio.sleep(0.5)
        finally:
            orphans = worker.stop()
        fichas = await services.contratos.lista(QUIEN)
        wrong = await judge(owner, fichas)
        read = sum(one.estado is EstadoContrato.INDEXADO for one in fichas)
        failed = [one for one in fichas if one.estado is EstadoContrato.CON_ERROR]
        print(f"\n{len(fichas)} contratos: {read} en el índice, {len(failed)} con error y motivo")
        for one in failed:
            print(f"  {one.archivo}: {one.motivo}")
        print(f"mal: {len(wrong)} (meta 0); lectores que sobrevivieron a su trabajador: {orphans} (meta 0)")
        print("\n".join(f"  {one}" for one in wrong))


def main() -> None:
    seed = int(os.environ.get("TRIBUTA_SEED") or secrets.randbelow(10**6))
    print(f"Lectura de contratos con {KILLS} kill -9 (TRIBUTA_SEED={seed})", flush=True)
    with tempfile.TemporaryDirectory() as name:
        data = Path(name) / "datos"
        settings = Settings(_env_file=None, data=data, env="development")  # type: ignore[call-arg]
        with open_database(settings) as urls:
            asyncio.run(measure(urls, settings, Path(name), seed))


if __name__ == "__main__":
    main()
