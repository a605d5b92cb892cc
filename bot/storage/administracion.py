"""Reads across taxpayers, in the scope that may do nothing else."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.rut import Rut
from bot.services.ports_admin import (
    Cifras,
    Ficha,
    FiltroMensajes,
    FiltroRegistros,
    Hora,
    MensajeVisto,
    Pagina,
    Periodicidad,
    Registrado,
)
from bot.storage import tables
from bot.storage.database import Database
from bot.storage.trabajos import count_jobs

contributors = tables.Contributor.__table__  # type: ignore[attr-defined]
sessions = tables.Session.__table__  # type: ignore[attr-defined]
messages = tables.Message.__table__  # type: ignore[attr-defined]
claves = tables.Clave.__table__  # type: ignore[attr-defined]
cobertura = tables.Cobertura.__table__  # type: ignore[attr-defined]
logs = tables.Log.__table__  # type: ignore[attr-defined]


class AdminRepository:
    """Implements the port `Administracion`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def contribuyentes(self, busca: str, pagina: Pagina) -> tuple[list[Ficha], int]:
        """By RUT in any spelling, or part of the name whatever its accents and capitals."""
        async with self._database.scope(alcance="admin") as connection:
            if busca.strip():
                rows, total = await _search(connection, busca, pagina)
            else:
                rows, total = await _page(connection, select(contributors), contributors.c.rut.asc(), pagina)
            return await _fichas(connection, rows), total

    async def contribuyente(self, rut: Rut) -> Ficha | None:
        mine = select(contributors).filter_by(rut=str(rut))
        async with self._database.scope(alcance="admin") as connection:
            found = await _fichas(connection, (await connection.execute(mine)).all())
            return found[0] if found else None

    async def ruts(self) -> list[Rut]:
        """Everybody."""
        async with self._database.scope(alcance="admin") as connection:
            rows = await connection.execute(select(contributors.c.rut).order_by(contributors.c.rut))
            return [Rut.parse(row.rut) for row in rows]

    async def mensajes(self, filtro: FiltroMensajes, pagina: Pagina) -> tuple[list[MensajeVisto], int]:
        exact = {
            "rut": str(filtro.rut) if filtro.rut else None,
            "conversacion": filtro.conversacion,
            "estado": filtro.estado,
            "intent": filtro.intent,
        }
        wanted = _filtered(messages, exact, messages.c.creado, filtro.desde, filtro.hasta)
        async with self._database.scope(alcance="admin") as connection:
            rows, total = await _page(connection, wanted, messages.c.id.desc(), pagina)
        shown = [MensajeVisto(*(getattr(row, one.name) for one in fields(MensajeVisto))) for row in rows]
        return shown, total

    async def registros(self, filtro: FiltroRegistros, pagina: Pagina) -> tuple[list[Registrado], int]:
        exact = {
            "rut": str(filtro.rut) if filtro.rut else None,
            "evento": filtro.evento,
            "actor": filtro.actor,
        }
        wanted = _filtered(logs, exact, logs.c.momento, filtro.desde, filtro.hasta)
        async with self._database.scope(alcance="admin") as connection:
            rows, total = await _page(connection, wanted, logs.c.id.desc(), pagina)
        return [
            Registrado(row.id, row.momento, row.evento, row.rut, row.actor, row.datos) for row in rows
        ], total

    async def cifras(self, desde: datetime, hasta: datetime) -> Cifras:
        async with self._database.scope(alcance="admin") as connection:
            said = (await connection.execute(_said(desde, hasta))).one()
            speed = (await connection.execute(_latency(desde, hasta))).one()
            people = (await connection.execute(select(func.count()).select_from(contributors))).scalar_one()
            open_ = select(func.count()).select_from(sessions).where(sessions.c.expira > hasta)
            sesiones = (await connection.execute(open_)).scalar_one()
            intents = await connection.execute(_intents(desde, hasta))
            return Cifras(
                people,
                sesiones,
                said.mensajes,
                said.respuestas,
                said.sin_respuesta,
                said.fallidos,
                said.no_entendidos,
                speed.p50,
                speed.p95,
                {row.intent: row.cuantos for row in intents},
                await count_jobs(connection),
            )

    async def horas(self, desde: datetime, hasta: datetime) -> list[Hora]:
        """Only hours in which somebody wrote."""
        hour = func.date_trunc("hour", messages.c.creado).label("hora")
        failed = func.count(case((messages.c.estado == "fallido", 1)))
        asked = (
            select(hour, func.count(), failed)
            .where(_between(desde, hasta), messages.c.direccion == "entrada")
            .group_by(hour)
        )
        async with self._database.scope(alcance="admin") as connection:
            return [Hora(*row) for row in await connection.execute(asked)]


def _matches(busca: str) -> ColumnElement[bool]:
    digits = "".join(filter(str.isalnum, busca)).upper()
    name = func.translate(func.lower(contributors.c.nombre), "áéíóúüñ", "aeiouun")
    wanted = func.translate(func.lower(busca.strip()), "áéíóúüñ", "aeiouun")
    by_name = func.strpos(name, wanted) > 0
    if not digits or not any(character.isdigit() for character in digits):
        return by_name
    return or_(by_name, func.replace(contributors.c.rut, "-", "").startswith(digits, autoescape=True))


async def _fichas(connection: AsyncConnection, rows: Sequence[Any]) -> list[Ficha]:
    """All of a page at once: four queries, however long it is."""
    ruts = [row.rut for row in rows]

    async def each(statement: Select[Any]) -> dict[str, Any]:
        return {one.rut: one for one in await connection.execute(statement)}

    def of(table: Any, *columns: Any) -> Select[Any]:
        return select(table.c.rut, *columns).where(table.c.rut.in_(ruts)).group_by(table.c.rut)

    last = func.max(messages.c.creado).label("ultimo")
    talk = await each(of(messages, func.count().label("cuantos"), last))
    open_ = await each(of(sessions, func.count().label("cuantas")).where(sessions.c.expira > func.now()))
    with_clave = await each(of(claves))
    newest = (
        select(cobertura)
        .where(cobertura.c.rut.in_(ruts))
        .ext(distinct_on(cobertura.c.rut, cobertura.c.libro))
        .order_by(cobertura.c.rut, cobertura.c.libro, cobertura.c.periodo.desc())
    )
    books = (await connection.execute(newest)).all()
    return [
        Ficha(
            row.rut,
            row.nombre,
            row.telefono,
            row.verificado,
            row.segundo_factor,
            row.bloqueado,
            row.creado,
            row.rut in with_clave,
            talk[row.rut].ultimo if row.rut in talk else None,
            open_[row.rut].cuantas if row.rut in open_ else 0,
            talk[row.rut].cuantos if row.rut in talk else 0,
            tuple(
                Periodicidad(one.libro, one.periodo, one.actualizado, one.origen)
                for one in books
                if one.rut == row.rut
            ),
        )
        for row in rows
    ]


def _filtered(
    table: Any, exact: dict[str, Any], moment: Any, desde: datetime | None, hasta: datetime | None
) -> Select[Any]:
    wanted = select(table).filter_by(**{name: value for name, value in exact.items() if value is not None})
    if desde is not None:
        wanted = wanted.where(moment >= desde)
    if hasta is not None:
        wanted = wanted.where(moment < hasta)
    return wanted


async def _search(connection: AsyncConnection, busca: str, pagina: Pagina) -> tuple[Sequence[Any], int]:
    """Every name has to be read: once, for the page and for the total."""
    found = select(contributors, func.count().over().label("total")).where(_matches(busca))
    first = (pagina.numero - 1) * pagina.limite
    rows = (
        await connection.execute(found.order_by(contributors.c.rut).limit(pagina.limite).offset(first))
    ).all()
    if rows or not first:
        return rows, rows[0].total if rows else 0
    total = select(func.count()).select_from(contributors).where(_matches(busca))
    return rows, (await connection.execute(total)).scalar_one()


async def _page(
    connection: AsyncConnection, wanted: Select[Any], order: Any, pagina: Pagina
) -> tuple[Sequence[Any], int]:
    total = (await connection.execute(select(func.count()).select_from(wanted.subquery()))).scalar_one()
    first = (pagina.numero - 1) * pagina.limite
    rows = await connection.execute(wanted.order_by(order).limit(pagina.limite).offset(first))
    return rows.all(), total


def _between(desde: datetime, hasta: datetime) -> ColumnElement[bool]:
    return and_(messages.c.creado >= desde, messages.c.creado < hasta)


def _said(desde: datetime, hasta: datetime) -> Select[Any]:
    asked = messages.c.direccion == "entrada"

    def count(condition: Any) -> Any:
        return func.count(case((condition, 1)))

    return select(
        count(asked).label("mensajes"),
        count(messages.c.direccion == "salida").label("respuestas"),
        count(asked & (messages.c.estado == "recibido")).label("sin_respuesta"),
        count(asked & (messages.c.estado == "fallido")).label("fallidos"),
        count(asked & (messages.c.estado == "respondido") & messages.c.intent.is_(None)).label(
            "no_entendidos"
        ),
    ).where(_between(desde, hasta))


def _latency(desde: datetime, hasta: datetime) -> Select[Any]:
    answer = messages.alias()
    first = (
        select(messages.c.id, (func.min(answer.c.creado) - messages.c.creado).label("waited"))
        .join(answer, (answer.c.rut == messages.c.rut) & (answer.c.responde_a == messages.c.id))
        .where(_between(desde, hasta), messages.c.direccion == "entrada")
        .group_by(messages.c.id, messages.c.creado)
        .subquery()
    )
    ms = func.extract("epoch", first.c.waited) * 1000
    return select(
        func.percentile_cont(0.5).within_group(ms).label("p50"),
        func.percentile_cont(0.95).within_group(ms).label("p95"),
    )


def _intents(desde: datetime, hasta: datetime) -> Select[Any]:
    how_many = func.count().label("cuantos")
    return (
        select(messages.c.intent, how_many)
        .where(_between(desde, hasta), messages.c.intent.is_not(None))
        .group_by(messages.c.intent)
        .order_by(how_many.desc(), messages.c.intent)
    )
