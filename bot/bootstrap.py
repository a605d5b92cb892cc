"""Builds the adapters and the services; the only module that names both. Importing it opens nothing."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from procrastinate import App
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from bot.channels.dialogue import RasaMotor
from bot.channels.textos import DomainTexts
from bot.channels.whatsapp import NoWhatsApp, WhatsAppMensajero
from bot.core.documentos import Libro
from bot.crypto.codigos import OneTimeCodes
from bot.crypto.comunes import CommonPasswords
from bot.crypto.llavero import Llavero
from bot.crypto.passwords import BcryptHasher
from bot.services.acceso import AccesoService
from bot.services.avisos import AvisosService
from bot.services.codigos import CodigosService
from bot.services.conversacion import ConversacionService
from bot.services.cuentas import CuentasService
from bot.services.datos_personales import DatosPersonalesService
from bot.services.ports import Hasher, Motor, Reloj, Textos
from bot.services.ports_acceso import Bitacora, Limites, Mensajero
from bot.services.registro import RegistroService
from bot.services.reloj import RelojSantiago
from bot.services.secretos import ClavesService, EnlacesService, LlavesService
from bot.settings import ROOT, Settings, SettingsError, make_private
from bot.sii import rcv_csv
from bot.storage.acceso import ContributorRepository, SessionRepository
from bot.storage.bitacora import LogRepository
from bot.storage.codigos import NoticeQueue, OtpRepository
from bot.storage.cola import Cola, make_app
from bot.storage.compactar import compact
from bot.storage.database import DATABASE_ERRORS, Database, UnsafeRoleError
from bot.storage.datos_personales import PersonalDataRepository
from bot.storage.embedded import Urls, embedded_postgres
from bot.storage.limites import PostgresStorage, WindowLimits, limits_in_memory
from bot.storage.mensajes import MessageRepository
from bot.storage.migrate import mark_instance, migrate
from bot.storage.registro import RegistroRepository
from bot.storage.secretos import ClaveRepository, ConsentRepository, KeyRepository, LinkRepository

__all__ = [
    "DATABASE_ERRORS",
    "Services",
    "UnsafeRoleError",
    "Urls",
    "compact",
    "limits_in_memory",
    "mark_as_demo",
    "open_database",
    "open_services",
]

DEMO_FACT = "demo"


@dataclass(frozen=True, slots=True)
class Services:
    """The use cases, and what the programs themselves need."""

    acceso: AccesoService
    cuentas: CuentasService
    codigos: CodigosService
    avisos: AvisosService
    claves: ClavesService
    enlaces: EnlacesService
    llaves: LlavesService
    datos: DatosPersonalesService
    limites: Limites
    bitacora: Bitacora
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


@dataclass(frozen=True, slots=True)
class Replacements:
    """What tests put in the place of the engine, the slow hash, the clock, the phone or the limits."""

    motor: Motor | None = None
    hasher: Hasher | None = None
    reloj: Reloj | None = None
    mensajero: Mensajero | None = None
    limites: Limites | None = None


@asynccontextmanager
async def open_services(
    settings: Settings, database_url: str, replaced: Replacements | None = None
) -> AsyncIterator[Services]:
    """Open everything for as long as the context lasts.

    Raises:
        UnsafeRoleError: if the database role is not bound by row-level security.
        SettingsError: in production on demo data.
    """
    async with AsyncExitStack() as stack:
        database = Database(database_url)
        stack.push_async_callback(database.close)
        await database.check_role()
        if settings.env == "production" and DEMO_FACT in await database.instance():
            raise SettingsError("Esta base tiene contribuyentes de demostración: usa otra en producción.")
        jobs = make_app(database_url)
        await stack.enter_async_context(jobs.open_async())
        adapters = await _adapters(settings, database, jobs, replaced or Replacements(), stack)
        yield _services(settings, adapters)


@dataclass(frozen=True, slots=True)
class _Adapters:
    """What the services are built on."""

    database: Database
    jobs: App
    cola: Cola
    motor: Motor
    hasher: Hasher
    reloj: Reloj
    mensajero: Mensajero
    limites: Limites
    contribuyentes: ContributorRepository
    sesiones: SessionRepository
    bitacora: Bitacora
    llavero: Llavero
    textos: Textos


async def _adapters(
    settings: Settings, database: Database, jobs: App, replaced: Replacements, stack: AsyncExitStack
) -> _Adapters:
    rasa = RasaMotor(
        settings.engine_url or "http://127.0.0.1:5005",
        settings.secret("engine_token"),
        settings.engine_timeout,
    )
    stack.push_async_callback(rasa.close)
    return _Adapters(
        database=database,
        jobs=jobs,
        cola=Cola(jobs),
        motor=replaced.motor or rasa,
        hasher=replaced.hasher or BcryptHasher(),
        reloj=replaced.reloj or RelojSantiago(settings.now),
        mensajero=replaced.mensajero or _mensajero(settings, stack),
        limites=replaced.limites or WindowLimits(PostgresStorage(database)),
        contribuyentes=ContributorRepository(database),
        sesiones=SessionRepository(database),
        bitacora=LogRepository(database),
        llavero=Llavero(settings.keyring),
        textos=DomainTexts(ROOT / "domain.yml"),
    )


def _mensajero(settings: Settings, stack: AsyncExitStack) -> Mensajero:
    if not settings.whatsapp_phone_id or settings.whatsapp_token is None:
        return NoWhatsApp()
    whatsapp = WhatsAppMensajero(
        settings.whatsapp_graph_url,
        settings.whatsapp_api_version,
        settings.whatsapp_phone_id,
        settings.whatsapp_token.get_secret_value(),
    )
    stack.push_async_callback(whatsapp.close)
    return whatsapp


def _services(settings: Settings, on: _Adapters) -> Services:
    database, textos, reloj, bitacora, llavero = on.database, on.textos, on.reloj, on.bitacora, on.llavero
    registro = RegistroRepository(database)
    personal = PersonalDataRepository(database)
    cola_avisos = NoticeQueue(database, on.cola)
    codigos = CodigosService(
        OtpRepository(database, on.cola),
        on.contribuyentes,
        on.sesiones,
        on.limites,
        OneTimeCodes(),
        llavero,
        llavero,
        on.mensajero,
        cola_avisos,
        bitacora,
        textos,
        reloj,
    )
    acceso = AccesoService(
        on.contribuyentes,
        on.sesiones,
        codigos,
        on.hasher,
        on.limites,
        llavero,
        bitacora,
        reloj,
        timedelta(minutes=settings.session_idle),
    )
    enlaces = EnlacesService(
        LinkRepository(database), on.contribuyentes, on.limites, bitacora, reloj, settings.web
    )
    net = timedelta(seconds=settings.engine_timeout + 10)
    mensajes = MessageRepository(database, on.cola, net)
    return Services(
        acceso=acceso,
        cuentas=CuentasService(
            on.contribuyentes,
            acceso,
            codigos,
            on.hasher,
            CommonPasswords(),
            ConsentRepository(database),
            on.limites,
            llavero,
            cola_avisos,
            bitacora,
            reloj,
        ),
        codigos=codigos,
        avisos=AvisosService(on.contribuyentes, on.limites, llavero, on.mensajero, bitacora, textos),
        claves=ClavesService(ClaveRepository(database), llavero, bitacora, reloj),
        enlaces=enlaces,
        llaves=LlavesService(KeyRepository(database), bitacora, reloj, _own_keys(settings)),
        datos=DatosPersonalesService(
            personal,
            personal,
            on.limites,
            bitacora,
            reloj,
            timedelta(days=settings.retention_messages),
            timedelta(days=settings.retention_logs),
        ),
        limites=on.limites,
        bitacora=bitacora,
        ventas=RegistroService(Libro.VENTAS, on.contribuyentes, registro, rcv_csv, reloj),
        compras=RegistroService(Libro.COMPRAS, on.contribuyentes, registro, rcv_csv, reloj),
        conversacion=ConversacionService(mensajes, on.motor, textos, reloj),
        textos=textos,
        reloj=reloj,
        motor=on.motor,
        database=database,
        registro=registro,
        jobs=on.jobs,
    )


def _own_keys(settings: Settings) -> dict[str, str]:
    return {"agente": settings.secret("agent_api_key"), "admin": settings.secret("admin_api_key")}
