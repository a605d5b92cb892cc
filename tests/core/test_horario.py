"""When people attend."""

from datetime import date, datetime

import pytest

from bot.core.horario import Horario, moment_words
from bot.services.reloj import SANTIAGO

WEEK = Horario.parse("lun-vie 09:00-18:00, Sáb 10:00-14:00")
# Monday: the holiday of the week after HOLIDAY's Sunday.
HOLIDAY = date(2026, 11, 30)


def at(text: str) -> datetime:
    """A moment in Santiago."""
    return datetime.fromisoformat(text).replace(tzinfo=SANTIAGO)


def holiday(day: date) -> bool:
    """The only one."""
    return day == HOLIDAY


@pytest.mark.parametrize(
    ("moment", "open_", "next_"),
    [
        ("2026-11-23T08:59", False, "2026-11-23T09:00"),
        ("2026-11-23T09:00", True, "2026-11-24T09:00"),
        ("2026-11-23T17:59", True, "2026-11-24T09:00"),
        ("2026-11-23T18:00", False, "2026-11-24T09:00"),
        ("2026-11-28T13:00", True, "2026-12-01T09:00"),
        ("2026-11-30T12:00", False, "2026-12-01T09:00"),
    ],
)
def test_open_and_when_next(moment: str, open_: bool, next_: str) -> None:
    """The start is in, the end is out; Sundays and holidays are passed over."""
    assert WEEK.abierto(at(moment), holiday) is open_
    assert WEEK.proxima(at(moment), holiday) == at(next_)


def test_the_hours_move_with_the_clock() -> None:
    """Nine is nine on the day on which Chile's clock changes, too."""
    always = Horario.parse("lun-dom 09:00-18:00")
    after = always.proxima(at("2027-04-03T20:00"), holiday)
    assert after == at("2027-04-04T09:00")
    assert after.utcoffset() != at("2027-04-03T20:00").utcoffset()


def test_nobody() -> None:
    """Without hours nobody ever attends."""
    nobody = Horario.parse("")
    assert not nobody.abierto(at("2026-11-23T12:00"), holiday)
    assert nobody.proxima(at("2026-11-23T12:00"), holiday) is None


def test_in_words() -> None:
    """As people say it."""
    assert str(WEEK) == "lunes a viernes de 09:00 a 18:00; sábado de 10:00 a 14:00"
    assert str(Horario.parse("lun-dom 00:00-24:00")) == "lunes a domingo de 00:00 a 24:00"
    hoy = date(2026, 11, 27)
    assert moment_words(at("2026-11-27T15:00"), hoy) == "hoy a las 15:00"
    assert moment_words(at("2026-11-28T10:00"), hoy) == "mañana a las 10:00"
    assert moment_words(at("2026-12-01T09:00"), hoy) == "el martes 1 a las 09:00"


@pytest.mark.parametrize(
    "text",
    [
        "siempre",
        "lun-vie",
        "lun-vie 9-18",
        "vie-lun 09:00-18:00",
        "lun 18:00-09:00",
        "lun 09:00-25:00",
        "xyz 09:00-10:00",
    ],
)
def test_what_cannot_be_read(text: str) -> None:
    """A wrong setting is refused at the start, not taken for nobody."""
    with pytest.raises(ValueError):
        Horario.parse(text)
