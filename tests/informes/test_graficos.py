"""Charts: amounts as people say them, and pictures that say what they do not know."""

import asyncio
from collections.abc import Mapping
from io import BytesIO

import pytest
from PIL import Image

from bot.core.periodo import Periodo
from bot.informes.graficos import MatplotlibGraficos, short_clp
from bot.services.ports import Contribuyente
from bot.services.ports_informes import Caratula, Serie
from tests.conftest import A

WHO = Contribuyente(A, "Comercial $Alerce$ SpA")
YEAR = tuple(Periodo(2025, 12).until(Periodo(2026, 11)))
HATCHED = (237, 237, 237)


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (0, "$0"),
        (950, "$950"),
        (999_700, "$1 M"),
        (1_500, "$1,5 mil"),
        (-500_000, "-$500 mil"),
        (12_345_678, "$12,3 M"),
        (12_000_000, "$12 M"),
        (1_234_567_890, "$1.235 M"),
        (9_876_543_210_987, "$9.876.543 M"),
    ],
)
def test_amounts(amount: int, said: str) -> None:
    """Three digits or so, with the comma and the dot as they are written in Chile."""
    assert short_clp(amount) == said


async def draw(*montos: Mapping[Periodo, int | None]) -> Image.Image:
    """The picture of some series."""
    series = [Serie(name, one) for name, one in zip(("Ventas", "Compras"), montos, strict=False)]
    caratula = Caratula(WHO, "Ventas de $2026$", "Fuente: SII.", ["Sin datos de marzo."])
    raw = await MatplotlibGraficos().mensual(caratula, series)
    assert len(raw) < 5 * 2**20, "WhatsApp takes no more"
    return Image.open(BytesIO(raw)).convert("RGB")


def count(picture: Image.Image, color: tuple[int, int, int]) -> int:
    """How many pixels are of that colour."""
    return sum(number for number, found in picture.getcolors(2**24) or () if found == color)


@pytest.mark.parametrize(
    "months",
    [
        dict.fromkeys(YEAR, 40_000_000),
        dict.fromkeys(YEAR[:1], 1),
        dict.fromkeys(YEAR, 0),
        dict.fromkeys(YEAR, None),
        {month: (-1) ** month.month * 10**13 for month in YEAR},
        dict.fromkeys(Periodo(2017, 5).until(Periodo(2026, 11)), 7),
    ],
)
async def test_any_months(months: Mapping[Periodo, int | None]) -> None:
    """One or a hundred, nothing, negatives and huge amounts: always a picture of the same size."""
    assert (await draw(months)).size == (1080, 810)
    assert (await draw(months, months)).size == (1080, 810)


async def test_unknown_is_not_zero() -> None:
    """A month that nobody imported looks like one; a month of zero does not."""
    zero = await draw({**dict.fromkeys(YEAR, 100), YEAR[3]: 0})
    unknown = await draw({**dict.fromkeys(YEAR, 100), YEAR[3]: None})
    assert count(unknown, HATCHED) > 1000 + 5 * count(zero, HATCHED)


async def test_the_loop_goes_on() -> None:
    """While it is drawn other things happen; several are drawn one after another."""
    graficos, ticks = MatplotlibGraficos(), 0
    caratula = Caratula(WHO, "Ventas", "Fuente: SII.")
    series = [Serie("Ventas", dict.fromkeys(YEAR, 1))]
    drawing = asyncio.gather(*(graficos.mensual(caratula, series) for _ in range(2)))
    while not drawing.done():
        ticks += 1
        await asyncio.sleep(0)
    one, other = await drawing
    assert one == other
    assert ticks > 2
