"""A name read from a message as it was typed: where it begins is known, where it ends is found."""

import re
from typing import NamedTuple

from bot.core.consulta.letra import as_meant
from bot.core.consulta.meses import month_of, number_of
from bot.core.consulta.ordinarias import is_ordinary
from bot.core.consulta.palabras import ORDINARIAS, RUBROS, SUFIJOS
from bot.core.consulta.partes import PALABRA, SIGLAS
from bot.core.consulta.tipos import names_type
from bot.core.consulta.vocabulario import CAMBIAN, COSAS
from bot.core.texto import normalize

_ENLACE = {"de", "del", "la", "las", "los", "el", "y", "e", "san", "santa", "don", "dona"}
_TITULOS = {"don", "dona"}
ANTES_DE_NOMBRE = frozenset("la el a don dona senor senora".split())
_PAISES = frozenset("venezuela peru bolivia argentina colombia haiti ecuador china brasil mexico".split())
NADIE = (
    (ORDINARIAS - RUBROS - {"san", "santa", "don", "dona", "chile"})
    | {"sii", "rcv", "drive", "google", "dcto", "dctos", "barra", "barras"}
    | _PAISES
)
# Abbreviated types in capitals are no names.
_SIGLAS_DE_TIPO = frozenset("fc oc dte".split())
# Words that many names end with: places, colours, sizes.
_AL_FINAL = frozenset(
    """
    norte sur oriente poniente central chico chica grande alto alta bajo baja verde azul rojo roja blanco
    blanca rojas hermanos hnos hijos negro negra amarillo dorado bueno buena nuevo nueva viejo vieja nacional
    chile santiago valparaiso concepcion temuco antofagasta iquique arica rancagua talca chillan valdivia
    """.split()
)
_FAMILIA = frozenset("hermanos hnos hijos".split())
# Words that names have in the middle: "molino tres puentes", "imprenta papel lunar".
EN_MEDIO = (
    COSAS
    | CAMBIAN
    | frozenset(
        """
    papel calle casa centro paso plaza punto punta linea mundo rey cabo puerto cerro rio lago valle isla monte
    pueblo villa parque
    """.split()
    )
)
_LARGO = 7
# How far from its trade a word of a name may be: "restaurant la rosa de los vientos".
_LEJOS = 5
# A quarter or a semester, which is nobody: "Q3", "2S".
_PARTE = re.compile(r"[qt][1-4]|[1-4][qts]")


class Escrito(NamedTuple):
    """A message as typed and normalized word by word; `capitals` says whether its capitals mean names."""

    texto: str
    words: list[re.Match[str]]
    plain: list[str]
    capitals: bool


def write(texto: str) -> Escrito:
    """The message word by word."""
    words = list(PALABRA.finditer(texto))
    upper = sum(word[0][0].isupper() for word in words[1:])
    telling = upper * 3 <= max(3, len(words) * 2) and any(word[0].islower() for word in words)
    return Escrito(texto, words, [normalize(word) for word in PALABRA.findall(as_meant(texto))], telling)


def is_common(word: str) -> bool:
    """Whether a word in small letters names nobody."""
    if word in RUBROS:
        return False
    return word in NADIE or word in CAMBIAN or word in COSAS or is_ordinary(word)


def read_name(escrito: Escrito, start: int, sure: bool) -> str | None:
    """The name that begins at a place, as typed, with its legal form; None if none does.

    Args:
        sure: whether the words before it tell of somebody, so that it needs no capitals.
    """
    plain = escrito.plain
    while sure and start < len(plain) and plain[start] in ANTES_DE_NOMBRE:
        start += 1
    end = start
    while end < min(len(plain), start + _LARGO) and _belongs(escrito, start, end, sure):
        end += 1
    while end > start and plain[end - 1] in _ENLACE:
        end -= 1
    if not any(_tells(word) for word in plain[start:end]) and not _is_titled(escrito, start, end):
        return None
    last = escrito.words[end - 1].end()
    legal = SIGLAS.match(escrito.texto.lower(), last + 1) if escrito.texto[last : last + 1] == " " else None
    return escrito.texto[escrito.words[start].start() : legal.end() if legal else last]


def _is_titled(escrito: Escrito, start: int, end: int) -> bool:
    """Whether capitals make a name of a trade and a place: `Lubricantes del Sur`."""
    if end - start < 2 or not escrito.capitals or escrito.plain[start] not in RUBROS:
        return False
    return all(escrito.words[at][0][0].isupper() for at in (start, end - 1))


def _tells(word: str) -> bool:
    generic = word in NADIE or word in RUBROS or word in SUFIJOS or word in _ENLACE or word in COSAS
    return not generic and not word.isdigit() and len(word) > 1 and not _PARTE.fullmatch(word)


def _ends_before(escrito: Escrito, start: int, at: int) -> bool:
    """Whether a name cannot go on at a place: after a comma, with a month, with an abbreviated type."""
    word = escrito.plain[at]
    gap = escrito.texto[escrito.words[at - 1].end() : escrito.words[at].start()] if at > start else ""
    document = word in _SIGLAS_DE_TIPO or (len(word) <= 3 and names_type(word))
    return bool(gap.strip(" .&-'’")) or document or month_of(word) is not None


def _belongs(escrito: Escrito, start: int, at: int, sure: bool) -> bool:
    """Whether the word at a place goes on with the name begun at `start`."""
    word = escrito.plain[at]
    if _ends_before(escrito, start, at):
        return False
    if at > start and word in _ENLACE:
        return _linked(escrito, start, at, sure)
    if at > start and word in _AL_FINAL | SUFIJOS:
        return True
    capital = escrito.capitals and escrito.words[at][0][0].isupper()
    if word in EN_MEDIO or number_of(word) is not None:
        return (capital and word not in NADIE) or _bridges(escrito, start, at, sure)
    if capital or word in NADIE:
        return word not in NADIE
    led = sure or _after_trade(escrito, start, at) or (at > start and escrito.plain[at - 1] in _TITULOS)
    return led and not is_common(word) and not word.isdigit()


def _linked(escrito: Escrito, start: int, at: int, sure: bool) -> bool:
    """Whether a name goes on after its `de`, `los` or `y`: not in "maderas de pino"."""
    following = at + 1
    if following >= len(escrito.words) or at >= start + _LARGO - 1:
        return False
    if escrito.plain[at] in _TITULOS:
        return not is_common(escrito.plain[following])
    goods = escrito.plain[start] in COSAS and escrito.words[following][0].islower()
    if goods and escrito.plain[at] in {"de", "del"}:
        return False
    return _belongs(escrito, start, following, sure)


def _bridges(escrito: Escrito, start: int, at: int, sure: bool) -> bool:
    """Whether an ordinary noun or number stands inside a name: it leads to more of it."""
    led = escrito.plain[start] in RUBROS or (at == start and sure)
    following = at + 1
    while following < len(escrito.plain) and escrito.plain[following] in {"el", "la", "los", "las"}:
        following += 1
    if not led or following >= len(escrito.plain) or following >= start + _LARGO:
        return False
    word = escrito.plain[following]
    goods = at == start > 0 and escrito.plain[start - 1] in {"de", "en", "con"}
    plural = goods and escrito.plain[at].endswith("s") and word.endswith("s")
    if plural or number_of(word) is not None or word in _AL_FINAL - _FAMILIA:
        return False
    return _belongs(escrito, start, following, sure)


def _after_trade(escrito: Escrito, start: int, at: int) -> bool:
    trade = escrito.plain[start] in RUBROS and escrito.words[start][0].islower() and at - start <= _LEJOS
    usual = at == start + 1 and escrito.plain[start].endswith("s") and escrito.plain[at].endswith("s")
    return trade and not usual
