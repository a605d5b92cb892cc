"""Pesos as shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.dinero import format_clp, format_number, parse_clp


@pytest.mark.parametrize(
    ("amount", "shown"), [(0, "$0"), (1234567, "$1.234.567"), (-500, "-$500"), (999, "$999")]
)
def test_amounts_have_chilean_dots(amount: int, shown: str) -> None:
    """Thousands are parted by dots and the sign goes before the $."""
    assert format_clp(amount) == shown


@given(st.integers())
def test_no_digit_is_lost(number: int) -> None:
    """Taking the dots out gives the number back."""
    assert int(format_number(number).replace(".", "")) == number
    assert int(format_clp(number).replace(".", "").replace("$", "")) == number


@given(st.integers(min_value=0))
def test_what_is_shown_can_be_typed(number: int) -> None:
    """An amount is read back however it is written, and nothing is read from a negative one."""
    assert (
        parse_clp(format_clp(number)) == parse_clp(format_number(number)) == parse_clp(str(number)) == number
    )
    with pytest.raises(ValueError, match="por ejemplo"):
        parse_clp(format_clp(-number - 1))
