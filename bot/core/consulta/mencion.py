"""One mention of a month, a block of months or a day in a message."""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, Self

from bot.core.periodo import Periodo


@dataclass(frozen=True, slots=True)
class Mencion:
    """Tokens `inicio` up to `fin` (excluded) name the months `primero` to `ultimo`, counted from a January.

    `year` is that January's, None if not said. `paso` is the size in months of the unit that was named.
    `dia` and `dia_fin` are set when days were named; `ahora` is today, good only as the end of a range.
    `abierto` is the side on which the words leave a range open: "de agosto en adelante", "antes de marzo".
    """

    inicio: int
    fin: int
    primero: int
    ultimo: int
    year: int | None = None
    paso: int = 1
    dia: int | None = None
    dia_fin: int | None = None
    ahora: bool = False
    numerico: bool = False
    abierto: Literal["", "desde", "hasta"] = ""

    @classmethod
    def exact(cls, inicio: int, fin: int, periodo: Periodo) -> Self:
        return cls(inicio, fin, periodo.month, periodo.month, periodo.year)

    def with_year(self, hoy: date) -> "Mencion":
        """The same with a year: the latest in which it has begun."""
        if self.year is not None:
            return self
        return replace(self, year=hoy.year - (self.primero > hoy.month))

    def first(self) -> Periodo:
        return Periodo(self.year or 0, 1).plus(self.primero - 1)

    def last(self) -> Periodo:
        return Periodo(self.year or 0, 1).plus(self.ultimo - 1)

    def clipped_last(self, hoy: date) -> Periodo:
        """The last month; of a longer unit that has begun, only up to the current one."""
        last, now = self.last(), Periodo.of(hoy)
        return now if self.paso > 1 and self.first() <= now < last else last

    def starts_month(self) -> bool:
        return self.dia in (None, 1)

    def ends_month(self) -> bool:
        """Whether its last day is the month's last ("31 de abril" is meant as that)."""
        if self.dia_fin is None:
            return True
        last = self.last()
        return self.dia_fin >= monthrange(last.year, last.month)[1]

    def as_months(self) -> "Mencion":
        """The whole months that the days lie in."""
        return replace(self, dia=None, dia_fin=None)
