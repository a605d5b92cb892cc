"""Talking: the agent's endpoint and the web chat."""

import uuid
from collections.abc import Sequence
from typing import Annotated, Any

from aiohttp import web
from pydantic import Field

from api.http import Model, RutField, reply, require_agent, validated, who
from api.keys import SERVICES
from bot.core.mensajes import Boton, Incoming
from bot.services.conversacion import Turno
from bot.services.ports import MensajeGuardado, Quien

routes = web.RouteTableDef()
AGENT_CHANNEL = "agente"
WEB_CHANNEL = "web"

# Length and emptiness are told in the conversation's own words, so the models leave them open.
Texto = Annotated[str, Field(max_length=60_000)]


class AgentMessage(Model):
    """A message that an agent passes on for a taxpayer."""

    rut: RutField
    mensaje: Texto = ""
    boton: Annotated[str, Field(max_length=256)] | None = None
    conversacion: Annotated[str, Field(max_length=120)] = ""
    id_mensaje: uuid.UUID | None = None


class ChatMessage(Model):
    """A message of the web chat: words, or the id of the button that was pressed."""

    mensaje: Texto = ""
    boton: Annotated[str, Field(max_length=256)] | None = None
    id_mensaje: uuid.UUID | None = None


class HistorialQuery(Model):
    """Which part of the history."""

    antes: Annotated[int, Field(ge=1, lt=2**63)] | None = None
    despues: Annotated[int, Field(ge=0, lt=2**63)] | None = None
    limite: Annotated[int, Field(ge=1, le=100)] = 30


@routes.post("/api/agent/message")
@validated
async def agent_message(request: web.Request, body: AgentMessage) -> web.Response:
    """Answer a message of any registered taxpayer, for holders of the agent's key."""
    require_agent(request)
    canal_id = f"{body.rut}:{body.conversacion}"
    turno = await _hablar(request, Quien(body.rut), AGENT_CHANNEL, canal_id, body)
    return reply(_turno(turno))


@routes.post("/api/chat")
@validated
async def chat(request: web.Request, body: ChatMessage) -> web.Response:
    """Answer a message of the web chat."""
    quien = await who(request)
    return reply(_turno(await _hablar(request, quien, WEB_CHANNEL, str(quien.rut), body)))


@routes.get("/api/chat")
@validated
async def historial(request: web.Request, query: HistorialQuery) -> web.Response:
    """The web chat's history, oldest first."""
    quien = await who(request)
    services = request.app[SERVICES]
    contribuyente = await services.acceso.contribuyente(quien)
    found = await services.conversacion.historial(
        quien, WEB_CHANNEL, str(quien.rut), query.limite + 1, antes=query.antes, despues=query.despues
    )
    shown = found[: query.limite] if query.despues is not None else found[-query.limite :]
    return reply(
        {
            "contribuyente": {"rut": str(quien.rut), "nombre": contribuyente.nombre},
            "mensajes": [
                {"de": "persona" if mensaje.de_persona else "tributa", **_mensaje(mensaje)}
                for mensaje in shown
            ],
            "hay_mas": len(found) > query.limite,
        }
    )


async def _hablar(
    request: web.Request, quien: Quien, canal: str, canal_id: str, body: AgentMessage | ChatMessage
) -> Turno:
    texto = body.mensaje.replace("\x00", "").encode("utf-8", "ignore").decode()
    incoming = Incoming(str(body.id_mensaje or uuid.uuid4()), texto or body.boton or "", body.boton)
    return await request.app[SERVICES].conversacion.hablar(quien, canal, canal_id, incoming)


def _turno(turno: Turno) -> dict[str, Any]:
    respuesta = turno.respuesta
    return {
        "respuesta": respuesta.texto,
        "mensajes": [_mensaje(mensaje) for mensaje in turno.mensajes],
        "categoria": respuesta.categoria,
        "intent": respuesta.intent,
        "confianza": respuesta.confianza,
        "entidades": dict(respuesta.entidades),
        "fuentes": list(respuesta.fuentes),
        "pendiente": respuesta.pendiente,
        "persona": {"id": turno.recibido.id, "enviado": turno.recibido.enviado.isoformat()},
    }


def _mensaje(mensaje: MensajeGuardado) -> dict[str, Any]:
    return {
        "id": mensaje.id,
        "texto": mensaje.texto,
        "botones": _botones(mensaje.botones),
        "lista": [],
        "imagen": None,
        "documento": None,
        "enviado": mensaje.enviado.isoformat(),
    }


def _botones(botones: Sequence[Boton]) -> list[dict[str, str]]:
    return [{"id": boton.id, "titulo": boton.titulo} for boton in botones]
