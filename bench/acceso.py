"""Whether the time of an answer tells which RUTs are registered: login and send-otp, by turns.

`python -m bench acceso`
"""

import asyncio
import os
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles

from aiohttp.test_utils import TestClient, TestServer

from api.app import make_app
from bot.bootstrap import Replacements, open_database, open_services
from bot.core.rut import Rut
from bot.settings import Settings

CALLS = 200
KNOWN, UNKNOWN = Rut.parse("76192083-9"), Rut.parse("77697060-3")


class NoLimits:
    """Counts nothing: limits would end the measurement."""

    async def hit(self, regla: str, *partes: str) -> int:
        return 0

    async def purge(self) -> None:
        return None


def main() -> None:
    os.environ.pop("DATABASE_URL", None)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(_env_file=None, data=Path(folder), env="development")
        with open_database(settings) as urls:
            asyncio.run(measure(settings, urls.app))


async def measure(settings: Settings, url: str) -> None:
    async with open_services(settings, url, Replacements(limites=NoLimits())) as services:
        await services.cuentas.agregar(KNOWN, "Comercial Alerce SpA", "una clave larga", "+56900000001")
        async with TestClient(TestServer(make_app(settings, services))) as client:
            for path, body in (("/api/send-otp", {}), ("/api/login", {"password": "otra clave larga"})):
                spent: dict[Rut, list[float]] = {KNOWN: [], UNKNOWN: []}
                for _ in range(CALLS):
                    for rut, times in spent.items():
                        began = time.perf_counter()
                        async with client.post(path, json={"rut": str(rut), **body}) as answer:
                            await answer.read()
                        times.append((time.perf_counter() - began) * 1000)
                tell(path, spent[KNOWN], spent[UNKNOWN])


def tell(path: str, known: list[float], unknown: list[float]) -> None:
    """Medians, and how much each spreads by itself."""
    difference = median(known) - median(unknown)
    low, _, high = quantiles(known, n=4)
    print(
        f"{path}: known {median(known):.2f} ms, unknown {median(unknown):.2f} ms,"
        f" difference {difference:+.2f} ms; half of the known ones lie within {high - low:.2f} ms"
    )
