"""Transactions as one taxpayer: row-level security shows nothing else."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from contextvars import ContextVar
from typing import Any, Literal

import psycopg
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from bot.core.rut import Rut
from bot.storage.cola import OPTIONS
from bot.storage.migrate import sqlalchemy_url

_SCOPE = text(
    "SELECT set_config('app.rut', :rut, true), set_config('app.conversacion', :conversacion, true),"
    " set_config('app.token_hash', :token_hash, true), set_config('app.alcance', :alcance, true),"
    " set_config('app.remitente', :remitente, true), set_config('app.telefono', :telefono, true)"
)
_ROLE = text(
    "SELECT rolsuper OR rolbypassrls OR EXISTS (SELECT FROM pg_class WHERE relname = 'contributors'"
    " AND pg_has_role(current_user, relowner, 'MEMBER')) FROM pg_roles WHERE rolname = current_user"
)


# Of what holds a connection for long (imports, exports): how many of a kind at once, in one program.
AT_ONCE = 4
DATABASE_ERRORS = (psycopg.Error, SQLAlchemyError)
type Alcance = Literal["", "admin", "llaves", "purga", "buzon", "noche", "avisos", "indice"]


class UnsafeRoleError(Exception):
    """The database role could read every taxpayer's rows."""


class Database:
    """A pool of connections as the application's role."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._engine = create_async_engine(
            sqlalchemy_url(url),
            pool_size=10,
            max_overflow=10,
            pool_pre_ping=True,
            hide_parameters=True,
            pool_recycle=1800,
            connect_args={"options": OPTIONS},
        )

        self._open: ContextVar[tuple[Rut | None, AsyncConnection] | None] = ContextVar("open", default=None)
        self._alone = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        self._snapshots = self._engine.execution_options(isolation_level="REPEATABLE READ")

    async def close(self) -> None:
        await self._engine.dispose()

    @asynccontextmanager
    async def scope(
        self,
        rut: Rut | None = None,
        *,
        conversacion: str = "",
        token_hash: str = "",
        remitente: str = "",
        telefono: str = "",
        alcance: Alcance = "",
        snapshot: bool = False,
    ) -> AsyncIterator[AsyncConnection]:
        """A transaction that sees the rows of `rut`, or those that what else is given proves.

        Args:
            alcance: `admin` may read what admins may see of everybody, `llaves` the encrypted claves,
                `purga` may delete what has expired, `buzon` is the channels' inbox and outbox, `noche` sees
                who has the SII synced, `avisos` reads who wants alerts, `indice` who has contracts. The
                policies in the migrations say what exactly.
            remitente: `channel:id` of somebody whose own links are looked up.
            telefono: a phone that is proven, to find the accounts that it is registered for.
            snapshot: all queries see one moment.
        """
        joined = self._open.get()
        more = conversacion or token_hash or remitente or telefono or alcance or snapshot
        if joined and joined[0] == rut and not more:
            yield joined[1]
            return
        engine = self._snapshots if snapshot else self._engine
        async with engine.begin() as connection:
            await connection.execute(
                _SCOPE,
                {
                    "rut": str(rut or ""),
                    "conversacion": conversacion,
                    "token_hash": token_hash,
                    "alcance": alcance,
                    "remitente": remitente,
                    "telefono": telefono,
                },
            )
            yield connection

    @asynccontextmanager
    async def together(self, rut: Rut | None = None) -> AsyncIterator[None]:
        """What is done inside, as that taxpayer, is one transaction: all of it or nothing.

        Only quick things of the database belong inside, and no other tasks.
        """
        async with self.scope(rut) as connection:
            before = self._open.set((rut, connection))
            try:
                yield
            finally:
                self._open.reset(before)

    def one(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """For a statement that is a transaction by itself, and sees nobody's rows: one way to the server and
        back in place of four."""
        return self._alone.connect()

    async def check_role(self) -> None:
        """Refuse a role that row-level security does not bind.

        Raises:
            UnsafeRoleError: if it is a superuser, may bypass the policies, or owns the tables.
        """
        async with self._engine.connect() as connection:
            if (await connection.execute(_ROLE)).scalar():
                raise UnsafeRoleError(
                    "DATABASE_URL usa un rol que se salta la seguridad por filas: crea uno sin SUPERUSER ni"
                    " BYPASSRLS que no sea dueño de las tablas, y deja al dueño en DATABASE_MIGRATION_URL."
                )

    async def instance(self) -> dict[str, str]:
        """Facts about this installation."""
        async with self._engine.connect() as connection:
            rows = await connection.execute(text("SELECT clave, valor FROM instance"))
            return {row.clave: row.valor for row in rows}

    async def ready(self) -> bool:
        """Whether the database answers."""
        try:
            async with self._engine.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            return False
        return True


async def driver_connection(connection: AsyncConnection) -> Any:
    """The psycopg connection below, for COPY and for jobs that are queued in the same transaction."""
    raw = await connection.get_raw_connection()
    return raw.driver_connection
