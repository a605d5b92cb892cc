"""The use cases of syncing with the SII, built on the adapters."""

from dataclasses import dataclass

from bot.bootstrap.adapters import Adapters
from bot.services.noticias_sync import NoticiasSii
from bot.services.ports_sii import Notificador
from bot.services.sincronizacion import SincronizacionService
from bot.services.sincronizador import Sincronizador
from bot.settings import Settings
from bot.storage.secretos import ClaveRepository
from bot.storage.sincronizacion import SincronizacionRepository
from bot.storage.trabajos_sii import SiiQueue


@dataclass(frozen=True, slots=True)
class Sii:
    """What is asked for, who fetches it, and the months that are known."""

    servicio: SincronizacionService
    sincronizador: Sincronizador
    meses: SincronizacionRepository


def build_sii(settings: Settings, on: Adapters, claves: ClaveRepository, notificador: Notificador) -> Sii:
    """The use cases on these adapters."""
    meses, cola = SincronizacionRepository(on.database), SiiQueue(on.database)
    noticias = NoticiasSii(notificador, on.textos)
    servicio = SincronizacionService(
        meses,
        cola,
        claves,
        on.ritmo,
        noticias,
        on.limites,
        on.bitacora,
        on.reloj,
        settings.sii_desde,
        activo=on.sii_activo,
    )
    sincronizador = Sincronizador(
        servicio,
        on.sii,
        on.ritmo,
        meses,
        cola,
        claves,
        on.llavero,
        on.contribuyentes,
        noticias,
        on.bitacora,
        on.database.together,
        on.reloj,
    )
    return Sii(servicio, sincronizador, meses)
