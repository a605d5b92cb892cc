"""Storing many documents at once: COPY into a temporary table, then one upsert, in one transaction."""

import asyncio
from collections.abc import Iterable
from dataclasses import astuple
from itertools import islice
from typing import Any

from psycopg import AsyncConnection as Psycopg
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.documentos import Documento, Libro, Rechazo
from bot.core.errors import CsvOtherPeriodoError, CsvTooManyErrorsError
from bot.core.periodo import Periodo
from bot.core.resumen import FilaResumen
from bot.core.rut import Rut
from bot.services.ports import Destino, Importacion
from bot.storage.carga import (
    copy_entrada,
    count,
    cover,
    estado_column,
    one_at_a_time,
    row_of,
    statement,
    upsert,
)
from bot.storage.database import driver_connection

MAXIMUM_REJECTS_KEPT = 1_000
MAXIMUM_REJECTS = 10_000
_BATCH = 500


class _Rejects:
    def __init__(self) -> None:
        self.kept: list[Rechazo] = []
        self.count = 0

    def add(self, rechazo: Rechazo) -> None:
        self.count += 1
        if self.count > MAXIMUM_REJECTS:
            raise CsvTooManyErrorsError(maximo=MAXIMUM_REJECTS)
        if len(self.kept) < MAXIMUM_REJECTS_KEPT:
            self.kept.append(rechazo)


async def import_rows(
    connection: AsyncConnection, rut: Rut, destino: Destino, filas: Iterable[Documento | Rechazo]
) -> Importacion:
    """Add documents and replace changed ones; what is stored and not in `filas` stays.

    Summaries of every month touched are made anew from the documents. In ventas a folio that is stored
    with another client is refused: the SII never gives a folio twice, so the file is somebody else's.

    Args:
        connection: in a transaction as `rut`.
        filas: read once, never all in memory.
    """
    driver: Psycopg[Any] = await driver_connection(connection)
    rejects = _Rejects()
    await one_at_a_time(driver, rut, destino)
    async with copy_entrada(driver, destino) as copy:
        rows = iter(filas)
        # Reading is work: it is done in a thread, so that others have their turn.
        while batch := await asyncio.to_thread(list, islice(rows, _BATCH)):
            for fila in batch:
                if isinstance(fila, Rechazo):
                    rejects.add(fila)
                else:
                    await copy.write_row(row_of(rut, fila))
    if destino.libro is Libro.VENTAS:
        await _refuse_other_clients(driver, destino, rejects)
    accepted = await count(driver, "SELECT count(*) FROM entrada")
    if destino.origen == "csv":
        await _refuse_other_month(driver, destino)
    moved = await count(driver, statement(_MOVED, destino))
    touched = await _touched_months(driver, destino)
    changed = (await driver.execute(upsert(destino))).rowcount
    for periodo, estado in touched:
        await _renew_summary(driver, destino, rut, periodo, estado)
    await cover(driver, destino, rut)
    return Importacion(accepted, accepted - changed, moved, tuple(rejects.kept), rejects.count)


async def _refuse_other_clients(driver: Psycopg[Any], destino: Destino, rejects: _Rejects) -> None:
    # A factura de compra (46) is numbered by the client who issues it, so it may repeat.
    found = await driver.execute(
        statement(
            "DELETE FROM entrada e USING {detalle} d WHERE d.rut = e.rut AND d.folio = e.folio"
            " AND d.tipo_documento = e.tipo_documento AND d.contraparte_rut <> e.contraparte_rut"
            " AND e.tipo_documento NOT IN (45, 46) RETURNING e.tipo_documento, e.folio",
            destino,
        )
    )
    async for tipo, folio in found:
        motivo = f"El folio {folio} (tipo {tipo}) ya está registrado con otro cliente: ¿es tu archivo?"
        rejects.add(Rechazo(0, motivo))


_MOVED = (
    "SELECT count(*) FROM {detalle} d JOIN entrada e USING (rut, tipo_documento, contraparte_rut, folio)"
    " WHERE (d.periodo, d.estado) <> (e.periodo, e.estado)"
)


async def _refuse_other_month(driver: Psycopg[Any], destino: Destino) -> None:
    """A file in which nothing is dated or received in the month is surely of another one.

    Raises:
        CsvOtherPeriodoError: naming the month that most of its documents are of.
    """
    found = await driver.execute(
        "SELECT mode() WITHIN GROUP (ORDER BY to_char(fecha, 'YYYY-MM')),"
        " bool_or(to_char(fecha, 'YYYY-MM') = %s"
        " OR to_char(fecha_recepcion AT TIME ZONE 'America/Santiago', 'YYYY-MM') = %s) FROM entrada",
        (str(destino.periodo), str(destino.periodo)),
    )
    row = await found.fetchone()
    if row and row[0] and not row[1]:
        raise CsvOtherPeriodoError(dice=Periodo.parse(row[0]).nombre, pedido=destino.periodo.nombre)


async def _touched_months(driver: Psycopg[Any], destino: Destino) -> list[tuple[str, str]]:
    """Months and states that gain, change or (a document moved) lose something."""
    found = await driver.execute(
        statement(
            "SELECT periodo, estado FROM entrada UNION SELECT d.periodo, d.estado FROM {detalle} d"
            " JOIN entrada e USING (rut, tipo_documento, contraparte_rut, folio)",
            destino,
        )
    )
    return [(periodo, estado) async for periodo, estado in found]


async def _renew_summary(driver: Psycopg[Any], destino: Destino, rut: Rut, periodo: str, estado: str) -> None:
    """Total the month's documents anew; rows that come without documents (boletas) stay."""
    month = (str(rut), periodo, estado)
    await driver.execute(
        statement(
            "DELETE FROM {resumen} WHERE rut = %s AND periodo = %s AND estado = %s AND con_detalle", destino
        ),
        month,
    )
    await driver.execute(
        statement(
            "INSERT INTO {resumen} (rut, periodo, estado, tipo_documento, cantidad, {amounts})"
            " SELECT rut, periodo, estado, tipo_documento, count(*), {sums} FROM {detalle}"
            " WHERE rut = %s AND periodo = %s AND estado = %s GROUP BY rut, periodo, estado, tipo_documento"
            " ON CONFLICT (rut, periodo, estado, tipo_documento) DO UPDATE SET con_detalle = true,"
            " (cantidad, {amounts}) = ROW (excluded.cantidad, {new})",
            destino,
        ),
        month,
    )


async def store_summary(
    connection: AsyncConnection, rut: Rut, destino: Destino, filas: Iterable[FilaResumen]
) -> None:
    """Store rows that the register gives without documents, such as boletas."""
    driver: Psycopg[Any] = await driver_connection(connection)
    await one_at_a_time(driver, rut, destino)
    month = (str(rut), str(destino.periodo), estado_column(destino.estado))
    await driver.cursor().executemany(
        statement(
            "INSERT INTO {resumen} (rut, periodo, estado, tipo_documento, cantidad, {amounts}, con_detalle)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, false)"
            " ON CONFLICT (rut, periodo, estado, tipo_documento) DO UPDATE"
            " SET con_detalle = false, (cantidad, {amounts}) = ROW (excluded.cantidad, {new})",
            destino,
        ),
        [(*month, fila.tipo.codigo, *astuple(fila.montos)) for fila in filas],
    )
    await cover(driver, destino, rut)
