"""Bars by month, which the template draws as SVG: no script, themeable, with a table beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.core.periodo import Periodo

# The drawing's own units; the page stretches it to whatever place there is.
_MONTH = 100
HEIGHT = 1000
_BETWEEN = 0.34
_TICKS = 4


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar in the drawing's units, and what it stands for; `monto` in whole CLP."""

    x: float
    y: float
    width: float
    height: float
    serie: str
    monto: int


@dataclass(frozen=True, slots=True)
class Month:
    """A month's place; it has no bars if nothing of it is known."""

    periodo: Periodo
    x: int
    bars: tuple[Bar, ...]
    abierto: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart; `ticks` go from the top to the bottom, in `unidad`, and `cero` is where zero is."""

    months: tuple[Month, ...]
    ticks: tuple[str, ...]
    lines: tuple[float, ...]
    unidad: str
    cero: float
    width: int
    series: tuple[str, ...]


def chart(
    periodos: Sequence[Periodo], series: Mapping[str, Mapping[Periodo, int | None]], actual: Periodo
) -> Chart:
    """Lay out one or two series of months.

    Args:
        series: totals in whole CLP by name and month; None where nothing is known.
        actual: the month that is not over yet.
    """
    known = [amount for one in series.values() for amount in one.values() if amount is not None]
    step = _step(max([0, *known]) - min([0, *known]))
    top = -(-max([0, *known]) // step) * step
    bottom = min([0, *known]) // step * step
    scale = HEIGHT / ((top - bottom) or step)
    zero = top * scale
    ticks = range(top, bottom - 1, -step)
    unit, name = _unit(max(abs(top), abs(bottom)))
    months = [
        Month(
            periodo,
            at * _MONTH,
            tuple(_bars(at * _MONTH, [(one, series[one].get(periodo)) for one in series], scale, zero)),
            periodo == actual,
        )
        for at, periodo in enumerate(periodos)
    ]
    return Chart(
        tuple(months),
        tuple(f"{tick / unit:g}".replace(".", ",") for tick in ticks),
        tuple(round((top - tick) * scale, 2) for tick in ticks),
        name,
        round(zero, 2),
        len(periodos) * _MONTH,
        tuple(series),
    )


def _bars(x: int, montos: Sequence[tuple[str, int | None]], scale: float, zero: float) -> list[Bar]:
    width = _MONTH * (1 - _BETWEEN) / len(montos)
    left = x + _MONTH * _BETWEEN / 2
    return [
        Bar(
            left + at * width,
            round(zero - max(amount, 0) * scale, 2),
            round(width * 0.92, 2),
            round(abs(amount) * scale, 2),
            name,
            amount,
        )
        for at, (name, amount) in enumerate(montos)
        if amount is not None
    ]


def _step(span: int) -> int:
    """A round number of which at most `_TICKS` fill the span."""
    size = 1000
    while True:
        for factor in (1, 2, 5):
            if span <= size * factor * _TICKS:
                return size * factor
        size *= 10


def _unit(largest: int) -> tuple[int, str]:
    return (1_000_000, "millones de pesos") if largest >= 2_000_000 else (1_000, "miles de pesos")
