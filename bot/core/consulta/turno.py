"""What one turn of a conversation says by itself: what the engine heard, and what its words name."""

import re
from dataclasses import dataclass
from datetime import date

from bot.core.consulta.comparacion import find_extremo
from bot.core.consulta.letra import plainly
from bot.core.consulta.periodos import find_tramos
from bot.core.consulta.senales import book_named, find_clase, names_iva, words_left
from bot.core.consulta.tipos import find_tipos
from bot.core.consulta.todos import wants_all_parties, wants_all_types
from bot.core.documentos import Libro
from bot.core.errors import BotError

# A guess this good is taken as it is unless every word of the message says that it goes on with another.
SURE = 0.6
SHORTEST = 3
UNSURE = frozenset({"", "fuera_de_alcance"})
CORTESIA = frozenset("saludo despedida gracias ayuda afirmar negar".split())


@dataclass(frozen=True, slots=True)
class Oido:
    """The intent that the engine heard (none if unsure), how surely, and who it heard named, as typed.

    `nombra` is whether that, or another word, names a party that the taxpayer has.
    """

    intent: str = ""
    confianza: float = 0.0
    nombra: bool = False
    parte: str = ""

    @property
    def registro(self) -> bool:
        """Whether it is of one of the books."""
        return self.intent.startswith(("ventas_", "compras_"))


@dataclass(frozen=True, slots=True)
class Mensaje:
    """What a message says, read once."""

    texto: str
    meses: bool
    tipos: bool
    clase: str
    libro: Libro | None
    iva: bool
    sobran: int
    largo: int
    extremo: bool

    @property
    def cambia(self) -> bool:
        """Whether it says something of the register."""
        return self.meses or self.tipos or bool(self.clase) or self.libro is not None


def read_turno(texto: str, hoy: date) -> Mensaje:
    """What the words of a message say, whatever came before it."""
    return Mensaje(
        texto,
        _names_months(texto, hoy),
        _names_types(texto),
        find_clase(texto),
        book_named(texto),
        names_iva(texto),
        len(words_left(texto)),
        len(texto.split()),
        bool(find_extremo(texto)),
    )


def _names_types(texto: str) -> bool:
    named = bool(find_tipos(texto)) or wants_all_types(texto) or wants_all_parties(texto)
    return named or bool(re.search(r"\b(?:afect|exent)[oa]s\b", plainly(texto)))


def _names_months(texto: str, hoy: date) -> bool:
    try:
        named = bool(find_tramos(texto, hoy))
    except BotError:  # a day, say: whoever answers tells it
        return True
    return named or bool(re.search(r"\b(?:anterior(?:es)?|siguientes?|previo|proximo)\b", plainly(texto)))
