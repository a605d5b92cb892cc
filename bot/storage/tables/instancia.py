"""What belongs to the installation and to no taxpayer."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from bot.storage.tables.columnas import TIMESTAMP, json, moment, now, serial, text


class ApiKey(SQLModel, table=True):
    """A key of a program, hashed; it belongs to no taxpayer."""

    __tablename__ = "api_keys"
    __table_args__ = (CheckConstraint("tipo IN ('agente', 'admin', 'entrenador')", name="api_keys_tipo"),)
    id: int | None = serial()
    nombre: str = text(unique=True)
    tipo: str = text()
    clave_hash: str = text(unique=True)
    creada: datetime = now()
    ultimo_uso: datetime | None = moment()
    revocada: datetime | None = moment()


class Limite(SQLModel, table=True):
    """How often something was done in a window of time; `clave` is hashed and names nobody."""

    __tablename__ = "limites"
    __table_args__ = (Index("limites_expira", "expira"),)
    clave: str = text(primary_key=True)
    cuenta: int
    expira: datetime = Field(sa_type=TIMESTAMP)


class Borrado(SQLModel, table=True):
    """The receipt of an erasure: how much, never whose. `compactado` is when no byte was left on disk."""

    __tablename__ = "borrados"
    id: str = text(primary_key=True)
    momento: datetime = now()
    filas: dict[str, Any] = json()
    compactado: datetime | None = moment()


class Instance(SQLModel, table=True):
    """Facts about this installation (no taxpayer's data), such as whether it holds demo data."""

    __tablename__ = "instance"
    clave: str = text(primary_key=True)
    valor: str = text()
