"""The register: reading summaries and documents of one taxpayer. Importing is in importacion.py."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select

from bot.core.analisis import FilaContraparte
from bot.core.documentos import TIPOS, Documento, EstadoCompra, Libro, OtroImpuesto, Rechazo, tipo_documento
from bot.core.periodo import Periodo
from bot.core.resumen import MONTOS, FilaResumen, Montos
from bot.core.rut import FOREIGN, Rut
from bot.services.ports import Cobertura, Destino, FilaPeriodo, Filas, FiltroDocumentos, Importacion
from bot.storage import tables
from bot.storage.carga import estado_column
from bot.storage.database import AT_ONCE, Database
from bot.storage.importacion import import_rows, store_summary

RESUMEN = {
    Libro.VENTAS: tables.VentasResumen.__table__,  # type: ignore[attr-defined]
    Libro.COMPRAS: tables.ComprasResumen.__table__,  # type: ignore[attr-defined]
}
DETALLE = {
    Libro.VENTAS: tables.VentasDetalle.__table__,  # type: ignore[attr-defined]
    Libro.COMPRAS: tables.ComprasDetalle.__table__,  # type: ignore[attr-defined]
}
_BATCH = 500
cobertura = tables.Cobertura.__table__  # type: ignore[attr-defined]


class RegistroRepository:
    """Implements the port `Registro`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._imports = asyncio.Semaphore(AT_ONCE)
        self._readers = asyncio.Semaphore(AT_ONCE)

    async def filas(self, rut: Rut, libro: Libro, filtro: FiltroDocumentos) -> Filas:
        """Summary rows by month and type; of one counterparty or document if the filter names it."""
        statement = _of_documents(libro, filtro) if filtro.por_documento else _by_type(libro, filtro)
        known = select(cobertura).filter_by(libro=libro.value, estado=estado_column(filtro.estado))
        if filtro.periodos:
            known = known.where(cobertura.c.periodo.in_([str(periodo) for periodo in filtro.periodos]))
        async with self._database.scope(rut) as connection:
            rows = (await connection.execute(statement)).all()
            months = (await connection.execute(known.order_by(cobertura.c.periodo))).all()
        return Filas(
            [_fila(row) for row in rows],
            [Cobertura(Periodo.parse(month.periodo), month.actualizado) for month in months],
        )

    async def documentos(
        self, rut: Rut, libro: Libro, filtro: FiltroDocumentos, pagina: int, limite: int
    ) -> tuple[list[Documento], int]:
        """One page of documents, newest first, and how many there are in all."""
        table = DETALLE[libro]
        where = _where(table, filtro)
        page = (
            select(table)
            .where(*where)
            .order_by(table.c.fecha.desc(), table.c.tipo_documento, table.c.folio.desc())
            .limit(limite)
            .offset((pagina - 1) * limite)
        )
        async with self._database.scope(rut) as connection:
            rows = (await connection.execute(page)).mappings().all()
            count = (
                await connection.execute(select(func.count()).select_from(table).where(*where))
            ).scalar_one()
        return [_documento(libro, row) for row in rows], count

    async def lotes(self, rut: Rut, libro: Libro, filtro: FiltroDocumentos) -> AsyncIterator[list[Documento]]:
        """All documents, oldest first, some at a time and as of one moment; never all in memory."""
        table = DETALLE[libro]
        order = (table.c.periodo, table.c.fecha, table.c.tipo_documento, table.c.folio)
        every = select(table).where(*_where(table, filtro)).order_by(*order)
        async with self._readers, self._database.scope(rut, snapshot=True) as connection:
            found = (await connection.stream(every)).mappings()
            async for rows in found.partitions(_BATCH):
                yield [_documento(libro, row) for row in rows]

    async def ultimo_periodo(self, rut: Rut, libro: Libro, estado: EstadoCompra | None) -> Periodo | None:
        """The newest month that is known, if any."""
        newest = select(func.max(cobertura.c.periodo)).filter_by(
            libro=libro.value, estado=estado_column(estado)
        )
        async with self._database.scope(rut) as connection:
            found = (await connection.execute(newest)).scalar_one()
        return Periodo.parse(found) if found else None

    async def contrapartes(self, rut: Rut, libro: Libro) -> dict[str, Rut]:
        """All clients or suppliers, by name."""
        table = DETALLE[libro]
        statement = select(table.c.contraparte, table.c.contraparte_rut).distinct()
        async with self._database.scope(rut) as connection:
            rows = (await connection.execute(statement)).all()
        return {row.contraparte: Rut.parse(row.contraparte_rut) for row in rows}

    async def por_contraparte(
        self, rut: Rut, libro: Libro, filtro: FiltroDocumentos
    ) -> list[FilaContraparte]:
        """Each client's or supplier's documents in all, the largest total first; credit notes subtract.

        Foreign buyers share a RUT, so their names tell them apart. Types of unknown sign are left out.
        """
        table = DETALLE[libro]
        who = table.c.contraparte_rut
        name = case((who == str(FOREIGN), table.c.contraparte), else_="")
        less = table.c.tipo_documento.in_([one.codigo for one in TIPOS.values() if one.signo < 0])
        amounts = [func.sum(case((less, -table.c[monto]), else_=table.c[monto])) for monto in MONTOS]
        known = [one.codigo for one in TIPOS.values() if one.signo]
        statement = (
            select(who, func.max(table.c.contraparte).label("nombre"), func.count(), *amounts)
            .where(*_where(table, filtro), table.c.tipo_documento.in_(known))
            .group_by(who, name)
            .order_by(amounts[-1].desc(), who)
        )
        async with self._database.scope(rut) as connection:
            rows = (await connection.execute(statement)).all()
        return [
            FilaContraparte(Rut.parse(row[0]), row[1], Montos(*(int(value) for value in row[2:])))
            for row in rows
        ]

    async def iva_uso_comun(self, rut: Rut, periodo: Periodo) -> int:
        """The IVA of purchases for taxed and exempt sales alike, of one month; credit notes subtract."""
        table = DETALLE[Libro.COMPRAS]
        signed = case(
            (table.c.tipo_documento.in_((60, 61)), -table.c.iva_uso_comun), else_=table.c.iva_uso_comun
        )
        mine = {"rut": str(rut), "periodo": str(periodo), "estado": EstadoCompra.REGISTRO.value}
        statement = select(func.coalesce(func.sum(signed), 0)).select_from(table).filter_by(**mine)
        async with self._database.scope(rut) as connection:
            return int((await connection.execute(statement)).scalar_one())

    async def importar(self, rut: Rut, destino: Destino, filas: Iterable[Documento | Rechazo]) -> Importacion:
        """Store documents, all or nothing; see `import_rows`."""
        async with self._imports, self._database.scope(rut) as connection:
            return await import_rows(connection, rut, destino, filas)

    async def guardar_resumen(self, rut: Rut, destino: Destino, filas: Iterable[FilaResumen]) -> None:
        """Store summary rows that come without documents."""
        async with self._database.scope(rut) as connection:
            await store_summary(connection, rut, destino, filas)


def _where(table: Any, filtro: FiltroDocumentos) -> list[ColumnElement[bool]]:
    where = [table.c.estado == estado_column(filtro.estado)]
    if filtro.dias:
        where.append(table.c.fecha.between(filtro.dias.desde, filtro.dias.hasta))
    elif filtro.periodos:
        where.append(table.c.periodo.in_([str(periodo) for periodo in filtro.periodos]))
    if filtro.tipos:
        where.append(table.c.tipo_documento.in_(filtro.tipos))
    if filtro.contraparte:
        name = table.c.contraparte.icontains(filtro.contraparte, autoescape=True)
        where.append(or_(table.c.contraparte_rut == filtro.contraparte, name))
    if filtro.folio is not None:
        where.append(table.c.folio == filtro.folio)
    if filtro.monto and filtro.monto.minimo is not None:
        where.append(table.c.monto_total >= filtro.monto.minimo)
    if filtro.monto and filtro.monto.maximo is not None:
        where.append(table.c.monto_total <= filtro.monto.maximo)
    return where


def _by_type(libro: Libro, filtro: FiltroDocumentos) -> Select[Any]:
    table = RESUMEN[libro]
    return select(table).where(*_where(table, filtro)).order_by(table.c.periodo, table.c.tipo_documento)


def _of_documents(libro: Libro, filtro: FiltroDocumentos) -> Select[Any]:
    table = DETALLE[libro]
    group = (table.c.periodo, table.c.tipo_documento)
    amounts = (func.sum(table.c[name]).label(name) for name in MONTOS)
    counted = select(*group, func.count().label("cantidad"), *amounts)
    return counted.where(*_where(table, filtro)).group_by(*group).order_by(*group)


def _fila(row: Any) -> FilaPeriodo:
    amounts = Montos(int(row.cantidad), *(int(getattr(row, name)) for name in MONTOS))
    return FilaPeriodo(Periodo.parse(row.periodo), FilaResumen(tipo_documento(row.tipo_documento), amounts))


def _documento(libro: Libro, row: Any) -> Documento:
    return Documento(
        libro=libro,
        periodo=Periodo.parse(row["periodo"]),
        tipo=row["tipo_documento"],
        folio=row["folio"],
        fecha=row["fecha"],
        contraparte_rut=Rut.parse(row["contraparte_rut"]),
        contraparte=row["contraparte"],
        **{name: row[name] for name in MONTOS},
        estado=EstadoCompra(row["estado"]) if row["estado"] else None,
        **{name: row[name] for name in ("fecha_recepcion", "fecha_acuse", "fecha_reclamo")},
        iva_no_recuperable=row["iva_no_recuperable"],
        iva_uso_comun=row["iva_uso_comun"],
        otros_impuestos=tuple(OtroImpuesto(**otro) for otro in row["otros_impuestos"]),
        otros_campos=row["otros_campos"],
    )
