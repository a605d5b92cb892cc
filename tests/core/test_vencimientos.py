"""Due dates."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.periodo import Periodo
from bot.core.vencimientos import credit_month, day_name, f29_due, last_day_to_claim, next_business_day
from bot.sii.feriados import FeriadosChile

es_feriado = FeriadosChile().es_feriado
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("periodo", "electronico", "due"),
    [
        (Periodo(2026, 5), True, date(2026, 6, 22)),  # a Saturday, a Sunday that is a holiday
        (Periodo(2026, 8), True, date(2026, 9, 21)),
        (Periodo(2026, 11), True, date(2026, 12, 21)),
        (Periodo(2026, 10), True, date(2026, 11, 20)),
        (Periodo(2026, 11), False, date(2026, 12, 14)),
        (Periodo(2026, 12), True, date(2027, 1, 20)),
    ],
)
def test_f29(periodo: Periodo, due: date, *, electronico: bool) -> None:
    """The 12th or the 20th of the month after, moved by weekends and holidays."""
    assert f29_due(periodo, es_feriado, electronico=electronico) == due


@given(dia=DAYS, holidays=st.sets(DAYS, max_size=20), shift=st.integers(0, 3))
def test_the_next_business_day(dia: date, holidays: set[date], shift: int) -> None:
    """It is one, it is not before the day, and there is none between them."""
    holidays |= {dia + timedelta(days=number) for number in range(shift)}
    found = next_business_day(dia, holidays.__contains__)
    between = [dia + timedelta(days=number) for number in range((found - dia).days)]
    assert found >= dia
    assert (found.weekday() < 5, found in holidays) == (True, False)
    assert all(one.weekday() >= 5 or one in holidays for one in between)


@given(recepcion=DAYS)
def test_the_month_of_the_credit(recepcion: date) -> None:
    """What comes in the last eight days of a month gives credit in the next one; nothing before it came."""
    month = Periodo.of(recepcion)
    days_left = (month.plus(1).first_day - recepcion).days - 1
    assert credit_month(recepcion) == (month.plus(1) if days_left < 8 else month)
    assert (last_day_to_claim(recepcion) - recepcion).days == 8


def test_a_day_for_people() -> None:
    """With its weekday."""
    assert day_name(date(2026, 11, 20)) == "viernes 20 de noviembre"
