"""What the rights over personal data need from storage."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.core.rut import Rut


@dataclass(frozen=True, slots=True)
class Recibo:
    """The receipt of an erasure: how many rows of each table, never whose.

    `compactado` is when the last byte was gone from the disk, too.
    """

    id: str
    momento: datetime
    filas: Mapping[str, int]
    compactado: datetime | None = None


class DatosPersonales(Protocol):
    """Everything that is stored about one taxpayer."""

    def read(self, rut: Rut) -> AsyncIterator[tuple[str, Mapping[str, Any]]]: ...

    async def erase(self, rut: Rut, ahora: datetime) -> Recibo: ...

    async def receipt(self, recibo: str) -> Recibo | None: ...


class Purga(Protocol):
    """Removes what has been kept for long enough."""

    async def purge(self, antes: Mapping[str, datetime]) -> Mapping[str, int]: ...
