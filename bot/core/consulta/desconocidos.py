"""A counterparty that a message names and the taxpayer may not have."""

import re
from collections.abc import Collection, Iterable

from bot.core.consulta.palabras import ARTICULOS
from bot.core.consulta.partes import find_contraparte, names_more
from bot.core.texto import normalize

_RUT = re.compile(
    r"(?<![\w.-])(?:\d{1,2}(?:\.\d{3}){2}\s?[-–]?\s?[\dkK]|\d{7,8}\s?[-–]\s?[\dkK])(?![\w-])"
    r"|(?<=\brut )\d{7,8}[\dkK](?!\w)",
    re.IGNORECASE,
)


def told_party(texto: str, oida: str) -> str:
    """The party that a message limits its question to, as typed: its RUT, else the name that was heard."""
    rut = _RUT.search(texto)
    return rut[0].strip() if rut else oida


def find_named(texto: str, told: str, nombres: Collection[str]) -> str | None:
    """Which of the official names a message means: one whose words it has, else the only one with those told.

    Args:
        told: the party as `told_party` gives it; empty if none was heard.
    """
    known = find_contraparte(texto, nombres)
    return known if known and not names_more(told, known) else find_by_words(told, nombres)


def find_by_words(typed: str, nombres: Iterable[str]) -> str | None:
    """The only one of the official names that has all the words that name somebody; None if several have.

    So `la junta de vecinos` is the one there is, though a trade by itself tells nobody from others.
    """
    words = set(normalize(typed).split()) - ARTICULOS
    those = [nombre for nombre in nombres if words <= set(normalize(nombre).split())] if words else []
    return those[0] if len(those) == 1 else None
