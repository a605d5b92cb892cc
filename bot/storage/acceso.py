"""Taxpayers and their sessions."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.core.rut import Rut
from bot.services.ports import Contribuyente
from bot.services.ports_acceso import Sesion
from bot.storage.database import Database
from bot.storage.tables import Contributor, Session

contributors = Contributor.__table__  # type: ignore[attr-defined]
sessions = Session.__table__  # type: ignore[attr-defined]

# A write per request would cost more than knowing the second is worth.
_USE_NOTED_EVERY = timedelta(minutes=1)


class ContributorRepository:
    """Implements the port `Contribuyentes`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, rut: Rut) -> Contribuyente | None:
        async with self._database.scope(rut) as connection:
            row = (await connection.execute(select(contributors).filter_by(rut=str(rut)))).one_or_none()
        return _contribuyente(row) if row else None

    async def add(self, contribuyente: Contribuyente) -> bool:
        """Add the taxpayer; false if there is one with that RUT already."""
        values = {"rut": str(contribuyente.rut), "verificado": True, **_values(contribuyente)}
        statement = insert(contributors).values(**values).on_conflict_do_nothing()
        async with self._database.scope(contribuyente.rut) as connection:
            new = await connection.execute(statement.returning(contributors.c.rut))
            return new.one_or_none() is not None

    async def change(self, rut: Rut, **values: Any) -> bool:
        """Change some facts of a taxpayer; false if there is none."""
        statement = update(contributors).filter_by(rut=str(rut)).values(**values)
        async with self._database.scope(rut) as connection:
            return bool((await connection.execute(statement)).rowcount)


class SessionRepository:
    """Implements the port `Sesiones`.

    What has ended stays for a while: from where somebody came in tells known addresses from unknown ones.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(
        self,
        contribuyente: Contribuyente,
        token_hash: str,
        ahora: datetime,
        expira: datetime,
        dispositivo: str,
        direccion: str,
    ) -> bool:
        """Open one, if the taxpayer is still as was seen; who changes the password waits, and ends it too."""
        rut = contribuyente.rut
        same = {"rut": str(rut), "password_hash": contribuyente.password_hash, "bloqueado": None}
        seen = select(contributors.c.rut).filter_by(**same).with_for_update(read=True)
        statement = insert(sessions).values(
            rut=str(rut),
            token_hash=token_hash,
            creada=ahora,
            ultimo_uso=ahora,
            expira=expira,
            dispositivo=dispositivo,
            direccion_hash=direccion,
        )
        async with self._database.scope(rut) as connection:
            if (await connection.execute(seen)).one_or_none() is None:
                return False
            await connection.execute(statement)
        return True

    async def find(
        self, token_hash: str, ahora: datetime, desde: datetime, *, uso: bool = True
    ) -> Sesion | None:
        """The session of a token that was used after `desde`; with `uso` this is noted as its last use.

        The taxpayer must be there still and not be blocked.
        """
        mine = sessions.c.token_hash == token_hash
        async with self._database.scope(token_hash=token_hash) as connection:
            row = (await connection.execute(select(sessions).where(mine, _alive(ahora, desde)))).one_or_none()
            if row is None:
                return None
            await connection.execute(select(func.set_config("app.rut", row.rut, True)))
            welcome = exists().where(contributors.c.rut == row.rut, contributors.c.bloqueado.is_(None))
            if not (await connection.execute(select(welcome))).scalar():
                return None
            if uso and row.ultimo_uso < ahora - _USE_NOTED_EVERY:
                await connection.execute(update(sessions).where(mine).values(ultimo_uso=ahora))
        return _sesion(row)

    async def list_(self, rut: Rut, ahora: datetime, desde: datetime) -> list[Sesion]:
        statement = select(sessions).where(sessions.c.rut == str(rut), _alive(ahora, desde))
        async with self._database.scope(rut) as connection:
            rows = await connection.execute(statement.order_by(sessions.c.ultimo_uso.desc(), sessions.c.id))
            return [_sesion(row) for row in rows]

    async def close(self, token_hash: str, ahora: datetime) -> None:
        mine = sessions.c.token_hash == token_hash
        async with self._database.scope(token_hash=token_hash) as connection:
            row = (await connection.execute(select(sessions.c.rut).where(mine))).one_or_none()
            if row is None:
                return
            await connection.execute(select(func.set_config("app.rut", row.rut, True)))
            await connection.execute(
                update(sessions).where(mine, sessions.c.expira > ahora).values(expira=ahora)
            )

    async def close_one(self, rut: Rut, sesion: int, ahora: datetime) -> bool:
        """End a session; the address that it came from is known no more, unless another is open there."""
        mine = sessions.c.rut == str(rut)
        ended = update(sessions).where(mine, sessions.c.id == sesion, sessions.c.expira > ahora)
        async with self._database.scope(rut) as connection:
            closed = await connection.execute(ended.values(expira=ahora).returning(sessions.c.direccion_hash))
            direccion = closed.scalar_one_or_none()
            if direccion is None:
                return False
            there = mine, sessions.c.direccion_hash == direccion
            still = exists(select(sessions.c.id).where(*there, sessions.c.expira > ahora))
            if not (await connection.execute(select(still))).scalar():
                await connection.execute(update(sessions).where(*there).values(direccion_hash=""))
        return True

    async def close_all(self, rut: Rut, ahora: datetime, salvo: int | None = None) -> int:
        """End all sessions but one, and forget the addresses that they came from."""
        mine = sessions.c.rut == str(rut), sessions.c.id != (salvo or 0)
        async with self._database.scope(rut) as connection:
            ended = await connection.execute(
                update(sessions).where(*mine, sessions.c.expira > ahora).values(expira=ahora)
            )
            await connection.execute(update(sessions).where(*mine).values(direccion_hash=""))
        return int(ended.rowcount)

    async def knows(self, rut: Rut, direccion: Sequence[str]) -> bool:
        """Whether the taxpayer has come in from that address."""
        known = exists().where(sessions.c.rut == str(rut), sessions.c.direccion_hash.in_(direccion))
        async with self._database.scope(rut) as connection:
            return bool((await connection.execute(select(known))).scalar())


def _alive(ahora: datetime, desde: datetime) -> Any:
    return (sessions.c.expira > ahora) & (sessions.c.ultimo_uso > desde)


def _sesion(row: Any) -> Sesion:
    return Sesion(row.id, Rut.parse(row.rut), row.creada, row.expira, row.ultimo_uso, row.dispositivo)


def _values(contribuyente: Contribuyente) -> dict[str, Any]:
    return {
        "nombre": contribuyente.nombre,
        "password_hash": contribuyente.password_hash,
        "telefono": contribuyente.telefono,
        "segundo_factor": contribuyente.segundo_factor,
    }


def _contribuyente(row: Any) -> Contribuyente:
    return Contribuyente(
        Rut.parse(row.rut),
        row.nombre,
        row.password_hash,
        row.telefono,
        row.segundo_factor,
        row.bloqueado,
        row.creado,
    )
