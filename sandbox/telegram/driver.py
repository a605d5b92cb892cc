"""What tests and the page do in a person's place, and how they look at the chats."""

from contextlib import suppress
from typing import Any, Self

from aiohttp import web
from pydantic import Base64Bytes, BaseModel, ConfigDict, Field, ValidationError, model_validator

from sandbox.telegram import content, images, keyboards, view
from sandbox.telegram.api import SIMULATOR
from sandbox.telegram.entities import commands
from sandbox.telegram.errors import DriverError
from sandbox.telegram.faults import Faults
from sandbox.telegram.sending import CAPTION, TEXT
from sandbox.telegram.simulator import Chat, Message, Simulator

_HEARTBEAT = 15.0


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Contacto(_Strict):
    """A phone that is shared; `usuario` is whose account it is, the sender's or another's."""

    telefono: str = Field(min_length=3, max_length=32)
    nombre: str | None = None
    usuario: int | None = None


class Archivo(_Strict):
    """A file; a picture goes as a photo if `foto` says so."""

    nombre: str = Field(min_length=1, max_length=255)
    mime: str = "application/octet-stream"
    base64: Base64Bytes
    foto: bool = False


class Voz(_Strict):
    """A voice message."""

    segundos: int = Field(3, ge=1)


class Sticker(_Strict):
    """A sticker."""

    emoji: str = "👍"


class Ubicacion(_Strict):
    """A place."""

    latitud: float = Field(-33.4372, ge=-90, le=90)
    longitud: float = Field(-70.6506, ge=-180, le=180)


class Entrada(_Strict):
    """What a person does: exactly one thing, but a file may have a text."""

    usuario: int = Field(gt=0)
    nombre: str | None = Field(None, min_length=1, max_length=64)
    texto: str | None = Field(None, min_length=1, max_length=TEXT)
    boton: str | None = None
    mensaje: int | None = None  # whose button; without it, the newest message that has it
    contacto: Contacto | None = None
    archivo: Archivo | None = None
    voz: Voz | None = None
    sticker: Sticker | None = None
    ubicacion: Ubicacion | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        kinds = (self.texto, self.boton, self.contacto, self.archivo, self.voz, self.sticker, self.ubicacion)
        given = sum(one is not None for one in kinds)
        captioned = self.texto is not None and self.archivo is not None
        if given != (2 if captioned else 1):
            raise ValueError("exactly one of texto, boton, contacto, archivo, voz, sticker, ubicacion")
        if captioned and len(self.texto or "") > CAPTION:
            raise ValueError("caption too long")
        return self


class Bloqueo(_Strict):
    """Somebody blocks the bot, or unblocks it."""

    usuario: int = Field(gt=0)
    bloqueado: bool = True


async def act(request: web.Request) -> web.Response:
    """POST /telegram/mensajes."""
    simulator = request.app[SIMULATOR]
    entrada = Entrada.model_validate_json(await request.read())
    chat = simulator.person(entrada.usuario, entrada.nombre)
    if entrada.boton is not None:
        message = _with_button(chat, entrada.boton, entrada.mensaje)
        update_id = simulator.press(chat, message, entrada.boton)
    else:
        message, update_id = simulator.receive(chat, _content(simulator, chat, entrada))
    return web.json_response({"update_id": update_id, "message_id": message["message_id"]})


async def messages(request: web.Request) -> web.Response:
    """GET /telegram/mensajes.json: one chat with what surrounds it, or the messages of all."""
    simulator = request.app[SIMULATOR]
    wanted = request.query.get("usuario")
    if wanted:
        found = simulator.chats.get(int(wanted)) if wanted.isdecimal() else None
        if found is None:
            raise DriverError("No hay nadie con ese número.")
        return web.json_response(view.chat(simulator, found))
    every = [one for chat in simulator.chats.values() for one in chat.messages.values()]
    every.sort(key=lambda one: one["message_id"])
    return web.json_response({"mensajes": [view.message(simulator, one) for one in every]})


async def people(request: web.Request) -> web.Response:
    """GET /telegram/personas.json: who there is and what was said last."""
    simulator = request.app[SIMULATOR]
    found = []
    for one in simulator.chats.values():
        last = [view.message(simulator, each) for each in list(one.messages.values())[-1:]]
        found.append({"id": one.person.id, "nombre": one.person.name, "ultimo": last[0] if last else None})
    return web.json_response({"bot": simulator.bot["first_name"], "personas": found})


async def block(request: web.Request) -> web.Response:
    """POST /telegram/bloquear."""
    simulator = request.app[SIMULATOR]
    wanted = Bloqueo.model_validate_json(await request.read())
    simulator.block(simulator.person(wanted.usuario), wanted.bloqueado)
    return web.json_response({"usuario": wanted.usuario, "bloqueado": wanted.bloqueado})


async def fail(request: web.Request) -> web.Response:
    """POST /simulador/fallas: from now on these and no others."""
    simulator = request.app[SIMULATOR]
    simulator.faults = Faults.model_validate_json(await request.read())
    simulator.limiter.reset(simulator.faults.limites)
    return web.json_response(simulator.faults.model_dump())


async def file_(request: web.Request) -> web.Response:
    """GET /telegram/archivos/{id}: pictures are shown, everything else is saved."""
    stored = request.app[SIMULATOR].files.get(request.match_info["id"])
    if stored is None:
        raise web.HTTPNotFound()
    shown = images.mime(stored.data)
    headers = {} if shown else {"Content-Disposition": "attachment"}
    return web.Response(body=stored.data, content_type=shown or "application/octet-stream", headers=headers)


async def events(request: web.Request) -> web.StreamResponse:
    """GET /telegram/eventos: a line whenever something changed."""
    simulator = request.app[SIMULATOR]
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    await response.write(b"retry: 1000\n\n")
    seen = -1
    with suppress(ConnectionError):
        while not simulator.updates.closed:
            if seen != simulator.changed.count:
                seen = simulator.changed.count
                await response.write(b"data: cambio\n\n")
            elif not await simulator.changed.wait(_HEARTBEAT):
                await response.write(b": sigo\n\n")
    return response


def explain(error: ValidationError) -> str:
    """Where the first fault is."""
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"


def _with_button(chat: Chat, data: str, id_: int | None) -> Message:
    for message in reversed(chat.messages.values()):
        markup = message.get("reply_markup")
        if id_ in (None, message["message_id"]) and markup and keyboards.find_button(markup, data):
            return message
    raise DriverError("Ningún mensaje tiene ese botón.")


def _content(simulator: Simulator, chat: Chat, entrada: Entrada) -> dict[str, Any]:
    """What the person sent, as the Bot API writes it."""
    if entrada.contacto:
        one = entrada.contacto
        return content.contact(one.telefono, one.nombre or chat.person.name, one.usuario)
    if entrada.voz:
        return content.voice(simulator, entrada.voz.segundos)
    if entrada.sticker:
        return content.sticker(simulator, entrada.sticker.emoji)
    if entrada.ubicacion:
        return content.location(entrada.ubicacion.latitud, entrada.ubicacion.longitud)
    if entrada.archivo:
        return _sent_file(simulator, entrada.archivo, entrada.texto)
    text = (entrada.texto or "").strip()
    if not text:
        raise DriverError("El mensaje está vacío.")
    found = commands(text)
    return {"text": text, "entities": found} if found else {"text": text}


def _sent_file(simulator: Simulator, archivo: Archivo, caption: str | None) -> dict[str, Any]:
    if not archivo.base64:
        raise DriverError("El archivo está vacío.")
    if archivo.foto and images.size(archivo.base64) is None:
        raise DriverError("La foto no es JPEG ni PNG.")
    folder = "photos" if archivo.foto else "documents"
    stored = simulator.store(folder, archivo.nombre, archivo.mime, archivo.base64)
    sent = content.photo(stored) if archivo.foto else content.document(stored)
    return sent | ({"caption": caption} if caption else {})
