"""What an import and a sync share: COPY into a temporary table, one upsert, and who may write when."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import Any, LiteralString

from psycopg import AsyncConnection as Psycopg
from psycopg import AsyncCopy, sql

from bot.core.documentos import Documento, EstadoCompra
from bot.core.errors import ImportBusyError, TaxpayerUnknownError
from bot.core.resumen import MONTOS
from bot.core.rut import Rut
from bot.services.ports import Destino

KEY = ("rut", "tipo_documento", "contraparte_rut", "folio")
VALUES = (
    "periodo estado fecha contraparte monto_exento monto_neto monto_iva monto_total iva_no_recuperable"
    " iva_uso_comun fecha_recepcion fecha_acuse fecha_reclamo otros_impuestos otros_campos"
).split()
_AMOUNTS = [sql.Identifier(name) for name in MONTOS]
COLUMNS = (*KEY, *VALUES)


async def one_at_a_time(driver: Psycopg[Any], rut: Rut, destino: Destino) -> None:
    """Two imports of one book at once would each total the documents without those of the other.

    Holding the taxpayer's row makes an erasure wait, and finds nobody after one.

    Raises:
        ImportBusyError: if another is at work; waiting for it would hold a connection that others need.
        TaxpayerUnknownError: if there is no such taxpayer (any more).
    """
    mine = "SELECT 1 FROM contributors WHERE rut = %s FOR KEY SHARE"
    if await (await driver.execute(mine, (str(rut),))).fetchone() is None:
        raise TaxpayerUnknownError(rut=rut.pretty)
    free = "SELECT 1 WHERE pg_try_advisory_xact_lock(hashtextextended(%s, 0))"
    if await (await driver.execute(free, (f"registro {rut} {destino.libro}",))).fetchone() is None:
        raise ImportBusyError()


@asynccontextmanager
async def copy_entrada(driver: Psycopg[Any], destino: Destino) -> AsyncIterator[AsyncCopy]:
    """A COPY into `entrada`, a table of this transaction with the columns of the book's documents."""
    await driver.execute(statement("CREATE TEMP TABLE entrada (LIKE {detalle}) ON COMMIT DROP", destino))
    columns = sql.SQL(", ").join(map(sql.Identifier, COLUMNS))
    async with driver.cursor().copy(sql.SQL("COPY entrada ({}) FROM STDIN").format(columns)) as copy:
        yield copy


def row_of(rut: Rut, documento: Documento) -> tuple[Any, ...]:
    """A document as a row of `entrada`."""
    return (
        str(rut),
        documento.tipo,
        str(documento.contraparte_rut),
        documento.folio,
        str(documento.periodo),
        estado_column(documento.estado),
        documento.fecha,
        documento.contraparte,
        documento.monto_exento,
        documento.monto_neto,
        documento.monto_iva,
        documento.monto_total,
        documento.iva_no_recuperable,
        documento.iva_uso_comun,
        documento.fecha_recepcion,
        documento.fecha_acuse,
        documento.fecha_reclamo,
        json.dumps([asdict(otro) for otro in documento.otros_impuestos]),
        json.dumps(dict(documento.otros_campos)),
    )


def statement(template: str, destino: Destino, **parts: sql.Composable) -> sql.Composed:
    """A query with the names of the book's tables and columns put in."""
    return sql.SQL(template).format(
        detalle=sql.Identifier(f"{destino.libro}_detalle"),
        resumen=sql.Identifier(f"{destino.libro}_resumen"),
        amounts=sql.SQL(", ").join(_AMOUNTS),
        sums=sql.SQL(", ").join(sql.SQL("sum({})").format(name) for name in _AMOUNTS),
        new=sql.SQL(", ").join(sql.SQL("excluded.{}").format(name) for name in _AMOUNTS),
        **parts,
    )


async def count(driver: Psycopg[Any], query: LiteralString | sql.Composed) -> int:
    """The only value of a query."""
    row = await (await driver.execute(query)).fetchone()
    return int(row[0]) if row else 0


def upsert(destino: Destino) -> sql.Composed:
    """Put `entrada` into the documents; those that are there and equal are left alone."""
    names = [sql.Identifier(name) for name in VALUES]
    return statement(
        "INSERT INTO {detalle} AS d ({all}) SELECT {all} FROM entrada ON CONFLICT ({key}) DO UPDATE"
        " SET ({values}) = ROW ({renewed}) WHERE ({old}) IS DISTINCT FROM ({renewed})",
        destino,
        all=sql.SQL(", ").join(map(sql.Identifier, COLUMNS)),
        key=sql.SQL(", ").join(map(sql.Identifier, KEY)),
        values=sql.SQL(", ").join(names),
        renewed=sql.SQL(", ").join(sql.SQL("excluded.{}").format(name) for name in names),
        old=sql.SQL(", ").join(sql.SQL("d.{}").format(name) for name in names),
    )


def estado_column(estado: EstadoCompra | None) -> str:
    """A state as the tables hold it; sales have none."""
    return estado.value if estado else ""


async def cover(driver: Psycopg[Any], destino: Destino, rut: Rut) -> None:
    """Note that the month is known, since when and from where."""
    await driver.execute(
        "INSERT INTO cobertura (rut, libro, periodo, estado, origen, actualizado)"
        " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (rut, libro, periodo, estado) DO UPDATE"
        " SET origen = excluded.origen, actualizado = excluded.actualizado",
        (
            str(rut),
            destino.libro.value,
            str(destino.periodo),
            estado_column(destino.estado),
            destino.origen,
            destino.ahora,
        ),
    )
