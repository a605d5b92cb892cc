"""Amounts of money as contracts write them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from bot.core.contratos.numeros import read_numero
from bot.core.contratos.plano import plegar

_CIFRA = r"\d{1,3}(?:\.\d{3}){1,5}(?:,\d{1,4})?|\d{1,3}(?:,\d{3}){1,5}(?:\.\d{1,2})?|\d{1,15}(?:[.,]\d{1,6})?"
_MILES = r"(?: {1,2}(?P<escala>mil|millon(?:es)?|palos|lucas)\b)?"
_UF, _UTM = r"u\.? ?f\.?(?![a-z])", r"u\.? ?t\.? ?m\.?(?![a-z])"
_DOLAR = r"(?:us\$|usd\$?|u\$s|u\$d|dolares)"
_ANTES = re.compile(
    rf"(?:(?P<uf>(?<![a-z]){_UF})|(?P<utm>(?<![a-z]){_UTM})|(?P<usd>(?<![a-z])(?:us ?\$|usd ?\$?|u\$[sd]))"
    rf"|(?P<eur>€|(?<![a-z])eur\b)|(?P<clp>(?<![a-z])clp ?\$?|\$)) {{0,2}}(?P<cifra>{_CIFRA}){_MILES}"
    r"(?: {0,2}(?P<tras>usd|dolares|uf|u\.f|utm|euros)\b)?"
)
_MONEDA = (
    rf"(?:(?P<uf>{_UF}|(?:unidad(?:es)? )?de fomento|unidad(?:es)? de fomento)"
    rf"|(?P<utm>{_UTM}|unidad(?:es)? tributarias? mensual(?:es)?)"
    rf"|(?P<usd>usd\b|us\$|dolares\b|dolar\b)|(?P<eur>euros?\b|eur\b)|(?P<clp>pesos?\b|clp\b|lucas\b))"
)
_DESPUES = re.compile(rf"(?<![\d.,/$-])(?P<cifra>{_CIFRA}){_MILES}(?: {{1,2}}de)? {{0,2}}{_MONEDA}")
_TRAS_PALABRAS = re.compile(
    rf" {{0,3}}(?:(?:coma"
    rf"|con) (?P<dec>[a-z ]{{2,30}}?) )?(?:\([^()]{{1,30}}\) {{0,2}})?(?:de {{1,2}})?{_MONEDA}"
)
_EN_PALABRAS = re.compile(
    r"(?<![a-z])(?:(?:un[oa]?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince"
    r"|dieci[a-z]{3,5}|veint[a-z]{1,8}|(?:trei|cuare|cincue|sese|sete|oche|nove)nta|cien|ciento"
    r"|[a-z]{3,6}cient[oa]s|quinient[oa]s|mil|medio)) {1,3}"
)
_IVA = re.compile(
    r"[^.;\n]{0,40}?\b(?:(?P<mas>mas(?: el)?|\+) ?(?:i\.?v\.?a\b|impuesto al valor)"
    r"|(?P<con>iva incluido|con iva|incluye iva))"
)
_ESCALA = {"mil": 10**3, "millon": 10**6, "millones": 10**6, "palos": 10**6, "lucas": 10**3, None: 1}
_MONEDAS = ("uf", "utm", "usd", "eur", "clp")
_JUNTO = re.compile(r"[ ().\-=,:]{0,5}(?:equivalentes? a |o sea |es decir,? |son |esto es,? )?[ (:]{0,3}$")


@dataclass(frozen=True, slots=True)
class Monto:
    """An amount in CLP, UF, UTM, USD or EUR.

    `iva` is "mas" (to be added), "incluido" or empty (the text does not tell). `contradice` is the amount
    of the same place in words, where it is another than the one in figures.
    """

    cantidad: Decimal
    moneda: str
    iva: str = ""
    contradice: Decimal | None = None

    def __str__(self) -> str:
        entero, _, decimales = f"{self.cantidad:,f}".partition(".")
        texto = entero.replace(",", ".") + ("," + decimales if decimales else "")
        return f"${texto}" if self.moneda == "CLP" else f"{self.moneda} {texto}"


@dataclass(frozen=True, slots=True)
class MontoEscrito:
    """An amount and where a text says it, words and figures together."""

    inicio: int
    fin: int
    valor: Monto


@dataclass(frozen=True, slots=True)
class _Leido:
    inicio: int
    fin: int
    cantidad: Decimal
    moneda: str
    palabras: bool = False


def find_montos(texto: str) -> list[MontoEscrito]:
    """Every amount with its currency, in the order of the text.

    `ochocientos cincuenta mil pesos ($850.000.-)` is one amount, as is `$850.000 (ochocientos…)`.
    """
    plano = plegar(texto)
    read = sorted([*_figures(plano), *_words(plano)], key=lambda leido: (leido.inicio, -leido.fin))
    result: list[MontoEscrito] = []
    at = 0
    while at < len(read):
        first, at = read[at], at + 1
        while at < len(read) and read[at].inicio < first.fin:
            at += 1
        second = read[at] if at < len(read) else None
        paired = second is not None and _pair(plano, first, second)
        at += paired
        while paired and second and at < len(read) and read[at].inicio < second.fin:
            at += 1
        result.append(_written(plano, first, second if paired else None))
    return result


def _pair(plano: str, first: _Leido, second: _Leido) -> bool:
    between = plano[first.fin : second.inicio]
    same = first.moneda == second.moneda and first.palabras != second.palabras
    return same and len(between) < 30 and _JUNTO.fullmatch(between) is not None


def _written(plano: str, first: _Leido, second: _Leido | None) -> MontoEscrito:
    fin = (second or first).fin
    figure = second if second and first.palabras else first
    word = first if figure is second else second
    other = word.cantidad if word and word.cantidad != figure.cantidad else None
    found = _IVA.match(plano, fin)
    iva = "" if found is None else "mas" if found["mas"] else "incluido"
    return MontoEscrito(first.inicio, fin, Monto(figure.cantidad, figure.moneda, iva, other))


def _figures(plano: str) -> Iterator[_Leido]:
    for pattern in (_ANTES, _DESPUES):
        for found in pattern.finditer(plano):
            groups = found.groupdict()
            moneda = next(name for name in _MONEDAS if groups[name]).upper()
            if groups.get("tras"):
                moneda = {"u": "USD", "d": "USD", "e": "EUR"}[groups["tras"][0]]
                moneda = {"uf": "UF", "u.f": "UF", "utm": "UTM"}.get(groups["tras"], moneda)
            cantidad = _number(found["cifra"]) * _ESCALA[groups["escala"]]
            if groups["clp"] == "lucas":
                cantidad *= 1000
            yield _Leido(found.start(), found.end(), cantidad, moneda)


def _number(cifra: str) -> Decimal:
    """`1.200.000,5` and `1,200,000.5` alike; `25,5` and `25.5` have decimals, `1.200` has none."""
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", cifra) and not cifra.startswith("0"):
        return Decimal(re.sub(r"[.,]", "", cifra))
    last = max(cifra.rfind("."), cifra.rfind(","))
    whole, decimals = (cifra, "") if last < 0 else (cifra[:last], cifra[last + 1 :])
    return Decimal(re.sub(r"[.,]", "", whole) + ("." + decimals if decimals else ""))


def _words(plano: str) -> Iterator[_Leido]:
    until = 0
    for found in _EN_PALABRAS.finditer(plano):
        if found.start() < until:
            continue
        number = read_numero(plano, found.start())
        if number is None:
            continue
        until = number.fin
        after = _TRAS_PALABRAS.match(plano, number.fin)
        if after is None:
            continue
        groups = after.groupdict()
        cantidad = Decimal(number.valor) + _decimals(groups["dec"])
        cantidad *= 1000 if groups["clp"] == "lucas" else 1
        moneda = next(name for name in _MONEDAS if groups[name]).upper()
        until = after.end()
        yield _Leido(found.start(), until, cantidad, moneda, palabras=True)


def _decimals(words: str | None) -> Decimal:
    number = read_numero(words) if words else None
    return Decimal(f"0.{number.valor}") if number else Decimal(0)
