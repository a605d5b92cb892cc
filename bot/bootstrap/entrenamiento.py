"""The trainers' loop, wired."""

from dataclasses import dataclass

from bot.bootstrap.adapters import Adapters
from bot.entrenamiento.motor import EngineTrainer
from bot.entrenamiento.taller import FileTaller
from bot.services.bandeja import BandejaOculta
from bot.services.borrador import BorradorService
from bot.services.entrenamiento import EntrenamientoService
from bot.settings import ENGINE_PYTHON, ROOT, Settings
from bot.storage.bandeja import InboxForTrainers


@dataclass(frozen=True, slots=True)
class Escuela:
    """What trainers do to the draft, and to models."""

    borrador: BorradorService
    entrenamiento: EntrenamientoService


def build_escuela(settings: Settings, on: Adapters) -> Escuela:
    """The use cases on these adapters."""
    taller = FileTaller(settings.data, settings.project)
    bandeja = BandejaOculta(InboxForTrainers(on.database), taller, on.reloj)
    trainer = EngineTrainer(taller, ENGINE_PYTHON, ROOT)
    return Escuela(
        BorradorService(bandeja, taller, on.bitacora, on.reloj),
        EntrenamientoService(bandeja, taller, trainer, on.bitacora, on.reloj),
    )
