"""When people attend: hours of the week, closed on holidays."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self

from bot.core.texto import normalize

DAYS = ("lun", "mar", "mie", "jue", "vie", "sab", "dom")
_NAMES = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
_SPAN = re.compile(r"([a-z]{3})(?:-([a-z]{3}))? (\d\d):(\d\d)-(\d\d):(\d\d)")
# No week of holidays is longer: who looks further looks for ever.
_FURTHEST = 30

type EsFeriado = Callable[[date], bool]


@dataclass(frozen=True, slots=True)
class Tramo:
    """Some days of the week (Monday is 0), and from when to when; at `hasta` it is over."""

    dias: tuple[int, ...]
    desde: time
    hasta: time


@dataclass(frozen=True, slots=True)
class Horario:
    """Hours of attention; without any, nobody attends."""

    tramos: tuple[Tramo, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `lun-vie 09:00-18:00, sab 10:00-14:00`; empty is nobody.

        Raises:
            ValueError: if it is written in another way.
        """
        return cls(tuple(_span(part) for part in text.split(",") if part.strip()))

    def abierto(self, momento: datetime, es_feriado: EsFeriado) -> bool:
        """Whether somebody attends at that moment, in its own zone."""
        return any(desde <= momento < hasta for desde, hasta in self._of(momento, es_feriado))

    def proxima(self, momento: datetime, es_feriado: EsFeriado) -> datetime | None:
        """When attention begins after that moment; None if it never does."""
        for ahead in range(_FURTHEST):
            day = momento + timedelta(days=ahead)
            starts = [desde for desde, _ in self._of(day, es_feriado) if desde > momento]
            if starts:
                return min(starts)
        return None

    def __str__(self) -> str:
        return "; ".join(f"{_days(one.dias)} de {one.desde:%H:%M} a {_end(one.hasta)}" for one in self.tramos)

    def _of(self, momento: datetime, es_feriado: EsFeriado) -> list[tuple[datetime, datetime]]:
        """The hours of that day."""
        if es_feriado(momento.date()):
            return []
        return [
            (_at(momento, one.desde), _at(momento, one.hasta))
            for one in self.tramos
            if momento.weekday() in one.dias
        ]


def moment_words(momento: datetime, hoy: date) -> str:
    """`hoy a las 15:00`, `mañana a las 09:00`, `el lunes 30 a las 09:00`."""
    ahead = (momento.date() - hoy).days
    near = {0: "hoy", 1: "mañana"}.get(ahead)
    return f"{near or f'el {_NAMES[momento.weekday()]} {momento.day}'} a las {momento:%H:%M}"


def _span(part: str) -> Tramo:
    found = _SPAN.fullmatch(normalize(part))
    if not found or not {found[1], found[2] or found[1]} <= set(DAYS):
        raise ValueError("se escribe como «lun-vie 09:00-18:00, sab 10:00-14:00»")
    first, last = DAYS.index(found[1]), DAYS.index(found[2] or found[1])
    desde, hasta = time(int(found[3]), int(found[4])), _time(found[5], found[6])
    if last < first or hasta <= desde:
        raise ValueError("cada tramo va de un día a otro posterior, y de una hora a otra posterior")
    return Tramo(tuple(range(first, last + 1)), desde, hasta)


def _time(hour: str, minute: str) -> time:
    """The end of a day is written 24:00."""
    return time.max if (hour, minute) == ("24", "00") else time(int(hour), int(minute))


def _end(hasta: time) -> str:
    return "24:00" if hasta == time.max else f"{hasta:%H:%M}"


def _at(momento: datetime, hora: time) -> datetime:
    return datetime.combine(momento.date(), hora, momento.tzinfo)


def _days(dias: tuple[int, ...]) -> str:
    if len(dias) == 1:
        return _NAMES[dias[0]]
    return f"{_NAMES[dias[0]]} a {_NAMES[dias[-1]]}"
