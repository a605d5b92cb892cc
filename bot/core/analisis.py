"""Figures beside each other: differences, shares, and what a difference comes from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from bot.core.documentos import Libro
from bot.core.periodo import Periodo
from bot.core.resumen import Montos
from bot.core.rut import Rut


@dataclass(frozen=True, slots=True)
class Diferencia:
    """From one amount to another, in whole CLP."""

    antes: int
    ahora: int

    @property
    def monto(self) -> int:
        return self.ahora - self.antes

    @property
    def porcentaje(self) -> Decimal | None:
        """In percent of what it was, with one decimal; None where that says nothing (it was 0 or less)."""
        return share(self.monto, self.antes) if self.antes > 0 else None


def share(part: int, whole: int) -> Decimal:
    """How many percent of `whole` a part is, with one decimal, halves away from 0; `whole` is not 0."""
    return (Decimal(part) * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class FilaContraparte:
    """What was sold to one client or bought from one supplier; credit notes subtract."""

    rut: Rut
    nombre: str
    montos: Montos


@dataclass(frozen=True, slots=True)
class Causa:
    """How much one client or supplier moved the IVA to pay, in whole CLP; positive means more to pay."""

    libro: Libro
    nombre: str
    iva: int


def find_causes(
    libro: Libro, antes: Iterable[FilaContraparte], ahora: Iterable[FilaContraparte]
) -> list[Causa]:
    """What moved the IVA between two months, by counterparty; sales raise it, purchases lower it."""
    sign = 1 if libro is Libro.VENTAS else -1
    names: dict[tuple[Rut, str], str] = {}
    moved: dict[tuple[Rut, str], int] = {}
    for filas, factor in ((antes, -sign), (ahora, sign)):
        for fila in filas:
            key = (fila.rut, fila.nombre)
            names[key] = fila.nombre
            moved[key] = moved.get(key, 0) + factor * fila.montos.monto_iva
    return [Causa(libro, names[key], iva) for key, iva in moved.items() if iva]


def best_and_worst(totales: Mapping[Periodo, int]) -> tuple[Periodo, Periodo] | None:
    """The months with the highest and the lowest total, the newest of equals; None of fewer than two."""
    if len(totales) < 2:
        return None
    best = max(totales, key=lambda periodo: (totales[periodo], periodo))
    worst = min(totales, key=lambda periodo: (totales[periodo], -periodo.year * 12 - periodo.month))
    return best, worst
