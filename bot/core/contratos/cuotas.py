"""When a loan that names no term ends: with its last instalment."""

import re
from collections.abc import Sequence
from datetime import date

from bot.core.contratos.datos import Dato
from bot.core.contratos.duraciones import add_months
from bot.core.contratos.frases import Frase
from bot.core.contratos.numeros import read_numero

_CADA = {"mensual": 1, "bimestral": 2, "trimestral": 3, "cuatrimestral": 4, "semestral": 6, "anual": 12}
_CUOTAS = re.compile(
    r"\b(?P<n>\d{1,3}|[a-z]{3,12}(?: y [a-z]{3,6})?)(?: \(\d{1,3}\))? cuotas"
    rf"(?: (?:iguales|y|sucesivas|fijas|vencidas),?)* (?P<cada>{'|'.join(_CADA)})es"
)
_MUCHAS = 500


def find_ultima_cuota(frases: Sequence[Frase], inicio: date | None) -> list[Dato[date]]:
    """The day on which the last instalment is due; none if a table of them was read badly.

    With `cuatro cuotas semestrales` fewer days than instalments tell that some were not read. Then the end is
    reckoned from the beginning, if the days that were read are where they should be.
    """
    due = [
        (fecha.valor, frase)
        for frase in frases
        if "cuota" in frase.plano or "vencimiento" in frase.plano or "restitu" in frase.plano
        for fecha in frase.fechas
        if fecha.dia and frase.clausula
    ]
    if not due:
        return []
    last, frase = max(due, key=lambda one: one[0])
    number, months = _instalments(frases)
    if add_months(min(day for day, _ in due), (number - 1) * months) <= last:
        return [frase.dato(last, 0.7)]
    expected = [add_months(inicio, months * times) for times in range(1, number + 1)] if inicio else []
    return [frase.dato(expected[-1], 0.5)] if last in expected else []


def _instalments(frases: Sequence[Frase]) -> tuple[int, int]:
    """How many, and months from one to the next; one, if the text does not tell."""
    for frase in frases:
        for found in _CUOTAS.finditer(frase.plano):
            written = None if found["n"].isdigit() else read_numero(found["n"])
            number = int(found["n"]) if found["n"].isdigit() else written.valor if written else 0
            if 1 < number < _MUCHAS:
                return number, _CADA[found["cada"]]
    return 1, 0
