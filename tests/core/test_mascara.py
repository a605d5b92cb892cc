"""Texts for eyes that need not read them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.mascara import mask


@pytest.mark.parametrize(
    ("texto", "shown"),
    [
        ("", ""),
        ("¿Cuánto le vendí a Soto?", "¿•••••• •• ••••• • ••••?"),
        ("76.192.083-9", "••.•••.•••-•"),
        ("$ 1.234.567", "$ •.•••.•••"),
        ("ana_soto@correo.cl", "•••_••••@••••••.••"),
        ("línea\notra", "•••••\n••••"),
        ("٣ ½ ² 東京 Ω", "• • • •• •"),
    ],
)
def test_only_the_shape_is_left(texto: str, shown: str) -> None:
    """Length and punctuation stay, so that a conversation can still be followed."""
    assert mask(texto) == shown


@given(st.text(max_size=200))
def test_no_letter_and_no_digit_is_shown(texto: str) -> None:
    """Of any script; and it is as long as it was."""
    masked = mask(texto)
    assert len(masked) == len(texto)
    assert {unicodedata.category(character)[0] for character in masked}.isdisjoint("LN")


@given(st.from_regex(r"[a-z0-9]{12}", fullmatch=True), st.from_regex(r"[A-Z0-9]{12}", fullmatch=True))
def test_two_texts_of_one_shape_look_alike(one: str, other: str) -> None:
    """What is shown does not depend on what was said."""
    assert mask(f"¿{one}, {one}?") == mask(f"¿{other}, {other}?")
