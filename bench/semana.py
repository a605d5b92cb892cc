"""A week of nights with everything that can go wrong, and then: is what we have what the SII has?

`python -m bench semana [--contribuyentes 1000] [--semilla N] [--por-segundo 40]`

Time is compressed and nothing in the product knows: the simulated SII allows more calls a second than
the real one (`--por-segundo` in place of 1), its delays, locks and minutes are `VELOCIDAD` times shorter,
and what waits to be tried again waits `ESPERAS` times less, because every second this bench moves it nearer
in the queue's table. Each worker's clock is set with TRIBUTA_NOW; the night begins with the task that the
cron begins every minute. What the service tells us to wait is never shortened.
"""

import argparse
import asyncio
import contextlib
import os
import random
import secrets
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg

from bench.noches import LEFT, TELLING, Escena, at, connect, escena, opened, register
from bench.semana_cuenta import Cuenta, telegram, tell
from bench.verdad import Comparacion, compare
from bot.bootstrap import DATABASE_ERRORS
from bot.core.errors import BotError
from bot.services.ports import Quien
from bot.services.ports_canales import Remitente
from bot.storage.vinculos import IdentityRepository
from sandbox.sii.sinteticos import Sintetico

NIGHTS, KILLS, RESTARTS, VELOCIDAD, ESPERAS, PATIENCE = 7, 20, 2, 10, 60, 1800
BAD, ALERTED, ASKING = 20, 40, 12
TOKEN = "7000000001:desarrollo"
# How long a wait told by the service can be here: what is longer is one of ours, and is shortened.
TOLD = 13
HURRY = (
    "UPDATE procrastinate_jobs SET scheduled_at = greatest(now() + interval '2 s', scheduled_at - interval"
    f" '{ESPERAS - 1} s') WHERE queue_name = 'sii' AND status = 'todo'"
    " AND scheduled_at > now() + interval '3 s' AND NOT EXISTS (SELECT FROM sii_cuenta WHERE pausa > now())"
)
SHORTEN = (
    f"UPDATE sii_cuenta SET pausa = greatest(now() + interval '{TOLD} s', pausa - interval '{ESPERAS - 1} s')"
    f" WHERE pausa > now() + interval '{TOLD + 1} s'"
)
# One in so many calls, and how often a night and a thousand taxpayers at most; the rest is told in _nightly.
OFTEN: list[dict[str, Any]] = [
    {"tipo": "lento", "segundos": 20, "veces": 40},
    {"tipo": "cambio", "veces": 40},
    {"tipo": "sesion", "veces": 20},
    {"tipo": "sesion_cuerpo", "veces": 20},
    {"tipo": "sesion", "terca": True, "veces": 6},
    {"tipo": "sesiones", "veces": 10},
    *({"tipo": "http", "codigo": codigo, "veces": 10} for codigo in (409, 500, 502, 503)),
    {"tipo": "html", "veces": 10},
    {"tipo": "truncado", "veces": 10},
    {"tipo": "corte", "veces": 10},
    {"tipo": "codigo", "codigo": 3, "veces": 10},
    {"tipo": "codigo", "codigo": 99, "veces": 5},
    {"tipo": "clave", "veces": 3},
]
SELDOM: list[dict[str, Any]] = [
    {"tipo": "http", "codigo": 402},
    {"tipo": "token"},
    {"tipo": "bloqueo", "forma": "epoch"},
    {"tipo": "bloqueo", "forma": "segundos"},
    {"tipo": "limite", "forma": "fecha"},
    {"tipo": "limite", "forma": "segundos"},
]


class Semana:
    """The week, and who plays the people in it."""

    def __init__(self, scene: Escena, people: list[Sintetico], azar: random.Random) -> None:
        self.scene, self.people, self.azar = scene, people, azar
        self.by_rut = {str(one.rut): one for one in people}
        self.cuenta = Cuenta()
        self.size = max(0.1, len(people) / 1000)

    async def run(self) -> tuple[Comparacion, dict[str, Any], dict[str, Any]]:
        """Everything; then what the tables hold, what the simulator saw, and what our log says."""
        bad = {str(one.rut): "otra-Clave9" for one in self.people[: max(1, int(BAD * self.size))]}
        register(self.scene.settings(), self.scene.urls.owner, self.people, bad)
        async with telegram(self.cuenta) as url:
            self.scene.environment |= {"TELEGRAM_API_URL": url, "TELEGRAM_TOKEN": TOKEN}
            async with opened(self.scene) as (sii, owner, services):
                self.sii, self.services, self.owner = sii, services, owner
                await self._link()
                for night in range(1, NIGHTS + 1):
                    await self._day(night)
                estado = await sii.get("estado")
                return await compare(sii, self.owner, sorted(self.by_rut)), estado, await self._log()

    async def _day(self, night: int) -> None:
        """A night's sync, and the alerts of the morning; the last night nothing goes wrong any more."""
        last, began = night == NIGHTS, time.monotonic()
        hoy = date.fromisoformat((await self.sii.post("avanzar", dias=1))["hoy"])
        self.scene.version = 1 + night % 2
        self.scene.reloj.jump(at(hoy, 2))
        for _ in range(2):
            self.scene.start_worker()
        calls = sum((await self.sii.get("estado"))["llamadas"].values())
        if last:
            await self._calm()
        await self.services.jobs.configure_task("noche_sii").defer_async(timestamp=0)
        trouble = [] if last else [self._faults(), self._kill(), self._people()]
        chores = [asyncio.create_task(one) for one in (*trouble, self._revive(), self._hurry())]
        ended = await self._quiet(0)
        for chore in chores:
            chore.cancel()
        failed = await asyncio.gather(*chores, return_exceptions=True)
        for error in failed:
            if isinstance(error, Exception):
                raise error
        self.cuenta.sin_terminar += not ended
        await self._morning(hoy)
        estado = await self.sii.get("estado")
        told = f"noche {night}: {sum(estado['llamadas'].values()) - calls} llamadas"
        self.cuenta.noches.append(f"{told}, {time.monotonic() - began:.0f} s")
        print("  " + self.cuenta.noches[-1], flush=True)

    async def _morning(self, hoy: date) -> None:
        """The hourly task that tells what is due, at ten."""
        self.scene.stop_workers()
        self.scene.reloj.jump(at(hoy, 10))
        self.scene.start_worker()
        await self._jobs("alertar")
        await self._quiet(1)
        self.scene.stop_workers()

    async def _calm(self) -> None:
        """What has not gone wrong yet does not go wrong any more; who was asked for their clave gives it."""
        await self.sii.delete_faults()
        await self._give_again()

    async def _faults(self) -> None:
        """Some of every kind, from the first call to the last; what stops everybody comes one by one."""
        for one in OFTEN:
            veces = max(1, round(one["veces"] * self.size))
            await self.sii.post("fallas", **{**one, "veces": veces, "probabilidad": 0.02})
            self.cuenta.fallas[one["tipo"]] += veces
        for one in self.azar.sample(SELDOM, len(SELDOM) // 2):
            await asyncio.sleep(self.azar.uniform(3, 12))
            await self.sii.post("fallas", **one)
            self.cuenta.fallas[one["tipo"]] += 1

    async def _kill(self) -> None:
        """kill -9 of a worker, now and then of both, and on two nights of PostgreSQL."""
        kills = -(-KILLS // (NIGHTS - 1))
        for turn in range(kills):
            await asyncio.sleep(self.azar.uniform(4, 10))
            both = self.azar.random() < 0.3
            for which in (1, 0) if both else (self.azar.randrange(2),):
                self.scene.kill_worker(which)
                self.cuenta.muertes += 1
            if turn == 1 and self.cuenta.reinicios < RESTARTS:
                await asyncio.sleep(3)
                await asyncio.to_thread(self.scene.restart_postgres)
                self.cuenta.reinicios += 1

    async def _revive(self) -> None:
        """As a supervisor would: a worker that has ended begins again."""
        while True:
            await asyncio.sleep(1)
            for worker in list(self.scene.workers):
                if worker.poll() is not None:
                    self.scene.workers.remove(worker)
                    self.scene.start_worker()
                    self.cuenta.caidas += 1

    async def _hurry(self) -> None:
        """Our own waits pass faster; those that the service told do not."""
        while True:
            await asyncio.sleep(1)
            for statement in (HURRY, SHORTEN):
                await self._do(statement)

    async def _people(self) -> None:
        """Some ask for a sync at once; on some nights who was asked for their clave gives it again."""
        for _ in range(max(2, round(ASKING * self.size))):
            await asyncio.sleep(self.azar.uniform(0.5, 4))
            one = self.azar.choice(self.people)
            with contextlib.suppress(BotError, *DATABASE_ERRORS):
                await self.services.sincronizacion.pedir(Quien(one.rut), None)
                self.cuenta.pedidos += 1
        if self.azar.random() < 0.5:
            await self._give_again()

    async def _give_again(self) -> None:
        """Everybody whose clave is not used any more makes a new one at the SII, and gives it to us."""
        cursor = await self.owner.execute("SELECT rut FROM claves WHERE rechazada IS NOT NULL")
        for (rut,) in await cursor.fetchall():
            clave = f"nueva{self.azar.randrange(10**6):06}"
            await self.sii.post("claves", rut=rut, clave=clave)
            await self.services.claves.guardar(Quien(self.by_rut[rut].rut), clave, "telegram")
            self.cuenta.claves_nuevas += 1

    async def _link(self) -> None:
        """Some have a chat, and want to be told everything."""
        links, ahora = IdentityRepository(self.services.database), self.services.reloj.ahora()
        for one in self.people[: max(2, int(ALERTED * self.size))]:
            who = Remitente("telegram", str(50_000 + one.numero), "")
            await links.vincular(who, one.rut, ahora, ahora + timedelta(days=90))
            await self.services.alertas.encender(Quien(one.rut), "telegram", encendidos=True)

    async def _jobs(self, name: str) -> None:
        await self.services.jobs.configure_task(name, queueing_lock=name).defer_async(timestamp=0)

    async def _quiet(self, which: int) -> bool:
        """Whether nothing waits any more, of syncs (0) or of telling (1), waited for."""
        deadline = time.monotonic() + PATIENCE
        calm = 0
        while time.monotonic() < deadline and calm < 3:
            await asyncio.sleep(0.7)
            row = await self._do(LEFT, (TELLING,))
            night = await self._do("SELECT 1 FROM procrastinate_jobs WHERE task_name = 'noche_sii'")
            calm = calm + 1 if row and not row[which] and not night else 0
        return calm >= 3

    async def _do(self, query: str, values: Any = None) -> Any:
        """A row, or nothing while the database is away."""
        try:
            cursor = await self.owner.execute(query, values)  # type: ignore[arg-type]
            return await cursor.fetchone() if cursor.description else None
        except psycopg.Error:
            with contextlib.suppress(psycopg.Error):
                self.owner = await connect(self.scene)
            return None

    async def _log(self) -> dict[str, Any]:
        """What our own log and tables tell."""
        counts = await self.owner.execute(
            "SELECT evento, count(*) FROM logs WHERE evento ~ '^(sii|clave)' GROUP BY 1"
        )
        retried = "SELECT coalesce(sum(attempts), 0) FROM procrastinate_jobs"
        left = "SELECT status::text, count(*) FROM procrastinate_jobs WHERE queue_name = 'sii' GROUP BY 1"
        off = "SELECT count(*) FROM claves WHERE rechazada IS NOT NULL"
        written = (
            "SELECT canal_id, count(*) FROM messages JOIN identities USING (rut, conversacion)"
            " WHERE direccion = 'salida' GROUP BY 1"
        )
        return {
            "escritos": {chat: count async for chat, count in await self.owner.execute(written)},
            "eventos": {name: count async for name, count in counts},
            "errores": {
                name: count
                async for name, count in await self.owner.execute(
                    "SELECT datos ->> 'error', count(*) FROM logs WHERE evento = 'sii.fallo' GROUP BY 1"
                )
            },
            "quedan": {name: count async for name, count in await self.owner.execute(left)},
            "reintentos": (await self._do(retried))[0],
            "sin_clave": (await self._do(off))[0],
        }


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench semana")
    parser.add_argument("--contribuyentes", type=int, default=1000)
    seed = int(os.environ.get("TRIBUTA_SEED") or secrets.randbelow(10**6))
    parser.add_argument("--semilla", type=int, default=seed)
    parser.add_argument("--por-segundo", type=float, default=40)
    options, _ = parser.parse_known_args(sys.argv[2:])
    people = [Sintetico(number, options.semilla) for number in range(options.contribuyentes)]
    print(f"\nUna semana de {len(people)} contribuyentes, con fallas (--semilla {options.semilla})")
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory() as name,
        escena(Path(name) / "data", options.por_segundo, VELOCIDAD, options.semilla) as scene,
    ):
        try:
            result = asyncio.run((week := Semana(scene, people, random.Random(options.semilla))).run())
        except BaseException:
            print((scene.folder / "workers.log").read_text()[-3000:])
            raise
    fine = tell(week.cuenta, *result)
    print(
        f"  en {time.monotonic() - began:.0f} s; tiempo: tasa ×{options.por_segundo:.0f}, demoras"
        f" ×{VELOCIDAD}, esperas propias ×{ESPERAS}"
    )
    print("  TODO BIEN" if fine else "  ALGO FALLÓ")
    if not fine:
        raise SystemExit(1)
