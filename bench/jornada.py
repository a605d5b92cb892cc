"""24 hours of a thousand taxpayers, compressed, while everything goes wrong; then a checker looks at it all.

`python -m bench jornada [--contribuyentes 1000] [--minutos 20] [--mensajes 4] [--fallas N] [--semilla N]`

Tributa runs as an operator runs it: one supervisor with api, worker, engine and its own PostgreSQL, a Chroma
server beside it, and WhatsApp, Telegram and the SII simulated. Each taxpayer's data hold a word that nobody
else's do. A day's hours pass in `--minutos`; the night's sync begins by itself, at two by the product's own
clock, and its waits are shortened as in `bench semana`. Nobody helps: what a fault stops comes back by
itself, or the run has failed.
"""

import argparse
import asyncio
import contextlib
import os
import random
import secrets
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import psycopg

from bench.jornada_fallas import KINDS, Chroma, Danos, schedule
from bench.jornada_gente import Trafico, crowd, settle
from bench.jornada_juez import Veredicto, judge
from bench.jornada_memoria import Memoria
from bench.jornada_prueba import BY_CLOCK, LEFT, STUCK, Pruebas
from bench.medidas import Medida, note
from bench.multitud import OPTIONS
from bench.noches import Sii
from bench.semana import HURRY, SHORTEN
from bench.verdad import compare
from bot.bootstrap import mark_as_demo, open_database, open_services
from bot.programs import free_port
from bot.settings import Settings
from bot.storage.embedded import Urls
from tests.stack import Stack

DISK, BEGINS = "3g", "2026-11-22T01:59:30-03:00"
PATIENCE, CALM, SII_SECOND, MOST_ERRORS = 300, 3, 20, 25


class Jornada:
    """One day on a running Tributa."""

    def __init__(self, stack: Stack, urls: Urls, chroma: Chroma, options: argparse.Namespace) -> None:
        self.stack, self.urls, self.chroma, self.options = stack, urls, chroma, options
        self.people = crowd(options.contribuyentes, options.semilla)
        self.whole = options.minutos * 60.0
        self.memoria = Memoria()
        self.owner: psycopg.AsyncConnection[Any] | None = None

    async def run(self) -> bool:
        """The day, then the proof; whether all is as it must be."""
        timeout = aiohttp.ClientTimeout(total=300)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            sii = Sii(session, f"http://127.0.0.1:{self.stack.sii}")
            await sii.post("ajustes", por_minuto=SII_SECOND * 60, rafaga=SII_SECOND)
            trafico = Trafico(self.stack, session, self.options.semilla, self.options.mensajes)
            danos = Danos(self.stack, self.urls, self.chroma, session, random.Random(self.options.semilla))
            chores = [
                asyncio.create_task(self.memoria.watch(self.stack)),
                asyncio.create_task(self._hurry()),
            ]
            began = asyncio.get_running_loop().time()
            kinds = KINDS if self.options.disco else tuple(one for one in KINDS if one != "disco lleno")
            fallas = schedule(self.options.semilla, self.whole, self.options.fallas, kinds)
            living = asyncio.gather(*(trafico.live(one, began, self.whole) for one in self.people))
            await danos.run(fallas, began)
            await sii.delete_faults()
            await asyncio.sleep(max(0.0, began + self.whole - asyncio.get_running_loop().time()))
            quiet = await self._quiet()
            ready = await self._ready()
            for chore in (*chores, living):
                chore.cancel()
            for error in await asyncio.gather(living, return_exceptions=True):
                if isinstance(error, Exception):
                    raise error
            seconds = asyncio.get_running_loop().time() - began
            self._tell_faults(danos, seconds)
            return await self._prove(session, sii, trafico, quiet=quiet, ready=ready)

    async def _prove(
        self, session: aiohttp.ClientSession, sii: Sii, trafico: Trafico, *, quiet: bool, ready: bool
    ) -> bool:
        owner = await self._connected()
        pruebas = Pruebas(self.stack, session, owner)
        found = judge(await pruebas.chats(self.people))
        metrics = [f"{self.stack.url}/metrics", f"http://{self.stack.more['TRIBUTA_METRICS']}/metrics"]
        found.fugas += await pruebas.leaks(self.people, metrics)
        verdad = await compare(sii, owner, [str(one.rut) for one in self.people])
        stuck = [tuple(row) async for row in await owner.execute(STUCK, (BY_CLOCK,))]
        async with open_services(settings_of(self.stack, self.chroma), self.urls.app) as services:
            index = await services.indexador.comprobar()
        why = await pruebas.syncs(list(verdad.distintos))
        distintos = [f"{rut}: {why[rut]}; {'; '.join(wrong)}" for rut, wrong in verdad.distintos.items()]
        self._tell(found, distintos, trafico, stuck)
        print("  en los registros, como error:")
        for what, times in pruebas.errors().most_common(MOST_ERRORS):
            print(f"    {times:5} {what[:200]}")
        print(f"  /ready sin ayuda: {_yes(ready)}; colas vacías: {_yes(quiet)}; índice entero: {_yes(index)}")
        return found.limpio and not verdad.distintos and not stuck and quiet and ready

    async def _hurry(self) -> None:
        while True:
            await asyncio.sleep(1)
            for statement in (HURRY, SHORTEN):
                await self._do(statement)

    async def _quiet(self) -> bool:
        """Whether everything came in and nothing waits any more, waited for as long as it gets less."""
        least, moved, calm = float("inf"), time.monotonic(), 0
        while time.monotonic() < moved + PATIENCE and calm < CALM:
            await asyncio.sleep(1)
            row = await self._do(LEFT, (BY_CLOCK,))
            if row is None:
                continue
            expected = sum(len(one.enviados) for one in self.people if one.canal != "agente")
            unanswered = sum(len(one.sin_respuesta) for one in self.people)
            left = sum(row[:4]) + max(0, expected - row[4]) + unanswered
            calm = calm + 1 if not left else 0
            if left < least:
                least, moved = left, time.monotonic()
        return calm >= CALM

    async def _ready(self) -> bool:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            if await asyncio.to_thread(self.stack.ready):
                return True
            await asyncio.sleep(1)
        return False

    async def _connected(self) -> psycopg.AsyncConnection[Any]:
        if self.owner is None or self.owner.closed:
            self.owner = await psycopg.AsyncConnection.connect(
                self.urls.owner, options=OPTIONS, autocommit=True
            )
        return self.owner

    async def _do(self, query: str, values: Any = None) -> Any:
        """A row, or nothing while the database is away."""
        try:
            cursor = await (await self._connected()).execute(query, values)  # type: ignore[arg-type]
            return await cursor.fetchone() if cursor.description else None
        except psycopg.Error:
            if self.owner is not None:
                await self.owner.close()
            return None

    def _tell_faults(self, danos: Danos, seconds: float) -> None:
        print(f"  24 horas en {self.whole:.0f} s, y hasta la última respuesta {seconds:.0f} s")
        counts = Counter(falla.tipo for falla, _ in danos.hechas)
        for tipo in KINDS:
            details = [told for falla, told in danos.hechas if falla.tipo == tipo and told]
            skipped = tipo == "disco lleno" and not self.options.disco
            told = "no se puede aquí: montar un tmpfs pide ser root" if skipped else "; ".join(details)
            print(f"    {tipo:24} {counts[tipo]:3}  {told}")

    def _tell(
        self, found: Veredicto, distintos: list[str], trafico: Trafico, stuck: list[tuple[Any, ...]]
    ) -> None:
        print(
            f"  {found.preguntas} mensajes ({trafico.subidos} con un contrato),",
            f"{found.vistos} respuestas y avisos;",
            end=" ",
        )
        print(f"con disculpa o en partes: {found.disculpas}; con lo propio a la vista: {found.propios}")
        figures = (
            ("mensajes perdidos", found.perdidas), ("respuestas repetidas", found.repetidas),
            ("respuestas fuera de orden", found.adelantadas),
            ("datos de uno a la vista de otro", found.fugas),
            ("contribuyentes distintos al SII", distintos),
            ("trabajos que quedaron o fallaron", [str(one) for one in stuck]),
        )  # fmt: skip
        for what, cases in figures:
            note(Medida(f"24 horas con fallas: {what}", len(cases), "", maximo=0))
            print(f"  {what}: {len(cases)}   (meta 0)")
            for one in cases[:10]:
                print(f"    {one[:300]}")
        hour = self.whole / 24
        for name in self.memoria.programs():
            slope, most = self.memoria.slope(name), self.memoria.most(name)
            told = "vivió muy poco entre arranques"
            if slope is not None:
                told = f"{slope * hour:+.2f} MB por hora simulada"
                note(Medida(f"24 horas con fallas: crece la memoria, {name}", slope * hour, "MB por hora"))
            print(f"  memoria de {name:12} {told}; a lo más {most:.0f} MB")


def settings_of(stack: Stack, chroma: Chroma) -> Settings:
    return Settings(_env_file=None, data=stack.data, env="demo", now=BEGINS, chroma_url=chroma.url)  # type: ignore[call-arg, arg-type]


def _yes(value: bool) -> str:
    return "sí" if value else "NO"


@contextlib.contextmanager
def disk(folder: Path) -> Iterator[bool]:
    """A disk of its own, small enough to be filled; whether there can be one."""
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", folder], check=False, capture_output=True
    )
    try:
        yield mounted.returncode == 0
    finally:
        if mounted.returncode == 0:
            subprocess.run(["umount", "--lazy", folder], check=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench jornada")
    parser.add_argument("--contribuyentes", type=int, default=1000)
    parser.add_argument("--minutos", type=float, default=20)
    parser.add_argument("--mensajes", type=int, default=4)
    parser.add_argument("--fallas", type=int, default=0)
    seed = int(os.environ.get("TRIBUTA_SEED") or secrets.randbelow(10**6))
    parser.add_argument("--semilla", type=int, default=seed)
    options, _ = parser.parse_known_args(sys.argv[2:])
    options.fallas = options.fallas or max(len(KINDS), round(2 * options.minutos))
    print(f"\n24 horas de {options.contribuyentes} contribuyentes en {options.minutos:g} minutos,", end=" ")
    print(f"con {options.fallas} fallas (--semilla {options.semilla})")
    with tempfile.TemporaryDirectory() as name, disk(Path(name) / "disco") as options.disco:
        stack = Stack(Path(name) / "disco" / "data")
        stack.data.mkdir()
        chroma = Chroma(stack.data / "chroma")
        stack.more = {
            "TRIBUTA_NOW": BEGINS, "SII_RATE": str(SII_SECOND * 60), "SII_DESDE": "2",
            "CHROMA_URL": chroma.url, "TRIBUTA_METRICS": f"127.0.0.1:{free_port()}",
        }  # fmt: skip
        if not _day(stack, chroma, options):
            raise SystemExit(1)


def _day(stack: Stack, chroma: Chroma, options: argparse.Namespace) -> bool:
    settings = settings_of(stack, chroma)
    with open_database(settings) as urls:
        mark_as_demo(urls)
        day = Jornada(stack, urls, chroma, options)
        asyncio.run(settle(settings, urls, day.people))
        chroma.start()
        try:
            stack.start()
            fine = asyncio.run(day.run())
        finally:
            if stack.process:
                stack.stop()
            chroma.kill()
    print("  TODO BIEN" if fine else "  ALGO FALLÓ")
    return fine
