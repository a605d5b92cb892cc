"""Builds the adapters and the services; the only module that names both. Importing it opens nothing."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from procrastinate import App
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from bot.channels.dialogue import RasaMotor
from bot.channels.textos import DomainTexts
from bot.core.documentos import Libro
from bot.services.acceso import AccesoService
from bot.services.conversacion import ConversacionService
from bot.services.ports import Hasher, Motor, Reloj, Textos
from bot.services.registro import RegistroService
from bot.services.reloj import RelojSantiago
from bot.settings import ROOT, Settings, SettingsError, make_private
from bot.sii import rcv_csv
from bot.storage.acceso import ContributorRepository, SessionRepository
from bot.storage.cola import Cola, make_app
from bot.storage.database import DATABASE_ERRORS, Database, UnsafeRoleError
from bot.storage.embedded import Urls, embedded_postgres
from bot.storage.mensajes import MessageRepository
from bot.storage.migrate import mark_instance, migrate
from bot.storage.passwords import BcryptHasher
from bot.storage.registro import RegistroRepository

__all__ = [
    "DATABASE_ERRORS",
    "Services",
    "UnsafeRoleError",
    "Urls",
    "mark_as_demo",
    "open_database",
    "open_services",
]

DEMO_FACT = "demo"


@dataclass(frozen=True, slots=True)
class Services:
    """The use cases, and what the programs themselves need."""

    acceso: AccesoService
    ventas: RegistroService
    compras: RegistroService
    conversacion: ConversacionService
    textos: Textos
    reloj: Reloj
    motor: Motor
    database: Database
    registro: RegistroRepository
    jobs: App

    def libro(self, libro: Libro) -> RegistroService:
        """Sales or purchases."""
        return self.ventas if libro is Libro.VENTAS else self.compras


@contextmanager
def open_database(settings: Settings) -> Iterator[Urls]:
    """The database, migrated: our own PostgreSQL, or the one of DATABASE_URL."""
    with ExitStack() as stack:
        if settings.database_url:
            urls = Urls(settings.migration_url or settings.database_url, settings.database_url)
            _check_roles(urls)
        else:
            make_private(settings.data)
            _check_path(settings.data)
            passwords = settings.secret("postgres_owner"), settings.secret("postgres_app")
            urls = stack.enter_context(embedded_postgres(settings.data, *passwords))
        migrate(urls.owner, urls.app)
        yield urls


def _check_path(folder: Path) -> None:
    """PostgreSQL's starter does not take every path.

    Raises:
        SettingsError: if it has spaces or symbols.
    """
    if not re.fullmatch(r"[\w./@+,:=-]+", str(folder)):
        raise SettingsError(f"La carpeta de datos no puede tener espacios ni símbolos en su nombre: {folder}")


def _check_roles(urls: Urls) -> None:
    """Tables must belong to another role than the one that is bound by row-level security.

    Raises:
        SettingsError: if both are the same.
    """
    try:
        owner, app = make_url(urls.owner).username, make_url(urls.app).username
    except ArgumentError:
        raise SettingsError("DATABASE_URL no es una dirección de PostgreSQL.") from None
    if owner == app:
        raise SettingsError(
            "DATABASE_URL y DATABASE_MIGRATION_URL deben usar roles distintos: la segunda, el dueño de las"
            " tablas; la primera, uno sin SUPERUSER ni BYPASSRLS al que se apliquen las reglas por fila."
        )


def mark_as_demo(urls: Urls) -> None:
    """Record that this database holds invented taxpayers, so that production refuses it."""
    mark_instance(urls.owner, DEMO_FACT, "true")


@asynccontextmanager
async def open_services(
    settings: Settings,
    database_url: str,
    *,
    motor: Motor | None = None,
    hasher: Hasher | None = None,
    reloj: Reloj | None = None,
) -> AsyncIterator[Services]:
    """Open everything for as long as the context lasts; tests give their own engine, hasher or clock.

    Raises:
        UnsafeRoleError: if the database role is not bound by row-level security.
        SettingsError: in production on demo data.
    """
    net = timedelta(seconds=settings.engine_timeout + 10)
    database = Database(database_url)
    jobs = make_app(database_url)
    rasa = RasaMotor(
        settings.engine_url or "http://127.0.0.1:5005",
        settings.secret("engine_token"),
        settings.engine_timeout,
    )
    try:
        await database.check_role()
        if settings.env == "production" and DEMO_FACT in await database.instance():
            raise SettingsError("Esta base tiene contribuyentes de demostración: usa otra en producción.")
        async with jobs.open_async():
            yield _services(
                net,
                database,
                jobs,
                motor or rasa,
                hasher or BcryptHasher(),
                reloj or RelojSantiago(settings.now),
            )
    finally:
        await rasa.close()
        await database.close()


def _services(
    net: timedelta, database: Database, jobs: App, motor: Motor, hasher: Hasher, reloj: Reloj
) -> Services:
    textos = DomainTexts(ROOT / "domain.yml")
    contribuyentes = ContributorRepository(database)
    registro = RegistroRepository(database)
    return Services(
        acceso=AccesoService(contribuyentes, SessionRepository(database), hasher, reloj),
        ventas=RegistroService(Libro.VENTAS, contribuyentes, registro, rcv_csv, reloj),
        compras=RegistroService(Libro.COMPRAS, contribuyentes, registro, rcv_csv, reloj),
        conversacion=ConversacionService(MessageRepository(database, Cola(jobs), net), motor, textos, reloj),
        textos=textos,
        reloj=reloj,
        motor=motor,
        database=database,
        registro=registro,
        jobs=jobs,
    )
