"""What admins may see of everybody, and what they may do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.core.rut import Rut


@dataclass(frozen=True, slots=True)
class Pagina:
    """Which part of a list: pages count from 1."""

    numero: int = 1
    limite: int = 50


@dataclass(frozen=True, slots=True)
class Periodicidad:
    """The newest month that is known of a book."""

    libro: str
    periodo: str
    actualizado: datetime
    origen: str


@dataclass(frozen=True, slots=True)
class Ficha:
    """A taxpayer as admins see one."""

    rut: str
    nombre: str
    telefono: str | None
    verificado: bool
    segundo_factor: bool
    bloqueado: datetime | None
    creado: datetime
    tiene_clave: bool
    ultimo_mensaje: datetime | None
    sesiones: int
    mensajes: int
    sincronizacion: Sequence[Periodicidad] = ()


@dataclass(frozen=True, slots=True)
class FiltroMensajes:
    """Which messages; what is None does not filter."""

    rut: Rut | None = None
    conversacion: str | None = None
    estado: str | None = None
    intent: str | None = None
    desde: datetime | None = None
    hasta: datetime | None = None


@dataclass(frozen=True, slots=True)
class MensajeVisto:
    """A message of either side."""

    id: int
    rut: str
    conversacion: str
    direccion: str
    texto: str
    intent: str | None
    confianza: float | None
    estado: str
    creado: datetime


@dataclass(frozen=True, slots=True)
class FiltroRegistros:
    """Which acts; what is None does not filter."""

    rut: Rut | None = None
    evento: str | None = None
    actor: str | None = None
    desde: datetime | None = None
    hasta: datetime | None = None


@dataclass(frozen=True, slots=True)
class Registrado:
    """An act."""

    id: int
    momento: datetime
    evento: str
    rut: str | None
    actor: str
    datos: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Trabajo:
    """A job of the queue."""

    id: int
    tarea: str
    estado: str
    intentos: int
    programado: datetime | None
    rut: str | None


@dataclass(frozen=True, slots=True)
class Cifras:
    """How it has gone between two moments; latencies in ms, from a message to its first answer."""

    contribuyentes: int
    sesiones: int
    mensajes: int
    respuestas: int
    sin_respuesta: int
    fallidos: int
    no_entendidos: int
    latencia_p50: float | None
    latencia_p95: float | None
    intents: Mapping[str, int]
    trabajos: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Hora:
    """What people wrote from a full hour on, and how many of these messages failed."""

    desde: datetime
    mensajes: int = 0
    fallidos: int = 0


class Administracion(Protocol):
    """Reads across taxpayers."""

    async def contribuyentes(self, busca: str, pagina: Pagina) -> tuple[list[Ficha], int]: ...

    async def contribuyente(self, rut: Rut) -> Ficha | None: ...

    async def ruts(self) -> list[Rut]: ...

    async def mensajes(self, filtro: FiltroMensajes, pagina: Pagina) -> tuple[list[MensajeVisto], int]: ...

    async def registros(self, filtro: FiltroRegistros, pagina: Pagina) -> tuple[list[Registrado], int]: ...

    async def cifras(self, desde: datetime, hasta: datetime) -> Cifras: ...

    async def horas(self, desde: datetime, hasta: datetime) -> list[Hora]: ...


class Trabajos(Protocol):
    """The queue."""

    async def list_(
        self, estado: str | None, tarea: str | None, pagina: Pagina
    ) -> tuple[list[Trabajo], int]: ...

    async def retry(self, trabajo: int) -> bool | None: ...
