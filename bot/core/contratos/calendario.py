"""Terms that a contract gives as whole years or months of the calendar, or by an adjective alone."""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from bot.core.contratos.datos import Dato
from bot.core.contratos.duraciones import Duracion, add_months
from bot.core.contratos.frases import Frase
from bot.core.periodo import MESES

_MES = "|".join(MESES)
_UNO = r"(?:20\d\d)"
_LUGAR = r"(?:durante|por|para|en|entre|comprend\w+|abarc\w+|correspond\w+|dur\w+|vigen\w+|regir?a?|exten\w+)"
_ANIOS = re.compile(
    rf"\b{_LUGAR}[a-z ]{{0,30}}?\b(?:el |los |del |de los )?(?:anos?|ejercicios?|bienio|trienio)"
    rf"(?: calendario)? (?:academico |comercial |escolar )?(?P<uno>{_UNO})"
    rf"(?: ?(?:y|a|al|-|hasta)(?: el)?(?: ano)? ?(?P<otro>{_UNO}))?"
    r"(?! ?[,y] ?20)"
)
_PARTES = {"primer": 0, "segundo": 1, "tercer": 2, "cuarto": 3}
_PARTE = re.compile(
    rf"\b(?P<cual>{'|'.join(_PARTES)}) (?P<que>semestre|trimestre) (?:de |del )?(?:ano )?(?P<anio>{_UNO})"
)
_MESES = re.compile(
    rf"\b{_LUGAR}[a-z ]{{0,20}}?\b(?:el |los |del |de los )?mes(?:es)? de (?P<uno>{_MES})"
    rf"(?:(?: de (?P<anio_uno>{_UNO}))?(?:, (?:{_MES}))*,? ?(?:y|a|al|hasta)(?: el)?(?: mes)?(?: de)?"
    rf" (?P<otro>{_MES}))?"
    rf" (?:de |del )(?:ano )?(?P<anio>{_UNO})"
)
_ANUAL = {
    "anual": 12,
    "semestral": 6,
    "trimestral": 3,
    "mensual": 1,
    "bienal": 24,
    "bianual": 24,
    "trienal": 36,
}
_ADJETIVO = re.compile(
    r"(?:vigencia|duracion|plazo|caracter|termino) (?:de caracter |sera |es |inicial )?(?P<uno>"
    + "|".join(_ANUAL)
    + r")\b|(?:contrato|acuerdo|convenio|arriendo|arrendamiento|servicio|licencia|suscripcion|poliza)"
    r" (?:es|sera|se celebra|tiene caracter) (?P<otro>" + "|".join(_ANUAL) + r")\b"
)


def find_temporada(frases: Iterable[Frase]) -> tuple[Dato[date], Dato[date]] | None:
    """The first and the last day of the years or months that a contract is for."""
    for frase in frases:
        for first, after in _spans(frase.plano):
            return frase.dato(first, 0.75), frase.dato(after - date.resolution, 0.75)
    return None


def _spans(plano: str) -> Iterator[tuple[date, date]]:
    """First days, and those after the last."""
    if found := _ANIOS.search(plano):
        begin, end = int(found["uno"]), int(found["otro"] or found["uno"])
        if begin <= end:
            yield date(begin, 1, 1), date(end + 1, 1, 1)
    elif found := _PARTE.search(plano):
        months = 6 if found["que"] == "semestre" else 3
        if (at := _PARTES[found["cual"]] * months) < 12:
            begins = add_months(date(int(found["anio"]), 1, 1), at)
            yield begins, add_months(begins, months)
    elif found := _MESES.search(plano):
        year = int(found["anio"])
        last = date(year, MESES.index(found["otro"] or found["uno"]) + 1, 1)
        first_month = MESES.index(found["uno"]) + 1
        begins = date(int(found["anio_uno"] or year), first_month, 1)
        if begins > last:
            begins = begins.replace(year=year - 1)
        yield begins, add_months(last, 1)


def find_anual(frases: Iterable[Frase]) -> Dato[Duracion] | None:
    """How long `vigencia anual` or `el contrato es semestral` lasts."""
    for frase in frases:
        if found := _ADJETIVO.search(frase.plano):
            return frase.dato(Duracion(_ANUAL[found["uno"] or found["otro"]]), 0.75)
    return None
