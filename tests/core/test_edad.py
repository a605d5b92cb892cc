"""The age of data as people say it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.core.edad import moment, months

AHORA = datetime(2026, 11, 22, 0, 30, tzinfo=ZoneInfo("America/Santiago"))


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        (timedelta(minutes=5), "hoy a las 00:25"),
        (timedelta(minutes=31), "ayer a las 23:59"),
        (timedelta(days=5), "el 17 de noviembre"),
        (timedelta(days=400), "el 18 de octubre de 2025"),
    ],
)
def test_moment(ago: timedelta, said: str) -> None:
    """Days change at Chile's midnight, whatever zone the moment comes in."""
    assert moment((AHORA - ago).astimezone(ZoneInfo("UTC")), AHORA) == said


def test_months() -> None:
    """Commas, and an "y" before the last."""
    assert [months(names) for names in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a y b",
        "a, b y c",
    ]
