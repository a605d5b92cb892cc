"""The tables. They hold no rules: values are checked at the edges and constrained by the database.

Every table with a `rut` is under forced row-level security (see the first migration).
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Identity,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    func,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, REAL
from sqlmodel import Field, SQLModel

_TIMESTAMP: Any = DateTime(timezone=True)


def _now() -> Any:
    return Field(sa_type=_TIMESTAMP, sa_column_kwargs={"server_default": func.now()})


def _moment() -> Any:
    return Field(default=None, sa_type=_TIMESTAMP)


def _text(**kwargs: Any) -> Any:
    return Field(sa_type=Text, **kwargs)


def _json(empty: str = "{}") -> Any:
    return Field(sa_type=JSONB, sa_column_kwargs={"server_default": empty})


def _amount() -> Any:
    return Field(sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})


def _serial() -> Any:
    return Field(default=None, sa_column=Column(BigInteger, Identity(), primary_key=True))


def _periodo_check(table: str) -> CheckConstraint:
    return CheckConstraint("periodo ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'", name=f"{table}_periodo")


def _estado_check(table: str) -> CheckConstraint:
    states = "estado IN ('REGISTRO', 'PENDIENTE', 'NO_INCLUIR', 'RECLAMADO')"
    return CheckConstraint(states, name=f"{table}_estado")


def _periodo_index(table: str) -> Index:
    return Index(f"{table}_periodo_fecha", "rut", "periodo", "fecha")


class Contributor(SQLModel, table=True):
    """A taxpayer."""

    __tablename__ = "contributors"
    __table_args__ = (CheckConstraint("rut ~ '^[0-9]{1,8}-[0-9K]$'", name="contributors_rut_canonical"),)
    rut: str = _text(primary_key=True)
    nombre: str = _text()
    telefono: str | None = _text(default=None)
    password_hash: str | None = _text(default=None)
    verificado: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    creado: datetime = _now()


class Otp(SQLModel, table=True):
    """A one-time code, hashed, for one purpose."""

    __tablename__ = "otp"
    id: int | None = _serial()
    rut: str = _text(index=True)
    proposito: str = _text()
    codigo_hash: bytes = Field(sa_type=LargeBinary)
    intentos: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    creado: datetime = _now()
    expira: datetime = Field(sa_type=_TIMESTAMP)
    usado: datetime | None = _moment()


class Session(SQLModel, table=True):
    """A session of the web or the API; only the token's hash is stored."""

    __tablename__ = "sessions"
    id: int | None = _serial()
    rut: str = _text(index=True)
    token_hash: str = _text(unique=True)
    creada: datetime = _now()
    expira: datetime = Field(sa_type=_TIMESTAMP)
    ultimo_uso: datetime = _now()


class Log(SQLModel, table=True):
    """What was done for a taxpayer; no personal data beyond the rut."""

    __tablename__ = "logs"
    id: int | None = _serial()
    rut: str = _text(index=True)
    momento: datetime = _now()
    evento: str = _text()
    datos: dict[str, Any] = _json()


class Message(SQLModel, table=True):
    """Both sides of every conversation; the inbox too: `estado` tells what is left to do."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("conversacion", "canal_mensaje_id", name="messages_once"),
        Index("messages_conversation", "rut", "conversacion", "id"),
        CheckConstraint("direccion IN ('entrada', 'salida')", name="messages_direccion"),
        CheckConstraint("estado IN ('recibido', 'respondido', 'fallido', 'enviado')", name="messages_estado"),
    )
    id: int | None = _serial()
    rut: str = _text()
    conversacion: str = _text()
    direccion: str = _text()
    canal_mensaje_id: str | None = _text(default=None)
    responde_a: int | None = Field(default=None, sa_type=BigInteger)
    texto: str = _text()
    boton: str | None = _text(default=None)
    contenido: dict[str, Any] = _json()
    intent: str | None = _text(default=None)
    confianza: float | None = Field(default=None, sa_type=REAL)
    estado: str = _text()
    creado: datetime = _now()


class _Resumen(SQLModel):
    # `estado` is empty in ventas: both books have one shape, so one query serves both.
    rut: str = _text(primary_key=True)
    periodo: str = _text(primary_key=True)
    estado: str = _text(primary_key=True, default="")
    tipo_documento: int = Field(primary_key=True)
    cantidad: int = _amount()
    monto_exento: int = _amount()
    monto_neto: int = _amount()
    monto_iva: int = _amount()
    monto_total: int = _amount()
    con_detalle: bool = Field(sa_column_kwargs={"server_default": "true"})


class VentasResumen(_Resumen, table=True):
    """Sales of one month and document type."""

    __tablename__ = "ventas_resumen"
    __table_args__ = (_periodo_check("ventas_resumen"),)


class ComprasResumen(_Resumen, table=True):
    """Purchases of one month, document type and state."""

    __tablename__ = "compras_resumen"
    __table_args__ = (_periodo_check("compras_resumen"), _estado_check("compras_resumen"))


class _Detalle(SQLModel):
    rut: str = _text(primary_key=True)
    tipo_documento: int = Field(primary_key=True)
    contraparte_rut: str = _text(primary_key=True)
    folio: int = Field(sa_type=BigInteger, primary_key=True)
    periodo: str = _text()
    estado: str = _text(default="")
    fecha: date
    contraparte: str = _text()
    monto_exento: int = _amount()
    monto_neto: int = _amount()
    monto_iva: int = _amount()
    monto_total: int = _amount()
    iva_no_recuperable: int = _amount()
    iva_uso_comun: int = _amount()
    fecha_recepcion: datetime | None = _moment()
    fecha_acuse: datetime | None = _moment()
    fecha_reclamo: datetime | None = _moment()
    otros_impuestos: list[dict[str, Any]] = _json("[]")
    otros_campos: dict[str, Any] = _json()


class VentasDetalle(_Detalle, table=True):
    """One document that the taxpayer issued."""

    __tablename__ = "ventas_detalle"
    __table_args__ = (_periodo_check("ventas_detalle"), _periodo_index("ventas_detalle"))


class ComprasDetalle(_Detalle, table=True):
    """One document that a supplier issued."""

    __tablename__ = "compras_detalle"
    __table_args__ = (
        _periodo_check("compras_detalle"),
        _estado_check("compras_detalle"),
        _periodo_index("compras_detalle"),
    )


class Cobertura(SQLModel, table=True):
    """Which months of a book are known, since when and from where: "no sales" is not "not imported"."""

    __tablename__ = "cobertura"
    rut: str = _text(primary_key=True)
    libro: str = _text(primary_key=True)
    periodo: str = _text(primary_key=True)
    estado: str = _text(primary_key=True, default="")
    origen: str = _text()
    actualizado: datetime = Field(sa_type=_TIMESTAMP)


class Contrato(SQLModel, table=True):
    """A contract that the taxpayer uploaded."""

    __tablename__ = "contratos"
    id: int | None = _serial()
    rut: str = _text(index=True)
    archivo: str = _text()
    ruta: str = _text()
    sha256: str = _text()
    estado: str = _text()
    motivo: str | None = _text(default=None)
    paginas: int | None = None
    datos: dict[str, Any] = _json()
    creado: datetime = _now()


class Embedding(SQLModel, table=True):
    """One chunk of a contract with its vector: the source that the index is rebuilt from."""

    __tablename__ = "embeddings"
    id: int | None = _serial()
    rut: str = _text(index=True)
    contrato_id: int = Field(sa_type=BigInteger, foreign_key="contratos.id", ondelete="CASCADE", index=True)
    pagina: int
    clausula: str | None = _text(default=None)
    texto: str = _text()
    modelo: str = _text()
    vector: list[float] = Field(sa_type=ARRAY(REAL))


class IdentityLink(SQLModel, table=True):
    """Who is at the other end of a conversation: a channel's stable id, verified to belong to a rut."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("canal", "canal_id", name="identities_once"),)
    conversacion: str = _text(primary_key=True)
    canal: str = _text()
    canal_id: str = _text()
    rut: str = _text(index=True)
    contexto: dict[str, Any] = _json()
    contexto_hasta: datetime = _now()
    creado: datetime = _now()


class Consent(SQLModel, table=True):
    """A consent as it was given: which text, when and where."""

    __tablename__ = "consents"
    id: int | None = _serial()
    rut: str = _text(index=True)
    materia: str = _text()
    version: str = _text()
    canal: str = _text()
    momento: datetime = _now()
    revocado: datetime | None = _moment()


class Instance(SQLModel, table=True):
    """Facts about this installation (no taxpayer's data), such as whether it holds demo data."""

    __tablename__ = "instance"
    clave: str = _text(primary_key=True)
    valor: str = _text()
