"""What WhatsApp's webhook delivers, read piece by piece: a batch holds many messages, in any order.

pywa reads the first message of a delivery only (its issue 229) and none of a contact without `user_id`
(issue 227), so deliveries are taken apart here. What cannot be read is left out and counted, never raised:
an error would have WhatsApp deliver the whole batch again for a week.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import structlog

from bot.services.ports_canales import (
    Acuse,
    Adjunto,
    Cambio,
    Entrante,
    EstadoSalida,
    Remitente,
    TipoAdjunto,
)

log = structlog.get_logger()
CHANNEL = "whatsapp"
_ESTADOS = {
    "sent": EstadoSalida.ENVIADO,
    "delivered": EstadoSalida.ENTREGADO,
    "read": EstadoSalida.LEIDO,
    "played": EstadoSalida.LEIDO,
    "failed": EstadoSalida.FALLIDO,
}
_WINDOW_CLOSED = 131047
# Not the message's fault: it goes out when the person writes, which proves that they can be reached.
_LATER = frozenset({130429, 131000, 131016, 131026, 131048, 131049, 131056, 131057})
_LONGEST_NUMBER = 18  # what a number of ours can have at most
_ADJUNTOS = {
    "document": TipoAdjunto.DOCUMENTO,
    "image": TipoAdjunto.IMAGEN,
    "audio": TipoAdjunto.AUDIO,
    "voice": TipoAdjunto.AUDIO,
    "video": TipoAdjunto.VIDEO,
    "sticker": TipoAdjunto.STICKER,
    "location": TipoAdjunto.UBICACION,
    "contacts": TipoAdjunto.CONTACTO,
    "reaction": TipoAdjunto.REACCION,
}
_THUMB_DOWN = "👎"
_IDENTITY_CHANGED = ("user_changed_number", "customer_changed_number", "customer_identity_changed")


def read_updates(delivery: Mapping[str, Any], phone_id: str) -> list[Entrante | Acuse | Cambio]:
    """Everything in a delivery that is for this phone id."""
    found: list[Entrante | Acuse | Cambio] = []
    for value in _values(delivery):
        if str(_map(value.get("metadata")).get("phone_number_id")) != phone_id:
            continue
        contacts = [_map(one) for one in _list(value.get("contacts"))]
        for message in _list(value.get("messages")):
            _add(found, lambda message=message, contacts=contacts: _message(message, contacts))
        for status in _list(value.get("statuses")):
            _add(found, lambda status=status: _status(status))
    return found


def _add(found: list[Any], read: Any) -> None:
    try:
        one = read()
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError) as error:
        log.warning("whatsapp.update.unreadable", error=type(error).__name__)
        return
    if one is not None:
        found.append(one)


def _values(delivery: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for entry in _list(_map(delivery).get("entry")):
        for change in _list(_map(entry).get("changes")):
            yield _map(_map(change).get("value"))


def _message(message: Mapping[str, Any], contacts: list[Mapping[str, Any]]) -> Entrante | Cambio | None:
    kind = message["type"]
    remitente = _sender(message, contacts)
    if kind == "system" and _map(message.get("system")).get("type") in _IDENTITY_CHANGED:
        return Cambio(remitente)
    if kind == "system":
        return None
    if kind == "reaction" and not _map(message["reaction"]).get("emoji", "").startswith(_THUMB_DOWN):
        return None  # it asks for no answer
    texto, boton = _words(kind, message)
    return Entrante(
        str(message["id"]),
        remitente,
        datetime.fromtimestamp(int(message["timestamp"]), UTC),
        texto,
        boton,
        None if texto and kind not in _ADJUNTOS else _attachment(kind, message),
    )


def _sender(message: Mapping[str, Any], contacts: list[Mapping[str, Any]]) -> Remitente:
    """By the id that stays when the number changes, or else by the number."""
    phone, user = message.get("from"), message.get("from_user_id")
    contact = next(
        (
            one
            for one in contacts
            if (phone and one.get("wa_id") == phone) or (user and one.get("user_id") == user)
        ),
        contacts[0] if len(contacts) == 1 else {},
    )
    user = user or contact.get("user_id")
    phone = phone or contact.get("wa_id")
    number = str(phone) if phone and str(phone).isdecimal() else None
    name = str(_map(contact.get("profile")).get("name") or "")[:120]
    if not (user or phone):
        raise ValueError("nobody")
    return Remitente(CHANNEL, str(user or phone), f"+{number}" if number else None, name)


def _words(kind: str, message: Mapping[str, Any]) -> tuple[str, str | None]:
    """What was written, and the id of the button that was pressed."""
    match kind:
        case "text":
            return str(message["text"]["body"]), None
        case "interactive":
            reply = message["interactive"]
            pressed = reply.get("button_reply") or reply["list_reply"]
            return str(pressed["title"]), str(pressed["id"])
        case "button":
            return str(message["button"]["text"]), None
        case "reaction":
            return _THUMB_DOWN, None
    return str(_map(message.get(kind)).get("caption") or ""), None


def _attachment(kind: str, message: Mapping[str, Any]) -> Adjunto:
    if kind not in _ADJUNTOS:
        return Adjunto(TipoAdjunto.OTRO)
    body = _map(message.get(kind))
    return Adjunto(
        _ADJUNTOS[kind],
        str(body.get("id") or body.get("message_id") or ""),
        str(body.get("filename") or "")[:200],
        str(body.get("mime_type") or ""),
    )


def _status(status: Mapping[str, Any]) -> Acuse | None:
    estado = _ESTADOS.get(status["status"])
    if estado is None:
        return None
    code = next((int(one["code"]) for one in _list(status.get("errors"))), 0)
    if code == _WINDOW_CLOSED:
        estado = EstadoSalida.CERRADO
    elif estado is EstadoSalida.FALLIDO and code in _LATER:
        estado = EstadoSalida.RETENIDO
    ours = str(status.get("biz_opaque_callback_data") or "")
    salida = int(ours) if ours.isdecimal() and len(ours) <= _LONGEST_NUMBER else None
    return Acuse(str(status["id"]), estado, salida, str(code) if code else "")


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
