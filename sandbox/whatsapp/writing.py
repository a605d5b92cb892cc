"""What a person does with their phone, as POST /telefono/mensajes takes it."""

from base64 import b64decode
from binascii import Error as Base64Error
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from sandbox.whatsapp.media import kind_of
from sandbox.whatsapp.outgoing import NAMES, shown
from sandbox.whatsapp.payloads import unsupported
from sandbox.whatsapp.people import Message, Person
from sandbox.whatsapp.simulator import Simulator


class CannotDoError(Exception):
    """A person cannot do that; the text says why."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class File(_Strict):
    """A file, in base64; `voz` for a voice note."""

    base64: str
    nombre: str = Field("", max_length=240)
    mime: str = Field("application/octet-stream", max_length=200)
    voz: bool = False
    como_documento: bool = False


class Location(_Strict):
    """A place."""

    latitud: float = Field(ge=-90, le=90)
    longitud: float = Field(ge=-180, le=180)
    nombre: str = ""
    direccion: str = ""


class Contact(_Strict):
    """Somebody else's card."""

    nombre: str
    telefono: str


class Reaction(_Strict):
    """An emoji on a message; an empty one takes it back."""

    mensaje: str
    emoji: str = ""


class Writing(_Strict):
    """Who writes, and exactly one thing to send; `texto` beside a file is its caption."""

    telefono: str = ""
    bsuid: str = ""
    nombre: str = Field("", max_length=100)
    texto: str = Field("", max_length=65_536)
    boton: str = ""
    lista: str = ""
    archivo: File | None = None
    ubicacion: Location | None = None
    contacto: Contact | None = None
    reaccion: Reaction | None = None
    no_soportado: str = ""
    desconocido: bool = False
    respuesta_a: str = ""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if not (self.telefono or self.bsuid):
            raise ValueError("telefono or bsuid")
        things = [
            self.boton,
            self.lista,
            self.archivo,
            self.ubicacion,
            self.contacto,
            self.reaccion,
            self.no_soportado,
            self.desconocido,
        ]
        given = sum(bool(one) for one in things)
        if given > 1 or (self.texto and given and not self.archivo) or not (given or self.texto):
            raise ValueError("one thing to send")
        return self


def write(simulator: Simulator, writing: Writing) -> tuple[Person, Message]:
    """Make the person send it.

    Raises:
        CannotDoError: if the button or row was not offered, or the file cannot be read.
    """
    person = simulator.people.get(writing.telefono, writing.bsuid, writing.nombre)
    message = Message("persona", "text", simulator.clock.now(), writing.texto, reply_to=writing.respuesta_a)
    body = _body(simulator, person, message, writing)
    message.kind = body["type"]
    return person, simulator.from_person(person, message, body)


def _body(simulator: Simulator, person: Person, message: Message, writing: Writing) -> dict[str, Any]:
    """The webhook's part for this kind; fills in what the page shows."""
    match writing:
        case Writing(boton=name) if name:
            body = _press(person, message, name)
        case Writing(lista=name) if name:
            body = _pick(person, message, name)
        case Writing(archivo=File() as file):
            body = _attach(simulator, message, file)
        case Writing(ubicacion=Location() as place):
            body = _locate(message, place)
        case Writing(contacto=Contact() as contact):
            body = _card(message, contact)
        case Writing(reaccion=Reaction() as reaction):
            body = _react(message, reaction)
        case Writing(texto=text) if text:
            body = {"type": "text", "text": {"body": text}}
        case _:
            message.text = "(un mensaje que WhatsApp no entrega)"
            body = unsupported(writing.no_soportado)
    return body


def _offers(person: Person) -> list[Message]:
    """What the business sent, newest first."""
    return [one for one in reversed(person.messages) if one.side == "negocio"]


def _press(person: Person, message: Message, name: str) -> dict[str, Any]:
    for offer in _offers(person):
        for button in offer.content.get("botones", []):
            if name != button["id"] or message.reply_to not in ("", offer.id):
                continue
            message.reply_to, message.text = offer.id, button["titulo"]
            if offer.kind == "template":
                return {"type": "button", "button": {"text": button["titulo"], "payload": button["id"]}}
            reply = {"id": button["id"], "title": button["titulo"]}
            return {"type": "interactive", "interactive": {"type": "button_reply", "button_reply": reply}}
    raise CannotDoError(f"ningún mensaje ofrece el botón {name!r}")


def _pick(person: Person, message: Message, name: str) -> dict[str, Any]:
    for offer in _offers(person):
        sections = (offer.content.get("lista") or {}).get("secciones", [])
        for row in (row for section in sections for row in section["filas"]):
            if name != row["id"] or message.reply_to not in ("", offer.id):
                continue
            message.reply_to, message.text = offer.id, row["titulo"]
            reply = {"id": row["id"], "title": row["titulo"]}
            if row["descripcion"]:
                reply["description"] = row["descripcion"]
                message.text += f"\n{row['descripcion']}"
            return {"type": "interactive", "interactive": {"type": "list_reply", "list_reply": reply}}
    raise CannotDoError(f"ninguna lista ofrece la fila {name!r}")


def _attach(simulator: Simulator, message: Message, file: File) -> dict[str, Any]:
    try:
        data = b64decode(file.base64, validate=True)
    except (Base64Error, ValueError):
        raise CannotDoError("el archivo no viene en base64") from None
    kind = "document" if file.como_documento else kind_of(file.mime)
    media = simulator.media.receive(data, file.mime, file.nombre)
    message.content = {NAMES[kind]: shown(media)}
    body: dict[str, Any] = {"id": media.id, "mime_type": media.mime, "sha256": media.sha256_base64}
    if kind == "document":
        body["filename"] = media.name
    if kind == "audio":
        body["voice"] = file.voz
    if message.text and kind in ("image", "document", "video"):
        body["caption"] = message.text
    return {"type": kind, kind: body}


def _react(message: Message, reaction: Reaction) -> dict[str, Any]:
    message.text = reaction.emoji
    message.content = {"reaccion": reaction.model_dump()}
    return {"type": "reaction", "reaction": {"message_id": reaction.mensaje, "emoji": reaction.emoji}}


def _locate(message: Message, place: Location) -> dict[str, Any]:
    message.content = {"ubicacion": place.model_dump()}
    body: dict[str, Any] = {"latitude": place.latitud, "longitude": place.longitud}
    names = {"name": place.nombre, "address": place.direccion}
    return {"type": "location", "location": body | {key: text for key, text in names.items() if text}}


def _card(message: Message, contact: Contact) -> dict[str, Any]:
    message.content = {"contactos": [{"nombre": contact.nombre, "telefonos": [contact.telefono]}]}
    digits = "".join(filter(str.isdigit, contact.telefono))
    phone = {"phone": contact.telefono, "wa_id": digits, "type": "CELL"}
    name = {"formatted_name": contact.nombre, "first_name": contact.nombre}
    return {"type": "contacts", "contacts": [{"name": name, "phones": [phone]}]}
