"""What is offered when a message was not understood."""

import pytest

from bot.core.duda import Umbrales, topics

UMBRALES = Umbrales(cerca=0.6, minimo=0.05, persona=0.7)


@pytest.mark.parametrize(
    ("sures", "offered"),
    [
        ((0.40, 0.30, 0.05), "ab"),
        ((0.40, 0.30, 0.25), "abc"),
        ((0.40, 0.10, 0.08), "abc"),
        ((0.40, 0.10, 0.01), "ab"),
        ((0.40, 0.01), ""),
        ((), ""),
    ],
)
def test_two_or_three(sures: tuple[float, ...], offered: str) -> None:
    """Two that are close and stand out, else the three likeliest; one alone is no choice."""
    assert topics(list(zip("abcd", sures, strict=False)), UMBRALES) == tuple(offered)
