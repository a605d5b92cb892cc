"""Columns and constraints that many tables share."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Identity,
    Index,
    Text,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

TIMESTAMP: Any = DateTime(timezone=True)


def now() -> Any:
    """The moment of the insert."""
    return Field(sa_type=TIMESTAMP, sa_column_kwargs={"server_default": func.now()})


def moment() -> Any:
    """A moment that may be missing."""
    return Field(default=None, sa_type=TIMESTAMP)


def text(**kwargs: Any) -> Any:
    """A text."""
    return Field(sa_type=Text, **kwargs)


def json(empty: str = "{}") -> Any:
    """A JSON value, empty by default."""
    return Field(sa_type=JSONB, sa_column_kwargs={"server_default": empty})


def amount() -> Any:
    """Whole CLP, or a count."""
    return Field(sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})


def serial() -> Any:
    """A number of its own."""
    return Field(default=None, sa_column=Column(BigInteger, Identity(), primary_key=True))


def periodo_check(table: str) -> CheckConstraint:
    """A month is written `2026-09`."""
    return CheckConstraint("periodo ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'", name=f"{table}_periodo")


def estado_check(table: str) -> CheckConstraint:
    """The states of purchases."""
    states = "estado IN ('REGISTRO', 'PENDIENTE', 'NO_INCLUIR', 'RECLAMADO')"
    return CheckConstraint(states, name=f"{table}_estado")


def periodo_index(table: str) -> Index:
    """The usual way into the documents."""
    return Index(f"{table}_periodo_fecha", "rut", "periodo", "fecha")


def owner(**kwargs: Any) -> Any:
    """The taxpayer that a row belongs to and goes with; a row of nobody cannot be written."""
    return Field(sa_type=Text, foreign_key="contributors.rut", ondelete="CASCADE", **kwargs)
