"""Talking: the agent's endpoint and the web chat, which is a channel without an outbox.

Its checklist. Text: whole, however long the answer; to 4,000 characters a question. Buttons, lists: as
`botones` and `lista`, their ids come back as `boton`. Image, document out: addresses of `/api/archivos/{id}`,
for the taxpayer's session only (not for agents' keys). In: spreadsheets by `/api/rcv/importar`. Templates:
none needed, what is told unasked waits in the history. Duplicates: `id_mensaje`, of the browser's making.
Retries: the browser sends it again under the same id; the job that is stored with each message answers it if
nobody else does. Rate limits: `chat_rut`, 429 with `Retry-After`. Errors: problems (api/problems.py).
Identity: the session's taxpayer; of agents, the RUT that they name. Live: server-sent events (eventos.py).
"""

import uuid
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal

from aiohttp import web
from pydantic import Field

from api.auth import Auth
from api.endpoint import endpoint
from api.fields import Answer, Model, RutField, Texto
from api.keys import MEMORY_LIMITS, SERVICES
from bot.core.errors import (
    AccountBlockedError,
    MessageEmptyError,
    NotFoundError,
    TaxpayerUnknownError,
    TooManyRequestsError,
)
from bot.core.mensajes import Incoming
from bot.core.texto import storable
from bot.services.conversacion import Turno
from bot.services.limites import require
from bot.services.ports import MensajeGuardado, Quien

routes = web.RouteTableDef()
AGENT_CHANNEL = "agente"
WEB_CHANNEL = "web"

# Length and emptiness are told in the conversation's own words, so the models leave them open.
Mensaje = Annotated[str, Field(max_length=60_000)]


class AgentMessage(Model):
    """A message that an agent passes on for a taxpayer."""

    rut: RutField
    mensaje: Mensaje = ""
    boton: Annotated[str, Field(max_length=256)] | None = None
    conversacion: Texto = ""
    id_mensaje: uuid.UUID | None = None


class ChatMessage(Model):
    """A message of the web chat: words, or the id of the button that was pressed."""

    mensaje: Mensaje = ""
    boton: Annotated[str, Field(max_length=256)] | None = None
    id_mensaje: uuid.UUID | None = None


class HistorialQuery(Model):
    """Which part of the history."""

    antes: Annotated[int, Field(ge=1, lt=2**63)] | None = None
    despues: Annotated[int, Field(ge=0, lt=2**63)] | None = None
    limite: Annotated[int, Field(ge=1, le=100)] = 30


class BotonAnswer(Answer):
    """A next step; its `id` is what comes back when it is pressed."""

    id: str
    titulo: str


class FilaLista(BotonAnswer):
    """A row of a list: a next step and what it is for."""

    descripcion: str


class MensajeAnswer(Answer):
    """One message of Tributa's; `imagen` and `documento` are addresses here, `archivo` the file's name."""

    id: int
    texto: str
    botones: list[BotonAnswer]
    lista: list[FilaLista]
    imagen: str | None
    documento: str | None
    archivo: str | None
    enviado: datetime


class MensajeHistorial(MensajeAnswer):
    """One message of either side.

    `id_mensaje` is the one that the person's message was sent with; `responde_a` the message that this one
    answers; `pendiente` whether that one (or this, if the person's) still waits for its answer.
    """

    de: Literal["persona", "tributa"]
    id_mensaje: str | None
    responde_a: int | None
    pendiente: bool


class PersonaAnswer(Answer):
    """The message that was answered, as stored."""

    id: int
    enviado: datetime


class TurnoAnswer(Answer):
    """One turn: what to say, what was understood, and where the figures come from.

    With `con_persona` a person attends: nothing is answered, and what they say is in the history.
    """

    respuesta: str
    mensajes: list[MensajeAnswer]
    categoria: Literal["ventas", "compras", "contrato", "general"]
    intent: str | None
    confianza: float | None
    entidades: dict[str, Any]
    fuentes: list[dict[str, Any]]
    pendiente: bool
    con_persona: bool
    persona: PersonaAnswer


class OpinionMala(Model):
    """An answer of Tributa's, by its number, that is wrong."""

    mensaje: Annotated[int, Field(ge=1, lt=2**63)]


class AgentHistorialQuery(HistorialQuery):
    """Which part of which conversation."""

    rut: RutField
    conversacion: Texto = ""


class ContribuyenteAnswer(Answer):
    """Who is asking."""

    rut: str
    nombre: str


class HistorialAnswer(Answer):
    """Part of the web chat's history, oldest first."""

    contribuyente: ContribuyenteAnswer
    mensajes: list[MensajeHistorial]
    hay_mas: bool


@routes.post("/api/agent/message")
@endpoint(
    "Responder un mensaje de un contribuyente",
    auth=Auth.AGENTE,
    answer=TurnoAnswer,
    errors=(TaxpayerUnknownError, AccountBlockedError, MessageEmptyError),
)
async def agent_message(request: web.Request, body: AgentMessage, actor: str) -> TurnoAnswer:
    """Answer a message of any registered taxpayer, for holders of an agent's key."""
    canal_id = f"{body.rut}:{body.conversacion}"
    return await _hablar(request, Quien(body.rut, actor=actor), AGENT_CHANNEL, canal_id, body)


@routes.get("/api/agent/messages")
@endpoint(
    "Los mensajes de una conversación por agente",
    auth=Auth.AGENTE,
    answer=HistorialAnswer,
    errors=(TaxpayerUnknownError, AccountBlockedError),
)
async def agent_historial(request: web.Request, actor: str, query: AgentHistorialQuery) -> HistorialAnswer:
    """A conversation's history, oldest first: what a person answers comes only here."""
    canal_id = f"{query.rut}:{query.conversacion}"
    return await _historial(request, Quien(query.rut, actor=actor), AGENT_CHANNEL, canal_id, query)


@routes.post("/api/chat")
@endpoint(
    "Responder un mensaje del chat web",
    auth=Auth.SESION,
    answer=TurnoAnswer,
    errors=(MessageEmptyError, TooManyRequestsError),
)
async def chat(request: web.Request, quien: Quien, body: ChatMessage) -> TurnoAnswer:
    """Answer a message of the web chat."""
    await require(request.app[MEMORY_LIMITS], ("chat_rut", str(quien.rut)))
    return await _hablar(request, quien, WEB_CHANNEL, str(quien.rut), body)


@routes.get("/api/chat")
@endpoint("Los mensajes del chat web", auth=Auth.SESION, answer=HistorialAnswer)
async def historial(request: web.Request, quien: Quien, query: HistorialQuery) -> HistorialAnswer:
    """The web chat's history, oldest first."""
    return await _historial(request, quien, WEB_CHANNEL, str(quien.rut), query)


@routes.post("/api/chat/opinion")
@endpoint("Decir que una respuesta está mal", auth=Auth.SESION, errors=(NotFoundError,))
async def opinar(request: web.Request, quien: Quien, body: OpinionMala) -> None:
    """Note that an answer is wrong; the trainers look at it."""
    await request.app[SERVICES].conversacion.mala(quien, WEB_CHANNEL, str(quien.rut), body.mensaje)


async def _historial(
    request: web.Request, quien: Quien, canal: str, canal_id: str, query: HistorialQuery
) -> HistorialAnswer:
    services = request.app[SERVICES]
    contribuyente = await services.acceso.contribuyente(quien)
    found = await services.conversacion.historial(
        quien, canal, canal_id, query.limite + 1, antes=query.antes, despues=query.despues
    )
    shown = found[: query.limite] if query.despues is not None else found[-query.limite :]
    return HistorialAnswer(
        contribuyente=ContribuyenteAnswer(rut=str(quien.rut), nombre=contribuyente.nombre),
        mensajes=[mensaje_historial(one) for one in shown],
        hay_mas=len(found) > query.limite,
    )


def mensaje_historial(mensaje: MensajeGuardado) -> MensajeHistorial:
    """A message as the history and the stream of events show it."""
    return MensajeHistorial(
        de="persona" if mensaje.de_persona else "tributa",
        id_mensaje=mensaje.id_canal,
        responde_a=mensaje.responde_a,
        pendiente=mensaje.pendiente,
        **_mensaje(mensaje),
    )


async def _hablar(
    request: web.Request, quien: Quien, canal: str, canal_id: str, body: AgentMessage | ChatMessage
) -> TurnoAnswer:
    texto = storable(body.mensaje)
    incoming = Incoming(str(body.id_mensaje or uuid.uuid4()), texto or body.boton or "", body.boton)
    turno = await request.app[SERVICES].conversacion.hablar(quien, canal, canal_id, incoming)
    return _turno(turno)


def _turno(turno: Turno) -> TurnoAnswer:
    respuesta = turno.respuesta
    return TurnoAnswer(
        respuesta=respuesta.texto,
        mensajes=[MensajeAnswer(**_mensaje(mensaje)) for mensaje in turno.mensajes],
        categoria=respuesta.categoria,
        intent=respuesta.intent,
        confianza=respuesta.confianza,
        entidades=dict(respuesta.entidades),
        fuentes=[dict(fuente) for fuente in respuesta.fuentes],
        pendiente=respuesta.pendiente,
        con_persona=respuesta.con_persona,
        persona=PersonaAnswer(id=turno.recibido.id, enviado=turno.recibido.enviado),
    )


def _mensaje(mensaje: MensajeGuardado) -> dict[str, Any]:
    file = mensaje.imagen or mensaje.documento
    return {
        "id": mensaje.id,
        "texto": mensaje.texto,
        "botones": [BotonAnswer(id=boton.id, titulo=boton.titulo) for boton in mensaje.botones],
        "lista": [FilaLista(**asdict(fila)) for fila in mensaje.lista],
        "imagen": mensaje.imagen and f"/api/archivos/{mensaje.imagen.id}",
        "documento": mensaje.documento and f"/api/archivos/{mensaje.documento.id}",
        "archivo": file.nombre if file else None,
        "enviado": mensaje.enviado,
    }
