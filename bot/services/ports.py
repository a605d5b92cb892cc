"""What the use cases need from the outside; adapters in storage, sii, rag and channels give it."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from bot.core.analisis import FilaContraparte
from bot.core.documentos import Documento, EstadoCompra, Libro, Rechazo
from bot.core.mensajes import Archivo, Boton, Incoming, Outgoing, Respuesta
from bot.core.periodo import Periodo
from bot.core.rangos import Dias, Rango
from bot.core.resumen import FilaResumen
from bot.core.rut import Rut


@dataclass(frozen=True, slots=True)
class Quien:
    """Who asks: resolved on the server from a session, a key or a linked conversation.

    `sesion` is the session's number if there is one; `actor` the name of the key, if a program asks for
    somebody.
    """

    rut: Rut
    sesion: int | None = None
    actor: str = ""


@dataclass(frozen=True, slots=True)
class Contribuyente:
    """A taxpayer as registered."""

    rut: Rut
    nombre: str
    password_hash: str | None = None
    telefono: str | None = None
    segundo_factor: bool = False
    bloqueado: datetime | None = None
    creado: datetime | None = None


class Reloj(Protocol):
    """The clock that answers use, in the legal zone."""

    def ahora(self) -> datetime: ...

    def hoy(self) -> date: ...


class Contribuyentes(Protocol):
    """Who is registered."""

    async def get(self, rut: Rut) -> Contribuyente | None: ...

    async def add(self, contribuyente: Contribuyente) -> bool: ...

    async def change(self, rut: Rut, **values: Any) -> bool: ...


class Hasher(Protocol):
    """Password hashing, slow on purpose: strangers do not keep those waiting who are `conocido`.

    Raises ServiceUnavailableError if too many wait.
    """

    async def hash(self, password: str, *, conocido: bool = False) -> str: ...

    async def verify(self, password: str, hashed: str | None, *, conocido: bool = False) -> bool: ...


@dataclass(frozen=True, slots=True)
class FiltroDocumentos:
    """Which documents: empty `periodos` or `tipos` means all; `contraparte` is a RUT or part of a name.

    `dias` are those of documents, in whatever month they are registered; `periodos` must then be known.
    `monto` bounds a document's total, the sign apart.
    """

    periodos: Sequence[Periodo]
    estado: EstadoCompra | None = None
    tipos: Sequence[int] = ()
    contraparte: str | None = None
    folio: int | None = None
    dias: Dias | None = None
    monto: Rango | None = None

    @property
    def por_documento(self) -> bool:
        """Whether only documents can tell, and not the totals by type."""
        return bool(self.contraparte or self.dias or self.monto) or self.folio is not None


@dataclass(frozen=True, slots=True)
class Cobertura:
    """A month that is known, with the moment of its last import or sync."""

    periodo: Periodo
    actualizado: datetime


@dataclass(frozen=True, slots=True)
class FilaPeriodo:
    """A summary row and its month."""

    periodo: Periodo
    fila: FilaResumen


@dataclass(frozen=True, slots=True)
class Filas:
    """Summary rows, and which of the months asked for are known, as of one moment."""

    filas: Sequence[FilaPeriodo]
    conocidos: Sequence[Cobertura]


@dataclass(frozen=True, slots=True)
class Importacion:
    """What an import did.

    `sin_cambios` were there already, equal; `movidos` were there in another month or state.
    """

    importados: int
    sin_cambios: int
    movidos: int
    rechazados: tuple[Rechazo, ...]
    total_rechazados: int


class Registro(Protocol):
    """The register of one book, always of one taxpayer."""

    async def filas(self, rut: Rut, libro: Libro, filtro: FiltroDocumentos) -> Filas: ...

    async def documentos(
        self, rut: Rut, libro: Libro, filtro: FiltroDocumentos, pagina: int, limite: int
    ) -> tuple[list[Documento], int]: ...

    def lotes(self, rut: Rut, libro: Libro, filtro: FiltroDocumentos) -> AsyncIterator[list[Documento]]: ...

    async def ultimo_periodo(self, rut: Rut, libro: Libro, estado: EstadoCompra | None) -> Periodo | None: ...

    async def contrapartes(self, rut: Rut, libro: Libro) -> dict[str, Rut]: ...

    async def por_contraparte(
        self, rut: Rut, libro: Libro, filtro: FiltroDocumentos
    ) -> list[FilaContraparte]: ...

    async def iva_uso_comun(self, rut: Rut, periodo: Periodo) -> int: ...

    async def importar(
        self, rut: Rut, destino: "Destino", filas: Iterable[Documento | Rechazo]
    ) -> Importacion: ...

    async def guardar_resumen(self, rut: Rut, destino: "Destino", filas: Iterable[FilaResumen]) -> None: ...


@dataclass(frozen=True, slots=True)
class Destino:
    """Where an import goes: one month of one book (and, in compras, one state)."""

    libro: Libro
    periodo: Periodo
    estado: EstadoCompra | None
    origen: str
    ahora: datetime


@dataclass(frozen=True, slots=True)
class Conversacion:
    """A conversation and the taxpayer that it is linked to.

    `id` is opaque and ours; it is all that the engine ever learns about who is speaking. `contexto` is
    what the engine remembered after the last turn, kept so that an engine can be replaced at any time.
    `rotulo` names the taxpayer if whoever speaks is linked to several.
    """

    id: str
    rut: Rut
    contexto: Mapping[str, Any] = field(default_factory=dict)
    canal: str = ""
    canal_id: str = ""
    rotulo: str = ""


@dataclass(frozen=True, slots=True)
class MensajeGuardado:
    """One stored message, of either side.

    Only the history tells `id_canal`, `responde_a`, and whether that (or this, a person's) is `pendiente`.
    """

    id: int
    de_persona: bool
    texto: str
    enviado: datetime
    botones: tuple[Boton, ...] = ()
    lista: tuple[Boton, ...] = ()
    imagen: Archivo | None = None
    documento: Archivo | None = None
    id_canal: str | None = None
    responde_a: int | None = None
    pendiente: bool = False


@dataclass(frozen=True, slots=True)
class Recibido:
    """An incoming message as stored.

    `nuevo` is false if it had been received before; `trabajo` is the job that answers it if nobody does;
    `atendido` says that a person attends and has it.
    """

    id: int
    enviado: datetime
    nuevo: bool
    trabajo: int | None = None
    atendido: bool = False


class Mensajes(Protocol):
    """Conversations and both sides of what was said."""

    async def conversacion(self, canal: str, canal_id: str, rut: Rut) -> Conversacion: ...

    async def buscar_conversacion(self, conversacion: str) -> Conversacion | None: ...

    async def recibir(
        self,
        canal: str,
        canal_id: str,
        rut: Rut,
        incoming: Incoming,
        ahora: datetime,
        *,
        red: bool = True,
        directo: bool = False,
    ) -> tuple[Conversacion, Recibido]: ...

    async def pendiente(self, conversacion: Conversacion, mensaje_id: int) -> Incoming | None: ...

    async def responder(
        self,
        conversacion: Conversacion,
        mensaje_id: int,
        respuesta: Respuesta,
        ahora: datetime,
        *,
        trabajo: int | None = None,
    ) -> list[MensajeGuardado] | None: ...

    async def decir(
        self,
        conversacion: Conversacion,
        mensaje_id: int,
        salidas: Sequence[Outgoing],
        ahora: datetime,
        *,
        fallido: bool = False,
        trabajo: int | None = None,
    ) -> list[MensajeGuardado] | None: ...

    async def texto_de(self, conversacion: Conversacion, mensaje_id: int) -> str | None: ...

    async def respuesta_guardada(
        self, conversacion: Conversacion, mensaje_id: int
    ) -> tuple[Respuesta, list[MensajeGuardado]]: ...

    async def historial(
        self,
        conversacion: Conversacion,
        limite: int,
        *,
        antes: int | None = None,
        despues: int | None = None,
    ) -> list[MensajeGuardado]: ...


class Novedades(Protocol):
    """Tells that something was stored in a conversation, by whichever program.

    The event is set for every message and whenever some may have been missed; what there is must be read.
    """

    def seguir(self, conversacion: str) -> AbstractContextManager[asyncio.Event]: ...


class Motor(Protocol):
    """The dialogue engine."""

    async def ready(self) -> bool: ...

    async def modelo(self) -> str:
        """The id of the model that it answers with, which is made anew at each training.

        Raises:
            EngineUnavailableError: if it has none, or does not answer.
        """
        ...

    async def turno(
        self, conversacion: str, texto: str, boton: Boton | None, contexto: Mapping[str, Any]
    ) -> Respuesta: ...


class Textos(Protocol):
    """The trainers' words, by the name of the response in domain.yml."""

    def texto(self, nombre: str, /, **params: Any) -> str: ...
