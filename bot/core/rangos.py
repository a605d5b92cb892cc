"""Ranges that narrow a question down: days, and amounts."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Self

from bot.core.dinero import format_clp
from bot.core.periodo import MESES, Periodo


@dataclass(frozen=True, slots=True)
class Dias:
    """From one day to another, both included. `str()` is `2026-11-16..2026-11-22`."""

    desde: date
    hasta: date

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `str()` wrote.

        Raises:
            ValueError: for a day that does not exist.
        """
        first, _, last = text.partition("..")
        return cls(date.fromisoformat(first), date.fromisoformat(last or first))

    @property
    def periodos(self) -> tuple[Periodo, ...]:
        """The months that the days lie in."""
        return tuple(Periodo.of(self.desde).until(Periodo.of(self.hasta)))

    @property
    def whole(self) -> bool:
        """Whether these are whole months, which the register knows better."""
        last = monthrange(self.hasta.year, self.hasta.month)[1]
        return (self.desde.day, self.hasta.day) == (1, last)

    @property
    def nombre(self) -> str:
        """`16 de noviembre de 2026`, `16 al 22 de noviembre de 2026`, `28 de septiembre al 4 de octubre…`."""
        last = full_day(self.hasta)
        if self.desde == self.hasta:
            return last
        if (self.desde.year, self.desde.month) == (self.hasta.year, self.hasta.month):
            return f"{self.desde.day} al {last}"
        first = full_day(self.desde)
        return f"{first.rpartition(' de ')[0] if self.desde.year == self.hasta.year else first} al {last}"

    def __str__(self) -> str:
        return str(self.desde) if self.desde == self.hasta else f"{self.desde}..{self.hasta}"


@dataclass(frozen=True, slots=True)
class Rango:
    """Amounts in whole CLP, both ends included; an end that is None is open. `str()` is `1000000..`."""

    minimo: int | None = None
    maximo: int | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `str()` wrote.

        Raises:
            ValueError: for anything else.
        """
        first, several, last = text.partition("..")
        return cls(int(first) if first else None, int(last) if last else None if several else int(first))

    @property
    def nombre(self) -> str:
        """`de $1.000.000 o más`, `de $50.000 o menos`, `entre $1 y $2`, `de $350.000`."""
        if self.minimo is None or self.maximo is None:
            end = self.maximo if self.minimo is None else self.minimo
            return f"de {format_clp(end or 0)} o {'menos' if self.minimo is None else 'más'}"
        if self.minimo == self.maximo:
            return f"de {format_clp(self.minimo)}"
        return f"entre {format_clp(self.minimo)} y {format_clp(self.maximo)}"

    def __str__(self) -> str:
        first, last = ("" if end is None else str(end) for end in (self.minimo, self.maximo))
        return first if first == last else f"{first}..{last}"


def full_day(dia: date) -> str:
    """`22 de noviembre de 2026`."""
    return f"{dia.day} de {MESES[dia.month - 1]} de {dia.year}"
