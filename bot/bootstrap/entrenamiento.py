"""The trainers' loop, wired by itself: with everything else it would begin much later."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.bootstrap.base import open_base
from bot.channels.textos import DomainTexts
from bot.entrenamiento.motor import EngineTrainer
from bot.entrenamiento.taller import FileTaller
from bot.services.bandeja import BandejaOculta
from bot.services.borrador import BorradorService
from bot.services.entrenamiento import EntrenamientoService
from bot.services.ports import Reloj, Textos
from bot.services.ports_acceso import Bitacora
from bot.services.reloj import RelojSantiago
from bot.settings import ENGINE_PYTHON, ROOT, Settings
from bot.storage.bandeja import InboxForTrainers
from bot.storage.bitacora import LogRepository
from bot.storage.database import Database


@dataclass(frozen=True, slots=True)
class Escuela:
    """What trainers do to the draft, and to models."""

    borrador: BorradorService
    entrenamiento: EntrenamientoService
    textos: Textos


@asynccontextmanager
async def open_escuela(settings: Settings, database_url: str) -> AsyncIterator[Escuela]:
    """Open what trainers need for as long as the context lasts.

    Raises:
        UnsafeRoleError, SettingsError: as `open_services`.
    """
    async with open_base(settings, database_url) as database:
        textos = DomainTexts(settings.project / "domain.yml")
        yield build_escuela(settings, database, LogRepository(database), textos, RelojSantiago(settings.now))


def build_escuela(
    settings: Settings, database: Database, bitacora: Bitacora, textos: Textos, reloj: Reloj
) -> Escuela:
    """What trainers need, on what is open already."""
    taller = FileTaller(settings.data, settings.project)
    bandeja = BandejaOculta(InboxForTrainers(database), taller, reloj)
    trainer = EngineTrainer(taller, ENGINE_PYTHON, ROOT)
    return Escuela(
        BorradorService(bandeja, taller, bitacora, reloj),
        EntrenamientoService(bandeja, taller, trainer, bitacora, reloj),
        textos,
    )
