"""What people are told without having asked, and what they want to be told."""

from datetime import datetime, time

from sqlalchemy import Index, Time
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from bot.storage.tables.columnas import TIMESTAMP, moment, now, owner, text


class Presencia(SQLModel, table=True):
    """When somebody on a channel last wrote; without `canal_id`, when the channel was last heard at all."""

    __tablename__ = "presencias"
    canal: str = text(primary_key=True)
    canal_id: str = text(primary_key=True)
    escribio: datetime = Field(sa_type=TIMESTAMP)


class AvisoEnviado(SQLModel, table=True):
    """Something that a taxpayer was told: once, ever."""

    __tablename__ = "avisos_enviados"
    rut: str = owner(primary_key=True)
    clave: str = text(primary_key=True)
    momento: datetime = now()


class Aviso(SQLModel, table=True):
    """What a taxpayer wants to hear of, the hours of silence, and when to look again (never, if empty)."""

    __tablename__ = "avisos"
    __table_args__ = (Index("avisos_proximo", "proximo", postgresql_where=sql("proximo IS NOT NULL")),)
    rut: str = owner(primary_key=True)
    compras: bool
    f29: bool
    contratos: bool
    sincronizacion: bool
    desde: time = Field(sa_type=Time)
    hasta: time = Field(sa_type=Time)
    proximo: datetime | None = moment()


class BotonLargo(SQLModel, table=True):
    """What a button asks for, where the channel takes a short key only; without `rut`, of nobody."""

    __tablename__ = "botones"
    clave: str = text(primary_key=True)
    rut: str | None = text(default=None, foreign_key="contributors.rut", ondelete="CASCADE", index=True)
    pedido: str = text()
    creado: datetime = now()
