"""The sync with the SII."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from bot.storage.tables.columnas import TIMESTAMP, json, moment, now, owner, periodo_check, serial, text


class SiiMes(SQLModel, table=True):
    """One row of a month's totals as the SII gave it, and when its documents were last asked for."""

    __tablename__ = "sii_meses"
    __table_args__ = (periodo_check("sii_meses"),)
    rut: str = owner(primary_key=True)
    libro: str = text(primary_key=True)
    periodo: str = text(primary_key=True)
    estado: str = text(primary_key=True, default="")
    tipo_documento: int = Field(primary_key=True)
    fila: dict[str, Any] = json()
    detalle_al: datetime | None = moment()


class Sincronizacion(SQLModel, table=True):
    """How the sync of one book goes.

    `fallando` is since when it has failed, `fallos` how often in a row; `llega_a` is the month that the first
    sync has walked back to, `completa` when it was through.
    """

    __tablename__ = "sincronizaciones"
    rut: str = owner(primary_key=True)
    libro: str = text(primary_key=True)
    exito: datetime | None = moment()
    intento: datetime | None = moment()
    error: str = text(sa_column_kwargs={"server_default": ""})
    fallando: datetime | None = moment()
    fallos: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    llega_a: str = text(sa_column_kwargs={"server_default": ""})
    completa: datetime | None = moment()


class CambioRow(SQLModel, table=True):
    """What a sync changed in one month of one book; `documentos` is bounded, the counts are not."""

    __tablename__ = "cambios"
    __table_args__ = (periodo_check("cambios"), Index("cambios_momento", "rut", "momento"))
    id: int | None = serial()
    rut: str = owner()
    libro: str = text()
    periodo: str = text()
    momento: datetime = now()
    nuevos: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    cambiados: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    idos: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    documentos: list[dict[str, Any]] = json("[]")
    antes: dict[str, Any] = json()
    despues: dict[str, Any] = json()


class SiiCuenta(SQLModel, table=True):
    """The operator's account with the service: when the next call may begin, and whether all must wait."""

    __tablename__ = "sii_cuenta"
    __table_args__ = (CheckConstraint("id = 1", name="sii_cuenta_unica"),)
    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    siguiente: datetime = now()
    pausa: datetime | None = moment()
    bloqueo: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})


class SiiTurno(SQLModel, table=True):
    """A call that is being made; one whose program died is over at `vence`."""

    __tablename__ = "sii_turnos"
    id: int | None = serial()
    vence: datetime = Field(sa_type=TIMESTAMP)


class SiiNoche(SQLModel, table=True):
    """A night whose work was queued, so that it is queued once."""

    __tablename__ = "sii_noches"
    fecha: date = Field(primary_key=True)
    momento: datetime = now()
    trabajos: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
