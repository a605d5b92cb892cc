"""Making files to look at: what a spreadsheet and a chart hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.core.documentos import Documento, Libro
from bot.core.periodo import Periodo
from bot.core.resumen import Resumen
from bot.services.ports import Contribuyente


@dataclass(frozen=True, slots=True)
class Caratula:
    """What every file says of itself: whose it is, what of, and how old the data are.

    `que` is for people: `Ventas de septiembre de 2026`. `fuente` is the source with its age.
    """

    contribuyente: Contribuyente
    que: str
    fuente: str
    notas: Sequence[str] = ()


class Planilla(Protocol):
    """A spreadsheet that is being written, away from the event loop; batches come in order."""

    def agregar(self, documentos: Sequence[Documento]) -> None: ...

    def cerrar(self, resumen: Resumen, por_periodo: Mapping[Periodo, Resumen]) -> bytes:
        """Add the totals, and give the file."""
        ...

    def descartar(self) -> None:
        """Leave nothing behind; does nothing once it is closed."""
        ...


class Planillas(Protocol):
    """Makes spreadsheets."""

    def nueva(self, caratula: Caratula, libro: Libro) -> Planilla: ...


@dataclass(frozen=True, slots=True)
class Serie:
    """What a chart shows of one book: whole CLP by month; None where nobody imported the month."""

    nombre: str
    montos: Mapping[Periodo, int | None]


class Graficos(Protocol):
    """Draws charts."""

    async def mensual(self, caratula: Caratula, series: Sequence[Serie]) -> bytes:
        """A PNG of one or two series over the same months, drawn away from the event loop."""
        ...
