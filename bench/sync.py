"""A night's sync of 100, 1,000 and 10,000 taxpayers, with time compressed, and what it would be in real time.

`python -m bench sync [100 1000 10000] [--por-segundo 15] [--segundos 120]`

The simulated SII allows `--por-segundo` calls a second in place of the real one, and SII_RATE says the same;
a minute stays a minute. The first night reads every document; if it ends in time a second one follows, which
like most reads all totals and the documents of what has changed. Of a night that takes longer than
`--segundos` its beginning is measured: the rate settles at once, and the database was filled whole.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import psycopg

from bench.noches import LEFT, TELLING, Escena, Sii, at, escena, opened, register
from sandbox.sii.sinteticos import Sintetico

SIZES, HOURS, RATE, ENOUGH, HANDS = (100, 1_000, 10_000), 6, 60, 0.95, 20
WALKED = (
    "INSERT INTO sincronizaciones (rut, libro, exito, completa)"
    " SELECT rut, libro, momento, momento FROM contributors, (VALUES ('ventas'), ('compras')) AS l (libro),"
    " (SELECT %s::timestamptz AS momento) AS m ON CONFLICT DO NOTHING"
)


@dataclass
class Noche:
    """One night, or its beginning."""

    personas: int
    encolar: float
    trabajos: int
    segundos: float = 0
    llamadas: int = 0
    creditos: int = 0
    hechos: int = 0
    uso: float = 0
    worker: float = 0
    postgres: float = 0
    violaciones: int = 0

    @property
    def por_persona(self) -> float:
        """Calls of one taxpayer in a night: a job is one of two books."""
        return self.llamadas / max(1, self.hechos / 2)

    @property
    def minutos(self) -> float:
        """The whole night at the real rate."""
        return self.personas * self.por_persona / RATE


async def measure(scene: Escena, people: list[Sintetico], seconds: float) -> list[Noche]:
    """One night, and another if there is time for it."""
    register(scene.settings(), scene.urls.owner, people, {})
    nights = []
    async with opened(scene) as (sii, owner, services):
        for _ in range(2):
            hoy = date.fromisoformat((await sii.post("avanzar", dias=1))["hoy"])
            scene.reloj.jump(at(hoy, 2))
            await owner.execute(WALKED, (at(hoy, 1),))
            began = time.monotonic()
            queued = await services.sincronizacion.noche(scene.reloj.ahora()) or 0
            noche = Noche(len(people), time.monotonic() - began, queued)
            await sii.post("contar")
            scene.start_worker()
            await _begun(sii)
            await _follow(scene, sii, owner, noche, seconds)
            scene.stop_workers()
            nights.append(noche)
            if noche.hechos < queued:
                break
    return nights


async def _follow(
    scene: Escena, sii: Sii, owner: psycopg.AsyncConnection[Any], noche: Noche, seconds: float
) -> None:
    """Look on until the night is over, or for so long."""
    await sii.post("medir")
    began, left = time.monotonic(), (noche.trabajos, 0, 0)
    while left[0] and time.monotonic() - began < seconds:
        await asyncio.sleep(0.5)
        left = await (await owner.execute(LEFT, (TELLING,))).fetchone() or left
        estado, use = await sii.get("estado"), scene.memory()
        # When fewer jobs are left than hands the allowance cannot be used up: then no work is waiting.
        if left[0] > left[2] >= HANDS or not noche.uso:
            noche.uso = estado["medicion"]["uso"]
        noche.worker, noche.postgres = max(noche.worker, use["worker"]), max(noche.postgres, use["postgres"])
        noche.llamadas, noche.creditos = sum(estado["llamadas"].values()), estado["creditos"]
        noche.violaciones = estado["violaciones"]
    noche.hechos, noche.segundos = noche.trabajos - left[0], time.monotonic() - began


async def _begun(sii: Sii) -> None:
    while not (await sii.get("estado"))["llamadas"]:  # noqa: ASYNC110  (the simulator tells nobody)
        await asyncio.sleep(0.2)


def tell(noche: Noche) -> None:
    """A row."""
    whole = "" if noche.hechos == noche.trabajos else f"  (midió {noche.hechos} de {noche.trabajos} trabajos)"
    print(
        f"{noche.personas:8}{noche.encolar:10.2f}{noche.segundos:7.0f}{noche.llamadas:10}{noche.creditos:10}"
        f"{noche.uso:8.1%}{noche.worker:8.0f}{noche.postgres:8.0f}{noche.por_persona:11.1f}"
        f"{noche.minutos / 60:11.1f}{noche.violaciones:8}{whole}",
        flush=True,
    )


def foretell(each: float) -> None:
    """How many fit into a night, and what more would need."""
    fit = int(HOURS * 60 * RATE / each)
    print(f"  Con {each:.1f} llamadas por persona y {RATE} por minuto, de 02:00 a 08:00 alcanzan {fit}.")
    for personas in (1_000, 10_000, 100_000):
        calls = round(personas * each)
        print(
            f"  {personas:>7}: {calls} llamadas y créditos por noche; {calls / RATE / 60:.1f} h a {RATE} por"
            f" minuto; para terminar a las 08:00, {calls / HOURS / 60:.0f} por minuto"
        )


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench sync")
    parser.add_argument("personas", type=int, nargs="*", default=list(SIZES))
    parser.add_argument("--por-segundo", type=float, default=15)
    parser.add_argument("--segundos", type=float, default=120)
    options, _ = parser.parse_known_args([one for one in sys.argv[2:] if one != "semana"])
    print(f"\nUna noche contra el SII simulado, a {options.por_segundo:g} llamadas por segundo")
    print(
        f"{'personas':>8}{'encolar s':>10}{'s':>7}{'llamadas':>10}{'créditos':>10}{'uso':>8}{'MB trab':>8}"
        f"{'MB pg':>8}{'por pers.':>11}{'h a 60/min':>11}{'violac.':>8}"
    )
    found: list[Noche] = []
    for personas in options.personas:
        people = [Sintetico(number) for number in range(personas)]
        with (
            tempfile.TemporaryDirectory() as name,
            escena(Path(name) / "data", options.por_segundo) as scene,
        ):
            nights = asyncio.run(measure(scene, people, options.segundos))
        for noche in nights:
            tell(noche)
        found += nights
    foretell(min(one.por_persona for one in found))
    if any(one.violaciones or one.uso < ENOUGH for one in found if one.personas >= 1_000):
        raise SystemExit(1)
