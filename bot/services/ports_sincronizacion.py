"""What the sync keeps: the register as the SII has it, how each book stands, what changed, and its jobs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum
from typing import Any, Protocol

from bot.core.documentos import Documento, EstadoCompra, Libro
from bot.core.periodo import Periodo
from bot.core.resumen import Montos
from bot.core.rut import Rut
from bot.services.ports import Quien
from bot.services.ports_sii import FilaSii, Pausa


@dataclass(frozen=True, slots=True)
class ParteSii:
    """One month of a book at the SII (in compras, in one state), fetched now.

    `filas` are all its totals; `documentos` those of the types whose detail was fetched. Of the types in
    `incompletos` some documents could not be read, so none that is missing has vanished.
    """

    estado: EstadoCompra | None
    filas: tuple[FilaSii, ...]
    documentos: Mapping[int, tuple[Documento, ...]]
    incompletos: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class FilaGuardada:
    """A row of totals as it came the last time, and when its documents were last fetched."""

    cruda: Mapping[str, Any]
    detalle_al: datetime | None


@dataclass(frozen=True, slots=True)
class Cambio:
    """What one sync changed in a month of a book.

    `documentos` are some of them, `{que: nuevo|cambiado|ido, tipo_documento, folio, contraparte_rut,
    contraparte, monto_total, estado}`; `antes` and `despues` are signed totals (in compras, of REGISTRO).
    """

    libro: Libro
    periodo: Periodo
    momento: datetime
    nuevos: int
    cambiados: int
    idos: int
    documentos: tuple[Mapping[str, Any], ...]
    antes: Montos
    despues: Montos


@dataclass(frozen=True, slots=True)
class EstadoLibro:
    """How the sync of one book stands.

    `error` is the key of the last attempt's failure, `fallando` since when it fails; `llega_a` is the month
    that the first sync has walked back to, `completa` when that was through. `trabajo` is `todo` or `doing`
    if something is queued or being done.
    """

    libro: Libro
    exito: datetime | None = None
    intento: datetime | None = None
    error: str = ""
    fallando: datetime | None = None
    fallos: int = 0
    llega_a: Periodo | None = None
    completa: datetime | None = None
    trabajo: str = ""


@dataclass(frozen=True, slots=True)
class EstadoSii:
    """Whether there is a clave, whether everybody must wait, and how each book stands."""

    clave_desde: datetime | None
    clave_rechazada: datetime | None
    pausa: Pausa | None
    desde: Periodo
    libros: tuple[EstadoLibro, ...]


class Motivo(IntEnum):
    """Why a sync was asked for; the number is its priority in the queue.

    ESTRENO is the newest months of who just gave their clave, PRIMERA the walk back to the older ones.
    """

    PEDIDO = 40
    ESTRENO = 30
    NOCHE = 20
    PRIMERA = 10


@dataclass(frozen=True, slots=True)
class Encargo:
    """A sync that was asked for: no `periodos` means those of its `motivo`.

    `desde` is when it was asked for: what was synced since then needs no second time.
    """

    rut: Rut
    libro: Libro
    motivo: Motivo
    desde: datetime
    periodos: tuple[Periodo, ...] = ()


@dataclass(frozen=True, slots=True)
class Pedida:
    """The jobs that do what was asked, and whether all of them were queued already."""

    trabajos: tuple[int, ...]
    ya_estaba: bool
    pausa: Pausa | None = None

    @property
    def trabajo_id(self) -> int:
        """The last of them."""
        return self.trabajos[-1]


class Sincronizaciones(Protocol):
    """The register as the SII has it, what changed in it, and how the sync of each book stands."""

    async def mes(
        self, rut: Rut, libro: Libro, periodo: Periodo
    ) -> Mapping[tuple[EstadoCompra | None, int], FilaGuardada]: ...

    async def guardar(
        self,
        rut: Rut,
        libro: Libro,
        periodo: Periodo,
        partes: Sequence[ParteSii],
        ahora: datetime,
        *,
        primera: bool,
        clave: str,
    ) -> tuple[Cambio | None, tuple[Periodo, ...]]:
        """Replace a month, in one transaction; what changed, and other months that lost documents to it.

        Args:
            primera: the first sync's: no change is noted.
            clave: the (encrypted) one that it was read with.

        Raises:
            SiiClaveMissingError: if that one is no longer the taxpayer's: nothing is stored.
            TaxpayerUnknownError, ImportBusyError
        """
        ...

    async def llegar(self, rut: Rut, libro: Libro, periodo: Periodo) -> None: ...

    async def al_dia(self, rut: Rut, libro: Libro, desde: datetime) -> frozenset[Periodo]: ...

    async def libros(self, rut: Rut) -> tuple[EstadoLibro, ...]: ...

    async def anotar(self, rut: Rut, libro: Libro, **valores: Any) -> None: ...

    async def cambios(self, rut: Rut, desde: datetime) -> tuple[Cambio, ...]: ...


class ColaSii(Protocol):
    """The queue of syncs: one waits of each kind, however often it is asked for."""

    async def encolar(self, encargo: Encargo) -> tuple[int, bool]:
        """The job's number, and whether it is new."""
        ...

    async def ultimo(self, encargo: Encargo) -> bool:
        """Whether nothing else that was asked for together with this waits or runs."""
        ...

    async def noche(self, fecha: date, ahora: datetime) -> int | None:
        """Queue the syncs of one night; None if that was done before."""
        ...


class Alta(Protocol):
    """What follows when a taxpayer gives a clave."""

    async def estrenar(self, quien: Quien) -> None: ...
