"""What the estimate of form 29 needs besides the register."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from bot.core.periodo import Periodo
from bot.core.rut import Rut


class Declarados(Protocol):
    """What taxpayers told about their form, by code; whole CLP, and percent for 115.

    `quitar` without a code forgets all that holds for the month, and says how many values there were.
    """

    async def de(self, rut: Rut, periodo: Periodo) -> Mapping[int, Decimal]: ...

    async def poner(
        self, rut: Rut, periodo: Periodo, codigo: int, valor: Decimal, ahora: datetime
    ) -> None: ...

    async def quitar(self, rut: Rut, periodo: Periodo, codigo: int | None) -> int: ...
