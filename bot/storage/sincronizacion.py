"""The register as the SII has it, how the sync of each book stands, and what changed."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection as Psycopg
from psycopg.types.json import Jsonb
from sqlalchemy import exists, func, select

from bot.core.documentos import EstadoCompra, Libro
from bot.core.errors_sii import SiiClaveMissingError
from bot.core.periodo import Periodo
from bot.core.resumen import Montos
from bot.core.rut import Rut
from bot.services.ports import Destino
from bot.services.ports_sincronizacion import Cambio, EstadoLibro, FilaGuardada, ParteSii
from bot.storage.carga import one_at_a_time
from bot.storage.database import Database, driver_connection
from bot.storage.mes_sii import ReplacedMonth
from bot.storage.tables import CambioRow, Clave, Cobertura, SiiMes, Sincronizacion
from bot.storage.trabajos_sii import waiting

claves = Clave.__table__  # type: ignore[attr-defined]
meses = SiiMes.__table__  # type: ignore[attr-defined]
sincronizaciones = Sincronizacion.__table__  # type: ignore[attr-defined]
cambios = CambioRow.__table__  # type: ignore[attr-defined]
cobertura = Cobertura.__table__  # type: ignore[attr-defined]
_MOST_CHANGES = 500
# Whoever takes the clave back, or replaces it, waits until what was read with it is stored, or comes first.
_STILL = "SELECT 1 FROM claves WHERE rut = %s AND cifrada = %s FOR SHARE"

_WALKED = (
    "INSERT INTO sincronizaciones AS s (rut, libro, llega_a)"
    " SELECT rut, %s, %s FROM contributors WHERE rut = %s FOR KEY SHARE ON CONFLICT (rut, libro) DO UPDATE"
    " SET llega_a = least(coalesce(nullif(s.llega_a, ''), excluded.llega_a), excluded.llega_a)"
)


class SincronizacionRepository:
    """Implements the port `Sincronizaciones`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def mes(
        self, rut: Rut, libro: Libro, periodo: Periodo
    ) -> Mapping[tuple[EstadoCompra | None, int], FilaGuardada]:
        mine = select(meses).filter_by(rut=str(rut), libro=libro.value, periodo=str(periodo))
        async with self._database.scope(rut) as connection:
            rows = (await connection.execute(mine)).all()
        return {
            (EstadoCompra(row.estado) if row.estado else None, row.tipo_documento): FilaGuardada(
                row.fila, row.detalle_al
            )
            for row in rows
        }

    async def guardar(
        self,
        rut: Rut,
        libro: Libro,
        periodo: Periodo,
        partes: Sequence[ParteSii],
        ahora: datetime,
        *,
        primera: bool,
        clave: str,
    ) -> tuple[Cambio | None, tuple[Periodo, ...]]:
        mes = ReplacedMonth(rut, Destino(libro, periodo, partes[0].estado, "sii", ahora), partes)
        async with self._database.scope(rut) as connection:
            driver: Psycopg[Any] = await driver_connection(connection)
            await one_at_a_time(driver, rut, mes.destino)
            if await (await driver.execute(_STILL, (str(rut), clave))).fetchone() is None:
                raise SiiClaveMissingError()
            before = await mes.totals(driver)
            counts, shown, elsewhere = await mes.replace_documents(driver)
            await mes.replace_totals(driver)
            after = await mes.totals(driver)
            cambio = Cambio(libro, periodo, ahora, *counts, shown, before, after)
            same = not any(counts) and before == after
            if not (primera or same):
                await _keep(driver, rut, cambio)
        return None if same or primera else cambio, elsewhere

    async def llegar(self, rut: Rut, libro: Libro, periodo: Periodo) -> None:
        """Note that the first sync has walked back to this month, whether the SII gave it or refused it."""
        async with self._database.scope(rut) as connection:
            driver = await driver_connection(connection)
            await driver.execute(_WALKED, (libro.value, str(periodo), str(rut)))

    async def al_dia(self, rut: Rut, libro: Libro, desde: datetime) -> frozenset[Periodo]:
        """The months that were synced since then."""
        fresh = select(cobertura.c.periodo).where(
            cobertura.c.rut == str(rut),
            cobertura.c.libro == libro.value,
            cobertura.c.origen == "sii",
            cobertura.c.actualizado >= desde,
        )
        async with self._database.scope(rut) as connection:
            return frozenset(Periodo.parse(row.periodo) for row in await connection.execute(fresh))

    async def libros(self, rut: Rut) -> tuple[EstadoLibro, ...]:
        """Both books, also those of which nothing is known yet."""
        mine = select(sincronizaciones).filter_by(rut=str(rut))
        async with self._database.scope(rut) as connection:
            found = {row.libro: row for row in await connection.execute(mine)}
            jobs = await waiting(connection, rut)
        return tuple(_estado(libro, found.get(libro.value), jobs.get(libro.value, "")) for libro in Libro)

    async def anotar(self, rut: Rut, libro: Libro, **valores: Any) -> None:
        """Note how a sync went; who was erased meanwhile stays unknown."""
        async with self._database.scope(rut) as connection:
            driver = await driver_connection(connection)
            await _upsert_state(driver, rut, libro, **valores)

    async def fallando(self, rut: Rut) -> datetime | None:
        """Since when a book cannot be read; None if the SII refused the clave, which was told by itself."""
        refused = exists().where(claves.c.rut == str(rut), claves.c.rechazada.is_not(None))
        since = select(func.min(sincronizaciones.c.fallando)).filter_by(rut=str(rut)).where(~refused)
        async with self._database.scope(rut) as connection:
            found: datetime | None = (await connection.execute(since)).scalar_one()
        return found

    async def cambios(self, rut: Rut, desde: datetime) -> tuple[Cambio, ...]:
        """What syncs changed since then, oldest first and no more than some hundred."""
        mine = select(cambios).where(cambios.c.rut == str(rut), cambios.c.momento >= desde)
        async with self._database.scope(rut) as connection:
            rows = (await connection.execute(mine.order_by(cambios.c.id.desc()).limit(_MOST_CHANGES))).all()
        return tuple(_cambio(row) for row in reversed(rows))


async def _upsert_state(driver: Psycopg[Any], rut: Rut, libro: Libro, **valores: Any) -> None:
    names = ", ".join(valores)
    marks = ", ".join(f"%({name})s" for name in valores)
    news = ", ".join(f"{name} = excluded.{name}" for name in valores)
    await driver.execute(
        f"INSERT INTO sincronizaciones (rut, libro, {names})"  # noqa: S608
        f" SELECT rut, %(libro)s, {marks} FROM contributors WHERE rut = %(rut)s FOR KEY SHARE"
        f" ON CONFLICT (rut, libro) DO UPDATE SET {news}",
        {"rut": str(rut), "libro": libro.value, **valores},
    )


async def _keep(driver: Psycopg[Any], rut: Rut, cambio: Cambio) -> None:
    await driver.execute(
        "INSERT INTO cambios (rut, libro, periodo, momento, nuevos, cambiados, idos, documentos, antes,"
        " despues) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            str(rut),
            cambio.libro.value,
            str(cambio.periodo),
            cambio.momento,
            cambio.nuevos,
            cambio.cambiados,
            cambio.idos,
            Jsonb(list(cambio.documentos)),
            Jsonb(asdict(cambio.antes)),
            Jsonb(asdict(cambio.despues)),
        ),
    )


def _estado(libro: Libro, row: Any, trabajo: str) -> EstadoLibro:
    if row is None:
        return EstadoLibro(libro, trabajo=trabajo)
    return EstadoLibro(
        libro,
        row.exito,
        row.intento,
        row.error,
        row.fallando,
        row.fallos,
        Periodo.parse(row.llega_a) if row.llega_a else None,
        row.completa,
        trabajo,
    )


def _cambio(row: Any) -> Cambio:
    return Cambio(
        Libro(row.libro),
        Periodo.parse(row.periodo),
        row.momento,
        row.nuevos,
        row.cambiados,
        row.idos,
        tuple(row.documentos),
        Montos(**row.antes),
        Montos(**row.despues),
    )
