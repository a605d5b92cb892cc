"""Topics of general tax knowledge: what they are and how long they can be trusted."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

RESUMEN_MAXIMO = 400
BOTON_MAXIMO = 20
REVISION_ANUAL = 12
# A full stop after "art" or "N" ends no sentence.
_SENTENCE = re.compile(r"(?<!\bart)(?<!\bN)(?<=[.!?:;])\s+")
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")


@dataclass(frozen=True, slots=True)
class Seccion:
    """A part of a topic, with its heading; the text may hold links to other topics."""

    titulo: str
    texto: str


@dataclass(frozen=True, slots=True)
class Tema:
    """A topic: `fecha` is its last review, `vigencia` the last day its content holds (None: no known end)."""

    slug: str
    titulo: str
    boton: str
    fuente: str
    fecha: date
    vigencia: date | None
    tags: tuple[str, ...]
    preguntas: tuple[str, ...]
    relacionados: tuple[str, ...]
    resumen: str
    secciones: tuple[Seccion, ...]


def vence(tema: Tema) -> date:
    """The last day on which a topic can be trusted: its validity's end, or a year after its review."""
    years, month = divmod(tema.fecha.month - 1 + REVISION_ANUAL, 12)
    # The 29 February has its next review on the 28th.
    day = 28 if (tema.fecha.month, tema.fecha.day) == (2, 29) else tema.fecha.day
    review = date(tema.fecha.year + years, month + 1, day)
    return min(review, tema.vigencia or review)


def vencido(tema: Tema, hoy: date) -> bool:
    """Whether its validity has passed or its review is older than twelve months."""
    return hoy > vence(tema)


def plain(texto: str) -> str:
    """Without links, for a chat: `[requisitos](iva.md)` → `requisitos`."""
    return _LINK.sub(r"\1", texto)


def split_text(texto: str, maximo: int) -> Iterator[str]:
    """Pieces of whole sentences, of at most `maximo` characters unless one sentence is longer."""
    piece = ""
    for sentence in _SENTENCE.split(texto.strip()):
        if piece and len(piece) + 1 + len(sentence) > maximo:
            yield piece
            piece = sentence
        else:
            piece = f"{piece} {sentence}".strip()
    if piece:
        yield piece
