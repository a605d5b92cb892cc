"""Months of the register."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import PeriodoFutureError, PeriodoInvalidError, PeriodoTooOldError
from bot.core.periodo import FIRST_PERIODO, Periodo, check_in_register

periodos = st.builds(Periodo, st.integers(1990, 2090), st.integers(1, 12))


@given(periodos)
def test_both_written_forms_are_read_back(periodo: Periodo) -> None:
    """`2026-09` and `202609` are the same month."""
    assert (
        Periodo.parse(str(periodo))
        == Periodo.parse(periodo.aaaamm)
        == Periodo.of(periodo.first_day)
        == periodo
    )


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-13", "2026-00", "26-09", "2026-9", "2026/09", "0000-01", "２０２６-09"]
)
def test_other_texts_are_no_month(text: str) -> None:
    """Only the two forms of the API are read here."""
    with pytest.raises(PeriodoInvalidError):
        Periodo.parse(text)


@given(periodos, st.integers(-500, 500))
def test_going_forth_and_back_ends_where_it_began(periodo: Periodo, months: int) -> None:
    """Adding months is undone by taking them away, and keeps the order."""
    later = periodo.plus(months)
    assert later.plus(-months) == periodo
    assert (later > periodo) == (months > 0)


def test_a_range_holds_both_ends_and_crosses_the_year() -> None:
    """`until` gives every month, and none when it ends before it begins."""
    assert [str(one) for one in Periodo(2025, 11).until(Periodo(2026, 1))] == [
        "2025-11",
        "2025-12",
        "2026-01",
    ]
    assert not list(Periodo(2026, 2).until(Periodo(2026, 1)))


def test_people_read_the_month_by_its_name() -> None:
    """The name for people is whole."""
    assert Periodo(2026, 9).nombre == "septiembre de 2026"
    assert Periodo(2026, 9).mes == "septiembre"


def test_only_months_of_the_register_pass() -> None:
    """From 2017-05 up to the current month, both included."""
    hoy = date(2026, 11, 1)
    assert check_in_register(Periodo(2026, 11), hoy) == Periodo(2026, 11)
    assert check_in_register(FIRST_PERIODO, hoy) == FIRST_PERIODO
    with pytest.raises(PeriodoFutureError):
        check_in_register(Periodo(2026, 12), hoy)
    with pytest.raises(PeriodoTooOldError):
        check_in_register(Periodo(2017, 4), hoy)
