"""What people who attend see and do: cases of taxpayers who asked for a person."""

from collections.abc import Sequence
from typing import Any

from aiohttp import web

from api.auth import Auth
from api.endpoint import endpoint
from api.keys import SERVICES
from api.routes.casos_models import (
    CasoAnswer,
    CasoDetalle,
    CasoPath,
    CasoQuery,
    CasosAnswer,
    CasosQuery,
    CerrarCaso,
    MensajeCaso,
    ResponderCaso,
    TomarCaso,
)
from bot.core.errors import NotFoundError
from bot.core.errors_casos import CaseClosedError, CaseMovedError, CaseTakenError, ChatGoneError
from bot.core.mascara import mask_rut
from bot.core.texto import storable
from bot.services.agentes import AgentesService
from bot.services.casos import said_by_agent
from bot.services.ports import MensajeGuardado
from bot.services.ports_casos import CasoEnFila, EstadoCaso

routes = web.RouteTableDef()
_BASE = "/api/admin/casos"
_OPEN = (EstadoCaso.ABIERTO, EstadoCaso.TOMADO)


@routes.get(_BASE)
@endpoint("Casos: quienes pidieron una persona", auth=Auth.ADMIN, answer=CasosAnswer)
async def ver_casos(request: web.Request, actor: str, query: CasosQuery) -> CasosAnswer:
    """Cases, who waits longest first."""
    found, total = await _agentes(request).fila(actor, states(query.estado), query.rut, query.parte)
    return CasosAnswer(casos=[CasoAnswer(**_shown(one)) for one in found], total=total, pagina=query.pagina)


@routes.get(f"{_BASE}/{{id}}")
@endpoint("Un caso y sus últimos mensajes", auth=Auth.ADMIN, answer=CasoDetalle, errors=(NotFoundError,))
async def ver_caso(request: web.Request, actor: str, path: CasoPath, query: CasoQuery) -> CasoDetalle:
    """One case with its last messages, masked; unmasking is noted."""
    found, said = await _agentes(request).ver(actor, path.id, query.limite, desenmascarar=query.desenmascarar)
    return CasoDetalle(
        **_shown(found, unmasked=query.desenmascarar),
        mensajes=[mensaje_de(one) for one in said],
        ultimo_id=last_of_person(said),
    )


@routes.post(f"{_BASE}/{{id}}/tomar")
@endpoint(
    "Tomar un caso: desde ahí el asistente calla",
    auth=Auth.ADMIN,
    answer=CasoAnswer,
    errors=(NotFoundError, CaseClosedError, CaseTakenError, ChatGoneError),
)
async def tomar_caso(request: web.Request, actor: str, path: CasoPath, body: TomarCaso) -> CasoAnswer:
    """Take a case; the person is told."""
    return CasoAnswer(**_shown(await _agentes(request).tomar(actor, path.id, relevar=body.relevar)))


@routes.post(f"{_BASE}/{{id}}/responder")
@endpoint(
    "Responder en un caso: le llega a la persona por su canal",
    auth=Auth.ADMIN,
    answer=MensajeCaso,
    errors=(NotFoundError, CaseClosedError, CaseTakenError, ChatGoneError),
)
async def responder_caso(
    request: web.Request, actor: str, path: CasoPath, body: ResponderCaso
) -> MensajeCaso:
    """Say something to the person; takes a case that is nobody's."""
    texto = storable(body.texto).strip()
    return mensaje_de(await _agentes(request).responder(actor, path.id, texto, str(body.id_mensaje)))


@routes.post(f"{_BASE}/{{id}}/cerrar")
@endpoint(
    "Cerrar un caso: sigue el asistente",
    auth=Auth.ADMIN,
    answer=CasoAnswer,
    errors=(NotFoundError, CaseTakenError, CaseMovedError),
)
async def cerrar_caso(request: web.Request, actor: str, path: CasoPath, body: CerrarCaso) -> CasoAnswer:
    """Close a case; the person is told."""
    return CasoAnswer(**_shown(await _agentes(request).cerrar(actor, path.id, body.ultimo_mensaje)))


def _agentes(request: web.Request) -> AgentesService:
    return request.app[SERVICES].agentes


def states(estado: str | None) -> Sequence[EstadoCaso]:
    """Which cases are meant; those that are not closed if none are named."""
    if estado == "todos":
        return tuple(EstadoCaso)
    return (EstadoCaso(estado),) if estado else _OPEN


def _shown(found: CasoEnFila, *, unmasked: bool = False) -> dict[str, Any]:
    caso = found.caso
    return {
        "id": caso.id,
        "rut": str(caso.rut) if unmasked else mask_rut(str(caso.rut)),
        "nombre": found.nombre,
        "canal": found.canal,
        "estado": caso.estado.value,
        "agente": caso.agente,
        "callado": caso.callado,
        "responde": caso.responde.value,
        "desde": caso.desde,
        "abierto": caso.abierto,
        "cerrado": caso.cerrado,
        "cierre": caso.cierre,
        "ultimo_mensaje": found.ultimo_mensaje,
    }


def last_of_person(said: Sequence[MensajeGuardado]) -> int:
    """The last message of the person that was shown, which an agent has read when closing; 0 if none."""
    return max((one.id for one in said if one.de_persona), default=0)


def mensaje_de(mensaje: MensajeGuardado) -> MensajeCaso:
    """A message of a case as agents see it."""
    file = mensaje.imagen or mensaje.documento
    de = "persona" if mensaje.de_persona else "agente" if said_by_agent(mensaje) else "asistente"
    return MensajeCaso(
        id=mensaje.id,
        de=de,
        texto=mensaje.texto,
        archivo=file.nombre if file else None,
        enviado=mensaje.enviado,
    )
