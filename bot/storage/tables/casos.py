"""What people answer: cases, and answers that people called wrong."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from bot.storage.tables.columnas import TIMESTAMP, moment, owner, serial, text


class CasoRow(SQLModel, table=True):
    """Somebody who asked for a person, in one conversation; one at a time is open in each.

    `mensaje` is the message that asked. While `callado` the assistant is quiet there. `responde` says whose
    turn it is, the agent's or the person's, and `desde` since when. `agente` is the key that has taken it,
    `cierre` who closed it.
    """

    __tablename__ = "casos"
    __table_args__ = (
        CheckConstraint("estado IN ('abierto', 'tomado', 'cerrado')", name="casos_estado"),
        CheckConstraint("responde IN ('agente', 'persona')", name="casos_responde"),
        Index("casos_uno", "conversacion", unique=True, postgresql_where=sql("estado <> 'cerrado'")),
        Index("casos_fila", "estado", "desde"),
    )
    id: int | None = serial()
    rut: str = owner(index=True)
    conversacion: str = text()
    mensaje: int = Field(sa_type=BigInteger)
    estado: str = text()
    agente: str = text(sa_column_kwargs={"server_default": ""})
    callado: bool
    responde: str = text()
    desde: datetime = Field(sa_type=TIMESTAMP)
    abierto: datetime = Field(sa_type=TIMESTAMP)
    cerrado: datetime | None = moment()
    cierre: str = text(sa_column_kwargs={"server_default": ""})


class OpinionRow(SQLModel, table=True):
    """Somebody said that the answer to `mensaje` (theirs) was wrong; once, however often they say so."""

    __tablename__ = "opiniones"
    mensaje: int = Field(sa_type=BigInteger, primary_key=True)
    rut: str = owner(index=True)
    conversacion: str = text()
    momento: datetime = Field(sa_type=TIMESTAMP)
