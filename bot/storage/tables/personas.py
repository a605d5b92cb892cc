"""Taxpayers: accounts, access, conversations, consents."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, UniqueConstraint
from sqlalchemy.dialects.postgresql import REAL
from sqlmodel import Field, SQLModel

from bot.storage.tables.columnas import TIMESTAMP, json, moment, now, owner, serial, text


class Contributor(SQLModel, table=True):
    """A taxpayer."""

    __tablename__ = "contributors"
    __table_args__ = (CheckConstraint("rut ~ '^[0-9]{1,8}-[0-9K]$'", name="contributors_rut_canonical"),)
    rut: str = text(primary_key=True)
    nombre: str = text()
    telefono: str | None = text(default=None, index=True)
    password_hash: str | None = text(default=None)
    verificado: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    segundo_factor: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    bloqueado: datetime | None = moment()
    creado: datetime = now()


class Otp(SQLModel, table=True):
    """A one-time code, hashed, for one purpose and for whoever asked for it.

    `solicitud_hash` or `direccion_hash` tell who asked; `datos` is what the code will confirm.
    """

    __tablename__ = "otp"
    id: int | None = serial()
    rut: str = text(index=True)
    proposito: str = text()
    codigo_hash: bytes = Field(sa_type=LargeBinary)
    solicitud_hash: str = text()
    direccion_hash: str = text()
    datos: dict[str, Any] = json()
    intentos: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    creado: datetime = now()
    expira: datetime = Field(sa_type=TIMESTAMP)
    usado: datetime | None = moment()


class Session(SQLModel, table=True):
    """A session of the web or the API; only the token's hash is stored."""

    __tablename__ = "sessions"
    id: int | None = serial()
    rut: str = owner(index=True)
    token_hash: str = text(unique=True)
    creada: datetime = now()
    expira: datetime = Field(sa_type=TIMESTAMP)
    ultimo_uso: datetime = now()
    dispositivo: str = text(sa_column_kwargs={"server_default": ""})
    direccion_hash: str = text(sa_column_kwargs={"server_default": ""})


class Log(SQLModel, table=True):
    """What was done, for whom and by whom; no personal data beyond the rut, which acts on nobody lack.

    `actor` is the name of a key or a program; empty if it was the taxpayer.
    """

    __tablename__ = "logs"
    __table_args__ = (Index("logs_momento", "momento"),)
    id: int | None = serial()
    rut: str | None = text(default=None, index=True)
    momento: datetime = now()
    evento: str = text()
    actor: str = text(sa_column_kwargs={"server_default": ""})
    datos: dict[str, Any] = json()


class Message(SQLModel, table=True):
    """Both sides of every conversation; the inbox too: `estado` tells what is left to do.

    What came in while a person attends is `atendido`: it is theirs to answer.
    """

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("conversacion", "canal_mensaje_id", name="messages_once"),
        Index("messages_conversation", "rut", "conversacion", "id"),
        Index("messages_creado", "creado"),
        Index("messages_respuestas", "responde_a"),
        CheckConstraint("direccion IN ('entrada', 'salida')", name="messages_direccion"),
        CheckConstraint(
            "estado IN ('recibido', 'respondido', 'fallido', 'enviado', 'atendido')", name="messages_estado"
        ),
    )
    id: int | None = serial()
    rut: str = owner()
    conversacion: str = text()
    direccion: str = text()
    canal_mensaje_id: str | None = text(default=None)
    responde_a: int | None = Field(default=None, sa_type=BigInteger)
    texto: str = text()
    boton: str | None = text(default=None)
    contenido: dict[str, Any] = json()
    intent: str | None = text(default=None)
    confianza: float | None = Field(default=None, sa_type=REAL)
    estado: str = text()
    creado: datetime = now()


class IdentityLink(SQLModel, table=True):
    """Who is at the other end of a conversation: a channel's stable id, verified to belong to a rut.

    One person may be linked to several taxpayers; the one that was activated last answers.
    """

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("canal", "canal_id", "rut", name="identities_once"),)
    conversacion: str = text(primary_key=True)
    canal: str = text()
    canal_id: str = text()
    rut: str = owner(index=True)
    contexto: dict[str, Any] = json()
    contexto_hasta: datetime = now()
    telefono: str | None = text(default=None)
    activado: datetime = now()
    expira: datetime | None = moment()
    creado: datetime = now()


class Consent(SQLModel, table=True):
    """A consent as it was given: which text, when and where."""

    __tablename__ = "consents"
    id: int | None = serial()
    rut: str = owner(index=True)
    materia: str = text()
    version: str = text()
    canal: str = text()
    momento: datetime = now()
    revocado: datetime | None = moment()


class Clave(SQLModel, table=True):
    """The taxpayer's SII password, encrypted with a key that is not in the database; `llave` names it.

    `rechazada` is when the SII refused it: it is not used again. `estreno` is when its first use began,
    `aceptada` when the SII had accepted it.
    """

    __tablename__ = "claves"
    rut: str = owner(primary_key=True)
    cifrada: str = text()
    llave: str = text()
    creada: datetime = now()
    rechazada: datetime | None = moment()
    estreno: datetime | None = moment()
    aceptada: datetime | None = moment()


class Enlace(SQLModel, table=True):
    """A one-time link, hashed, for one taxpayer and one purpose."""

    __tablename__ = "enlaces"
    token_hash: str = text(primary_key=True)
    rut: str = owner(index=True)
    proposito: str = text()
    canal: str = text()
    expira: datetime = Field(sa_type=TIMESTAMP)
    usado: datetime | None = moment()
