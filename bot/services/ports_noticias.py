"""What news and alerts need: where people can be told, what they were told, and what they want to hear of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Protocol

from bot.core.mensajes import Outgoing
from bot.core.periodo import Periodo
from bot.core.rut import Rut


@dataclass(frozen=True, slots=True)
class Destino:
    """A conversation of a taxpayer; `usado` is when its person last wrote (or, never, when it was linked).

    `rotulo` names the taxpayer if that person is linked to several.
    """

    conversacion: str
    canal: str
    canal_id: str
    usado: datetime
    rotulo: str = ""


class Noticias(Protocol):
    """Where a taxpayer can be told things, and what they were told; all of it within `Database.together`."""

    async def destinos(self, rut: Rut, ahora: datetime) -> list[Destino]: ...

    async def conocidas(self, rut: Rut, claves: Iterable[str]) -> set[str]: ...

    async def reclamar(self, rut: Rut, claves: Sequence[str], ahora: datetime) -> bool: ...

    async def decir(self, rut: Rut, destino: Destino, salida: Outgoing, ahora: datetime) -> None: ...

    async def preparar(self, rut: Rut, destinos: Sequence[Destino]) -> None: ...


@dataclass(frozen=True, slots=True)
class Avisos:
    """What a taxpayer wants to hear of, and the hours of silence (from `desde` to `hasta`, in Santiago)."""

    compras: bool = False
    f29: bool = False
    contratos: bool = False
    sincronizacion: bool = False
    desde: time = time(21)
    hasta: time = time(8)

    @property
    def activos(self) -> bool:
        return self.compras or self.f29 or self.contratos or self.sincronizacion


@dataclass(frozen=True, slots=True)
class Pendiente:
    """A purchase that waits to be accepted or claimed; `total` in whole CLP, `recepcion` at the SII."""

    tipo: int
    folio: int
    proveedor_rut: str
    proveedor: str
    periodo: Periodo
    total: int
    recepcion: datetime


class PreferenciasAvisos(Protocol):
    """Who wants alerts, and when to look at them next."""

    async def get(self, rut: Rut) -> Avisos | None: ...

    async def put(self, rut: Rut, avisos: Avisos, proximo: datetime | None) -> None: ...

    async def toca(self, ahora: datetime, despues: str, limite: int) -> list[Rut]: ...

    async def aplazar(self, rut: Rut, proximo: datetime) -> None: ...

    async def pendientes(self, rut: Rut, desde: datetime) -> list[Pendiente]: ...

    async def emite_electronico(self, rut: Rut) -> bool: ...


class Feriados(Protocol):
    """The legal holidays of Chile."""

    def es_feriado(self, dia: date) -> bool: ...


class EstadoSync(Protocol):
    """Whose sync fails, and since when; a refused clave is none, for the sync itself tells it."""

    async def fallando(self, rut: Rut) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class FechaContrato:
    """A day that a contract brings: its end, or (`aviso`) the last one to say that it shall not go on."""

    contrato: int
    nombre: str
    dia: date
    aviso: bool


class FechasContratos(Protocol):
    """The days that contracts bring, from one to another, both included."""

    async def fechas(self, rut: Rut, desde: date, hasta: date) -> Sequence[FechaContrato]: ...
