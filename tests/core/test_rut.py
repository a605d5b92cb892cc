"""RUT: reading, check digit, showing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import RutInvalidError
from bot.core.rut import Rut, check_digit

numbers = st.integers(1, 99_999_999)


@pytest.mark.parametrize(
    ("number", "dv"), [(76192083, "9"), (1, "9"), (60803000, "K"), (55555555, "5"), (6, "K")]
)
def test_check_digits_are_the_siis(number: int, dv: str) -> None:
    """Known RUTs have their known digit, K among them."""
    assert check_digit(number) == dv


@pytest.mark.parametrize(
    "text",
    [
        "76.192.083-9",
        "76192083-9",
        "761920839",
        " 76.192.083 - 9 ",
        "76,192,083-9",
        "076.192.083-9",
        "76192083–9",
    ],
)
def test_a_rut_is_read_as_people_type_it(text: str) -> None:
    """Dots, spaces, a missing dash and leading zeros do not matter."""
    assert str(Rut.parse(text)) == "76192083-9"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "76192083-8",
        "abc",
        "76.192.083",
        "1234567890123",
        "7.61.92.083-9",
        "76192083\n-9",
        "٧٦١٩٢٠٨٣-9",
    ],
)
def test_what_is_no_rut_is_refused(text: str) -> None:
    """A wrong digit or another number is told, never accepted."""
    with pytest.raises(RutInvalidError):
        Rut.parse(text)


@given(numbers)
def test_every_form_is_read_back(number: int) -> None:
    """Canonical, pretty, bare and lower case are the same RUT, whatever its length."""
    rut = Rut(number)
    forms = [
        str(rut),
        rut.pretty,
        str(rut).replace("-", ""),
        rut.pretty.lower(),
        rut.pretty.replace(".", " "),
    ]
    assert {Rut.parse(form) for form in forms} == {rut}


@given(st.text(max_size=30))
def test_arbitrary_text_is_a_rut_or_refused(text: str) -> None:
    """No text breaks the reader."""
    try:
        assert check_digit(Rut.parse(text).number) == Rut.parse(text).dv
    except RutInvalidError as error:
        assert len(error.params["rut"]) <= 20
