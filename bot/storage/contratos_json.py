"""What was read in a contract, as JSON and back."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from bot.core.contratos.anexos import Anexo
from bot.core.contratos.datos import Hechos


@dataclass(frozen=True, slots=True)
class Datos:
    """The column `datos` of a contract; empty before it was read."""

    hechos: Hechos = field(default_factory=Hechos)
    anexos: tuple[Anexo, ...] = ()
    anexo: Anexo | None = None
    avisos: tuple[tuple[str, tuple[int, ...]], ...] = ()
    corregidos: tuple[str, ...] = ()
    leidos: Hechos | None = None


@cache
def _adapter() -> TypeAdapter[Datos]:
    return TypeAdapter(Datos)


def to_json(datos: Datos) -> dict[str, Any]:
    """As stored: amounts are texts, dates ISO 8601; what is at its default is left out."""
    found: dict[str, Any] = _adapter().dump_python(datos, mode="json", exclude_defaults=True)
    return found


def from_json(stored: dict[str, Any]) -> Datos:
    """What was stored."""
    return _adapter().validate_python(stored)
