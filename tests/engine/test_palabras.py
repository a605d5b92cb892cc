"""How words are made plain before the engine counts them."""

import pytest

from engine.palabras import plain


@pytest.mark.parametrize(
    ("written", "meant"),
    [("XQ", "porque"), ("k", "que"), ("holaaaa", "hola"), ("Llaima", "llaima"), ("vtas", "ventas")],
)
def test_words_as_people_write_them(written: str, meant: str) -> None:
    """Abbreviations are spelt out, drawn-out letters are written once, doubles stay."""
    assert plain(written) == meant


def test_months_are_alike() -> None:
    """Which month is asked for is read elsewhere; here one is as good as another."""
    assert len({plain(month) for month in ("enero", "Sept", "DICIEMBRE")}) == 1
