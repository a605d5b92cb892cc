"""What comes from the channels and goes to them."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from bot.storage.tables.columnas import TIMESTAMP, json, now, serial, text


class Inbox(SQLModel, table=True):
    """What came in. Once attended to only `huella`, a hash, is left: it tells repetitions.

    `turno` hashes whose turn it is: things of one person are attended to one after another.
    """

    __tablename__ = "inbox"
    __table_args__ = (UniqueConstraint("huella", name="inbox_once"), Index("inbox_turno", "turno"))
    id: int | None = serial()
    huella: str = text()
    turno: str = text()
    cuerpo: dict[str, Any] | None = Field(default=None, sa_type=JSONB)
    creado: datetime = now()


class Outbox(SQLModel, table=True):
    """What goes out; without `rut`, to somebody who is not linked.

    `rechazado` is the channel's id of a try that it took and then refused: more receipts of that one say
    nothing of the next.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint(
            "estado IN ('pendiente', 'enviando', 'enviado', 'entregado', 'leido', 'retenido', 'fallido')",
            name="outbox_estado",
        ),
        Index("outbox_canal_mensaje", "canal", "canal_mensaje_id"),
        Index("outbox_turno", "turno"),
    )
    id: int | None = serial()
    rut: str | None = text(default=None, foreign_key="contributors.rut", ondelete="CASCADE", index=True)
    canal: str = text()
    canal_id: str = text()
    turno: str = text()
    mensaje: int | None = Field(default=None, sa_type=BigInteger)
    cuerpo: dict[str, Any] = json()
    estado: str = text()
    plantilla: dict[str, Any] | None = Field(default=None, sa_type=JSONB)
    canal_mensaje_id: str | None = text(default=None)
    rechazado: str | None = text(default=None)
    error: str = text(sa_column_kwargs={"server_default": ""})
    creado: datetime = now()
    actualizado: datetime = now()


class TramiteRow(SQLModel, table=True):
    """How far somebody has come in linking or registering."""

    __tablename__ = "tramites"
    turno: str = text(primary_key=True)
    paso: str = text()
    datos: dict[str, Any] = json()
    expira: datetime = Field(sa_type=TIMESTAMP)
