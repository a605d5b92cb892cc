"""The trainers' loop, wired."""

from bot.bootstrap.adapters import Adapters
from bot.entrenamiento.motor import EngineTrainer
from bot.entrenamiento.taller import FileTaller
from bot.services.bandeja import BandejaOculta
from bot.services.entrenamiento import EntrenamientoService
from bot.settings import ENGINE_PYTHON, ROOT, Settings
from bot.storage.bandeja import InboxForTrainers


def build_entrenamiento(settings: Settings, on: Adapters) -> EntrenamientoService:
    """The use cases on these adapters."""
    taller = FileTaller(settings.data, settings.project)
    bandeja = BandejaOculta(InboxForTrainers(on.database), taller, on.reloj)
    trainer = EngineTrainer(taller, ENGINE_PYTHON, ROOT)
    return EntrenamientoService(bandeja, taller, trainer, on.bitacora, on.reloj)
