"""What a message of ours holds beside its text, as JSON."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from bot.core.mensajes import Archivo, Boton, Outgoing

_OFFERED = ("botones", "lista")
_FILES = ("imagen", "documento")


def to_json(salida: Outgoing) -> dict[str, Any]:
    """Buttons, rows and files; what there is none of is left out."""
    body: dict[str, Any] = {}
    for name in _OFFERED:
        if buttons := getattr(salida, name):
            body[name] = [{key: value for key, value in asdict(one).items() if value} for one in buttons]
    for name in _FILES:
        if file := getattr(salida, name):
            body[name] = asdict(file)
    return body


def to_outgoing(texto: str, body: Mapping[str, Any]) -> Outgoing:
    """The message again."""
    botones, lista = (tuple(Boton(**one) for one in body.get(name, ())) for name in _OFFERED)
    imagen, documento = (Archivo(**body[name]) if body.get(name) else None for name in _FILES)
    return Outgoing(texto, botones, imagen, documento, lista)
