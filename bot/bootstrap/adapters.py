"""Which adapters there are, opened for as long as the program runs."""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from procrastinate import App

from bot.bootstrap.archivos import open_almacen
from bot.channels.dialogue import RasaMotor
from bot.channels.telegram import TelegramCanal
from bot.channels.textos import DomainTexts, read_thresholds
from bot.channels.whatsapp import NoWhatsApp, WhatsAppCanal
from bot.core.duda import Umbrales
from bot.crypto.llavero import Llavero
from bot.crypto.passwords import BcryptHasher
from bot.private import SettingsError
from bot.rag.contratos import Vectores
from bot.rag.embedder import Embedder
from bot.rag.embedder_http import make_embedder
from bot.rag.llm import ModeloRedactor, find_modelo
from bot.rag.pdf import PdfSubprocess
from bot.rag.saber import read_ajenas, read_temas
from bot.rag.saber_busqueda import SaberBuscador
from bot.services.ports import Hasher, Motor, Novedades, Reloj, Textos
from bot.services.ports_acceso import Bitacora, Limites
from bot.services.ports_canales import Canal, Mensajero
from bot.services.ports_carpeta import Antivirus, Espejo, Vectorizador
from bot.services.ports_contratos import LectorPdf, Redactor
from bot.services.ports_saber import Saber
from bot.services.ports_sii import Notificador, Ritmo, Sii
from bot.services.reloj import SANTIAGO, RelojSantiago
from bot.settings import ROOT, Settings
from bot.sii.gateway import GatewaySii
from bot.storage.acceso import ContributorRepository, SessionRepository
from bot.storage.antivirus import ClamAntivirus, NoAntivirus
from bot.storage.archivos import Almacen
from bot.storage.bitacora import LogRepository
from bot.storage.cola import Cola
from bot.storage.database import Database
from bot.storage.limites import PostgresStorage, WindowLimits
from bot.storage.novedades import ConversationNews
from bot.storage.ritmo import RitmoRepository


@dataclass(frozen=True, slots=True)
class Puertas:
    """The channels that are set up; the api reads their deliveries."""

    whatsapp: WhatsAppCanal | None = None
    telegram: TelegramCanal | None = None

    def by_name(self) -> dict[str, Canal]:
        """By the name that links and messages carry."""
        both: dict[str, Canal | None] = {"whatsapp": self.whatsapp, "telegram": self.telegram}
        return {name: canal for name, canal in both.items() if canal is not None}


@dataclass(frozen=True, slots=True)
class Replacements:
    """What tests put in the place of the engine, the slow hash, the clock, the phone or the limits."""

    motor: Motor | None = None
    hasher: Hasher | None = None
    reloj: Reloj | None = None
    mensajero: Mensajero | None = None
    limites: Limites | None = None
    canales: dict[str, Canal] | None = None
    sii: Sii | None = None
    ritmo: Ritmo | None = None
    notificador: Notificador | None = None
    vectores: Vectorizador | None = None
    lector_pdf: LectorPdf | None = None
    antivirus: Antivirus | None = None
    espejo: Espejo | None = None
    redactor: Redactor | None = None


@dataclass(frozen=True, slots=True)
class Adapters:
    """What the services are built on."""

    database: Database
    jobs: App
    cola: Cola
    motor: Motor
    hasher: Hasher
    reloj: Reloj
    reloj_canales: Reloj
    mensajero: Mensajero
    puertas: Puertas
    canales: dict[str, Canal]
    limites: Limites
    contribuyentes: ContributorRepository
    sesiones: SessionRepository
    bitacora: Bitacora
    llavero: Llavero
    textos: Textos
    umbrales: Umbrales
    novedades: Novedades
    sii: Sii
    sii_activo: bool
    ritmo: Ritmo
    notificador: Notificador | None
    almacen: Almacen
    saber: Saber
    vectores: Vectorizador
    lector_pdf: LectorPdf
    antivirus: Antivirus
    espejo: Espejo | None
    redactor: Redactor | None


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
    novedades = ConversationNews(database.url)
    stack.push_async_callback(novedades.close)
    reloj_canales = replaced.reloj or RelojSantiago(settings.now if settings.simulated else None)
    puertas = _puertas(settings, reloj_canales, stack)
    embedder = _embedder(settings)
    vectores = replaced.vectores or Vectores(embedder)
    ritmo = replaced.ritmo or RitmoRepository(database, 60 / settings.sii_rate, settings.sii_concurrency)
    return Adapters(
        database=database,
        jobs=jobs,
        cola=Cola(jobs),
        motor=replaced.motor or rasa,
        hasher=replaced.hasher or BcryptHasher(),
        reloj=replaced.reloj or RelojSantiago(settings.now),
        reloj_canales=reloj_canales,
        mensajero=replaced.mensajero or puertas.whatsapp or NoWhatsApp(),
        puertas=puertas,
        canales=replaced.canales if replaced.canales is not None else puertas.by_name(),
        limites=replaced.limites or WindowLimits(PostgresStorage(database)),
        contribuyentes=ContributorRepository(database),
        sesiones=SessionRepository(database),
        bitacora=LogRepository(database),
        llavero=Llavero(settings.keyring),
        textos=DomainTexts(settings.project / "domain.yml"),
        umbrales=read_thresholds(settings.project / "config.yml"),
        novedades=novedades,
        sii=replaced.sii or _gateway(settings, ritmo, stack),
        sii_activo=bool(replaced.sii or settings.sii_token),
        ritmo=ritmo,
        notificador=replaced.notificador,
        almacen=open_almacen(settings),
        saber=_saber(embedder),
        vectores=vectores,
        lector_pdf=replaced.lector_pdf or PdfSubprocess(),
        antivirus=replaced.antivirus or _antivirus(settings),
        espejo=replaced.espejo or _espejo(settings, vectores.nombre),
        redactor=replaced.redactor or _redactor(settings),
    )


def _gateway(settings: Settings, ritmo: Ritmo, stack: AsyncExitStack) -> GatewaySii:
    token = settings.sii_token.get_secret_value() if settings.sii_token else ""
    # When a pause ends is the service's time, whatever clock answers use.
    gateway = GatewaySii(
        settings.sii_url, settings.sii_api_version, token, ritmo, lambda: datetime.now(SANTIAGO)
    )
    stack.push_async_callback(gateway.close)
    return gateway


def _espejo(settings: Settings, nombre: str) -> Espejo | None:
    if not settings.chroma_url:
        return None
    from bot.rag.chroma import ChromaEspejo  # noqa: PLC0415, its library takes a second to load

    return ChromaEspejo(settings.chroma_url, nombre)


def _embedder(settings: Settings) -> Embedder:
    """Who makes vectors, for contracts and knowledge alike: a model is loaded once.

    Raises:
        SettingsError: if its address is none.
    """
    key = settings.embedder_key.get_secret_value() if settings.embedder_key else None
    try:
        return make_embedder(settings.embedder, key)
    except ValueError as error:
        raise SettingsError(str(error)) from None


def _redactor(settings: Settings) -> Redactor | None:
    """The language model that phrases answers, if one is named.

    Raises:
        SettingsError: if it cannot be had.
    """
    if not settings.llm:
        return None
    key = settings.llm_key.get_secret_value() if settings.llm_key else ""
    try:
        return ModeloRedactor(find_modelo(settings.llm, settings.llm_seconds, key))
    except ValueError as error:
        raise SettingsError(str(error)) from None


def _antivirus(settings: Settings) -> Antivirus:
    return ClamAntivirus(settings.clamav_socket) if settings.clamav_socket else NoAntivirus()


def _puertas(settings: Settings, reloj: Reloj, stack: AsyncExitStack) -> Puertas:
    whatsapp = telegram = None
    token, secret = settings.whatsapp_token, settings.whatsapp_app_secret
    verify = settings.whatsapp_verify_token
    if settings.whatsapp_phone_id and token and secret and verify:
        whatsapp = WhatsAppCanal(
            settings.whatsapp_graph_url,
            settings.whatsapp_api_version,
            settings.whatsapp_phone_id,
            token.get_secret_value(),
            secret.get_secret_value(),
            verify.get_secret_value(),
        )
        stack.push_async_callback(whatsapp.close)
    if settings.telegram_token:
        hook = settings.telegram_webhook_secret
        telegram = TelegramCanal(
            settings.telegram_api_url,
            settings.telegram_token.get_secret_value(),
            hook.get_secret_value() if hook else "",
            reloj.ahora,
        )
        stack.push_async_callback(telegram.close)
    return Puertas(whatsapp, telegram)


@cache
def _saber(embedder: Embedder) -> SaberBuscador:
    """The knowledge base: the same for everybody, so it is read once."""
    folder = ROOT / "knowledge"
    kept = ROOT / "models" / "saber.npz"
    return SaberBuscador(read_temas(folder), read_ajenas(folder), embedder, kept=kept)
