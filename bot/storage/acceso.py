"""Taxpayers and their sessions."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from bot.core.rut import Rut
from bot.services.ports import Contribuyente, Sesion
from bot.storage.database import Database
from bot.storage.tables import Contributor, Session

contributors = Contributor.__table__  # type: ignore[attr-defined]
sessions = Session.__table__  # type: ignore[attr-defined]


class ContributorRepository:
    """Implements the port `Contribuyentes`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, rut: Rut) -> Contribuyente | None:
        async with self._database.scope(rut) as connection:
            row = (await connection.execute(select(contributors).filter_by(rut=str(rut)))).one_or_none()
        return Contribuyente(rut, row.nombre, row.password_hash) if row else None

    async def save(self, contribuyente: Contribuyente) -> None:
        """Add the taxpayer, or renew name and password."""
        values = {"nombre": contribuyente.nombre, "password_hash": contribuyente.password_hash}
        statement = insert(contributors).values(rut=str(contribuyente.rut), verificado=True, **values)
        async with self._database.scope(contribuyente.rut) as connection:
            await connection.execute(statement.on_conflict_do_update(index_elements=["rut"], set_=values))


class SessionRepository:
    """Implements the port `Sesiones`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self, rut: Rut, token_hash: str, expira: datetime) -> None:
        async with self._database.scope(rut) as connection:
            await connection.execute(
                insert(sessions).values(rut=str(rut), token_hash=token_hash, expira=expira)
            )

    async def find(self, token_hash: str, ahora: datetime) -> Sesion | None:
        mine = sessions.c.token_hash == token_hash
        async with self._database.scope(token_hash=token_hash) as connection:
            row = (
                await connection.execute(select(sessions).where(mine, sessions.c.expira > ahora))
            ).one_or_none()
        return Sesion(row.id, Rut.parse(row.rut), row.expira) if row else None

    async def close_all(self, rut: Rut) -> None:
        async with self._database.scope(rut) as connection:
            await connection.execute(delete(sessions).where(sessions.c.rut == str(rut)))

    async def close(self, token_hash: str) -> None:
        async with self._database.scope(token_hash=token_hash) as connection:
            await connection.execute(delete(sessions).where(sessions.c.token_hash == token_hash))
