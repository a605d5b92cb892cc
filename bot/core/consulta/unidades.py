"""Months by their unit: `este mes`, `trimestre pasado`, `últimos 3 meses`, `hace dos meses`."""

import re
from datetime import date

from bot.core.consulta.anios import ANTES, Tokens, after, check_part, year_after
from bot.core.consulta.mencion import Mencion
from bot.core.consulta.meses import number_of, ordinal_of
from bot.core.periodo import Periodo

UNIDADES = {
    "mes": 1, "bimestre": 2, "trimestre": 3, "trim": 3, "trimetre": 3, "trimeste": 3, "cuatrimestre": 4,
    "semestre": 6, "sem": 6, "semetre": 6, "mitad": 6, "ano": 12,
}  # fmt: skip
_PLURALES = {"meses": 1, "mes": 1, "bimestres": 2, "trimestres": 3, "semestres": 6, "anos": 12, "ano": 12}
_NO_ES_ESTE = frozenset("de que q con donde en a por mas mejor peor cuando nuevo".split())
_RELLENO = frozenset("como casi unos unas mas menos o ya".split())
_ULTIMOS = frozenset({"ultimos", "ultimas", "ultimo", "pasados"})
_ANTERIORES = frozenset({"anteriores", "previos", "pasados"})
_CON_ESTE = {(word, "este") for word in ("con", "incluido", "incluyendo", "contando")}
# "1er sem" is a semester, "1ra sem" a week.
_MASCULINO = re.compile(r"\d(?:er|ero|ro|do|°|o)|primero?|segundo", re.ASCII)


def _block(size: int, hoy: date, offset: int) -> int:
    """The first month, counted from this January, of the current block of `size` months or one near it."""
    return ((hoy.month - 1) // size + offset) * size + 1


def _relative(inicio: int, fin: int, size: int, offset: int, hoy: date) -> Mencion:
    first = _block(size, hoy, offset)
    return Mencion(inicio, fin, first, first + size - 1, hoy.year, size)


def _dotted(tokens: Tokens, at: int) -> int:
    return at + 1 if tokens[at : at + 1] == (".",) and at + 1 < len(tokens) else at


def unidad_relativa(tokens: Tokens, at: int, hoy: date) -> Mencion | None:
    """`este mes`, `último trimestre (del año pasado)`, `semestre anterior`, `del mes`."""
    if tokens[at : at + 2] == ("otro", "mes") and at and tokens[at - 1] in {"el", "del"}:
        return _relative(at, at + 2, 1, -1, hoy)
    before = tokens[at] if tokens[at] in ANTES else ""
    unit_at = at + 1 if before else at
    unit = tokens[unit_at] if unit_at < len(tokens) else ""
    size = UNIDADES.get(unit)
    if size is None or unit in {"mitad", "sem"}:
        return None
    offset, width = after(tokens, unit_at + 1)
    end = unit_at + 1 + width
    if not before and not width:
        return _bare(tokens, at, size, hoy)
    if size == 12:
        return _year(at, end, before, offset if width else ANTES[before], hoy)
    offset = offset if width else ANTES[before]
    return _in_year(tokens, at, end, size=size, offset=offset, hoy=hoy) or _relative(
        at, end, size, offset, hoy
    )


def _year(at: int, end: int, before: str, offset: int, hoy: date) -> Mencion:
    if before == "ultimo":
        return Mencion(at, end, hoy.month - 12, hoy.month - 1, hoy.year)
    return Mencion(at, end, 1, 12, hoy.year + offset, 12)


def _in_year(tokens: Tokens, at: int, end: int, *, size: int, offset: int, hoy: date) -> Mencion | None:
    """`último trimestre de 2025`: the last of that year; `este mes del año pasado`."""
    said = year_after(tokens, end, hoy) if tokens[end : end + 1] in {("de",), ("del",)} or size > 1 else None
    if said is None:
        return None
    first = 13 - size if tokens[at] == "ultimo" else (_block(size, hoy, offset) - 1) % 12 + 1
    return Mencion(at, said[1], first, first + size - 1, said[0], size)


def _bare(tokens: Tokens, at: int, size: int, hoy: date) -> Mencion | None:
    """`las ventas del mes`, `lo que va de año`; not `al mes`, `el mes que más vendí`."""
    before = tokens[at - 1] if at else ""
    so_far = before == "de" and at > 1 and tokens[at - 2] in {"va", "llevamos", "llevo"}
    said = before in {"el", "del", "todo"} or so_far
    following = tokens[at + 1] if at + 1 < len(tokens) else ""
    ends = at > 1 and tokens[at - 2] in {"fin", "cierre", "fines", "principio", "principios"} and size == 12
    if not said or ends or following in _NO_ES_ESTE or number_of(following) is not None:
        return None
    return _relative(at, at + 1, size, 0, hoy)


def unidad_ordinal(tokens: Tokens, at: int, hoy: date) -> Mencion | None:
    """`primer trimestre de 2025`, `trimestre 3`, `q3`, `segundo mes del año`."""
    if len(tokens[at]) == 2 and tokens[at][0] == "q" and tokens[at][1].isdigit():
        return _part(tokens, at, at + 1, size=3, number=int(tokens[at][1]), hoy=hoy)
    following = tokens[at + 1] if at + 1 < len(tokens) else ""
    number = ordinal_of(tokens[at]) or (number_of(tokens[at]) if tokens[at].isdigit() else None)
    if number is not None and following in UNIDADES and following != "ano":
        return _part(tokens, at, _dotted(tokens, at + 2), size=UNIDADES[following], number=number, hoy=hoy)
    return _numbered(tokens, at, hoy)


def _numbered(tokens: Tokens, at: int, hoy: date) -> Mencion | None:
    size = UNIDADES.get(tokens[at], 1)
    number_at = _dotted(tokens, at + 1)
    number = number_of(tokens[number_at]) if number_at < len(tokens) else None
    if size in {1, 12} or tokens[at] == "mitad" or number is None or number > 99:
        return None
    return _part(tokens, at, number_at + 1, size=size, number=number, hoy=hoy)


def _part(tokens: Tokens, at: int, end: int, *, size: int, number: int, hoy: date) -> Mencion | None:
    said = year_after(tokens, end, hoy)
    week = tokens[end - 1] == "sem" and not _MASCULINO.fullmatch(tokens[at])
    if said is None and (week or tokens[end - 1] == "mitad" or (size == 1 and not _of_year(tokens, at, end))):
        return None
    check_part(number, 12 // size, " ".join(tokens[at:end]))
    year, end = said or (None, end)
    return Mencion(at, end, (number - 1) * size + 1, number * size, year, size)


def _of_year(tokens: Tokens, at: int, end: int) -> bool:
    """Whether `décimo mes` is the year's: not "por tercer mes consecutivo"; "primer mes" may be anybody's."""
    number = ordinal_of(tokens[at])
    in_a_row = tokens[end : end + 1] in {("consecutivo",), ("seguido",), ("de",), ("que",)}
    return number is not None and number >= 3 and not in_a_row


def unidad_en_lista(tokens: Tokens, at: int, hoy: date) -> Mencion | None:
    """The `primer` of `primer y (el) segundo trimestre`: the unit and the year are said further on."""
    number = ordinal_of(tokens[at])
    joint = at + 1
    while joint < min(at + 6, len(tokens)) and (
        tokens[joint] in {"y", ",", "e", "el", "del"} or ordinal_of(tokens[joint])
    ):
        joint += 1
    unit = tokens[joint] if joint < len(tokens) else ""
    size = UNIDADES.get(unit, 12)
    if number is None or joint == at + 1 or size in {1, 12}:
        return None
    check_part(number, 12 // size, f"{tokens[at]} {unit}")
    return Mencion(at, at + 1, (number - 1) * size + 1, number * size, None, size)


def ultimos(tokens: Tokens, at: int, hoy: date) -> Mencion | None:
    """`últimos 3 meses` (before the running one), `los 6 meses anteriores`, `primeros dos meses del año`."""
    words = [word for word in tokens[at : at + 4] if word not in {"de"}]
    if len(words) < 3:
        return None
    first, second, third = words[:3]
    if first in _ULTIMOS | {"primeros"} and third in _PLURALES:
        return _months(tokens, at, first, number_of(second), third, hoy)
    if second in _ULTIMOS | {"primeros"} and third in _PLURALES:
        return _months(tokens, at, second, number_of(first), third, hoy)
    if second in _PLURALES and third in _ANTERIORES:
        return _months(tokens, at, third, number_of(first), second, hoy)
    return None


def _months(tokens: Tokens, at: int, which: str, number: int | None, unit: str, hoy: date) -> Mencion | None:
    if not number:
        return None
    size = _PLURALES[unit]
    months, end = number * size, at + 3
    said = year_after(tokens, end, hoy)
    if which == "primeros":
        year, end = said or (hoy.year, end)
        return Mencion(at, end, 1, months, year)
    if said and months <= 12:
        return Mencion(at, said[1], 13 - months, 12, said[0])
    running = tokens[end : end + 2] in _CON_ESTE
    last = hoy.month if running else (hoy.month if size in {1, 12} else _block(size, hoy, 0)) - 1
    return Mencion(at, end + 2 * running, last - months + 1, last, hoy.year)


def hace(tokens: Tokens, at: int, hoy: date) -> Mencion | None:
    """`hace dos meses`, `3 meses atrás`, `hace un año`."""
    number_at = at
    if tokens[at] == "hace":
        number_at += 1
        while number_at < min(at + 3, len(tokens)) and tokens[number_at] in _RELLENO:
            number_at += 1
    words = tokens[number_at : number_at + 3]
    number = number_of(words[0]) if words else None
    if number is None or len(words) < 2 or words[1] not in _PLURALES:
        return None
    back = words[2:] == ("atras",)
    if tokens[at] != "hace" and not back:
        return None
    periodo = Periodo.of(hoy).plus(-number * _PLURALES[words[1]])
    return Mencion.exact(at, number_at + 2 + back, periodo)
