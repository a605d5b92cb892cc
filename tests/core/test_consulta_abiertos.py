"""Months said loosely: open ranges, typos, names that are months, years said twice."""

from datetime import date

import pytest

from bot.core.consulta import find_folio, find_periodos
from bot.core.errors import DayNotSupportedError
from bot.core.periodo import Periodo

HOY = date(2026, 11, 22)

FRASES = """
compras 3 2025 | 2025-03
boletas 8-26 | 2026-08
8/26 | 2026-08
en el mes de julio de este año dos mil veintiséis | 2026-07
marzo veinticuatro | 2024-03
de septiembre en adelante | 2026-09..2026-11
desde agosto del 2026 para adelante | 2026-08..2026-11
después de julio | 2026-08..2026-11
posteriores a septiembre | 2026-10..2026-11
después de marzo y antes de julio | 2026-04..2026-06
después de 2025 | 2026-01..2026-11
antes de abril | 2026-01..2026-03
antes de abril del 2025 | 2025-01..2025-03
antes del segundo semestre | 2026-01..2026-06
compara mayo con las de mayo del año pasado | 2025-05 2026-05
dos meses antes de octubre | 2026-10
otuvre | 2026-10
hotubre | 2026-10
ventas de setienvre | 2026-09
compras en mallo | 2026-05
mallo | 2026-05
lo de julho | 2026-07
ventas del mes recién pasado | 2026-10
las del otro mes | 2026-10
noveno mes | 2026-09
el décimo mes | 2026-10
antepenúltimo mes | 2026-09
el mes siguiente | 2026-12
el mes próximo | 2026-12
le facturé a julio en abril | 2026-04
a doña abril en mayo | 2026-05
de enero a julio | 2026-01..2026-07
liquidaciones factura 2025 | 2025-01..2025-12
del 1-30 de septiembre | 2026-09
le vendí a julio |
quiero otro mes |
por noveno mes consecutivo |
el banco mallo |
ventas en el verano |
para fiestas patrias |
a fin de año |
ventas históricas |
desde siempre |
ventas 25 |
folios 12-45 |
""".strip().splitlines()


def _expand(esperado: str) -> tuple[Periodo, ...]:
    found: list[Periodo] = []
    for part in esperado.split():
        first, _, last = part.partition("..")
        found += Periodo.parse(first).until(Periodo.parse(last or first))
    return tuple(found)


@pytest.mark.parametrize("fila", FRASES)
def test_months_said_loosely(fila: str) -> None:
    """Each wording gives exactly its months, and none is made up."""
    frase, _, esperado = fila.partition("|")
    assert find_periodos(frase.strip(), HOY) == _expand(esperado)


def test_a_range_of_days_with_a_dash_is_no_month() -> None:
    """`5-25 de mayo` are days, not May of 2025."""
    with pytest.raises(DayNotSupportedError):
        find_periodos("ventas del 5-25 de mayo", HOY)


def test_the_year_of_many_is_no_folio() -> None:
    """ "Liquidaciones factura 2026" are those of a year; one of them has a number."""
    assert find_folio("liquidaciones factura 2026") is None
    assert find_folio("liquidación factura 2026") == 2026
    assert find_folio("liquidaciones factura n° 2026") == 2026
