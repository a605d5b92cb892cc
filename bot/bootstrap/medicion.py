"""What Prometheus reads: the program's own figures, and those of the whole installation as of now."""

import asyncio

from bot.bootstrap.wiring import Services
from bot.services.salud import NONE, OK, SaludService
from bot.settings import VERSION
from bot.telemetry import metrics
from bot.telemetry.installation import Figures, show

_PATIENCE = 5.0
_UNUSED = (NONE, "sin programar")


async def exposition(program: str, services: Services) -> bytes:
    """In Prometheus's text format; what the database does not tell in time is left out."""
    metrics.BUILD.labels(program, VERSION).set(1)
    states = (await services.salud.estado()).estados
    try:
        async with asyncio.timeout(_PATIENCE):
            figures = await _figures(services.salud)
    except Exception as error:
        metrics.count_error("metrics", type(error).__name__)
        figures = None
    show({name: state == OK for name, state in states.items() if state not in _UNUSED}, figures)
    return metrics.text()


async def _figures(salud: SaludService) -> Figures:
    told, pause, backup = await asyncio.gather(salud.cifras(), salud.pausa(), salud.ultimo_respaldo())
    return Figures(
        {(one.nombre, one.estado): one.trabajos for one in told.colas},
        {one.nombre: one.espera for one in told.colas if one.estado == "todo"},
        told.pasajes,
        told.octetos,
        pause,
        backup,
    )
