"""A month of the register (periodo tributario)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Self

from bot.core.errors import PeriodoFutureError, PeriodoInvalidError, PeriodoTooOldError

MESES = [
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
]  # fmt: skip
_WRITTEN = re.compile(r"(\d{4})-?(\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Periodo:
    """One month. `str()` is `2026-09`; `aaaamm` is the SII's `202609`; `nombre` is for people."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1 <= self.month <= 12 and 1900 <= self.year <= 9999):
            raise PeriodoInvalidError(periodo=f"{self.year}-{self.month}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `2026-09` or `202609`.

        Raises:
            PeriodoInvalidError: for anything else.
        """
        written = _WRITTEN.fullmatch(text.strip())
        if written is None:
            raise PeriodoInvalidError(periodo=text[:20])
        return cls(int(written[1]), int(written[2]))

    @classmethod
    def of(cls, day: date) -> Self:
        """The month of a day."""
        return cls(day.year, day.month)

    def plus(self, months: int) -> "Periodo":
        """The month that comes `months` later (earlier if negative)."""
        index = self.year * 12 + self.month - 1 + months
        return Periodo(index // 12, index % 12 + 1)

    def until(self, last: "Periodo") -> Iterator["Periodo"]:
        """Every month from this one to `last`, both included."""
        current = self
        while current <= last:
            yield current
            current = current.plus(1)

    @property
    def aaaamm(self) -> str:
        return f"{self.year:04d}{self.month:02d}"

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def mes(self) -> str:
        """`septiembre`."""
        return MESES[self.month - 1]

    @property
    def nombre(self) -> str:
        """`septiembre de 2026`."""
        return f"{self.mes} de {self.year}"

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


FIRST_PERIODO = Periodo(2017, 5)


def check_in_register(periodo: Periodo, hoy: date) -> Periodo:
    """Give the month back if the register can hold it.

    Raises:
        PeriodoFutureError: if it has not begun on `hoy`.
        PeriodoTooOldError: if it is before 2017-05.

    Source: SII, "Registro de Compras y Ventas", in force since 2017-08 with data from 2017-05.
    """
    if periodo > Periodo.of(hoy):
        raise PeriodoFutureError(periodo=periodo.nombre)
    if periodo < FIRST_PERIODO:
        raise PeriodoTooOldError(periodo=periodo.nombre)
    return periodo
