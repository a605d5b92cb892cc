"""The shapes of the admins' requests and answers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StrictBool, model_validator

from api.fields import Answer, Identificador, Model, Momento, Nombre, RutField, TelefonoField, Texto
from bot.services.ports_admin import Pagina


class PaginaQuery(Model):
    """Which part of a list."""

    pagina: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    limite: Annotated[int, Field(ge=1, le=200)] = 50

    @property
    def parte(self) -> Pagina:
        """The same for the services."""
        return Pagina(self.pagina, self.limite)


class BuscarQuery(PaginaQuery):
    """Part of a name, or a RUT in any spelling."""

    q: Texto = ""


class MensajesQuery(PaginaQuery):
    """Which messages; to see what they say, whose must be told."""

    rut: RutField | None = None
    conversacion: Texto | None = None
    estado: Literal["recibido", "respondido", "fallido", "enviado", "atendido"] | None = None
    intent: Texto | None = None
    desde: Momento | None = None
    hasta: Momento | None = None
    desenmascarar: bool = False

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.desenmascarar and self.rut is None:
            raise ValueError("para ver los textos indica el rut")
        return self


class RegistrosQuery(PaginaQuery):
    """Which acts."""

    rut: RutField | None = None
    evento: Texto | None = None
    actor: Texto | None = None
    desde: Momento | None = None
    hasta: Momento | None = None


class TrabajosQuery(PaginaQuery):
    """Which jobs."""

    estado: Literal["todo", "doing", "succeeded", "failed", "cancelled", "aborted"] | None = None
    tarea: Texto | None = None


class ResumenAdminQuery(Model):
    """Between which moments; the last 24 hours if they are left out."""

    desde: Momento | None = None
    hasta: Momento | None = None


class RutPath(Model):
    """A taxpayer."""

    rut: RutField


class TrabajoPath(Model):
    """A job's number."""

    id: Identificador


class CambiarContribuyente(Model):
    """What is to change."""

    nombre: Nombre | None = None
    telefono: TelefonoField | None = None
    bloqueado: StrictBool | None = None


class SincronizacionAnswer(Answer):
    """The newest month that is known of a book."""

    libro: str
    periodo: str
    actualizado: datetime
    origen: str


class FichaAnswer(Answer):
    """A taxpayer; the phone is masked."""

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
    sincronizacion: list[SincronizacionAnswer]


class ContributorsAnswer(Answer):
    """One page of taxpayers, by RUT."""

    contributors: list[FichaAnswer]
    total: int
    pagina: int


class Revocadas(Answer):
    """How many sessions were ended."""

    revocadas: int


class MensajeVistoAnswer(Answer):
    """A message, masked unless it was asked otherwise."""

    id: int
    rut: str
    conversacion: str
    direccion: str
    texto: str
    intent: str | None
    confianza: float | None
    estado: str
    creado: datetime


class MensajesAnswer(Answer):
    """One page of messages, newest first."""

    mensajes: list[MensajeVistoAnswer]
    total: int
    pagina: int


class RegistradoAnswer(Answer):
    """An act."""

    id: int
    momento: datetime
    evento: str
    rut: str | None
    actor: str
    datos: Mapping[str, Any]


class RegistrosAnswer(Answer):
    """One page of acts, newest first."""

    logs: list[RegistradoAnswer]
    total: int
    pagina: int


class TrabajoAnswer(Answer):
    """A job."""

    id: int
    tarea: str
    estado: str
    intentos: int
    programado: datetime | None
    rut: str | None


class TrabajosAnswer(Answer):
    """One page of jobs, newest first."""

    trabajos: list[TrabajoAnswer]
    total: int
    pagina: int


class ResumenAdminAnswer(Answer):
    """How it has gone; latencies in ms, rates between 0 and 1."""

    desde: datetime
    hasta: datetime
    contribuyentes: int
    sesiones: int
    mensajes: int
    respuestas: int
    sin_respuesta: int
    fallidos: int
    no_entendidos: int
    tasa_error: float
    latencia_p50: float | None
    latencia_p95: float | None
    intents: Mapping[str, int]
    trabajos: Mapping[str, int]
