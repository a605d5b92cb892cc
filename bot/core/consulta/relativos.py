"""Months said after others: `y el anterior?`, `no, de 2025`, `noviembre de ese año`, `esos mismos meses`."""

import re
from datetime import date

from bot.core.consulta.letra import plainly
from bot.core.consulta.menciones import find_menciones
from bot.core.consulta.periodos import find_periodos
from bot.core.consulta.tipos import find_tipos
from bot.core.consulta.tokens import tokenize
from bot.core.consulta.unidades import UNIDADES
from bot.core.periodo import Periodo

_AFECTAS = re.compile(r"\b(?:no )?(exent|afect)[ao]s?\b")

type Meses = tuple[Periodo, ...]

_UNIDAD = "mes|bimestre|trimestre|cuatrimestre|semestre|ano|periodo"
_ATRAS = "anterior(?:es)?|previ[oa]s?|de antes|antes|mas atras"
_ADELANTE = "siguientes?|proxim[oa]s?|que (?:le )?sigue|que viene despues|posterior|de despues|despues"
# "El mes pasado" and "dos meses atrás" are counted from today, "el mes anterior" from what was spoken of.
_MOVIDO = re.compile(
    rf"(?:^|\b(?:el|del|al|los?|las?|un|y|con|vs|contra) )"
    rf"(?:(?P<unidad>{_UNIDAD})(?:es)? )?(?:inmediatamente )?"
    rf"(?:(?P<atras>{_ATRAS})|(?P<adelante>{_ADELANTE}))\b(?! de (?!ese|eso|esos|ese))"
)
_ESE = re.compile(
    r"\b(?:es[eo]s?|mism[oa]s?|dich[oa]s?|aquel(?:los)?|los dos|ambos) (?:mism[oa]s? )?"
    rf"(?:{_UNIDAD}|fecha)(?:e?s)?\b"
)
# "El mismo mes de 2025" is the one spoken of, in that year.
_MISMO = re.compile(
    rf"\b(?:(?:es[eo]|el|la|del|igual|dich[oa]) )?(?:mism[oa]s? |igual(?:es)? )(?:{_UNIDAD}|fecha)(?:e?s)?\b"
    r"(?: (?:pero |en |del? |el ))?"
)
_ESE_ANIO = re.compile(r"\b(?:ese|aquel|del? mismo|el mismo) (?:mismo )?ano\b")
_ENTERO = re.compile(
    r"\b(?:todo|entero|completo|total del|acumulado|corrido) (?:el )?(?:ano )?|\bano (?:entero|completo)\b"
)
_NO_ESE = (
    re.compile(
        r"^(?:y |pero |ay )*no,? (?:(?:en|de|era|es|fue|el|los|las) )*\w+ ?[,;.]? ?"
        r"(?=(?:en|de|era|es|sino|el)\b)"
    ),
    re.compile(r"\b\w+ no ?, ?"),
)


def read_meses(texto: str, hoy: date, previos: Meses, *, sigue: bool) -> Meses:
    """The months that a message means after others were spoken of; () if it names none.

    Args:
        previos: the months spoken of, ascending.
        sigue: whether it goes on with them, so that `de 2025` is theirs of another year; a new question
            goes on with them only where it says so ("ese mes").

    Raises:
        As `find_periodos`.
    """
    normal = plainly(texto)
    if not previos:
        return find_periodos(texto, hoy)
    if sigue:
        texto = normal = _without_the_wrong_one(normal, hoy)
    said = find_periodos(texto, hoy)
    whole = _is_years(texto, hoy)
    if other := _same_in_another_year(normal, hoy):
        return _in_year(previos, other)
    if _ESE_ANIO.search(normal):
        return _in_year(said, previos[-1].year) if said and not whole else said
    if _ESE.search(normal) and (not said or whole):
        return _in_year(previos, said[0].year) if whole else previos
    return _after_others(texto, hoy, said, previos) if sigue else said


def _same_in_another_year(normal: str, hoy: date) -> int:
    """The year of `el mismo mes de 2025`; 0 if it is none of that."""
    rest = _MISMO.sub(" ", normal, count=1)
    if rest == normal or not _is_years(rest, hoy) or _ESE_ANIO.search(normal):
        return 0
    return find_periodos(rest, hoy)[0].year


def _after_others(texto: str, hoy: date, said: Meses, previos: Meses) -> Meses:
    """`el anterior`, `de 2025`, `abril` after a marzo of another year."""
    normal = plainly(texto)
    if (moved := _MOVIDO.search(normal)) and (not said or _is_relative_only(texto, hoy)):
        return _moved(previos, moved)
    if _is_years(texto, hoy) and not _ENTERO.search(normal) and not _is_year(previos, hoy):
        return _in_year(previos, said[0].year)
    return _same_year(texto, hoy, said, previos)


def read_tipos(texto: str, previos: tuple[int, ...]) -> tuple[int, ...]:
    """The types that a message means after others were spoken of: `las exentas` of boletas are boletas."""
    tipos = find_tipos(texto)
    mark = _AFECTAS.search(plainly(texto))
    if tipos or mark is None:
        return tipos
    afecta, exenta = (39, 41) if previos and set(previos) <= {39, 41} else (33, 34)
    return (exenta,) if mark[1] == "exent" or mark[0].startswith("no ") else (afecta,)


def _without_the_wrong_one(normal: str, hoy: date) -> str:
    """`no en agosto, en julio` is `en julio`."""
    for wrong in _NO_ESE:
        rest = wrong.sub("", normal, count=1)
        if rest != normal and find_periodos(rest, hoy) and len(find_periodos(normal, hoy)) > 1:
            return rest
    return normal


def _is_years(texto: str, hoy: date) -> bool:
    """Whether one year, and nothing smaller, is named."""
    menciones = list(find_menciones(tokenize(texto), hoy))
    return len(menciones) == 1 and menciones[0].paso == 12 and menciones[0].ultimo == 12


def _is_relative_only(texto: str, hoy: date) -> bool:
    """Whether the months named are only those that `mes anterior` gives, counted from today."""
    menciones = list(find_menciones(tokenize(texto), hoy))
    return len(menciones) == 1 and not any(map(str.isdigit, tokenize(texto)))


def _is_year(meses: Meses, hoy: date) -> bool:
    """Whether months are a whole year, or the running one so far."""
    return (
        meses[0].month == 1 and len(meses) > 1 and meses[-1] in {Periodo(meses[0].year, 12), Periodo.of(hoy)}
    )


def _in_year(meses: Meses, year: int) -> Meses:
    back = year - meses[-1].year
    return tuple(month.plus(12 * back) for month in meses)


def _moved(previos: Meses, moved: re.Match[str]) -> Meses:
    unidad = moved["unidad"] or ""
    size = len(previos) if unidad in {"", "periodo"} else UNIDADES[unidad]
    if size == 12:
        return tuple(month.plus(-12 if moved["atras"] else 12) for month in previos)
    if moved["atras"]:
        return tuple(previos[0].plus(-size).until(previos[0].plus(-1)))
    return tuple(previos[-1].plus(1).until(previos[-1].plus(size)))


def _same_year(texto: str, hoy: date, said: Meses, previos: Meses) -> Meses:
    """After marzo of 2025 `y en abril?` is of 2025; after a marzo that needed no year it is the latest."""
    menciones = list(find_menciones(tokenize(texto), hoy))
    unsaid = bool(menciones) and all(one.year is None and not one.dia for one in menciones)
    # A year that the months would have without saying was not chosen.
    chosen = all(month.year != hoy.year - (month.month > hoy.month) for month in previos)
    if not (unsaid and chosen and previos[0].year == previos[-1].year):
        return said
    if re.search(r"\b(?:este|esta)\b", texto) or len({month.year for month in said}) > 1:
        return said
    return tuple(Periodo(previos[0].year, month.month) for month in said)
