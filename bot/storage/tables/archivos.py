"""Files of taxpayers."""

from datetime import datetime

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from bot.storage.tables.columnas import moment, now, owner, text


class ArchivoRow(SQLModel, table=True):
    """A file in the store, under `clave`; without `expira` it stays until it is erased."""

    __tablename__ = "archivos"
    __table_args__ = (Index("archivos_expira", "expira"),)
    id: str = text(primary_key=True)
    rut: str = owner(index=True)
    clave: str = text(unique=True)
    nombre: str = text()
    mime: str = text()
    bytes: int = Field(sa_type=BigInteger)
    sha256: str = text()
    creado: datetime = now()
    expira: datetime | None = moment()
