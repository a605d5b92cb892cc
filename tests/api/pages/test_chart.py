"""Bars by month."""

import pytest

from api.pages.chart import HEIGHT, chart
from bot.core.periodo import Periodo

MESES = tuple(Periodo(2026, 1).until(Periodo(2026, 4)))


def test_heights_are_in_proportion() -> None:
    """The highest bar fits below a round number, and half as much is half as high."""
    found = chart(MESES, {"ventas": {MESES[0]: 40_000_000, MESES[1]: 20_000_000, MESES[2]: None}}, MESES[3])
    first, second = (found.months[at].bars[0] for at in (0, 1))
    assert first.height == pytest.approx(2 * second.height)
    assert first.y + first.height == pytest.approx(found.cero) == pytest.approx(HEIGHT)
    assert found.ticks == ("40", "30", "20", "10", "0")
    assert found.unidad == "millones de pesos"
    assert found.months[2].bars == found.months[3].bars == ()
    assert [mes.abierto for mes in found.months] == [False, False, False, True]


def test_below_zero() -> None:
    """A month of more credit notes than sales goes down from the line of zero."""
    found = chart(MESES[:2], {"ventas": {MESES[0]: 900_000, MESES[1]: -300_000}}, MESES[3])
    down = found.months[1].bars[0]
    assert down.y == pytest.approx(found.cero, abs=0.01)
    assert found.cero < down.y + down.height <= HEIGHT
    assert found.unidad == "miles de pesos"
    assert found.ticks[-1].startswith("-")


@pytest.mark.parametrize("amount", [0, 1, 999, 123_456_789_012, -5])
def test_any_amount_fits(amount: int) -> None:
    """Nothing is drawn outside, whatever the figures are."""
    found = chart(MESES, {"ventas": dict.fromkeys(MESES, amount), "compras": {MESES[0]: 0}}, MESES[3])
    for mes in found.months:
        for bar in mes.bars:
            assert mes.x <= bar.x
            assert bar.x + bar.width <= mes.x + 100
            assert bar.y >= 0
            assert bar.y + bar.height <= HEIGHT + 0.01
    assert len(found.ticks) == len(found.lines) >= 1
