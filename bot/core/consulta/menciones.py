"""All mentions of months and days in a message, left to right."""

from collections.abc import Callable, Iterator
from datetime import date

from bot.core.consulta.anios import Tokens, after, check_part, year_after, year_number, year_relative
from bot.core.consulta.mencion import Mencion
from bot.core.consulta.meses import number_of, ordinal_of
from bot.core.consulta.tokens import named_month
from bot.core.consulta.unidades import (
    UNIDADES,
    hace,
    ultimos,
    unidad_en_lista,
    unidad_ordinal,
    unidad_relativa,
)
from bot.core.periodo import Periodo

_AHORA = (
    ("el", "dia", "de", "hoy"), ("al", "dia", "de", "hoy"), ("dia", "de", "hoy"), ("la", "fecha"),
    ("el", "momento"), ("hoy", "dia"), ("hoy",), ("ahora",), ("actualidad",),
)  # fmt: skip
_NUNCA = 99
# "F29 de agosto" is a form.
_NO_ANTES_DE_DIA = frozenset({"mes", "meses", "trimestre", "semestre", "f", "formulario", "tipo", "dte"})


def _digits(tokens: Tokens, at: int, hoy: date) -> Mencion | None:
    token = tokens[at]
    if token.startswith("@p"):
        return Mencion.exact(at, at + 1, Periodo.parse(token[2:]))
    if token.startswith("@d"):
        day = date.fromisoformat(token[2:])
        return Mencion(at, at + 1, day.month, day.month, day.year, dia=day.day, dia_fin=day.day)
    if token.startswith("@m"):
        month, year = int(token[2:4]), 2000 + int(token[5:7])
        return Mencion.exact(at, at + 1, Periodo(year, month)) if year <= hoy.year + 1 else None
    if token.startswith("@e"):
        day_number, month = int(token[2:4]), int(token[5:7])
        return Mencion(at, at + 1, month, month, dia=day_number, dia_fin=day_number)
    return None


def _day_number(tokens: Tokens, at: int) -> int:
    number = (number_of(tokens[at]) or ordinal_of(tokens[at])) if at < len(tokens) else None
    return number if number and number <= 31 else _NUNCA


def _day(tokens: Tokens, at: int, hoy: date) -> Mencion | None:
    """`15 de septiembre`, `1 al 30 de septiembre`, `1ro de mayo`."""
    first = last = _day_number(tokens, at)
    if first == _NUNCA or (at and tokens[at - 1] in _NO_ANTES_DE_DIA):
        return None
    joint = at + 1
    if tokens[joint : joint + 1] in {("al",), ("a",), ("y",), ("-",), ("hasta",)}:
        ahead = joint + 1 + (tokens[joint + 1 : joint + 2] == ("el",))
        if _day_number(tokens, ahead) != _NUNCA:
            last, joint = _day_number(tokens, ahead), ahead + 1
    while joint < min(at + 7, len(tokens)) and tokens[joint] in {"de", "del", "-", "mes", "/"}:
        joint += 1
    if joint == at + 1 and not tokens[at].isdigit():
        return None
    month = _named(tokens, joint, hoy)
    if month is None:
        return None
    return Mencion(at, month.fin, month.primero, month.ultimo, month.year, dia=first, dia_fin=last)


def _named(tokens: Tokens, at: int, hoy: date) -> Mencion | None:
    """`septiembre`, `sept. 23`, `marzo del año pasado`; `septiembre 5` is a day."""
    month = named_month(tokens, at)
    if month is None:
        return None
    said = year_after(tokens, at + 1, hoy)
    if said is None and _day_after(tokens, at + 1):
        day = _day_number(tokens, at + 1)
        return Mencion(at, at + 2, month, month, dia=day, dia_fin=day)
    year, end = said or (None, at + 1)
    end += said is None and tokens[end : end + 1] == (".",) and end + 1 < len(tokens)
    return Mencion(at, end, month, month, year)


def _day_after(tokens: Tokens, at: int) -> bool:
    following = tokens[at + 1 : at + 2]
    is_number = at < len(tokens) and tokens[at].isdigit() and _day_number(tokens, at) != _NUNCA
    return is_number and (not following or following[0] in {",", "?", ".", "!"})


def _numbered(tokens: Tokens, at: int, hoy: date) -> Mencion | None:
    """`mes 9`, `mes de 09`, `meses 3`, `9 del 2025`."""
    if tokens[at] in {"mes", "meses"}:
        number_at = at + 1
        while number_at < min(at + 4, len(tokens)) and tokens[number_at] in {
            "de",
            "del",
            "numero",
            "nro",
            "n",
            "§",
        }:
            number_at += 1
        number = number_of(tokens[number_at]) if number_at < len(tokens) else None
        if number is None or number > 99:
            return None
        check_part(number, 12, f"mes {number}")
        year, end = year_after(tokens, number_at + 1, hoy) or (None, number_at + 1)
        return Mencion(at, end, number, number, year, numerico=True)
    number = _day_number(tokens, at) if tokens[at].isdigit() else _NUNCA
    linked = tokens[at + 1 : at + 2] in {("de",), ("del",)}
    year_at = at + 1 + linked
    year_at += linked and tokens[year_at : year_at + 1] in {("ano",), ("el",)}
    if not 1 <= number <= 12 or year_at >= len(tokens):
        return None
    written = year_number(tokens[year_at])
    return Mencion(at, year_at + 1, number, number, written, numerico=True) if written else None


def _in_number_list(tokens: Tokens, at: int, hoy: date, previous: Mencion | None) -> Mencion | None:
    """The `4` of `meses 3 y 4`."""
    joint = tokens[at - 1 : at] if at else ()
    if (
        previous is None
        or not previous.numerico
        or previous.fin != at - 1
        or joint[0] not in {"y", ",", "a", "al", "-"}
    ):
        return None
    number = _day_number(tokens, at)
    if number > 12:
        return None
    year, end = year_after(tokens, at + 1, hoy) or (None, at + 1)
    return Mencion(at, end, number, number, year, numerico=True)


def _same_month(tokens: Tokens, at: int, hoy: date, previous: Mencion | None) -> Mencion | None:
    """`el mismo mes del año pasado`, `la misma fecha del 2025`."""
    if tokens[at : at + 2] not in {
        ("mismo", "mes"),
        ("misma", "fecha"),
        ("mismo", "periodo"),
        ("mismo", "trimestre"),
    }:
        return None
    said = year_after(tokens, at + 2, hoy)
    if said is None:
        return None
    first, last = (previous.primero, previous.ultimo) if previous else (hoy.month, hoy.month)
    return Mencion(at, said[1], first, last, said[0], previous.paso if previous else 1)


# "Este mes voy mejor o peor que el pasado": what stands in between is compared.
_NEAR, _FAR = 3, 9
_FRENTE_A = frozenset("relacion comparacion comparado comparada respecto frente contraste".split())


def _previous(tokens: Tokens, at: int, hoy: date, previous: Mencion | None) -> Mencion | None:
    """`antepasado`; and `el pasado`, `el mes anterior` after another month: the one before that."""
    two_back = tokens[at] in {"antepasado", "trasanterior"} or tokens[at : at + 2] in {
        ("antes", "pasado"), ("ante", "pasado"), ("tras", "anterior")
    }  # fmt: skip
    if two_back:
        return Mencion.exact(at, at + 1 + (tokens[at] in {"antes", "ante", "tras"}), Periodo.of(hoy).plus(-2))
    told = tokens[max(0, at - 2) : at] == ("que", "el") or _FRENTE_A & set(tokens[max(0, at - 4) : at])
    reach = _FAR if told else _NEAR
    if previous is None or at - previous.fin > reach or tokens[at - 1] not in {"el", "al", "y", "con", "vs"}:
        return None
    unit_said = tokens[at] in {"mes", "trimestre", "semestre", "ano"}
    offset, width = after(tokens, at + unit_said)
    if offset != -1 or (unit_said and (tokens[at + 1 : at + 2] != ("anterior",) or previous.paso == 12)):
        return None
    if tokens[at] == "ano":
        return None
    base = previous.with_year(hoy)
    first, last = base.primero - base.paso, base.ultimo - base.paso
    return Mencion(at, at + unit_said + width, first, last, base.year, base.paso)


# What people call a year of twelve months from January.
_CALENDARIO = (("comercial",), ("calendario",), ("fiscal",), ("contable",))


def _year(tokens: Tokens, at: int, hoy: date) -> Mencion | None:
    """`2025`, `año 25`, `año tributario 2026` (the income of 2025), `ytd`."""
    if tokens[at] == "ytd":
        return Mencion(at, at + 1, 1, 12, hoy.year, 12)
    relative = year_relative(tokens, at, hoy)
    if relative:
        return Mencion(at, relative[1], 1, 12, relative[0], 12)
    if tokens[at] == "ano":
        tax = tokens[at + 1 : at + 2] == ("tributario",)
        year_at = at + 1 + (tax or tokens[at + 1 : at + 2] in _CALENDARIO)
        number = number_of(tokens[year_at]) if year_at < len(tokens) else None
        number = number + 2000 if number is not None and 10 <= number < 60 else number
        if number is None or not 1990 <= number <= 2099:
            return None
        return Mencion(at, year_at + 1, 1, 12, number - tax, 12)
    year = year_number(tokens[at])
    return Mencion(at, at + 1, 1, 12, year, 12) if year and 2010 <= year < 2050 else None


def _now(tokens: Tokens, at: int, hoy: date) -> Mencion | None:
    for words in _AHORA:
        if tokens[at : at + len(words)] == words:
            return Mencion(at, at + len(words), hoy.month, hoy.month, hoy.year, ahora=True)
    return None


def _other_ordinal(tokens: Tokens, at: int, previous: Mencion | None) -> Mencion | None:
    """The `segundo` of `el primer trimestre con el segundo`: the unit was said before."""
    number = ordinal_of(tokens[at]) if at and tokens[at - 1] in {"el", "del", "al"} else None
    if number is None or previous is None or previous.paso in {1, 12} or at - previous.fin > _FAR:
        return None
    named = {"mes", "ano", "dia", *UNIDADES} & set(tokens[at + 1 : at + 2])
    if named or number > 12 // previous.paso:
        return None
    last = number * previous.paso
    return Mencion(at, at + 1, last - previous.paso + 1, last, previous.year, previous.paso)


_Reader = Callable[[Tokens, int, date], Mencion | None]
_FIRST: tuple[_Reader, ...] = (_digits,)
_REST: tuple[_Reader, ...] = (
    ultimos, hace, _day, _named, unidad_ordinal, unidad_en_lista, _numbered, _year, unidad_relativa, _now,
)  # fmt: skip


def find_menciones(tokens: Tokens, hoy: date) -> Iterator[Mencion]:
    """Every mention, in order and without overlap.

    Raises:
        PeriodoInvalidError: for a month or quarter that does not exist.
    """
    at, previous = 0, None
    while at < len(tokens):
        found = _at(tokens, at, hoy, previous)
        if found:
            yield found
            previous = found
        at = found.fin if found else at + 1


def _at(tokens: Tokens, at: int, hoy: date, previous: Mencion | None) -> Mencion | None:
    found = _same_month(tokens, at, hoy, previous) or _previous(tokens, at, hoy, previous)
    found = found or _in_number_list(tokens, at, hoy, previous) or _other_ordinal(tokens, at, previous)
    return found or next((one for read in (*_FIRST, *_REST) if (one := read(tokens, at, hoy))), None)
