"""What one says of an answer before going on: `chuta, harto. ¿Y en agosto?`."""

import re

from bot.core.consulta.de_contrato import asked_of_contract
from bot.core.consulta.meses import month_of
from bot.core.consulta.senales import book_named, find_clase, names_iva
from bot.core.consulta.tipos import names_type
from bot.core.texto import normalize

_SIGUE = re.compile(
    r"(?P<frase>[.!?…;]+)?(?:^|[\W_]+)(?=(?:y|i|pero|ahora|aora|s[oó]lo|tambi[eé]n)\b)", re.IGNORECASE
)
_PALABRA = re.compile(r"[^\W_]+")
# How many words a reaction may have: as a sentence of its own, and as the beginning of one.
_FRASE, _COMIENZO = 6, 3


def without_reaction(texto: str) -> str:
    """The message from where it goes on, if nothing is asked before that; else all of it."""
    for joint in _SIGUE.finditer(texto):
        before = texto[: joint.start()]
        if joint.end() and _asks_nothing(before, _FRASE if joint["frase"] else _COMIENZO):
            return texto[joint.end() :]
    return texto


def _asks_nothing(texto: str, most: int) -> bool:
    words = [normalize(word) for word in _PALABRA.findall(texto)]
    if len(words) > most or any(word.isdigit() or names_type(word) or month_of(word) for word in words):
        return False
    return not (find_clase(texto) or book_named(texto) or names_iva(texto) or asked_of_contract(texto))
