"""What cases need: somebody asked for a person, agents answer, the assistant is quiet meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.core.mensajes import Outgoing
from bot.core.rut import Rut
from bot.services.ports import Conversacion, MensajeGuardado
from bot.services.ports_admin import Pagina


class EstadoCaso(StrEnum):
    """How far a case has come."""

    ABIERTO = "abierto"
    TOMADO = "tomado"
    CERRADO = "cerrado"


class Parte(StrEnum):
    """Whose turn it is."""

    AGENTE = "agente"
    PERSONA = "persona"


class Cierre(StrEnum):
    """Who closed a case."""

    AGENTE = "agente"
    PERSONA = "persona"
    PLAZO = "plazo"


@dataclass(frozen=True, slots=True)
class Caso:
    """A case; `responde` says whose turn it is and `desde` since when, `mensaje` is the one that asked.

    While `callado` the assistant is quiet in its conversation.
    """

    id: int
    rut: Rut
    conversacion: str
    mensaje: int
    estado: EstadoCaso
    agente: str
    callado: bool
    responde: Parte
    desde: datetime
    abierto: datetime
    cerrado: datetime | None = None
    cierre: str = ""


@dataclass(frozen=True, slots=True)
class CasoEnFila:
    """A case as the list shows it; `canal` is empty if the chat is no longer linked."""

    caso: Caso
    nombre: str
    canal: str
    ultimo_mensaje: datetime | None


@dataclass(frozen=True, slots=True)
class Dicho:
    """What an agent says, once for each `clave`."""

    clave: str
    salida: Outgoing


class Casos(Protocol):
    """Cases. What agents do is done within `Database.together` of the case's taxpayer."""

    async def fila(
        self, estados: Sequence[EstadoCaso], rut: Rut | None, pagina: Pagina
    ) -> tuple[list[CasoEnFila], int]: ...

    async def ver(self, caso: int) -> CasoEnFila | None: ...

    async def mensajes(self, caso: Caso, limite: int) -> list[MensajeGuardado]: ...

    async def en(self, conversacion: Conversacion) -> Caso | None: ...

    async def bloquear(self, caso: Caso) -> Caso: ...

    async def ultimo(self, caso: Caso) -> int: ...

    async def tomar(self, caso: Caso, agente: str, ahora: datetime) -> None: ...

    async def devolver(self, caso: Caso, ahora: datetime) -> None: ...

    async def responder(
        self, caso: Caso, conversacion: Conversacion, dicho: Dicho, ahora: datetime
    ) -> MensajeGuardado: ...

    async def dicho(self, caso: Caso, clave: str) -> MensajeGuardado | None: ...

    async def avisar(
        self, caso: Caso, conversacion: Conversacion, salidas: Sequence[Outgoing], ahora: datetime
    ) -> None: ...

    async def cerrar(self, caso: Caso, cierre: Cierre, ahora: datetime) -> None: ...

    async def revisar_en(self, caso: Caso, segundos: float) -> None: ...


class Opiniones(Protocol):
    """What people said of answers; the trainers look at it."""

    async def mala(self, conversacion: Conversacion, dicho: int, ahora: datetime) -> bool: ...
