"""Text made comparable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.texto import normalize


@pytest.mark.parametrize(
    ("texto", "esperado"),
    [
        ("  MUCHOOO   Año\n2025 ", "mucho ano 2025"),
        ("sep\u200btiembre\ufeff", "septiembre"),
        ("¿Cuánto vendí?", "¿cuanto vendi?"),
        ("１２ ＦＡＣＴＵＲＡＳ", "12 facturas"),
        ("pin\u0303a", "pina"),
        ("$1.000.000", "$1.000.000"),
        ("llamar aaa", "llamar a"),
        ("", ""),
    ],
)
def test_normalize_keeps_what_is_said(texto: str, esperado: str) -> None:
    """Case, accents, invisible characters and drawn-out letters go; digits and punctuation stay."""
    assert normalize(texto) == esperado


@given(st.text(alphabet=st.characters(max_codepoint=0x24F), max_size=60))
def test_normalize_twice_is_once(texto: str) -> None:
    """A normalized text is already normal."""
    assert normalize(normalize(texto)) == normalize(texto)
