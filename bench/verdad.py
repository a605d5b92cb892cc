"""Whether the tables hold what the simulated SII has, taxpayer by taxpayer."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import psycopg

from bench.noches import Sii
from bot.core.documentos import Libro
from bot.core.resumen import MONTOS

# What the SII changes without changing any total is read again once a week.
DATES = ("fecha_acuse", "fecha_reclamo")
FACTS = ("tipo", "contraparte_rut", "folio", "fecha", "contraparte", *MONTOS)


@dataclass
class Comparacion:
    """What was found; `fechas` are documents of which nothing differs but dates that totals do not show."""

    iguales: int = 0
    distintos: dict[str, list[str]] = field(default_factory=dict)
    documentos: int = 0
    filas: int = 0
    fechas: int = 0


async def compare(sii: Sii, owner: psycopg.AsyncConnection[Any], ruts: Iterable[str]) -> Comparacion:
    """Every taxpayer's two newest months, both books, each state."""
    found = Comparacion()
    for rut in ruts:
        parts = (await sii.get(f"verdad/{rut}"))["partes"]
        wrong = [text for part in parts for text in await _part(found, owner, rut, part)]
        if wrong:
            found.distintos[rut] = wrong
        else:
            found.iguales += 1
    return found


async def _part(
    found: Comparacion, owner: psycopg.AsyncConnection[Any], rut: str, part: dict[str, Any]
) -> list[str]:
    libro, where = part["libro"], (rut, part["periodo"], part["estado"] or "")
    wanted = {_key(one): one for one in part["documentos"]}
    names = ", ".join(("tipo_documento AS tipo", *FACTS[1:], *DATES))
    query = f"SELECT {names} FROM {Libro(libro)}_detalle WHERE rut = %s AND periodo = %s AND estado = %s"
    cursor = await owner.execute(query, where)  # type: ignore[arg-type]
    columns = [column.name for column in cursor.description or ()]
    stored = {
        _key(one): one async for row in cursor for one in (dict(zip(columns, map(_plain, row), strict=True)),)
    }
    rows = ", ".join(("tipo_documento", "cantidad", *MONTOS))
    query = f"SELECT {rows} FROM {libro}_resumen WHERE rut = %s AND periodo = %s AND estado = %s"
    totals = {tuple(row) async for row in await owner.execute(query, where)}  # type: ignore[arg-type]
    expected = {(one["tipo"], one["cantidad"], *(one[name] for name in MONTOS)) for one in part["filas"]}
    found.documentos += len(wanted)
    found.filas += len(expected)
    found.fechas += sum(
        any(_moment(wanted[key][name]) != _moment(stored[key][name]) for name in DATES)
        for key in wanted.keys() & stored.keys()
    )
    name = f"{libro} {part['periodo']} {part['estado'] or ''}".strip()
    wrong = Counter(
        "faltan" if key not in stored else "sobran" if key not in wanted else "distintos"
        for key in wanted.keys() | stored.keys()
        if key not in stored or key not in wanted or _facts(wanted[key]) != _facts(stored[key])
    )
    texts = [f"{name}: {count} documentos {what}" for what, count in wrong.items()]
    return texts + ([f"{name}: totales"] if totals != expected else [])


def _key(documento: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(documento[name] for name in FACTS[:3])


def _facts(documento: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(documento[name] for name in FACTS)


def _moment(text: str | None) -> float | None:
    return datetime.fromisoformat(text).timestamp() if text else None


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
