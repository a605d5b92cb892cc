"""The days that a message asks for, once it is known that it asks for days and not for months."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from bot.core.consulta.letra import plainly
from bot.core.consulta.menciones import find_menciones
from bot.core.consulta.meses import number_of
from bot.core.consulta.periodos import find_periodos
from bot.core.consulta.tokens import tokenize
from bot.core.errors import BotError
from bot.core.periodo import Periodo
from bot.core.rangos import Dias

_SEMANA = ("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo")
_UNO_DE = "|".join(_SEMANA)
_ORDEN = {"primer": 0, "1": 0, "segund": 1, "2": 1, "tercer": 2, "3": 2, "cuart": 3, "4": 3, "ultim": -1}
_N = r"\d{1,3}|un|una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|quince|veinte|treinta"
_PASADA = r"pasad[ao]|pasao|anterior|recien pasad[ao]|que paso"
_QUINCENA = re.compile(
    r"\b(?:(primer|segund|ultim|[12])(?:a|da|ra|era)?|esta|la)? ?quincena\b(?: (pasada|anterior))?"
)
_SEMANA_DEL_MES = re.compile(
    r"\b(primer|segund|tercer|cuart|ultim|[1-4])(?:a|da|ra|ta|era)? semana (?=de\b|del\b)"
)
_ULTIMOS = re.compile(rf"\b(?:ultim[oa]s ({_N})|({_N}) ultim[oa]s|ultima) (dias?|semanas?)\b(?! de)")
_PRIMEROS = re.compile(rf"\bprimeros ({_N}) dias\b")
_HACE = re.compile(rf"\bhace (?:como )?({_N}) (dia|semana)s?\b|\b({_N}) (dia|semana)s? atras\b")
_ESTA_SEMANA = re.compile(rf"\bsemana\b(?: ({_PASADA}|antepasada))?|\b(pasada|anterior|antepasada) semana\b")
_FIN_DE_SEMANA = re.compile(r"\b(?:fin(?:de)?|finde) ?(?:de )?semana\b|\bfinde\b")
_SUELTOS = {"hoy": 0, "ayer": 1, "anoche": 1, "anteayer": 2, "antier": 2, "antayer": 2}
_SUELTO = re.compile(rf"\b(?:(antes de ayer)|({'|'.join(_SUELTOS)}))\b")
_DIA_SEMANA = re.compile(rf"\b({_UNO_DE})\b(?: (?:a|al|hasta el|hasta) ({_UNO_DE})\b)?")
_DESDE_HASTA = re.compile(
    r"(?P<desde>\bdesde )?\b(?:el|del|dia|dias) (?:dia )?(\d{1,2})"
    r"(?: ?(?:al?|hasta|y|-)(?: el)?(?: dia)? (\d{1,2}))?\b(?!\.\d)"
)
_LARGO = 400
_TROZOS = re.compile(r"\b(?:semanas?|quincenas?|finde|ayer|anteayer|hoy)\b")
_POR_TROZO = re.compile(
    r"\b(?:por|cada) (?:dia|semana|quincena)\b|\b(?:diari|semanal|quincenal)\w*|\b(?:vs|versus)\b"
)


def find_dias(texto: str, hoy: date) -> Dias | None:
    """The days that are meant, the latest ones that have begun; None if they cannot be told.

    Args:
        texto: a message for which `find_periodos` raises DayNotSupportedError.
        hoy: today in Chile. A week begins on a Monday.
    """
    normal = plainly(texto)[:_LARGO]
    if _POR_TROZO.search(normal):
        return None
    for read in _READERS:
        found = read(normal, hoy)
        if found is not None:
            return _until_today(found, hoy)
    return None


def names_days(texto: str) -> bool:
    """Whether a message speaks of weeks or days at all, whatever for."""
    return _TROZOS.search(plainly(texto)) is not None


def _until_today(dias: Dias, hoy: date) -> Dias:
    return Dias(dias.desde, hoy) if dias.desde <= hoy < dias.hasta else dias


def _month(normal: str, hoy: date) -> Periodo | None:
    """The one month that the rest of a message names; this one if it names none."""
    try:
        named = find_periodos(normal, hoy)
    except BotError:
        return None
    return named[0] if len(named) == 1 else None if named else Periodo.of(hoy)


def _in_month(month: Periodo, first: int, last: int) -> Dias:
    days = monthrange(month.year, month.month)[1]
    return Dias(date(month.year, month.month, first), date(month.year, month.month, min(last, days)))


def _dated(normal: str, hoy: date) -> Dias | None:
    """`15 de octubre`, `del 28 de septiembre al 4 de octubre`, `desde el 10/10`."""
    tokens = tokenize(normal)
    days = [one.with_year(hoy) for one in find_menciones(tokens, hoy) if one.dia]
    if not 1 <= len(days) <= 2:
        return None
    try:
        spans = [_in_month(one.first(), one.dia or 1, one.dia_fin or 1) for one in days]
    except ValueError:
        return None
    if len(days) == 2:
        first, last = sorted(spans, key=lambda span: span.desde)
        return Dias(first.desde, last.hasta)
    before = set(tokens[max(0, days[0].inicio - 3) : days[0].inicio])
    if before & {"desde", "partir"}:
        return Dias(spans[0].desde, max(hoy, spans[0].desde))
    return Dias(spans[0].desde.replace(day=1), spans[0].hasta) if before & {"hasta"} else spans[0]


def _fortnight(normal: str, hoy: date) -> Dias | None:
    found = _QUINCENA.search(normal)
    if found is None:
        return None
    month = _month(f"{normal[: found.start()]} {normal[found.end() :]}", hoy)
    if month is None:
        return None
    first = found[1] in {"primer", "1"} or (found[1] is None and hoy.day <= 15)
    if found[2]:
        month, first = (month.plus(-1), False) if first else (month, True)
    return _in_month(month, 1, 15) if first else _in_month(month, 16, 31)


def _week_of_month(normal: str, hoy: date) -> Dias | None:
    """The days 1 to 7, 8 to 14 and so on; the last seven for the last one."""
    found = _SEMANA_DEL_MES.search(normal)
    month = _month(f"{normal[: found.start()]} {normal[found.end() :]}", hoy) if found else None
    if found is None or month is None:
        return None
    which, days = _ORDEN[found[1]], monthrange(month.year, month.month)[1]
    return _in_month(month, days - 6, days) if which < 0 else _in_month(month, which * 7 + 1, which * 7 + 7)


def _first_days(normal: str, hoy: date) -> Dias | None:
    found = _PRIMEROS.search(normal)
    month = _month(f"{normal[: found.start()]} {normal[found.end() :]}", hoy) if found else None
    count = number_of(found[1]) if found else None
    return _in_month(month, 1, count) if month and count and count <= 31 else None


def _last_days(normal: str, hoy: date) -> Dias | None:
    found = _ULTIMOS.search(normal)
    if found is None:
        return None
    count = (number_of(found[1] or found[2] or "1") or 1) * (7 if found[3].startswith("semana") else 1)
    return Dias(hoy - timedelta(days=count - 1), hoy)


def _ago(normal: str, hoy: date) -> Dias | None:
    found = _HACE.search(normal)
    if found is None:
        return None
    count = number_of(found[1] or found[3]) or 0
    if (found[2] or found[4]) == "semana":
        return _week(hoy, count)
    day = hoy - timedelta(days=count)
    return Dias(day, day)


def _week(hoy: date, back: int) -> Dias:
    monday = hoy - timedelta(days=hoy.weekday() + 7 * back)
    return Dias(monday, monday + timedelta(days=6))


def _weekend(normal: str, hoy: date) -> Dias | None:
    if not _FIN_DE_SEMANA.search(normal):
        return None
    saturday = hoy - timedelta(days=(hoy.weekday() - 5) % 7)
    return Dias(saturday, saturday + timedelta(days=1))


def _this_week(normal: str, hoy: date) -> Dias | None:
    """`esta semana`, `el lunes de la semana pasada`, `la semana pasada`."""
    found = _ESTA_SEMANA.search(normal)
    if found is None:
        return None
    past = found[1] or found[2] or ""
    week = _week(hoy, 2 if past == "antepasada" else 1 if past else 0)
    named = _DIA_SEMANA.search(normal)
    if named is None:
        return week
    first, last = (_SEMANA.index(name or named[1]) for name in named.groups())
    return Dias(week.desde + timedelta(days=first), week.desde + timedelta(days=max(first, last)))


def _single(normal: str, hoy: date) -> Dias | None:
    """`hoy`, `ayer`, `el lunes`, `de lunes a viernes`; several only if one follows the other."""
    days = {hoy - timedelta(days=2 if far else _SUELTOS[near]) for far, near in _SUELTO.findall(normal)}
    for first, last in _DIA_SEMANA.findall(normal):
        end = hoy - timedelta(days=(hoy.weekday() - _SEMANA.index(last or first)) % 7)
        start = end - timedelta(days=(_SEMANA.index(last) - _SEMANA.index(first)) % 7 if last else 0)
        days |= {start + timedelta(days=number) for number in range((end - start).days + 1)}
    if not days or (max(days) - min(days)).days + 1 != len(days):
        return None
    return Dias(min(days), max(days))


def _bare(normal: str, hoy: date) -> Dias | None:
    """`el 15`, `del 1 al 15`, `desde el 10`, of the month that the rest names or of the latest one."""
    found = _DESDE_HASTA.search(normal)
    if found is None:
        return None
    month = _month(f"{normal[: found.start()]} {normal[found.end() :]}", hoy)
    first, last = int(found[2]), int(found[3] or found[2])
    if month is None or not 1 <= first <= last <= 31:
        return None
    if month == Periodo.of(hoy) and first > hoy.day:
        month = month.plus(-1)
    try:
        dias = _in_month(month, first, last)
    except ValueError:
        return None
    return Dias(dias.desde, hoy) if found["desde"] and not found[3] else dias


_READERS: tuple[Callable[[str, date], Dias | None], ...] = (
    _fortnight, _week_of_month, _first_days, _dated, _last_days, _ago, _weekend, _this_week, _single, _bare,
)  # fmt: skip
