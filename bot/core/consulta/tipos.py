"""Document types named in a message."""

import re
from collections.abc import Callable
from difflib import SequenceMatcher
from functools import lru_cache

from bot.core.consulta.letra import plainly

_TOKEN = re.compile(r"n[/.]? ?[cd]\b\.?|[a-z]+|\d+", re.ASCII)

_FACTURA = {"factura", "facturas", "fact", "facts", "fac", "facs", "ftra", "ftras", "factur", "facturs"}
_BOLETA = {"boleta", "boletas", "bol", "bols", "bolet", "bolets"}
_CONOCIDAS = {
    **dict.fromkeys(_FACTURA, "factura"),
    **dict.fromkeys(_BOLETA, "boleta"),
    **dict.fromkeys(("nota", "notas", "nta", "ntas"), "nota"),
    **dict.fromkeys(("credito", "creditos", "cred", "credit"), "credito"),
    **dict.fromkeys(("debito", "debitos", "deb", "debit"), "debito"),
    **dict.fromkeys(("exenta", "exentas", "exento", "exent"), "exenta"),
    **dict.fromkeys(("electronica", "electronicas", "elec", "elect", "electr"), "electronica"),
    **dict.fromkeys(("afecta", "afectas"), "afecta"),
    **dict.fromkeys(("exportacion", "exportaciones"), "exportacion"),
    **dict.fromkeys(("honorario", "honorarios", "hon"), "honorario"),
    **dict.fromkeys(("guia", "guias"), "guia"),
    **dict.fromkeys(("liquidacion", "liquidaciones"), "liquidacion"),
    **dict.fromkeys(("comprobante", "comprobantes"), "comprobante"),
    **dict.fromkeys(("voucher", "vouchers", "boucher", "bouchers", "baucher"), "voucher"),
    **dict.fromkeys(("declaracion", "declaraciones"), "declaracion"),
    **dict.fromkeys(("nc", "ncs", "n/c", "n.c", "n.c.", "n c", "ndc", "nc."), "nc"),
    **dict.fromkeys(("nd", "nds", "n/d", "n.d", "n.d.", "nd.", "ndd"), "nd"),
    **dict.fromkeys(("din", "dins"), "din"),
}
# Words that look like a type and are none; a typo nearer to one of these is that one.
_PARECIDAS = frozenset(
    """
    facturar facture facturo facturado facturada facturados facturadas facturacion facturaron facturamos
    facturaba facturando facturador factible factor fractura fracturas factoring boletin boletines
    boletear boletero violeta credencial credulo debido debidos debidas debida bebidas bebida electronico
    electrico electrica exactas exacta excento efecto noticia notaria notario anota cotas guiar gula
    expoliacion importacion importaciones debo exportador exportadora exportar creo credo contrato contra
    liquidaciones comprobar comprobado declarar letras
    """.split()
)
_FUZZY = [
    word
    for word in _CONOCIDAS
    if len(word) >= 6 and word not in {"factur", "bolet", "credit", "bouchers", "boucher", "baucher"}
]
_CUTOFF = 0.82
_INICIALES = {"v": "b", "p": "f"}
_ANTES_DE_VERBO = {"cuanto", "se", "me", "te", "le", "nos", "les"}
_EXPORTE = re.compile(r"export(?:e|o|amos|aron|ado|ada|ados|adas|aste)")
# "Ventas exentas": the documents that bear no IVA.
_EXENTAS = {"ventas": {34, 41}, "venta": {34, 41}, "compras": {34}, "compra": {34}}
_CODIGO = {"tipo", "dte", "codigo", "tipos", "dtes"}


@lru_cache(maxsize=4096)
def _clase(word: str) -> str:
    """What a word stands for; "" if it has no part in naming a type."""
    if word in _CONOCIDAS or len(word) < 5 or word in _PARECIDAS or len(word) > 16:
        return _CONOCIDAS.get(word, "")
    first = _INICIALES.get(word[0], word[0])
    near = [
        other for other in (*_FUZZY, *_PARECIDAS) if other[0] == first and abs(len(other) - len(word)) <= 2
    ]
    best = max(near, key=lambda other: _ratio(word, other), default="")
    return _CONOCIDAS.get(best, "") if best and _ratio(word, best) >= _CUTOFF else ""


def names_type(word: str) -> bool:
    """Whether a normalized word has a part in naming a document type, also misspelt."""
    return bool(_clase(word))


def _ratio(word: str, other: str) -> float:
    return SequenceMatcher(None, word, other, autojunk=False).ratio()


class _Lectura:
    """The words of a message and how far they have been read."""

    def __init__(self, texto: str) -> None:
        self.words: list[str] = [match[0] for match in _TOKEN.finditer(plainly(texto))]
        self.at = 0

    def clase(self, ahead: int = 0) -> str:
        return _clase(self.word(ahead))

    def word(self, ahead: int = 0) -> str:
        return self.words[self.at + ahead] if 0 <= self.at + ahead < len(self.words) else ""

    def take(self, *classes: str) -> str:
        """Step over the next word if it is of these classes, also after "de", "del", "no", "y", "o"."""
        skip = 0
        while skip < 2 and self.word(skip) in {"de", "del", "no"}:
            skip += 1
        if self.clase(skip) not in classes:
            return ""
        found = self.clase(skip)
        self.at += skip + 1
        return found

    def take_joined(self, *classes: str) -> str:
        """The same after "y" or "o": "afectas y exentas", "de crédito y de débito"."""
        if self.word() not in {"y", "o", "e"}:
            return ""
        self.at += 1
        found = self.take(*classes)
        self.at -= not found
        return found


def _is_verb(lectura: _Lectura) -> bool:
    """`cuánto factura`, `el que más factura`, `en cuál factura más`."""
    most = lectura.word(-2) == "mas" and lectura.word(-3) in {"que", "q", "quien"}
    return lectura.word(-2) in _ANTES_DE_VERBO or most or (lectura.word(), lectura.word(1)) == ("mas", "")


def _factura(lectura: _Lectura) -> set[int]:
    if lectura.words[lectura.at - 1] == "factura" and _is_verb(lectura):
        return set()
    if lectura.word() in {"de", "d"} and lectura.word(1) == "compra":
        lectura.at += 2
        return {46}
    if lectura.word() in {"de", "en", "d"} and lectura.word(1) == "papel":
        lectura.at += 2
        return {30, 32}
    marks = _marks(lectura, "exportacion")
    if "exportacion" in marks:
        return {110}
    return {33} if marks == {"electronica"} else _by_mark(marks, afecta=33, exenta=34)


def _marks(lectura: _Lectura, *further: str) -> set[str]:
    """The adjectives that follow: "exenta electrónica", "no afectas", "afectas y exentas"."""
    marks: set[str] = set()
    while mark := lectura.take("exenta", "afecta", "electronica", *further) or (
        lectura.take_joined("exenta", "afecta") if marks else ""
    ):
        negated = mark == "afecta" and lectura.words[lectura.at - 2] == "no"
        marks.add("exenta" if negated else mark)
    return marks


def _by_mark(marks: set[str], afecta: int, exenta: int) -> set[int]:
    named = {code for mark, code in (("afecta", afecta), ("exenta", exenta)) if mark in marks}
    return named or {afecta, exenta}


def _boleta(lectura: _Lectura) -> set[int]:
    marks = _marks(lectura, "honorario")
    return set() if "honorario" in marks else _by_mark(marks, afecta=39, exenta=41)


def _nota(lectura: _Lectura) -> set[int]:
    kinds = {lectura.take("credito", "debito"), lectura.take_joined("credito", "debito")}
    return set().union(*(_de_nota(lectura, kind) for kind in sorted(kinds - {""})))


def _de_nota(lectura: _Lectura, kind: str) -> set[int]:
    lectura.take("electronica")
    exportacion = lectura.take("exportacion")
    if kind == "credito":
        return {106, 112} if exportacion else {60, 61}
    return {111} if exportacion else {56}


def _liquidacion(lectura: _Lectura) -> set[int]:
    return {43} if lectura.take("factura") else set()


def _comprobante(lectura: _Lectura) -> set[int]:
    return {48} if lectura.word() == "de" and lectura.word(1) in {"pago", "pagos"} else set()


def _guia(lectura: _Lectura) -> set[int]:
    other_guide = lectura.word() in {"para", "sobre", "rapida"} or (
        lectura.word() == "de" and lectura.word(1) in {"uso", "usuario", "ayuda", "como"}
    )
    return set() if other_guide else {52}


def _declaracion(lectura: _Lectura) -> set[int]:
    return {914} if lectura.word() == "de" and lectura.word(1) == "ingreso" else set()


_READERS: dict[str, Callable[[_Lectura], set[int]]] = {
    "factura": _factura,
    "boleta": _boleta,
    "nota": _nota,
    "nc": lambda lectura: _de_nota(lectura, "credito"),
    "nd": lambda lectura: _de_nota(lectura, "debito"),
    "liquidacion": _liquidacion,
    "comprobante": _comprobante,
    "voucher": lambda _: {48},
    "guia": _guia,
    "declaracion": _declaracion,
    "din": lambda _: {914},
}


def _exported(lectura: _Lectura) -> bool:
    """`cuánto exporté`, `lo exportado`; not `exporta mis datos`."""
    at = lectura.at - 1
    before = lectura.words[max(0, at - 3) : at]
    asked = any(word.startswith(("cuant", "kuant", "quant")) for word in before)
    told = before[-1:] in (["he"], ["hemos"]) or before[-2:] in (["lo", "que"], ["lo", "q"])
    return (asked or told or before[-1:] == ["lo"]) and _EXPORTE.fullmatch(lectura.words[at]) is not None


def find_tipos(texto: str) -> tuple[int, ...]:
    """The codes of the document types that a message names as nouns, ascending.

    "Facturas" are 33 and 34, "notas de crédito" 60 and 61; () when none is named. The verb "facturar"
    and boletas de honorarios name none.
    """
    lectura = _Lectura(texto)
    tipos: set[int] = set()
    while lectura.at < len(lectura.words):
        word, clase = lectura.word(), lectura.clase()
        lectura.at += 1
        if word in _CODIGO and lectura.word().isdigit() and len(lectura.word()) <= 3:
            tipos.add(int(lectura.word()))
        elif word.startswith("export") and _exported(lectura):
            tipos.add(110)
        elif clase in _READERS:
            tipos |= _READERS[clase](lectura)
        elif word == "exportaciones":
            tipos.add(110)
        elif word in _EXENTAS and (mark := lectura.take("exenta", "exportacion")):
            tipos |= _EXENTAS[word] if mark == "exenta" else {110}
    return tuple(sorted(tipos))
