"""Whether a message asks for both books at once."""

import re

from bot.core.consulta.letra import plainly
from bot.core.documentos import Libro
from bot.core.oido import as_heard

_PALABRA = re.compile(r"[a-z]+|[,;.?!]", re.ASCII)
# Names of things that hold the word of the other book, or both.
_NOMBRES = re.compile(
    r"\b(?:registro|libro|rcv)s?(?: electronicos?)?(?: de| d)?(?: las?)?"
    r" (?:compras? (?:y|e) ventas?|ventas? (?:y|e) compras?)"
    r"|\bcompra ?(?:y |/ ?|-)?ventas?\b"
    r"|\b(?:factu?ra?s?|orden(?:es)?|notas?|boletas?) (?:de |d )?(?:compra|venta)\b"
)
_VENTAS = frozenset(
    "ventas venta vendi vendimos vendido vendo vtas vta facture facturamos emiti emitimos".split()
)
_COMPRAS = frozenset(
    "compras compra compre compramos comprado compro cpras gaste gastamos gastos gasto".split()
)
_ME_COMPRAN = re.compile(r"compr(?:o|a|an|aron|aba|aban|ado)")
_ME_VENDEN = re.compile(r"(?:vend(?:io|e|en|ieron|ian|ido)|factur(?:o|a|an|aron|ado))")
_APARTE = frozenset("no aparte fuera ni sin".split())
_JUNTAS = re.compile(
    r"\bemitid[ao]s (?:y|e|o) (?:las |los |de las )?recibid[ao]s"
    r"|\brecibid[ao]s (?:y|e|o) (?:las |los )?emitid[ao]s"
    r"|\bingresos? (?:y|e|vs|versus|menos) (?:mis |los )?(?:gastos|egresos)"
)


def names_both_books(texto: str) -> bool:
    """Whether a message asks for sales and for purchases: `ventas y compras de septiembre`.

    "Registro de compras y ventas" and "factura de compra" are names; who "me compró" is a client.
    """
    normal = plainly(texto)[:4000]
    return _JUNTAS.search(normal) is not None or _named(normal) == {"ventas", "compras"}


def find_libro(texto: str) -> Libro | None:
    """The only book that a message names: `actualiza mis ventas`; None if it names both or none."""
    found = _named(plainly(texto)[:4000])
    return Libro(found.pop()) if len(found) == 1 else None


def _named(normal: str) -> set[str]:
    words = _PALABRA.findall(_NOMBRES.sub(" ", normal))
    return {libro for at in range(len(words)) if (libro := _libro(words, at)) and not _left_out(words, at)}


def _libro(words: list[str], at: int) -> str:
    word = words[at]
    if {"me", "nos"} & set(words[max(0, at - 2) : at]):
        if _ME_COMPRAN.fullmatch(word):
            return "ventas"
        if _ME_VENDEN.fullmatch(word):
            return "compras"
    heard = as_heard(word)
    if heard in _VENTAS_OIDAS:
        return "ventas"
    return "compras" if heard in _COMPRAS_OIDAS and word not in {"compro", "compra"} else ""


def _left_out(words: list[str], at: int) -> bool:
    """`no lo que compré, lo que vendí`; `aparte de lo que vendí`."""
    for word in reversed(words[max(0, at - 5) : at]):
        if not word.isalpha() or word in {"y", "cuanto"}:
            return False
        if word in _APARTE:
            return True
    return False


_VENTAS_OIDAS = frozenset(map(as_heard, _VENTAS))
_COMPRAS_OIDAS = frozenset(map(as_heard, _COMPRAS))
