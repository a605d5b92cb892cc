"""What imports need: whoever reads the register's exports."""

from collections.abc import Iterable
from typing import BinaryIO, Protocol

from bot.core.documentos import Documento, EstadoCompra, Libro, Rechazo
from bot.core.periodo import Periodo
from bot.core.rut import Rut


class LectorRcv(Protocol):
    """Reads the CSV that the SII's register exports."""

    def check_file_name(
        self, nombre: str, dueno: Rut, libro: Libro, periodo: Periodo, estado: EstadoCompra | None
    ) -> None: ...

    def guess_from_name(
        self, nombre: str
    ) -> tuple[Rut | None, Libro | None, EstadoCompra | None, Periodo | None]: ...

    def read_rcv(
        self, archivo: BinaryIO, libro: Libro, periodo: Periodo, estado: EstadoCompra | None, dueno: Rut
    ) -> Iterable[Documento | Rechazo]: ...
