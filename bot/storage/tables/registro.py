"""The register and the contracts."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Index, LargeBinary, Numeric, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from bot.storage.tables.columnas import (
    TIMESTAMP,
    amount,
    estado_check,
    json,
    moment,
    now,
    owner,
    periodo_check,
    periodo_index,
    serial,
    text,
)


class _Resumen(SQLModel):
    # `estado` is empty in ventas: both books have one shape, so one query serves both.
    rut: str = text(primary_key=True)
    periodo: str = text(primary_key=True)
    estado: str = text(primary_key=True, default="")
    tipo_documento: int = Field(primary_key=True)
    cantidad: int = amount()
    monto_exento: int = amount()
    monto_neto: int = amount()
    monto_iva: int = amount()
    monto_total: int = amount()
    con_detalle: bool = Field(sa_column_kwargs={"server_default": "true"})


class VentasResumen(_Resumen, table=True):
    """Sales of one month and document type."""

    __tablename__ = "ventas_resumen"
    __table_args__ = (periodo_check("ventas_resumen"),)


class ComprasResumen(_Resumen, table=True):
    """Purchases of one month, document type and state."""

    __tablename__ = "compras_resumen"
    __table_args__ = (periodo_check("compras_resumen"), estado_check("compras_resumen"))


class _Detalle(SQLModel):
    rut: str = text(primary_key=True)
    tipo_documento: int = Field(primary_key=True)
    contraparte_rut: str = text(primary_key=True)
    folio: int = Field(sa_type=BigInteger, primary_key=True)
    periodo: str = text()
    estado: str = text(default="")
    fecha: date
    contraparte: str = text()
    monto_exento: int = amount()
    monto_neto: int = amount()
    monto_iva: int = amount()
    monto_total: int = amount()
    iva_no_recuperable: int = amount()
    iva_uso_comun: int = amount()
    fecha_recepcion: datetime | None = moment()
    fecha_acuse: datetime | None = moment()
    fecha_reclamo: datetime | None = moment()
    otros_impuestos: list[dict[str, Any]] = json("[]")
    otros_campos: dict[str, Any] = json()


class VentasDetalle(_Detalle, table=True):
    """One document that the taxpayer issued."""

    __tablename__ = "ventas_detalle"
    __table_args__ = (periodo_check("ventas_detalle"), periodo_index("ventas_detalle"))


class ComprasDetalle(_Detalle, table=True):
    """One document that a supplier issued."""

    __tablename__ = "compras_detalle"
    __table_args__ = (
        periodo_check("compras_detalle"),
        estado_check("compras_detalle"),
        periodo_index("compras_detalle"),
        Index(
            "compras_pendientes",
            "rut",
            "fecha_recepcion",
            postgresql_where=sql("estado = 'PENDIENTE'"),
        ),
    )


class Cobertura(SQLModel, table=True):
    """Which months of a book are known, since when and from where: "no sales" is not "not imported"."""

    __tablename__ = "cobertura"
    rut: str = owner(primary_key=True)
    libro: str = text(primary_key=True)
    periodo: str = text(primary_key=True)
    estado: str = text(primary_key=True, default="")
    origen: str = text()
    actualizado: datetime = Field(sa_type=TIMESTAMP)


class IvaDeclarado(SQLModel, table=True):
    """What a taxpayer told about a month's form 29: a code and its value (a rate holds from then on)."""

    __tablename__ = "iva_declarado"
    __table_args__ = (periodo_check("iva_declarado"),)
    rut: str = owner(primary_key=True)
    codigo: int = Field(primary_key=True)
    periodo: str = text(primary_key=True)
    valor: Decimal = Field(sa_type=Numeric)
    momento: datetime = Field(sa_type=TIMESTAMP)


def _contrato(**kwargs: Any) -> Any:
    """Another contract, as long as it is there."""
    return Field(sa_type=BigInteger, foreign_key="contratos.id", **kwargs)


class Contrato(SQLModel, table=True):
    """A contract that the taxpayer uploaded, `archivo_id` in the file store, and what was read in it.

    `de` is the contract that an annex belongs to, `reemplaza` the one that goes when this one is read;
    `trozos` and `modelo` tell what of it is in the index; `imagenes` are files of pages, by page; `borrado`
    is when it was removed, which can be taken back for some minutes.
    """

    __tablename__ = "contratos"
    __table_args__ = (UniqueConstraint("rut", "sha256", name="contratos_once"),)
    id: int | None = serial()
    rut: str = owner(index=True)
    archivo: str = text()
    ruta: str = text()
    sha256: str = text()
    estado: str = text()
    motivo: str | None = text(default=None)
    paginas: int | None = None
    datos: dict[str, Any] = json()
    creado: datetime = now()
    archivo_id: str | None = text(default=None)
    paginas_leidas: int = Field(sa_column_kwargs={"server_default": "0"})
    intentos: int = Field(sa_column_kwargs={"server_default": "0"})
    trozos: int = Field(sa_column_kwargs={"server_default": "0"})
    modelo: str | None = text(default=None)
    de: int | None = _contrato(default=None, ondelete="SET NULL")
    reemplaza: int | None = _contrato(default=None, ondelete="SET NULL")
    imagenes: dict[str, str] = json()
    borrado: datetime | None = moment()


class Embedding(SQLModel, table=True):
    """One passage of a contract with its vector (little-endian 32-bit floats): the source of any index.

    `contexto` is what is embedded before the text, but for the contract's name.
    """

    __tablename__ = "embeddings"
    id: int | None = serial()
    rut: str = text(index=True)
    contrato_id: int = _contrato(ondelete="CASCADE", index=True)
    pagina: int
    clausula: str | None = text(default=None)
    texto: str = text()
    modelo: str = text()
    vector: bytes = Field(sa_type=LargeBinary)
    contexto: str = text(sa_column_kwargs={"server_default": ""})
