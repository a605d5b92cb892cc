"""The use cases of contracts, built on the adapters."""

from dataclasses import dataclass

from bot.bootstrap.adapters import Adapters
from bot.rag.contratos import IndiceHibrido
from bot.services.contratos import ContratosService
from bot.services.indexador import Indexador
from bot.services.lectura_contratos import LectorContratos
from bot.services.ports_indice import IndiceContratos
from bot.services.ports_sii import Notificador
from bot.storage.archivos import ArchivoRepository
from bot.storage.contratos import ContractRepository
from bot.storage.pasajes import PassageRepository


@dataclass(frozen=True, slots=True)
class Contratos:
    """What takes contracts in, reads them and finds passages in them."""

    servicio: ContratosService
    lector: LectorContratos
    indice: IndiceContratos
    indexador: Indexador


def build_contratos(on: Adapters, archivos: ArchivoRepository, notificador: Notificador) -> Contratos:
    """The use cases on these adapters."""
    carpeta = ContractRepository(on.database, archivos, on.cola)
    pasajes = PassageRepository(on.database)
    indexador = Indexador(pasajes, on.vectores, on.espejo)
    servicio = ContratosService(
        carpeta, archivos, on.lector_pdf, on.antivirus, indexador, on.limites, on.bitacora, on.reloj
    )
    lector = LectorContratos(
        carpeta,
        servicio,
        on.lector_pdf,
        on.vectores,
        indexador,
        notificador,
        on.database.together,
        on.bitacora,
        on.textos,
        on.reloj,
    )
    return Contratos(servicio, lector, IndiceHibrido(pasajes, on.vectores, on.espejo), indexador)
