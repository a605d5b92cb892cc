"""Dates as contracts write them, in figures and in words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.core.contratos.numeros import Numero, read_numero, read_ordinal
from bot.core.contratos.plano import plegar
from bot.core.periodo import MESES

_MES = {mes: number for number, mes in enumerate(MESES, 1)} | {"setiembre": 9}
_MES |= {mes[:3]: number for number, mes in enumerate(MESES, 1)} | {"sept": 9}
_NOMBRE = r"(?P<mes>" + "|".join(sorted(_MES, key=len, reverse=True)) + r")\b\.?"
_ANIO = r"(?P<anio>(?:19|20)\d\d|[12]\.\d{3}|\d\d(?![\d.,]?\d))"
_DE_ANIO = r"(?: ?,)? {0,2}(?:de |del |-|/)? {0,2}(?:(?:ano|presente ano) )?"
_NUMERICA = re.compile(
    r"(?<![\d.,/-])(?P<dia>\d{1,2}) ?(?P<sep>[/.-]) ?(?P<mes>\d{1,2}) ?(?P=sep) ?(?P<anio>\d{4}|\d{2})"
    r"(?![\d/-]|[.,]\d)"
)
_ISO = re.compile(r"(?<![\d.,/-])(?P<anio>(?:19|20)\d\d)-(?P<mes>\d\d)-(?P<dia>\d\d)(?![\d/-])")
_CON_MES = re.compile(r"(?<![a-z])" + _NOMBRE)
# What stands between day and month: "1° de marzo", "15 días del mes de marzo", "15 (quince) de marzo".
_HASTA_MES = re.compile(
    r"(?P<dia>\b\d{1,2}|[a-z]{2,12}(?: y [a-z]{2,6})?)(?: ?(?:°|er\.?|ero\.?|ro\.?|o\.?)(?![a-z]))?"
    r"(?: ?\([a-z0-9° ]{1,20}\))?"
    r"(?: {1,3}dias?)?[ /-]{1,3}(?:de |del )?(?:mes {1,3}de )?(?:dicho mes de )? {0,2}$"
)
_TRAS_MES = re.compile(_DE_ANIO + _ANIO)
_ANTES_ANIO = re.compile(
    r",? {0,3}(?:(?:de|del|-|/) {0,3})?(?:(?:ano|presente ano) {1,3})?(?=dos mil|mil nov)"
)
_MISMO_ANIO = re.compile(r",? {0,2}(?:del?|de ese) {1,2}(?:mismo|presente|dicho|citado|ese)(?: ano)?\b")
_FIN_DE_ANIO = re.compile(r"\bfin(?:es|al)? del? ano (?:de |del )?(?P<anio>20\d\d)\b")
_ESTE_ANIO = re.compile(
    r",? {0,2}(?:(?:de|del) {1,2})?(?:(?:(?:este|presente|corriente) ano|ano en curso|los corrientes)"
    r"|(?P<proximo>proximo|venidero|entrante|pasado)(?! ano))\b"
)
_HASTA_OTRA = re.compile(r" (?:al|a|y|hasta)(?: el| dia| el dia)* [a-z0-9° ()]{1,25} de ")
_PRIMERO = {"primero", "primer", "1ero", "1ro"}
_ANTES = 45


@dataclass(frozen=True, slots=True, order=True)
class Fecha:
    """A date in a text: `texto[inicio:fin]` says it.

    A month alone (`marzo de 2025`) is its first day with `dia` False.
    """

    inicio: int
    fin: int
    valor: date
    dia: bool = True


def find_fechas(texto: str, escrito: date | None = None) -> list[Fecha]:
    """Every date with its year, and every month with its year, in the order of the text.

    With the day on which the text was written, also `30 de abril del presente año` and `1 de mayo próximo`.
    Days first: `03/04/2024` is the 3rd of April. What is no date of the calendar (31/02/2024) is left out.
    """
    plano = plegar(texto)
    found = sorted([*_numeric(plano), *_named(plano, escrito)])
    clear: list[Fecha] = []
    for fecha in found:
        if not clear or fecha.inicio >= clear[-1].fin:
            clear.append(fecha)
    return clear


def _numeric(plano: str) -> Iterator[Fecha]:
    for found in _FIN_DE_ANIO.finditer(plano):
        yield Fecha(found.start(), found.end(), date(int(found["anio"]), 12, 31))
    for pattern in (_NUMERICA, _ISO):
        for found in pattern.finditer(plano):
            valor = _date(found["anio"], int(found["mes"]), int(found["dia"]))
            if valor:
                yield Fecha(found.start(), found.end(), valor)


def _named(plano: str, escrito: date | None) -> Iterator[Fecha]:
    months = list(_CON_MES.finditer(plano))
    last: int | None = None
    for at, found in enumerate(months):
        anio = _year_after(plano, found.end()) or _year_of_other(plano, months[at : at + 2], last)
        anio = anio or (_year_of_writing(plano, found, escrito) if escrito else None)
        if anio is None:
            continue
        last, mes = anio.valor, _MES[found["mes"]]
        start = max(0, found.start() - _ANTES)
        day = _day_before(plano[start : found.start()])
        if day is None:
            valor = _date(str(anio.valor), mes, 1)
            if valor and len(found["mes"]) > 3:
                yield Fecha(found.start(), anio.fin, valor, dia=False)
        elif valor := _date(str(anio.valor), mes, day.valor):
            yield Fecha(start + day.fin, anio.fin, valor)


def _year_of_other(plano: str, months: list[re.Match[str]], last: int | None) -> Numero | None:
    """`el 30 de abril del mismo año` has the year before, `del 1 de marzo al 5 de mayo de 2024` the next."""
    found = months[0]
    same = _MISMO_ANIO.match(plano, found.end())
    if same and last:
        return Numero(last, same.end())
    between = plano[found.end() : months[1].start()] if len(months) > 1 else ""
    following = _year_after(plano, months[1].end()) if _HASTA_OTRA.fullmatch(between) else None
    if following is None:
        return None
    before = _MES[found["mes"]] > _MES[months[1]["mes"]]
    return Numero(following.valor - before, found.end())


def _year_of_writing(plano: str, found: re.Match[str], escrito: date) -> Numero | None:
    """`del presente año`, or `próximo`: the first such month from then on."""
    said = _ESTE_ANIO.match(plano, found.end())
    if said is None:
        return None
    later = said["proximo"] not in {None, "pasado"} and _MES[found["mes"]] < escrito.month
    earlier = said["proximo"] == "pasado" and _MES[found["mes"]] > escrito.month
    return Numero(escrito.year + later - earlier, said.end())


def _year_after(plano: str, at: int) -> Numero | None:
    figures = _TRAS_MES.match(plano, at)
    if figures:
        return Numero(int(figures["anio"].replace(".", "")), figures.end())
    words = _ANTES_ANIO.match(plano, at)
    number = read_numero(plano, words.end()) if words else None
    return number if number and 1900 <= number.valor < 2200 else None


def _day_before(before: str) -> Numero | None:
    """The day that ends a text, with the place where it begins as `fin`."""
    found = _HASTA_MES.search(before)
    while found:
        at, word = found.start(), found["dia"]
        if word.isdigit():
            return Numero(int(word), at)
        number = read_ordinal(before, at) if word in _PRIMERO else read_numero(before, at)
        if number and 1 <= number.valor <= 31 and number.fin >= found.end("dia"):
            return Numero(number.valor, at)
        found = _HASTA_MES.search(before, at + 1)
    return None


def _date(anio: str, mes: int, dia: int) -> date | None:
    year = int(anio)
    if year < 100:
        year += 2000 if year < 70 else 1900
    try:
        return date(year, mes, dia) if 1900 <= year < 2200 else None
    except ValueError:
        return None
