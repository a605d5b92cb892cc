"""Everything that is stored about one taxpayer: read, erased, and removed when its time is over."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any

from psycopg.errors import DeadlockDetected
from sqlalchemy import Table, delete, insert, select, text, tuple_
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel

from bot.core.errors import TaxpayerUnknownError
from bot.core.rut import Rut
from bot.services.ports_datos import Recibo
from bot.storage import tables
from bot.storage.archivos import Almacen
from bot.storage.database import AT_ONCE, Database
from bot.storage.turnos import turn

inbox = tables.Inbox.__table__  # type: ignore[attr-defined]
identities = tables.IdentityLink.__table__  # type: ignore[attr-defined]
outbox = tables.Outbox.__table__  # type: ignore[attr-defined]
presencias = tables.Presencia.__table__  # type: ignore[attr-defined]
tramites = tables.TramiteRow.__table__  # type: ignore[attr-defined]
borrados = tables.Borrado.__table__  # type: ignore[attr-defined]
contributors = tables.Contributor.__table__  # type: ignore[attr-defined]

# Of no use to their owner, and of some to a thief.
SECRETS = frozenset(
    "password_hash token_hash codigo_hash solicitud_hash direccion_hash otp.datos cifrada llave"
    " vector".split()
)
_TRIES = 5
_JOBS = text("DELETE FROM procrastinate_jobs WHERE args ->> 'rut' = :rut")
# The column that says how old a row is, where rows are removed by age.
AGES: Mapping[str, str] = {
    "otp": "expira",
    "enlaces": "expira",
    "sessions": "expira",
    "messages": "creado",
    "casos": "cerrado",
    "opiniones": "momento",
    "logs": "momento",
    "cambios": "momento",
    "inbox": "creado",
    "outbox": "creado",
    "tramites": "expira",
    "identities": "expira",
    "presencias": "escribio",
    "botones": "creado",
}


def personal_tables() -> list[Table]:
    """All tables that hold rows of taxpayers, those that others refer to first."""
    return [table for table in SQLModel.metadata.sorted_tables if "rut" in table.c]


class PersonalDataRepository:
    """Implements the ports `DatosPersonales` and `Purga`."""

    def __init__(self, database: Database, almacen: Almacen) -> None:
        self._database = database
        self._almacen = almacen
        self._exports = asyncio.Semaphore(AT_ONCE)

    async def read(self, rut: Rut) -> AsyncIterator[tuple[str, Mapping[str, Any]]]:
        """Every row with its table's name, table by table, as of one moment; never all in memory."""
        async with self._exports, self._database.scope(rut, snapshot=True) as connection:
            for table in personal_tables():
                shown = [column for column in table.c if not {column.name, str(column)} & SECRETS]
                rows = select(*shown).where(table.c.rut == str(rut)).order_by(*table.primary_key.columns)
                async for row in await connection.stream(rows):
                    yield table.name, dict(row._mapping)

    async def erase(self, rut: Rut, ahora: datetime) -> Recibo:
        """Delete every row of a taxpayer, the jobs and the files; writers that are at work are waited for.

        Writers lock the rows that they change before the taxpayer's, erasing locks the taxpayer's first: if
        they wait for each other the database ends one of them, and erasing begins anew.

        Raises:
            TaxpayerUnknownError: if there is no such taxpayer.
            ServiceUnavailableError: if the files cannot be removed now; nothing else was then.
        """
        for _ in range(_TRIES):
            try:
                return await self._erase(rut, ahora)
            except OperationalError as error:
                if not isinstance(error.orig, DeadlockDetected):
                    raise
                refused = error
        raise refused

    async def _erase(self, rut: Rut, ahora: datetime) -> Recibo:
        mine = select(contributors.c.rut).filter_by(rut=str(rut)).with_for_update()
        async with self._database.scope(rut, alcance="buzon") as connection:
            if (await connection.execute(mine)).one_or_none() is None:
                raise TaxpayerUnknownError(rut=rut.pretty)
            filas = {"trabajos": (await connection.execute(_JOBS, {"rut": str(rut)})).rowcount}
            filas |= await _erase_channels(connection, rut)
            for table in reversed(personal_tables()):
                gone = await connection.execute(delete(table).where(table.c.rut == str(rut)))
                filas[table.name] = gone.rowcount
            recibo = Recibo(str(uuid.uuid4()), ahora, filas)
            await connection.execute(insert(borrados).values(id=recibo.id, momento=ahora, filas=filas))
            # Before anything is promised: after a crash here there is no receipt, and erasing begins anew.
            await self._almacen.delete_all(rut)
        return recibo

    async def receipt(self, recibo: str) -> Recibo | None:
        async with self._database.scope() as connection:
            row = (await connection.execute(select(borrados).filter_by(id=recibo))).one_or_none()
        return Recibo(row.id, row.momento, row.filas, row.compactado) if row else None

    async def purge(self, antes: Mapping[str, datetime]) -> Mapping[str, int]:
        """Delete rows that are older than the moment given for their table; how many of each."""
        gone = {}
        for name, moment in antes.items():
            table = SQLModel.metadata.tables[name]
            old = delete(table).where(table.c[AGES[name]] < moment)
            async with self._database.scope(alcance="purga") as connection:
                gone[name] = (await connection.execute(old)).rowcount
        return gone


async def _erase_channels(connection: AsyncConnection, rut: Rut) -> dict[str, int]:
    """What came from this taxpayer's chats and goes to them, whoever else they are linked to."""
    mine = select(identities.c.canal, identities.c.canal_id).filter_by(rut=str(rut))
    chats = [(row.canal, row.canal_id) for row in await connection.execute(mine)]
    turnos = [turn(*chat) for chat in chats]
    seen = tuple_(presencias.c.canal, presencias.c.canal_id).in_(chats)
    gone = {"presencias": (await connection.execute(delete(presencias).where(seen))).rowcount}
    for table in (inbox, tramites, outbox):
        theirs = table.c.turno.in_(turnos)
        if table is outbox:  # of what goes to other taxpayers on the same chat nothing is lost
            theirs &= table.c.rut.is_(None)
        gone[f"{table.name}_chat"] = (await connection.execute(delete(table).where(theirs))).rowcount
    return gone
