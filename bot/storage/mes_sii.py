"""One month of a book replaced by what the SII has: documents, totals, and what that changed."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple
from typing import Any

from psycopg import AsyncConnection as Psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from bot.core.documentos import EstadoCompra, Libro, tipo_documento
from bot.core.periodo import Periodo
from bot.core.resumen import FilaResumen, Montos, total
from bot.core.rut import Rut
from bot.services.ports import Destino
from bot.services.ports_sincronizacion import ParteSii
from bot.storage.carga import copy_entrada, cover, estado_column, row_of, statement, upsert

MAXIMUM_SHOWN = 300
_TOLD = sql.SQL(
    "jsonb_build_object('que', que, 'tipo_documento', tipo_documento, 'folio', folio, 'contraparte_rut',"
    " contraparte_rut, 'contraparte', contraparte, 'monto_total', monto_total, 'estado', estado)"
)
# What vanished: stored in this month and state, of a type that was read completely, and not in what came.
_GONE = sql.SQL(
    "d.rut = %(rut)s AND d.periodo = %(periodo)s AND d.estado || ' ' || d.tipo_documento <> ALL (%(quedan)s)"
    " AND NOT EXISTS (SELECT FROM entrada e WHERE (e.tipo_documento, e.contraparte_rut, e.folio)"
    " = (d.tipo_documento, d.contraparte_rut, d.folio))"
)
_DIFF = (
    "SELECT que, {told} FROM (SELECT CASE WHEN d.rut IS NULL THEN 'nuevo' ELSE 'cambiado' END AS que,"
    " e.* FROM entrada e LEFT JOIN {detalle} d USING (rut, tipo_documento, contraparte_rut, folio)"
    " WHERE d.rut IS NULL OR (d.periodo, d.estado, d.fecha, d.monto_exento, d.monto_neto, d.monto_iva,"
    " d.monto_total) IS DISTINCT FROM (e.periodo, e.estado, e.fecha, e.monto_exento, e.monto_neto,"
    " e.monto_iva, e.monto_total)"
    " UNION ALL SELECT 'ido', d.* FROM {detalle} d WHERE {gone}) AS todo"
    " ORDER BY que DESC, fecha DESC, folio DESC"
)
_ELSEWHERE = (
    "SELECT DISTINCT d.periodo FROM {detalle} d JOIN entrada e USING (rut, tipo_documento, contraparte_rut,"
    " folio) WHERE d.periodo <> e.periodo"
)
_TOTALS = (
    "SELECT tipo_documento, cantidad, {amounts} FROM {resumen}"
    " WHERE rut = %s AND periodo = %s AND estado = %s"
)


class ReplacedMonth:
    """A month that is being replaced, within the transaction."""

    def __init__(self, rut: Rut, destino: Destino, partes: Sequence[ParteSii]) -> None:
        self.rut = rut
        self.destino = destino
        self.partes = partes
        self.month = (str(rut), str(destino.periodo))

    async def replace_documents(
        self, driver: Psycopg[Any]
    ) -> tuple[tuple[int, int, int], tuple[Mapping[str, Any], ...], tuple[Periodo, ...]]:
        """Counts of new, changed and gone documents, some of them, and the months that lost some to this."""
        # In compras one that changes its state while we read may come twice: the last reading counts.
        rows = {
            row[:4]: row
            for parte in self.partes
            for documentos in parte.documentos.values()
            for row in (row_of(self.rut, documento) for documento in documentos)
        }
        async with copy_entrada(driver, self.destino) as copy:
            for row in rows.values():
                await copy.write_row(row)
        mine = {"rut": self.month[0], "periodo": self.month[1], "quedan": self._stay()}
        diff = statement(_DIFF, self.destino, told=_TOLD, gone=_GONE)
        found = await (await driver.execute(diff, mine)).fetchall()
        kinds = [que for que, _ in found]
        counts = kinds.count("nuevo"), kinds.count("cambiado"), kinds.count("ido")
        lost = await (await driver.execute(statement(_ELSEWHERE, self.destino))).fetchall()
        gone = statement("DELETE FROM {detalle} d WHERE {gone}", self.destino, gone=_GONE)
        await driver.execute(gone, mine)
        await driver.execute(upsert(self.destino))
        shown = tuple(documento for _, documento in found[:MAXIMUM_SHOWN])
        return counts, shown, tuple(sorted(Periodo.parse(month) for (month,) in lost))

    def _stay(self) -> list[str]:
        """Types of which nothing is deleted: their documents were not read, or not all of them."""
        return [
            f"{estado_column(parte.estado)} {fila.fila.tipo.codigo}"
            for parte in self.partes
            for fila in parte.filas
            if fila.con_detalle
            and fila.fila.montos.cantidad
            and (fila.fila.tipo.codigo not in parte.documentos or fila.fila.tipo.codigo in parte.incompletos)
        ]

    async def replace_totals(self, driver: Psycopg[Any]) -> None:
        """The SII's own rows are the truth, also where the documents do not add up to them."""
        await driver.execute(
            statement("DELETE FROM {resumen} WHERE rut = %s AND periodo = %s", self.destino), self.month
        )
        filas = [(estado_column(parte.estado), fila) for parte in self.partes for fila in parte.filas]
        cursor = driver.cursor()
        await cursor.executemany(
            statement(
                "INSERT INTO {resumen} (rut, periodo, estado, tipo_documento, cantidad, {amounts},"
                " con_detalle) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                self.destino,
            ),
            [
                (*self.month, estado, fila.fila.tipo.codigo, *astuple(fila.fila.montos), fila.con_detalle)
                for estado, fila in filas
            ],
        )
        await self._replace_raw(driver)
        for parte in self.partes:
            libro, periodo = self.destino.libro, self.destino.periodo
            await cover(driver, Destino(libro, periodo, parte.estado, "sii", self.destino.ahora), self.rut)

    async def _replace_raw(self, driver: Psycopg[Any]) -> None:
        mine = (self.month[0], self.destino.libro.value, self.month[1])
        kept = await driver.execute(
            "DELETE FROM sii_meses WHERE rut = %s AND libro = %s AND periodo = %s"
            " RETURNING estado, tipo_documento, detalle_al",
            mine,
        )
        before = {(estado, tipo): al async for estado, tipo, al in kept}
        rows = [
            (
                *mine,
                estado_column(parte.estado),
                codigo,
                Jsonb(dict(fila.cruda)),
                self.destino.ahora
                if codigo in parte.documentos
                else before.get((estado_column(parte.estado), codigo)),
            )
            for parte in self.partes
            for fila in parte.filas
            for codigo in (fila.fila.tipo.codigo,)
        ]
        await driver.cursor().executemany(
            "INSERT INTO sii_meses (rut, libro, periodo, estado, tipo_documento, fila, detalle_al)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)",
            rows,
        )

    async def totals(self, driver: Psycopg[Any]) -> Montos:
        """The month's signed totals; of purchases those that count."""
        counted = EstadoCompra.REGISTRO if self.destino.libro is Libro.COMPRAS else None
        found = await driver.execute(statement(_TOTALS, self.destino), (*self.month, estado_column(counted)))
        rows = [FilaResumen(tipo_documento(tipo), Montos(*values)) async for tipo, *values in found]
        return total(rows).totales
