"""Names of backups, which are old, and when the next is due."""

from datetime import datetime, timedelta

import pytest

from bot.core.respaldo import Tabla, atrasado, difference, nombre, sobran, toca
from bot.services.reloj import SANTIAGO

MANY = [nombre(datetime(2026, 11, day, 23, tzinfo=SANTIAGO)) for day in range(1, 11)]


def test_names_sort_as_moments_do() -> None:
    """Also where the clock goes back: names are in UTC. What is not ours, or not whole, is no backup."""
    assert MANY[0] == "tributa-2026-11-02T020000Z.tar.age"
    others = ["notas.txt", f"{MANY[0]}.part", "tributa-viejo.tar.age"]
    assert sobran([*reversed(MANY), *others], 7) == [MANY[2], MANY[1], MANY[0]]
    assert sobran(MANY[:7], 7) == []


@pytest.mark.parametrize(
    ("ultimo", "ahora", "due"),
    [
        (None, "2026-11-22T02:59", False),
        (None, "2026-11-22T03:00", True),
        ("2026-11-21T03:07", "2026-11-22T02:07", False),
        ("2026-11-21T03:07", "2026-11-22T03:07", True),
        ("2026-11-22T03:07", "2026-11-22T23:07", False),
        ("2026-11-18T03:07", "2026-11-22T15:07", True),  # the machine was off
    ],
)
def test_when_it_is_due(ultimo: str | None, ahora: str, due: bool) -> None:
    """Once a night after three, and as soon as possible if a night was missed."""
    last = datetime.fromisoformat(ultimo).replace(tzinfo=SANTIAGO) if ultimo else None
    assert toca(last, datetime.fromisoformat(ahora).replace(tzinfo=SANTIAGO)) is due


def test_late() -> None:
    """After a night without one."""
    last = datetime(2026, 11, 22, 3, 7, tzinfo=SANTIAGO)
    assert not atrasado(last, last + timedelta(hours=25))
    assert atrasado(last, last + timedelta(hours=31))


def test_difference_names_the_tables() -> None:
    """Those with other rows, other contents, or missing; nothing if all are equal."""
    one, two = Tabla(2, "10"), Tabla(2, "11")
    assert difference({"a": one, "b": two}, {"a": one, "b": two}) == ""
    assert (
        difference({"a": one, "b": two}, {"a": one, "b": one, "c": one})
        == "b (2 filas de 2), c (0 filas de 2)"
    )
