"""The use cases of contracts, built on the adapters."""

from dataclasses import dataclass

from bot.bootstrap.adapters import Adapters
from bot.rag.contratos import IndiceHibrido
from bot.services.contratos import ContratosService
from bot.services.indexador import Indexador
from bot.services.lectura_contratos import LectorContratos
from bot.services.papelera import PapeleraService
from bot.services.ports_indice import IndiceContratos
from bot.services.ports_sii import Notificador
from bot.services.respuestas_contratos import RespuestasContratosService
from bot.services.respuestas_redactadas import RespuestasContratos, RespuestasRedactadas
from bot.storage.archivos import ArchivoRepository
from bot.storage.contratos import ContractRepository
from bot.storage.pasajes import PassageRepository


@dataclass(frozen=True, slots=True)
class Contratos:
    """What takes contracts in, reads them and finds passages in them."""

    servicio: ContratosService
    papelera: PapeleraService
    lector: LectorContratos
    indice: IndiceContratos
    indexador: Indexador
    respuestas: RespuestasContratos


def build_contratos(
    on: Adapters, archivos: ArchivoRepository, notificador: Notificador, segundos: float
) -> Contratos:
    """The use cases on these adapters; `segundos` has the language model, if there is one."""
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
    indice = IndiceHibrido(pasajes, on.vectores, on.espejo)
    respuestas: RespuestasContratos = RespuestasContratosService(servicio, indice, on.textos, on.reloj)
    if on.redactor:
        respuestas = RespuestasRedactadas(respuestas, on.redactor, segundos, on.bitacora)
    papelera = PapeleraService(servicio, carpeta, indexador, on.bitacora)
    return Contratos(servicio, papelera, lector, indice, indexador, respuestas)
