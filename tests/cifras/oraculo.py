"""What the figures are, by SQL written apart from the product's queries.

Signs as the SII gives them: 60, 61, 106 and 112 subtract; what is in neither list adds to no total.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg
from psycopg import sql

SUMAN = (29, 30, 32, 33, 34, 35, 38, 39, 40, 41, 43, 45, 46, 48, 55, 56, 101, 104, 110, 111, 914)
RESTAN = (60, 61, 106, 112)
SOLO_RESUMEN = (35, 38, 39, 41, 48)
SIGNO = f"(CASE WHEN tipo_documento IN {RESTAN} THEN -1 WHEN tipo_documento IN {SUMAN} THEN 1 ELSE 0 END)"
# All that is known: documents one by one, and of boletas a row a month.
_TODO = """(
    SELECT periodo, tipo_documento, 1 AS cantidad, monto_exento, monto_neto, monto_iva, monto_total,
           contraparte_rut, contraparte, folio, fecha, estado FROM {libro}_detalle WHERE rut = %(rut)s
    UNION ALL
    SELECT periodo, tipo_documento, cantidad, monto_exento, monto_neto, monto_iva, monto_total,
           NULL, NULL, NULL, NULL, estado
    FROM {libro}_resumen WHERE rut = %(rut)s AND tipo_documento IN {solo}
)"""


@dataclass(frozen=True)
class Donde:
    """What a question is limited to, as SQL sees it."""

    libro: str
    meses: tuple[str, ...] = ()
    tipos: tuple[int, ...] = ()
    quien: str = ""
    estado: str = ""
    dias: tuple[date, date] | None = None
    monto: tuple[int, int] | None = None
    folio: int | None = None


class Oraculo:
    """The demo's database, asked directly about one taxpayer."""

    def __init__(self, connection: psycopg.Connection[Any], rut: str) -> None:
        self._connection, self.rut = connection, rut

    def rows(self, donde: Donde, what: str, after: str = "") -> list[tuple[Any, ...]]:
        """`SELECT what FROM documents WHERE donde after`."""
        estado = donde.estado or ("" if donde.libro == "ventas" else "REGISTRO")
        values: dict[str, Any] = {"rut": self.rut, "estado": estado}
        where = ["estado = %(estado)s"]
        for name, column, given in (
            ("meses", "periodo", () if donde.dias else donde.meses),
            ("tipos", "tipo_documento", donde.tipos),
        ):
            if given:
                values[name] = list(given)
                where.append(f"{column} = ANY(%({name})s)")
        if donde.quien:
            values["quien"] = donde.quien
            where.append("contraparte_rut = %(quien)s")
        if donde.folio is not None:
            values["folio"] = donde.folio
            where.append("folio = %(folio)s")
        for name, column, ends in (("dia", "fecha", donde.dias), ("monto", "monto_total", donde.monto)):
            if ends:
                values |= {f"{name}_a": ends[0], f"{name}_b": ends[1]}
                where.append(f"{column} >= %({name}_a)s AND {column} <= %({name}_b)s AND folio IS NOT NULL")
        todo = _TODO.format(libro=donde.libro, solo=SOLO_RESUMEN)
        query = f"SELECT {what} FROM {todo} AS todo WHERE {' AND '.join(where)} {after}"
        self._connection.execute("SELECT set_config('app.rut', %s, false)", [self.rut])
        return self._connection.execute(sql.SQL(query), values).fetchall()  # type: ignore[arg-type]

    def totals(self, donde: Donde) -> tuple[int, ...]:
        """Neto, IVA, exento and total."""
        sums = (f"COALESCE(sum({SIGNO} * monto_{name}), 0)" for name in ("neto", "iva", "exento", "total"))
        return tuple(int(value) for value in self.rows(donde, ", ".join(sums))[0])

    def by_type(self, donde: Donde) -> list[tuple[int, int, int, int]]:
        """Code, sign, how many, and the unsigned total of each type."""
        columns = f"tipo_documento, {SIGNO}, sum(cantidad), sum(monto_total)"
        found = self.rows(donde, columns, "GROUP BY 1, 2 ORDER BY 1")
        return [tuple(int(value) for value in row) for row in found]  # type: ignore[misc]

    def iva(self, libro: str, mes: str, tipos: Sequence[int]) -> int:
        """Unsigned IVA of some types in a month."""
        found = self.rows(Donde(libro, (mes,), tuple(tipos)), "COALESCE(sum(monto_iva), 0)")
        return int(found[0][0])

    def one(self, query: str, *values: Any) -> int:
        """A number that another query gives."""
        self._connection.execute("SELECT set_config('app.rut', %s, false)", [self.rut])
        row = self._connection.execute(query, (self.rut, *values)).fetchone()  # type: ignore[call-overload]
        return int(row[0])
