"""What the sync needs: the SII's service, and news for people who did not just ask."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from bot.core.documentos import Documento, EstadoCompra, Libro, Rechazo
from bot.core.mensajes import Outgoing
from bot.core.periodo import Periodo
from bot.core.resumen import FilaResumen
from bot.core.rut import Rut


@dataclass(frozen=True, slots=True)
class Llamada:
    """One call to the service: what for, its HTTP status (0 if none came) and how long it took."""

    que: str
    codigo: int
    milisegundos: int


async def _nothing() -> None:
    pass


@dataclass(frozen=True, slots=True)
class AccesoSii:
    """Whose register is read, with the clave that opens it (never logged); `llamadas` gathers the calls.

    `antes` is done when a call has its turn, before anything is sent; if it raises, nothing is.
    """

    rut: Rut
    clave: str = field(repr=False)
    llamadas: list[Llamada] = field(default_factory=list, repr=False)
    antes: Callable[[], Awaitable[None]] = field(default=_nothing, repr=False)


@dataclass(frozen=True, slots=True)
class FilaSii:
    """One document type of a month as the SII totals it.

    `con_detalle` tells whether its documents can be asked for; `cruda` is the whole row as it came.
    """

    fila: FilaResumen
    con_detalle: bool
    cruda: Mapping[str, Any]


class Sii(Protocol):
    """The register at the SII.

    Raises the errors of `bot.core.errors_sii`. Each call is made within a turn of `Ritmo`, which is paused
    before SiiWaitError is raised; nothing is repeated but a call whose session was lost, once.
    """

    async def resumen(
        self, acceso: AccesoSii, libro: Libro, periodo: Periodo, estado: EstadoCompra | None
    ) -> tuple[FilaSii, ...]:
        """The month's totals by type; empty if there are none."""
        ...

    async def detalle(
        self, acceso: AccesoSii, libro: Libro, periodo: Periodo, estado: EstadoCompra | None, tipo: int
    ) -> tuple[Documento | Rechazo, ...]:
        """The documents of one type; a row that cannot be read is a `Rechazo`."""
        ...


@dataclass(frozen=True, slots=True)
class Pausa:
    """Until when (aware) nobody may call; `bloqueo` if the account was locked, not the calls too many."""

    hasta: datetime
    bloqueo: bool


class Ritmo(Protocol):
    """The service's allowance, shared by all workers."""

    def turno(self) -> AbstractAsyncContextManager[None]:
        """The right to make one call, from when it may begin until it has ended.

        Raises:
            SiiWaitError: on entering, if everybody was told to wait.
        """
        ...

    def primero(self) -> AbstractContextManager[None]:
        """Calls inside go before those that others wait for: somebody who asked is waiting."""
        ...

    async def pausar(self, pausa: Pausa) -> None: ...

    async def pausa(self) -> Pausa | None: ...


@dataclass(frozen=True, slots=True)
class Noticia:
    """Something to tell a taxpayer who did not just ask.

    `clave` names the event: of each taxpayer it is told once, ever. `plantilla` and `parametros` say it where
    the channel allows nothing but templates; without one it waits there for the person's next message.
    """

    clave: str
    salida: Outgoing
    plantilla: str = ""
    parametros: tuple[str, ...] = ()


class Notificador(Protocol):
    """Tells taxpayers things, on the channel where they last wrote."""

    async def notificar(self, rut: Rut, noticia: Noticia) -> bool:
        """Put it on its way, in the caller's transaction if there is one; false if it had been told before or
        the taxpayer has no channel."""
        ...
