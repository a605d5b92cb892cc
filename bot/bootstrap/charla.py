"""The use cases of conversations, built on the adapters."""

from dataclasses import dataclass
from datetime import timedelta

from bot.bootstrap.adapters import Adapters
from bot.core.horario import Horario
from bot.services.agentes import AgentesService
from bot.services.casos import CasosService
from bot.services.conversacion import ConversacionService
from bot.services.ports_secretos import Enlazador
from bot.settings import Settings
from bot.sii.feriados import FeriadosChile
from bot.storage.casos import CaseRepository
from bot.storage.mensajes import MessageRepository
from bot.storage.opiniones import OpinionRepository


@dataclass(frozen=True, slots=True)
class Charla:
    """Talking to the assistant, and to a person: both sides of a case."""

    conversacion: ConversacionService
    casos: CasosService
    agentes: AgentesService


def build_charla(settings: Settings, on: Adapters, enlaces: Enlazador) -> Charla:
    """The use cases on these adapters."""
    plazo = timedelta(hours=settings.caso_horas)
    casos = CaseRepository(on.database, on.cola, plazo)
    # Longer than the engine's timeout: the job that answers must not race a request that still waits.
    net = timedelta(seconds=settings.engine_timeout + 10)
    mensajes = MessageRepository(on.database, on.cola, casos, net)
    together, bitacora = on.database.together, on.bitacora
    persona = CasosService(
        casos,
        mensajes,
        Horario.parse(settings.horario),
        FeriadosChile(),
        plazo,
        together,
        bitacora,
        on.textos,
        on.reloj,
    )
    agentes = AgentesService(casos, mensajes, together, bitacora, on.textos, on.reloj)
    conversacion = ConversacionService(
        mensajes,
        on.motor,
        enlaces,
        persona,
        OpinionRepository(on.database),
        on.textos,
        on.reloj,
        on.novedades,
    )
    return Charla(conversacion, persona, agentes)
