"""Amounts of a contract and what they are for: prices, guarantees, fines, interest, adjustments."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from bot.core.contratos.datos import Dato, Multa, Pago
from bot.core.contratos.frases import Frase
from bot.core.contratos.montos import Monto, MontoEscrito

_CONCEPTOS = tuple(
    (name, re.compile(words))
    for name, words in (
        ("multa", r"multas?\b|clausula penal|\bpena\b|sancion|se atrasa|atraso en|(?:dia"
        r"|hora) de (?:atraso|retraso|mora)"),
        ("tope", r"\btope\b|\bmaximo\b|no (?:podra )?(?:exceder|superar)\w*|limite de"),
        ("garantia", r"garantia|garantiza|deposito|caucion"),
        ("colacion", r"colacion"),
        ("movilizacion", r"movilizacion"),
        ("gratificacion", r"gratificacion"),
        ("bono", r"\bbono\b|aguinaldo|incentivo"),
        ("gastos comunes", r"gastos? comun(?:es)?"),
        ("indemnizacion", r"indemnizacion"),
        ("renta", r"\brentas?\b|canon|arriendo|arrendamiento|alquiler|me paga|mensualidad"),
        ("sueldo", r"sueldo|remunera(?:cion|r)|salario"),
        ("honorarios", r"honorarios?"),
        ("cuota", r"cuotas?\b|dividendos?"),
        ("pie", r"\bpie\b|anticipo|reserva de"),
        ("prima", r"\bprima\b"),
        ("regalia", r"royalt\w+|regalias?"),
        ("derecho de entrada", r"derecho de (?:entrada|ingreso)|canon de entrada|fee de entrada"),
        ("capital", r"mutuo|prestamo|\bcapital\b|presta\b"),
        ("comision", r"comision"),
        ("avaluo", r"avaluo|valor (?:comercial|asegurado)|monto asegurado"),
        ("precio", r"precio|\bvalor\b|tarifas?|\bcostos?\b|pagara|\bpago\b|presupuesto"
        r"|cobra(?:ra)?\b|\bfee\b|suscripcion"),
    )
)  # fmt: skip
_CADA = (
    ("mensual", r"mensual\w*|al mes|por mes|cada mes|/ ?mes"
        r"|meses vencidos"), ("anual", r"anual\w*|al ano|por ano\b|cada ano\b"),
    ("semanal", r"semanal\w*|por semana"
        r"|a la semana"), ("quincenal", r"quincenal\w*"), ("trimestral", r"trimestral\w*"),
    ("semestral", r"semestral\w*"), ("por día", r"diari[oa]s?|por (?:cada )?dia|al dia|cada dia"),
    ("por hora", r"por (?:cada )?hora|la hora"), ("por viaje", r"(?:por )?cada viaje|por viaje|por flete"),
    ("por unidad", r"por (?:cada )?(?:unidad|kilo|kg|litro|caja|tonelada|metro|visita|usuario|evento"
        r"|m2)|la unidad"),
)  # fmt: skip
_POR = re.compile(
    r"(?:por|cada)(?: cada)? (?P<que>dia|hora|semana|mes|evento|incumplimiento|infraccion|vez)"
    r"|(?P<diario>diari[oa]s?)\b"
)
_PORCIENTO = re.compile(
    r"(?<![\d.,])(?P<n>\d{1,3}(?:[.,]\d{1,4})?) ?(?:\([^()]{2,30}\) ?)?(?:%|por ciento|por mil)"
)
_MULTA = re.compile(
    r"\bmultas?\b|clausula penal|\bpena\b|por (?:cada )?dia de (?:atraso|retraso|mora)|si (?:se"
    r"|me) atrasa|pesos por dia"
)
_TOPE = re.compile(r"(?:\btope|\bmaxim[oa]|limite|hasta(?: por)?|exced\w+|super\w+|mas alla)[^.;]{0,40}$")
_INTERES = re.compile(
    r"interes(?:es)?(?: \w+){0,3}? (?P<clase>maximo convencional|corriente|legal|maximo)"
    r"|maximo interes convencional|interes maximo"
)
_REAJUSTE = re.compile(
    r"reajust\w+|variacion (?:que experimente|del)|\bi\.?p\.?c\b|indice de precios|se ajustara"
)


def find_pagos(frases: Sequence[Frase]) -> tuple[Dato[Pago], ...]:
    """Every amount of the contract but those of fines and their limits, in the order of the text."""
    pagos = []
    for frase in frases:
        for escrito in frase.montos:
            concepto, sure = _concept(frase, escrito)
            if concepto not in {"multa", "tope"} and not (
                _MULTA.search(frase.plano) and concepto != "garantia" and not sure
            ):
                pagos.append(
                    frase.dato(Pago(concepto, escrito.valor, _period(frase, escrito)), 0.85 if sure else 0.5)
                )
    return tuple(pagos)


def _concept(frase: Frase, escrito: MontoEscrito) -> tuple[str, bool]:
    """What an amount is for, and whether its own sentence says so."""
    previous = max((other.fin for other in frase.montos if other.fin <= escrito.inicio), default=0)
    since = max((frase.plano.rfind(mark, previous, escrito.inicio) for mark in (";", ". ")), default=-1)
    own = frase.plano[max(previous, since, escrito.inicio - 160) : escrito.inicio]
    if name := _last_concept(own):
        return _narrow(name, own), True
    for text, sure in ((frase.despues(escrito.fin, 60).split(";", 1)[0], True), (frase.titulo, False)):
        first = next((name for name, words in _CONCEPTOS if words.search(text)), "")
        if first:
            return _narrow(first, text), sure
    return "", False


def _last_concept(text: str) -> str:
    found = [
        (match.end(), -order, name)
        for order, (name, words) in enumerate(_CONCEPTOS)
        for match in words.finditer(text)
    ]
    return max(found)[2] if found else ""


def _narrow(name: str, text: str) -> str:
    """ "Precio" and "pagará" say less than the word before them: `los honorarios tendrán un valor de`."""
    if name != "precio":
        return name
    narrow = (
        "multa",
        "renta",
        "sueldo",
        "honorarios",
        "cuota",
        "garantia",
        "comision",
        "prima",
        "colacion",
        "movilizacion",
    )
    clear = [other for other, words in _CONCEPTOS if other in narrow and words.search(text)]
    return clear[0] if clear else name


def _period(frase: Frase, escrito: MontoEscrito) -> str:
    until = min((other.inicio for other in frase.montos if other.inicio > escrito.inicio), default=10**9)
    after = re.split(r"[;.] ", frase.plano[escrito.fin : min(escrito.fin + 60, until)])[0]
    if until < escrito.fin + 60:
        after = re.split(r", | y ", after)[0]
    before = frase.antes(escrito.inicio, 90)
    for text in (after, before, frase.titulo):
        found = min(
            ((match.start(), name) for name, words in _CADA if (match := re.search(words, text))),
            default=None,
        )
        if found:
            return found[1]
    return ""


def find_multas(frases: Sequence[Frase]) -> tuple[Dato[Multa], ...]:
    """The fines, by amount or percentage."""
    multas = []
    for frase in frases:
        word = _MULTA.search(frase.plano)
        multa = _fine(frase, word.start()) if word else None
        if multa:
            multas.append(frase.dato(multa, 0.85))
    return tuple(multas)


def _fine(frase: Frase, word: int) -> Multa | None:
    start = (
        0 if "por dia" in frase.plano[word : word + 40] or "dia de" in frase.plano[word : word + 30] else word
    )
    montos = [
        one
        for one in frase.montos
        if one.inicio >= start and _concept(frase, one)[0] not in {"renta", "garantia"}
    ]
    percents = [
        (found.start(), Decimal(found["n"].replace(",", ".")))
        for found in _PORCIENTO.finditer(frase.plano, start)
    ]
    top = [one.valor for one in montos if _TOPE.search(frase.antes(one.inicio, 60))]
    top_percent = [value for at, value in percents if _TOPE.search(frase.antes(at, 60))]
    plain = [one for one in montos if one.valor not in top]
    plain_percent = [(at, value) for at, value in percents if value not in top_percent]
    if not plain and not plain_percent:
        return None
    monto = (
        plain[0].valor if plain and not (plain_percent and plain_percent[0][0] < plain[0].inicio) else None
    )
    porcentaje = None if monto else plain_percent[0][1]
    per = _POR.search(frase.plano, word) or _POR.search(frase.plano)
    por = "" if per is None else "dia" if per["diario"] else per["que"]
    return Multa(monto, porcentaje, por, next(iter(top), None), next(iter(top_percent), None))


def find_interes(frases: Sequence[Frase]) -> Dato[str] | None:
    """The interest for paying late, else the one of the loan: `máximo convencional`, `1,2% mensual`."""
    late = [frase for frase in frases if re.search(r"\bmora\b|retardo|atras|retraso", frase.plano)]
    for frase in [*late, *frases]:
        found = _INTERES.search(frase.plano)
        if found:
            clase = found["clase"] or "maximo"
            return frase.dato(
                clase.replace("maximo convencional", "maximo").replace("maximo", "máximo convencional"), 0.9
            )
        percent = _PORCIENTO.search(frase.plano) if "interes" in frase.plano else None
        if percent:
            per = re.search(r"mensual|anual|diario", frase.despues(percent.end(), 30))
            return frase.dato(f"{percent['n'].replace('.', ',')}%{' ' + per[0] if per else ''}", 0.85)
    return None


def find_reajuste(frases: Sequence[Frase], pagos: Sequence[Dato[Pago]]) -> Dato[str] | None:
    """How amounts grow: `IPC`, `UF`, or `reajustable` if the text does not say by what."""
    for frase in frases:
        if not _REAJUSTE.search(frase.plano):
            continue
        if re.search(r"\bi\.?p\.?c\b|indice de precios", frase.plano):
            return frase.dato("IPC", 0.9)
        if re.search(r"no (?:se )?(?:reajust|sera reajust)|sin reajust", frase.plano):
            return frase.dato("sin reajuste", 0.85)
        by = re.search(r"\bu\.?f\b|unidad(?:es)? de fomento", frase.plano)
        return frase.dato("UF" if by else "reajustable", 0.7)
    in_uf = [
        pago
        for pago in pagos
        if pago.valor.monto.moneda == "UF"
        and pago.valor.concepto in {"renta", "precio", "honorarios", "cuota"}
    ]
    return Dato("UF", in_uf[0].cita, in_uf[0].clausula, in_uf[0].pagina, 0.7) if in_uf else None


# How the disagreement of an amount begins, beside those of dates.
EN_CIFRAS = "En cifras dice"


def find_desacuerdos(frases: Sequence[Frase]) -> Iterator[Dato[str]]:
    """Amounts whose words and figures differ."""
    for frase in frases:
        for escrito in frase.montos:
            monto = escrito.valor
            if monto.contradice is not None:
                words = Monto(monto.contradice, monto.moneda)
                yield frase.dato(
                    f"{EN_CIFRAS} {Monto(monto.cantidad, monto.moneda)} y en palabras {words}.", 0.95
                )
