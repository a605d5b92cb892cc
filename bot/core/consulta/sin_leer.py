"""The words of a message that no reader used."""

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.core.consulta.ordinarias import is_ordinary
from bot.core.consulta.palabras import ARTICULOS, RUBROS, SUFIJOS
from bot.core.consulta.partes import words_alike
from bot.core.consulta.vocabulario import CAMBIAN, COSAS
from bot.core.oido import as_heard
from bot.core.texto import normalize

_PALABRA = re.compile(r"[^\W_]+")
# Ordinary words that together ask for something else.
_FRASES = re.compile(
    r"(?i:\b(?:fin(?:es)? de (?:a[nñ]o|temporada)|desde siempre|toda la vida"
    r"|desde que (?:empec|part|abr|comenc|inici)\w*|hist[oó]ric[oa]s?"
    r"|a cr[eé]dito|a plazo|en cuotas)\b)"
)
# Words that change a question, but not in these phrases.
_SALUDABLES = re.compile(
    r"(?i:\b(?:de nuevo|a lo mejor|lo mejor posible|mejor dicho|a m[aá]s tardar|alto y claro|al tiro)\b)"
)
_ANTES_DE_VERBO = frozenset("me te se nos le les no".split())
_MAXIMO = 3
_MAXIMO_LETRAS = 4000


def unread_words(texto: str, nombre: str | None) -> tuple[str, ...]:
    """What an answer does not take into account: the words that are neither read nor ordinary.

    Args:
        texto: as the person typed it.
        nombre: the counterparty that was recognised; its words, also partial or misspelt, count as read.

    Returns:
        At most three, as typed and in order.
    """
    found: dict[str, str] = {}
    for plain, typed in _unread(_SALUDABLES.sub(" ", texto[:_MAXIMO_LETRAS]), _Nombre(nombre or "")):
        found.setdefault(plain, typed)
        if len(found) == _MAXIMO:
            break
    return tuple(found.values())


class _Nombre:
    """The words of the counterparty."""

    def __init__(self, nombre: str) -> None:
        self.words = frozenset(_PALABRA.findall(normalize(nombre)))
        self.heard = frozenset(map(as_heard, self.words))

    def has(self, word: str) -> bool:
        """Whether a word is one of its own, cut short or misspelt too."""
        if word in self.words or as_heard(word) in self.heard:
            return True
        partial = len(word) >= 4 and any(own.startswith(word) for own in self.words)
        return partial or any(words_alike(word, own) for own in self.words)

    def goes_with(self, words: list[str], at: int) -> bool:
        """Whether a trade or a legal form belongs to the name beside it: `la ferretería los aromos`."""
        if not self.words or words[at] not in RUBROS | SUFIJOS:
            return False
        ahead = [word for word in words[at + 1 : at + 4] if word not in ARTICULOS][:1]
        return words[at] in SUFIJOS or any(map(self.has, (*ahead, *words[max(0, at - 1) : at])))


def _is_verb(words: list[str], at: int) -> bool:
    """Whether an unknown word stands where only verbs do: "no me arroja", "se acumularía"."""
    known = words[at] in CAMBIAN or words[at] in COSAS
    return at > 0 and words[at - 1] in _ANTES_DE_VERBO and not known


@lru_cache(maxsize=16_384)
def _plain(word: str) -> str:
    return normalize(word)


def _unread(texto: str, nombre: _Nombre) -> Iterator[tuple[str, str]]:
    phrases = list(_FRASES.finditer(texto))
    typed = list(_PALABRA.finditer(texto))
    words = [_plain(word[0]) for word in typed]
    for at, (word, plain) in enumerate(zip(typed, words, strict=True)):
        phrase = next((one for one in phrases if one.start() <= word.start() < one.end()), None)
        if phrase:
            yield normalize(phrase[0]), phrase[0]
        elif plain.isalpha() and not (
            is_ordinary(plain) or _is_verb(words, at) or nombre.has(plain) or nombre.goes_with(words, at)
        ):
            yield plain, word[0]
