"""A counterparty that a message names and the taxpayer does not have."""

import re
from collections.abc import Iterable
from itertools import pairwise

from bot.core.consulta.escrito import ANTES_DE_NOMBRE, EN_MEDIO, Escrito, is_common, read_name, write
from bot.core.consulta.ordinarias import is_ordinary
from bot.core.consulta.palabras import RUBROS
from bot.core.consulta.partes import SIGLAS
from bot.core.oido import as_heard
from bot.core.texto import normalize

_RUT = re.compile(
    r"(?<![\w.-])(?:\d{1,2}(?:\.\d{3}){2}\s?[-–]?\s?[\dkK]|\d{7,8}\s?[-–]\s?[\dkK])(?![\w-])"
    r"|(?<=\brut )\d{7,8}[\dkK](?!\w)",
    re.IGNORECASE,
)
_EXPLICITO = frozenset(
    "proveedor proveedora cliente clienta empresa contraparte senor senora sr sra don dona".split()
)
_VERBOS_A = re.compile(
    r"(?:[vb]end|factur|co[mn]pr|emit|hice|hicimos|hecho|cobr|pag|deb|abon|deposit|transfer)\w*"
    r"|di|dimos|dado|dao"
)
_PARTICIPIO = re.compile(r"(?:[vb]end[iy]d|factura|co[mn]pra|pagad?|dad?|abonad?|cobrad?|emitid)\w?o")
_A_ALGUIEN = frozenset("le les he e hemos emos".split())
_ME = re.compile(
    r"(?:[vb]end|factur|co[mn]pr(?:o|a|an|aron)$|hizo|iso|hicier|emiti|cobr|mando|mandaron|envi)\w*"
)
_A_MI = frozenset({"me", "nos"})
_RELLENO = frozenset("algo nada harto harta mucho ya tambien alguna otra plata".split())
_PREPOSICIONES = {"a", "al", "de", "del", "con", "en", "para", "por"}

# Trades that are somebody without a name of their own: "ventas al colegio", "le vendí a la constructora".
_INSTITUCIONES = frozenset(
    """
    ferreteria panaderia pasteleria constructora inmobiliaria importadora exportadora distribuidora minera
    pesquera supermercado minimarket almacen restaurant restaurante cafeteria botilleria farmacia clinica
    laboratorio imprenta libreria taller maestranza muebleria verduleria carniceria lavanderia hotel hostal
    colegio instituto universidad fundacion corporacion barraca automotora vidrieria frigorifico consultora
    municipalidad hospital iglesia liceo escuela vina consultorio parroquia molino vivero aserradero
    panificadora condominio packing servicentro hosteria cooperativa transportista
    """.split()
)
_LIBROS = frozenset(
    map(
        as_heard,
        "venta ventas vtas compra compras cpras factura facturas boleta boletas nota notas nc guias".split(),
    )
)
_VERBOS = re.compile(r"(?:bend|kompr|faktur|gast)[a-z]{1,6}")
_LEJOS = 7
# Goods, not names: "facturas de zapatos", "compras de mantención".
_ES_COSA = re.compile(r"[a-z]+(?:[aeo]s|cion|sion|miento|dad|eria|aje|ura)|[a-z]{1,3}")


def names_unknown_party(texto: str) -> str | None:
    """The party that a message limits its question to, as typed; None for ordinary messages.

    Made for parties that `find_contraparte` does not know: a RUT, a capitalized name after a preposition,
    a name after "proveedor", "cliente", "le vendí a", "me facturó", one before "me facturó" or a legal form,
    or a word that is none of ordinary messages after "compras a", "ventas en", "facturas de". Rather misses
    one than invents one.
    """
    rut = _RUT.search(texto)
    if rut:
        return rut[0].strip()
    escrito = write(texto[:2000])
    for at in range(len(escrito.words)):
        if name := _before(escrito, at) or _after(escrito, at) or _after_book(escrito, at):
            return name
    return None


def find_by_trade(typed: str, nombres: Iterable[str]) -> str | None:
    """The only one of the official names that a bare trade can mean: `el colegio`; None if several can."""
    trade = normalize(typed)
    if trade not in _INSTITUCIONES:
        return None
    those = [nombre for nombre in nombres if trade in normalize(nombre).split()]
    return those[0] if len(those) == 1 else None


def _after(escrito: Escrito, at: int) -> str | None:
    start, sure = _start(escrito.plain, at)
    if not start:
        return None
    told = escrito.plain[at] in {"a", "al"} or escrito.plain[at - 1] in _A_MI
    return read_name(escrito, start, sure) or (_trade(escrito, start) if sure and told else None)


def _before(escrito: Escrito, at: int) -> str | None:
    """`Ploteos Norte me facturó`, `pasaje lientur spa`: where a name ends at a place."""
    plain = escrito.plain
    told = plain[at] in _A_MI and at + 1 < len(plain) and _ME.fullmatch(plain[at + 1])
    legal = at > 1 and SIGLAS.match(escrito.texto.lower(), escrito.words[at].start())
    if not told and not legal:
        return None
    for start in range(max(0, at - _LEJOS), at):
        word = plain[start]
        led = word in RUBROS or (escrito.capitals and escrito.words[start][0][0].isupper() and start > 0)
        if led or (legal and (word in EN_MEDIO or not is_common(word))):
            name = read_name(escrito, start, True)
            if name and escrito.words[start].start() + len(name) >= escrito.words[at - 1].end():
                return name
    return None


def _after_book(escrito: Escrito, at: int) -> str | None:
    """`compras a sodimac`, `compras en homecenter`, `ventas al colegio`: in small letters too."""
    plain = escrito.plain
    if plain[at] not in {"a", "al", "en", "con", "de"} or not _book_before(plain, at):
        return None
    start = at + 1
    to = plain[at] in {"a", "al"}
    while to and start < len(plain) and plain[start] in ANTES_DE_NOMBRE:
        start += 1
    if to and (trade := _trade(escrito, start)):
        return trade
    word = plain[start] if start < len(plain) else ""
    goods = not to and _ES_COSA.fullmatch(word) and word not in RUBROS
    if not word.isalpha() or is_common(word) or goods:
        return None
    return read_name(escrito, start, True)


def _trade(escrito: Escrito, start: int) -> str | None:
    """The name led by a trade, or the trade alone if that is somebody."""
    while start < len(escrito.plain) and escrito.plain[start] in ANTES_DE_NOMBRE:
        start += 1
    if start == len(escrito.plain) or escrito.plain[start] not in _INSTITUCIONES:
        return None
    return read_name(escrito, start, True) or escrito.words[start][0]


def _book_before(plain: list[str], at: int) -> bool:
    """Whether sales, purchases or documents stand before a place, with only ordinary words between."""
    for word in reversed(plain[max(0, at - _LEJOS) : at]):
        heard = as_heard(word)
        if heard in _LIBROS or _VERBOS.fullmatch(heard):
            return True
        if not (word.isdigit() or is_ordinary(word)):
            return False
    return False


def _start(plain: list[str], at: int) -> tuple[int, bool]:
    """Where a name may begin after the word at a place (0: nowhere), and if it needs no capitals."""
    word = plain[at]
    before = plain[at - 1] if at else ""
    if word in _EXPLICITO and before not in {"que", "un", "una", "mi", "cada", "mejor", "mayor"}:
        return at + 1, True
    if before in _A_MI and _ME.fullmatch(word):
        start = at + 1
        while start < len(plain) and plain[start] in _RELLENO:
            start += 1
        return start, True
    if word in {"a", "al"} and not at and _told_later(plain):
        return at + 1, True
    if word in {"a", "al"} and _VERBOS_A.fullmatch(before):
        told = _A_ALGUIEN & set(plain[max(0, at - 3) : at - 1]) or _PARTICIPIO.fullmatch(before)
        if told:
            return at + 1, True
    if word in _PREPOSICIONES or (word in {"la", "el", "los", "las"} and before in _PREPOSICIONES):
        return at + 1, False
    return 0, False


def _told_later(plain: list[str]) -> bool:
    """`a la viña cuánto le hemos vendido`: who comes first, and what was done to them after."""
    return any(
        word in {"le", "les"} and (other in {"he", "hemos"} or _VERBOS_A.fullmatch(other))
        for word, other in pairwise(plain)
    )
