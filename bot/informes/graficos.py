"""Charts with matplotlib, drawn in a thread and made to be read on a phone."""

import asyncio
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from bot.core.dinero import format_number
from bot.core.periodo import Periodo
from bot.services.ports_informes import Caratula, Serie

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito's colours, which everybody can tell apart.
_COLORS = ("#0072B2", "#E69F00")
_GREY, _INK, _EMPTY, _LINE = "#595959", "#1A1A1A", "#EDEDED", "#D9D9D9"
# In pixels; a phone shows them at a third of that.
_WIDTH, _HEIGHT, _DPI = 1080, 810, 100
_TITLE, _TEXT, _TICK, _SMALL = 38, 27, 30, 23
_BARS_WHOLE, _MONTHS_NAMED, _MONTHS_LETTERED = 7, 13, 24
_FEWEST_PLACES, _TITLE_LETTERS = 4, 42
# The width of a digit, of its height; and the pixels that all labels side by side may take.
_LETTER, _ROOM = 0.62, 880
_MISSING = "sin datos"


@dataclass(frozen=True, slots=True)
class _Barra:
    """Where a month's bar of a series stands, in months from the left."""

    x: float
    width: float
    monto: int | None


class MatplotlibGraficos:
    """Implements the port `Graficos`."""

    def __init__(self) -> None:
        self._one_at_a_time = asyncio.Semaphore(1)

    async def mensual(self, caratula: Caratula, series: Sequence[Serie]) -> bytes:
        """Bars by month; see the port."""
        async with self._one_at_a_time:
            return await asyncio.to_thread(_draw, caratula, series)


def short_clp(amount: float) -> str:
    """`12345678` → `$12,3 M`, `-500000` → `-$500 mil`, `1234567890` → `$1.235 M`."""
    sign, size = "-" if amount < 0 else "", abs(amount)
    for unit, name in ((10**6, " M"), (10**3, " mil")):
        if size >= unit * 0.9995:
            return f"{sign}${_scaled(size, unit)}{name}"
    return f"{sign}${size:.0f}"


def _scaled(size: float, unit: int) -> str:
    scaled = size / unit
    if scaled >= 99.95:
        return format_number(round(scaled))
    return f"{scaled:.1f}".removesuffix(".0").replace(".", ",")


def _bare(amount: int, unit: int) -> str:
    return ("-" if amount < 0 else "") + _scaled(abs(amount), unit)


def _draw(caratula: Caratula, series: Sequence[Serie]) -> bytes:
    # Most of a second to import, and few programs ever draw.
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context({"hatch.linewidth": 2.0, "text.parse_math": False}):
        figure = Figure(figsize=(_WIDTH / _DPI, _HEIGHT / _DPI), dpi=_DPI, facecolor="white")
        axes = figure.add_axes((0.1, 0.1, 0.8, 0.8))
        bars = [list(_bars(serie, place, len(series))) for place, serie in enumerate(series)]
        for color, serie, line in zip(_COLORS, series, bars, strict=False):
            _plot(axes, color, serie, line)
        _label(axes, bars)
        _scale(axes, bars)
        _months(axes, list(series[0].montos))
        _frame(figure, axes, caratula, legend=len(series) > 1 or _has_missing(bars))
        out = BytesIO()
        figure.savefig(out, format="png")
    return out.getvalue()


def _bars(serie: Serie, place: int, many: int) -> Iterator[_Barra]:
    width = 0.8 / many
    for month, monto in enumerate(serie.montos.values()):
        yield _Barra(month - 0.4 + width * (place + 0.5), width, monto)


def _has_missing(bars: Sequence[Sequence[_Barra]]) -> bool:
    return any(bar.monto is None for line in bars for bar in line)


def _plot(axes: "Axes", color: str, serie: Serie, line: Sequence[_Barra]) -> None:
    """Bars; a month of zero is a mark on the axis, a month that is not known a hatched strip."""
    known = [bar for bar in line if bar.monto is not None]
    axes.bar(
        [bar.x for bar in known],
        [bar.monto or 0 for bar in known],
        [bar.width * 0.94 for bar in known],
        color=color,
        label=serie.nombre,
        zorder=3,
    )
    zeros = [bar.x for bar in known if not bar.monto]
    axes.plot(zeros, [0] * len(zeros), "o", color=color, markersize=_points(13), zorder=4, clip_on=False)
    label = None if _MISSING in axes.get_legend_handles_labels()[1] else _MISSING
    for bar in line:
        if bar.monto is None:
            half = bar.width * 0.47
            axes.axvspan(
                bar.x - half, bar.x + half, facecolor=_EMPTY, edgecolor="#BDBDBD", hatch="//", lw=0,
                label=label, zorder=1,
            )  # fmt: skip
            label = None


def _label(axes: "Axes", bars: Sequence[Sequence[_Barra]]) -> None:
    """Amounts on the bars as far as there is room: first whole, then without their unit."""
    known = [bar for line in bars for bar in line if bar.monto is not None]
    many = sum(len(line) for line in bars)
    largest = max((abs(bar.monto or 0) for bar in known), default=0)
    unit = 10**6 if largest >= 10**6 else 10**3 if largest >= 10**3 else 1
    whole = many <= _BARS_WHOLE
    texts = [short_clp(bar.monto or 0) if whole else _bare(bar.monto or 0, unit) for bar in known]
    size = _TEXT if whole else _SMALL
    if many * max(map(len, texts), default=0) * size * _LETTER > _ROOM:
        return
    for bar, text in zip(known, texts, strict=True):
        amount = bar.monto or 0
        axes.annotate(
            text,
            (bar.x, amount),
            (0, _points(-10 if amount < 0 else 10)),
            textcoords="offset points",
            ha="center",
            va="top" if amount < 0 else "bottom",
            fontsize=_points(size),
            color=_INK,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
            zorder=4,
        )


def _scale(axes: "Axes", bars: Sequence[Sequence[_Barra]]) -> None:
    """From zero, with room for the labels."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    known = [bar.monto or 0 for line in bars for bar in line]
    low, high = min(0, *known), max(0, *known)
    room = 0.14 * (high - low)
    axes.set_ylim(low - room if low else 0, high + room if high or low else 1)
    axes.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    if not (low or high):
        axes.set_yticks([0])
    axes.yaxis.set_major_formatter(FuncFormatter(lambda amount, _: short_clp(amount)))
    axes.tick_params(axis="y", length=0, labelsize=_points(_TICK), labelcolor=_GREY)
    axes.grid(axis="y", color=_LINE, linewidth=1.5, zorder=0)
    axes.set_axisbelow(True)
    axes.axhline(0, color=_INK, linewidth=2, zorder=5)
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(False)


def _months(axes: "Axes", periodos: Sequence[Periodo]) -> None:
    """Names while there is room, then initials, then years; each year once, below its first month."""
    many, seen = len(periodos), set[int]()
    ticks, labels = [], []
    for place, periodo in enumerate(periodos):
        name = ""
        if many <= _MONTHS_LETTERED:
            name = periodo.mes[:3] if many <= _MONTHS_NAMED else periodo.mes[0].upper()
        # A year in which only its last month is shown would stand in the next one's place.
        last = periodo.month == 12 and place + 1 < many and many > _BARS_WHOLE
        named = many <= _MONTHS_LETTERED and not last
        fresh = periodo.year not in seen and (named or periodo.month == 1)
        if name or fresh:
            ticks.append(place)
            labels.append(f"{name}\n{periodo.year}" if fresh and name else f"{name or periodo.year}\n")
        if fresh:
            seen.add(periodo.year)
    axes.set_xticks(ticks, labels)
    side = 0.6 + max(0, _FEWEST_PLACES - many) / 2
    axes.set_xlim(-side, many - 1 + side)
    axes.tick_params(axis="x", length=0, pad=_points(10), labelsize=_points(_TICK), labelcolor=_INK)


def _frame(figure: "Figure", axes: "Axes", caratula: Caratula, *, legend: bool) -> None:
    """What it is above, whose and where from below; the chart takes what is left."""
    who = caratula.contribuyente
    title = _title(caratula.que)
    head = figure.text(
        0.03, 0.97, "\n".join(title), va="top", fontsize=_points(_TITLE), weight="bold", color=_INK
    )
    # Capitals are wider than what lines are broken by.
    wide = head.get_window_extent().width / (0.94 * _WIDTH)
    head.set_fontsize(_points(_TITLE) / max(1, wide))
    top = 0.97 - len(title) * 0.062
    name = textwrap.shorten(who.nombre, 42, placeholder="…")
    figure.text(0.03, top, f"{name} · {who.rut.pretty}", va="top", fontsize=_points(_TEXT), color=_GREY)
    foot = [line for note in (*caratula.notas, caratula.fuente) for line in textwrap.wrap(note, 80)]
    figure.text(0.03, 0.025, "\n".join(foot), va="bottom", fontsize=_points(_SMALL), color=_GREY)
    top -= 0.085
    if legend:
        axes.legend(
            loc="lower left", bbox_to_anchor=(0, 1.0), ncols=3, frameon=False, fontsize=_points(_TEXT),
            borderaxespad=0, handlelength=1.2, columnspacing=1.2,
        )  # fmt: skip
        top -= 0.05
    taken = axes.yaxis.get_tightbbox()
    left = 0.045 + (taken.width / _WIDTH if taken else 0.1)
    bottom = 0.145 + 0.036 * len(foot)
    axes.set_position((left, bottom, 0.975 - left, top - bottom))


def _title(que: str) -> list[str]:
    """On one line if it fits, else on two of about the same length."""
    width = _TITLE_LETTERS if len(que) <= _TITLE_LETTERS else min(_TITLE_LETTERS + 8, len(que) // 2 + 8)
    return textwrap.wrap(que, width, max_lines=2, placeholder="…")


def _points(pixels: float) -> float:
    return pixels * 72 / _DPI
