"""The months that a message asks for."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise

from bot.core.consulta.abiertos import RELLENO, mark_open, word_before
from bot.core.consulta.anios import Tokens
from bot.core.consulta.dias import relative_day, stressed_day
from bot.core.consulta.mencion import Mencion
from bot.core.consulta.menciones import find_menciones
from bot.core.consulta.tokens import tokenize
from bot.core.errors import DayNotSupportedError
from bot.core.periodo import FIRST_PERIODO, Periodo

_RANGO = {
    ("a",), ("al",), ("hasta",), ("-",), ("–",), ("—",), ("pa",), ("y", "hasta"), ("hasta", "a"),
    (",", "hasta"),
    ("asta",), ("hasta", "al"), ("a", "hasta"),
}  # fmt: skip
_LISTA = frozenset(
    """
    , y e o u & + / ni mas con vs versus contra en tambien comparado comparada respecto comparacion a al . ;
    """.split()
)
_COMPARA = frozenset(", y e con vs versus contra comparado comparada respecto al a lo que o".split())
_ENTRE_ABIERTOS = frozenset("y e , pero antes previo en adelante hasta".split())
_DESDE = frozenset({"desde", "partir", "dsd", "dde", "desd"})
_DIFERENCIA = frozenset(
    "diferencia comparacion compara comparar comparame comparativo comparativa variacion diferencias".split()
)
_ANTES_DE_ANIO = frozenset("pero , al en . ? digo ventas compras facturas boletas".split())
_PLAZOS = ("vence", "plazo", "declar", "pagar", "pago", "entreg", "antes", "presentar")


def find_periodos(texto: str, hoy: date) -> tuple[Periodo, ...]:
    """The months named in a message, ascending and once each; () when none is named.

    Args:
        texto: as the person typed it.
        hoy: today in Chile; a month without a year is the latest one that has begun.

    Returns:
        Every month of a range, both ends included. Months to come and before 2017 too: see
        `check_in_register`.

    Raises:
        DayNotSupportedError: if it asks for a day, a week or another part of a month; `periodo` is
            the name of the whole month nearest to it, `mes` its code.
        PeriodoInvalidError: for a month that does not exist, such as 13/2025.
    """
    spans = find_tramos(texto, hoy)
    return tuple(sorted({periodo for first, last in spans for periodo in first.until(last)}))


def find_tramos(texto: str, hoy: date) -> list[tuple[Periodo, Periodo]]:
    """The same, each mention by itself as its first and last month, in the order of the message.

    Raises:
        As `find_periodos`.
    """
    tokens = tokenize(texto)
    tramos = list(_resolve(tokens, list(find_menciones(tokens, hoy)), hoy))
    dia = stressed_day(tokens, hoy)
    if dia:
        raise _no_days(tramos[0][0] if tramos else dia)
    if not tramos and (dia := relative_day(tokens, hoy)):
        raise _no_days(dia)
    return tramos


def _resolve(tokens: Tokens, menciones: list[Mencion], hoy: date) -> Iterator[tuple[Periodo, Periodo]]:
    """The first and last month of each range; days that do not make whole months are refused."""
    menciones = _without_deadlines(tokens, menciones)
    menciones = [mark_open(tokens, mencion) for mencion in _share_years(tokens, menciones, hoy)]
    at = 0
    while at < len(menciones):
        mencion = menciones[at]
        following = menciones[at + 1] if at + 1 < len(menciones) else None
        if following and not mencion.ahora and _is_range(tokens, mencion, following):
            yield _range(mencion, following, hoy)
            at += 2
            continue
        if not mencion.ahora:
            yield _alone(tokens, mencion, hoy)
        at += 1


def _range(start: Mencion, end: Mencion, hoy: date) -> tuple[Periodo, Periodo]:
    if end.year is None and start.year is not None:
        year = start.year + (end.primero < start.primero)
        end = replace(end, year=year)
    end = end.with_year(hoy)
    if start.year is None:
        start = replace(start, year=(end.year or 0) - (start.primero > end.primero and not end.primero < 1))
    if not (start.starts_month() and end.ends_month()):
        raise _no_days(start.first())
    first, last = sorted((start.first(), end.clipped_last(hoy)))
    return first, last


def _alone(tokens: Tokens, mencion: Mencion, hoy: date) -> tuple[Periodo, Periodo]:
    said = mencion.with_year(hoy)
    first, last, now = said.first(), said.clipped_last(hoy), Periodo.of(hoy)
    before = word_before(tokens, mencion)
    if said.abierto == "desde" or (before in _DESDE and said.starts_month()):
        return first, max(now, last)
    if not (said.starts_month() and said.ends_month()):
        raise _no_days(first)
    if said.abierto == "hasta" and said.paso == 12:
        return min(FIRST_PERIODO, last), last
    if said.abierto == "hasta" or before in {"hasta", "asta"}:
        return Periodo(first.year, 1), last
    return first, last


def _gap(tokens: Tokens, one: Mencion, other: Mencion) -> Tokens:
    return tuple(token for token in tokens[one.fin : other.inicio][:12] if token not in RELLENO)


def _is_range(tokens: Tokens, start: Mencion, end: Mencion) -> bool:
    gap = _gap(tokens, start, end)
    if start.abierto == "desde" and end.abierto == "hasta":
        return set(gap) <= _ENTRE_ABIERTOS
    if word_before(tokens, start) == "entre" and gap in {("y",), ("e",), ("a",), ("hasta",)}:
        return not _DIFERENCIA & set(tokens[max(0, start.inicio - 6) : start.inicio])
    return gap in _RANGO and start.abierto != "hasta"


def _share_years(tokens: Tokens, menciones: list[Mencion], hoy: date) -> list[Mencion]:
    """Give the months of a list or range the year said once, and the years their month."""
    menciones = _join_year_and_month(tokens, menciones, hoy)
    shared = list(menciones)
    for at in range(len(shared) - 2, -1, -1):
        one, other = shared[at], shared[at + 1]
        if one.year is None and other.year is not None and not other.ahora and other.paso < 12:
            shared[at] = _with_later_year(tokens, one, other, hoy)
    for at, (one, other) in enumerate(pairwise(list(shared))):
        if _is_one_before(tokens, one, other):
            shared[at + 1] = replace(other, year=(one.with_year(hoy).year or 0) - 1)
            continue
        if _listed(tokens, one, other) and shared[at].year is not None and other.year is None:
            shared[at + 1] = _with_earlier_year(menciones[at], shared[at], other)
    return shared


def _is_one_before(tokens: Tokens, one: Mencion, other: Mencion) -> bool:
    """Whether `este febrero` is followed by `el febrero pasado`."""
    same = one.year is other.year is None and (one.primero, one.ultimo) == (other.primero, other.ultimo)
    return same and tokens[other.fin : other.fin + 1] in {("pasado",), ("anterior",)}


def _with_later_year(tokens: Tokens, one: Mencion, other: Mencion, hoy: date) -> Mencion:
    if _is_range(tokens, one, other):
        return replace(one, year=(other.year or 0) - (one.primero > other.primero and other.primero > 0))
    if not _listed(tokens, one, other) or other.paso > one.paso or _is_relative(tokens, other):
        return one
    if (one.primero, one.ultimo) == (other.primero, other.ultimo):  # octubre with last year's
        return one
    listed = replace(one, year=other.year)
    return listed if listed.first() <= Periodo.of(hoy) else replace(one, year=(other.year or 0) - 1)


def _with_earlier_year(written: Mencion, one: Mencion, other: Mencion) -> Mencion:
    # "marzo y abril" have each their latest year; "marzo 2025 y abril" share one.
    return replace(other, year=one.year) if written.year is not None and other.dia is None else other


def _is_relative(tokens: Tokens, mencion: Mencion) -> bool:
    """Whether its year comes from today ("este mes") rather than being said after the month."""
    return tokens[mencion.inicio] in {
        "este",
        "presente",
        "ultimo",
        "mes",
        "hace",
        "ultimos",
        "misma",
        "mismo",
    }


def _listed(tokens: Tokens, one: Mencion, other: Mencion) -> bool:
    return set(_gap(tokens, one, other)) <= _LISTA and other.inicio - one.fin < 12


def _join_year_and_month(tokens: Tokens, menciones: list[Mencion], hoy: date) -> list[Mencion]:
    """`2025, marzo` and `marzo pero del 2025` are one; `marzo y el año pasado` is marzo in two years."""
    joined: list[Mencion] = []
    for mencion in menciones:
        one = joined[-1] if joined else None
        if one is None:
            joined.append(mencion)
        elif mencion.paso == 12 and one.paso < 12 and not one.ahora and one.ultimo - one.primero < 12:
            joined[-1:] = _month_then_year(tokens, one, mencion, hoy)
        elif (
            one.paso == 12
            and mencion.year is None
            and set(_gap(tokens, one, mencion)) <= {",", "-", "/", "en"}
        ):
            joined[-1] = replace(mencion, inicio=one.inicio, year=one.year)
        else:
            joined.append(mencion)
    return joined


def _month_then_year(tokens: Tokens, month: Mencion, year: Mencion, hoy: date) -> list[Mencion]:
    gap = set(_gap(tokens, month, year))
    if month.year == year.year and gap <= {",", "en", "o", "sea", ".", "("}:  # "de este año 2026"
        return [replace(month, fin=year.fin)]
    if gap and gap <= _COMPARA and "hasta" not in gap and gap != {"a"}:
        return [month.with_year(hoy), replace(month, inicio=year.inicio, fin=year.fin, year=year.year)]
    if month.year is None and year.inicio - month.fin <= 4 and gap <= _ANTES_DE_ANIO:
        return [replace(month, fin=year.fin, year=year.year)]
    return [month, year]


def _without_deadlines(tokens: Tokens, menciones: list[Mencion]) -> list[Mencion]:
    """Leave out the day something is due when the months asked for are said apart from it."""
    if all(mencion.dia or mencion.ahora for mencion in menciones):
        return menciones
    return [mencion for mencion in menciones if not (mencion.dia and _is_deadline(tokens, mencion))]


def _is_deadline(tokens: Tokens, mencion: Mencion) -> bool:
    near = tokens[max(0, mencion.inicio - 5) : mencion.inicio]
    return any(token.startswith(_PLAZOS) for token in near)


def _no_days(nearest: Periodo) -> DayNotSupportedError:
    return DayNotSupportedError(periodo=nearest.nombre, mes=str(nearest))
