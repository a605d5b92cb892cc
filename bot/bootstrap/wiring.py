"""Which adapters there are, and what is built on them."""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta

from procrastinate import App

from bot.channels.dialogue import RasaMotor
from bot.channels.textos import DomainTexts
from bot.channels.whatsapp import NoWhatsApp, WhatsAppMensajero
from bot.core.documentos import Libro
from bot.crypto.codigos import OneTimeCodes
from bot.crypto.comunes import CommonPasswords
from bot.crypto.llavero import Llavero
from bot.crypto.passwords import BcryptHasher
from bot.services.acceso import AccesoService
from bot.services.administracion import AdministracionService
from bot.services.avisos import AvisosService
from bot.services.codigos import CodigosService
from bot.services.conversacion import ConversacionService
from bot.services.cuentas import CuentasService
from bot.services.datos_personales import DatosPersonalesService
from bot.services.iva import IvaService
from bot.services.ports import Hasher, Motor, Reloj, Textos
from bot.services.ports_acceso import Bitacora, Limites, Mensajero
from bot.services.registro import RegistroService
from bot.services.reloj import RelojSantiago
from bot.services.secretos import ClavesService, EnlacesService, LlavesService
from bot.settings import ROOT, Settings
from bot.sii import rcv_csv
from bot.storage.acceso import ContributorRepository, SessionRepository
from bot.storage.administracion import AdminRepository
from bot.storage.bitacora import LogRepository
from bot.storage.codigos import NoticeQueue, OtpRepository
from bot.storage.cola import Cola
from bot.storage.database import Database
from bot.storage.datos_personales import PersonalDataRepository
from bot.storage.limites import PostgresStorage, WindowLimits
from bot.storage.mensajes import MessageRepository
from bot.storage.registro import RegistroRepository
from bot.storage.secretos import ClaveRepository, ConsentRepository, KeyRepository, LinkRepository
from bot.storage.trabajos import JobRepository


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
    administracion: AdministracionService
    limites: Limites
    bitacora: Bitacora
    ventas: RegistroService
    compras: RegistroService
    iva: IvaService
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


@dataclass(frozen=True, slots=True)
class Replacements:
    """What tests put in the place of the engine, the slow hash, the clock, the phone or the limits."""

    motor: Motor | None = None
    hasher: Hasher | None = None
    reloj: Reloj | None = None
    mensajero: Mensajero | None = None
    limites: Limites | None = None


@dataclass(frozen=True, slots=True)
class Adapters:
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


async def open_adapters(
    settings: Settings, database: Database, jobs: App, replaced: Replacements, stack: AsyncExitStack
) -> Adapters:
    """Open the adapters; `stack` closes them."""
    rasa = RasaMotor(
        settings.engine_url or "http://127.0.0.1:5005",
        settings.secret("engine_token"),
        settings.engine_timeout,
    )
    stack.push_async_callback(rasa.close)
    return Adapters(
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


def build_services(settings: Settings, on: Adapters) -> Services:
    """The use cases on these adapters."""
    database, textos, reloj, bitacora, llavero = on.database, on.textos, on.reloj, on.bitacora, on.llavero
    registro = RegistroRepository(database)
    ventas = RegistroService(Libro.VENTAS, on.contribuyentes, registro, rcv_csv, reloj)
    compras = RegistroService(Libro.COMPRAS, on.contribuyentes, registro, rcv_csv, reloj)
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
        administracion=AdministracionService(
            AdminRepository(database),
            JobRepository(database),
            on.contribuyentes,
            acceso,
            codigos,
            bitacora,
            reloj,
        ),
        limites=on.limites,
        bitacora=bitacora,
        ventas=ventas,
        compras=compras,
        iva=IvaService(ventas, compras, registro),
        conversacion=ConversacionService(mensajes, on.motor, enlaces, textos, reloj),
        textos=textos,
        reloj=reloj,
        motor=on.motor,
        database=database,
        registro=registro,
        jobs=on.jobs,
    )


def _own_keys(settings: Settings) -> dict[str, str]:
    return {"agente": settings.secret("agent_api_key"), "admin": settings.secret("admin_api_key")}
