"""A counterparty that a message names and the taxpayer does not have."""

import re
from typing import NamedTuple

from bot.core.consulta.oido import as_heard
from bot.core.consulta.ordinarias import is_ordinary
from bot.core.consulta.palabras import ORDINARIAS, RUBROS, SUFIJOS
from bot.core.consulta.partes import PALABRA, SIGLAS
from bot.core.consulta.vocabulario import CAMBIAN, COSAS
from bot.core.texto import normalize

_RUT = re.compile(
    r"(?<![\w.-])(?:\d{1,2}(?:\.\d{3}){2}\s?[-–]?\s?[\dkK]|\d{7,8}\s?[-–]\s?[\dkK])(?![\w-])"
    r"|(?<=\brut )\d{7,8}[\dkK](?!\w)",
    re.IGNORECASE,
)
_EXPLICITO = frozenset(
    "proveedor proveedora cliente clienta empresa contraparte senor senora sr sra don dona".split()
)
_VERBOS_A = re.compile(r"(?:vend|factur|compr|emit|hice|hicimos|cobr|pagu|pague)\w*")
_ME = re.compile(r"(?:vend|factur|hizo|hicier|emiti|cobr|mando|envi)\w*")
_PREPOSICIONES = {"a", "al", "de", "del", "con", "en", "para", "por"}
_ENLACE = {"de", "del", "la", "las", "los", "el", "y", "e", "san", "santa"}
_ANTES_DE_NOMBRE = frozenset("la el a don dona senor senora".split())
_NADIE = ORDINARIAS - RUBROS - {"san", "santa", "don", "dona", "chile"} | {"sii", "rcv", "drive", "google"}


# Trades that are somebody without a name of their own: "ventas al colegio", "le vendí a la constructora".
_INSTITUCIONES = frozenset(
    """
    ferreteria panaderia pasteleria constructora inmobiliaria importadora exportadora distribuidora minera
    pesquera supermercado minimarket almacen restaurant restaurante cafeteria botilleria farmacia clinica
    laboratorio imprenta libreria taller maestranza muebleria verduleria carniceria lavanderia hotel hostal
    colegio instituto universidad fundacion corporacion barraca automotora vidrieria frigorifico consultora
    municipalidad hospital iglesia liceo escuela vina consultorio parroquia
    """.split()
)
_LIBROS = frozenset(
    map(as_heard, "venta ventas vtas compra compras cpras factura facturas boleta boletas notas nc".split())
)
_VERBOS = re.compile(r"(?:bend|kompr|faktur|gast)[a-z]{1,6}")
_LEJOS = 7
# Goods, not names: "facturas de zapatos", "compras de mantención".
_ES_COSA = re.compile(r"[a-z]+(?:[aeo]s|cion|sion|miento|dad|eria|aje|ura)|[a-z]{1,3}")


class _Escrito(NamedTuple):
    """A message as typed and normalized word by word; `capitals` says whether its capitals mean names."""

    texto: str
    words: list[re.Match[str]]
    plain: list[str]
    capitals: bool


def _escrito(texto: str) -> _Escrito:
    words = list(PALABRA.finditer(texto))
    upper = sum(word[0][0].isupper() for word in words[1:])
    telling = upper * 3 <= max(3, len(words) * 2) and any(word[0].islower() for word in words)
    return _Escrito(texto, words, [normalize(word[0]) for word in words], telling)


def names_unknown_party(texto: str) -> str | None:
    """The party that a message limits its question to, as typed; None for ordinary messages.

    Made for parties that `find_contraparte` does not know: a RUT, a capitalized name after a preposition,
    a name after "proveedor", "cliente", "le vendí a", "me facturó", or a word that is none of ordinary
    messages after "compras a", "ventas en", "facturas de". Rather misses one than invents one.
    """
    rut = _RUT.search(texto)
    if rut:
        return rut[0].strip()
    escrito = _escrito(texto[:2000])
    for at in range(len(escrito.words)):
        start, sure = _start(escrito.plain, at)
        if start and (name := _name(escrito, start, sure)):
            return name
        if name := _after_book(escrito, at):
            return name
    return None


def _after_book(escrito: _Escrito, at: int) -> str | None:
    """`compras a sodimac`, `compras en homecenter`, `ventas al colegio`: in small letters too."""
    plain = escrito.plain
    if plain[at] not in {"a", "al", "en", "con", "de"} or not _book_before(plain, at):
        return None
    start = at + 1
    to = plain[at] in {"a", "al"}
    while to and start < len(plain) and plain[start] in _ANTES_DE_NOMBRE:
        start += 1
    word = plain[start] if start < len(plain) else ""
    if to and word in _INSTITUCIONES:
        return _name(escrito, start, True) or escrito.words[start][0]
    if not word.isalpha() or _is_common(word) or (not to and _ES_COSA.fullmatch(word)):
        return None
    return _name(escrito, start, True)


def _book_before(plain: list[str], at: int) -> bool:
    """Whether sales, purchases or documents stand before a place, with only ordinary words between."""
    for word in reversed(plain[max(0, at - _LEJOS) : at]):
        heard = as_heard(word)
        if heard in _LIBROS or _VERBOS.fullmatch(heard):
            return True
        if not (word.isdigit() or is_ordinary(word)):
            return False
    return False


def _is_common(word: str) -> bool:
    """Whether a word in small letters names nobody."""
    if word in RUBROS:
        return False
    return word in _NADIE or word in CAMBIAN or word in COSAS or is_ordinary(word)


def _start(plain: list[str], at: int) -> tuple[int, bool]:
    """Where a name may begin after the word at a place (0: nowhere), and if it needs no capitals."""
    word = plain[at]
    before = plain[at - 1] if at else ""
    if word in _EXPLICITO and before not in {"que", "un", "una", "mi", "cada", "mejor", "mayor"}:
        return at + 1, True
    if before == "me" and _ME.fullmatch(word):
        return at + 1, True
    told = before and _VERBOS_A.fullmatch(before) and at > 1 and plain[at - 2] in {"le", "les", "he", "hemos"}
    if word in {"a", "al"} and told:
        return at + 1, True
    if word in _PREPOSICIONES or (word in {"la", "el", "los", "las"} and before in _PREPOSICIONES):
        return at + 1, False
    return 0, False


def _name(escrito: _Escrito, start: int, sure: bool) -> str | None:
    plain = escrito.plain
    while sure and start < len(plain) and plain[start] in _ANTES_DE_NOMBRE:
        start += 1
    end = start
    while end < min(len(plain), start + 7) and _belongs(escrito, start, end, sure):
        end += 1
    while end > start and plain[end - 1] in _ENLACE:
        end -= 1
    if not any(_tells(word) for word in plain[start:end]):
        return None
    last = escrito.words[end - 1].end()
    legal = SIGLAS.match(escrito.texto.lower(), last + 1) if escrito.texto[last : last + 1] == " " else None
    return escrito.texto[escrito.words[start].start() : legal.end() if legal else last]


def _tells(word: str) -> bool:
    generic = word in _NADIE or word in RUBROS or word in SUFIJOS or word in _ENLACE
    return not generic and not word.isdigit() and len(word) > 1


def _belongs(escrito: _Escrito, start: int, at: int, sure: bool) -> bool:
    """Whether the word at a place goes on with the name begun at `start`."""
    words, word = escrito.words, escrito.plain[at]
    if at > start and escrito.texto[words[at - 1].end() : words[at].start()].strip(" .&"):
        return False
    if at > start and word in _ENLACE:
        return at + 1 < len(words) and at < start + 6 and _belongs(escrito, start, at + 1, sure)
    if word in _NADIE:
        return at > start and word in SUFIJOS
    if escrito.capitals and words[at][0][0].isupper():
        return True
    if _is_common(word):
        return False
    trade = escrito.plain[start] in RUBROS and words[start][0].islower() and at - start <= 3
    return (trade or sure) and not word.isdigit()
