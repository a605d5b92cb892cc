"""Limits counted in PostgreSQL, so that all api programs share them; the counting is the library's."""

import hashlib
from datetime import timedelta
from math import ceil
from time import time

from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage, Storage
from limits.aio.strategies import FixedWindowRateLimiter
from sqlalchemy import case, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from bot.core.errors import ServiceUnavailableError
from bot.services.limites import REGLAS
from bot.storage.database import DATABASE_ERRORS, Database
from bot.storage.tables import Limite

limites = Limite.__table__  # type: ignore[attr-defined]
_ITEMS: dict[str, RateLimitItem] = {name: parse(rule) for name, rule in REGLAS.items()}


class PostgresStorage(Storage):
    """A storage of `limits` on the table `limites`: one upsert counts, so parallel requests cannot pass."""

    STORAGE_SCHEME = None

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._database = database

    @property
    def base_exceptions(self) -> tuple[type[Exception], ...]:
        return DATABASE_ERRORS

    async def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        over = limites.c.expira <= func.now()
        fresh = func.now() + timedelta(seconds=expiry)
        statement = (
            insert(limites)
            .values(clave=key, cuenta=amount, expira=fresh)
            .on_conflict_do_update(
                index_elements=["clave"],
                set_={
                    "cuenta": case((over, amount), else_=limites.c.cuenta + amount),
                    "expira": case((over, fresh), else_=limites.c.expira),
                },
            )
            .returning(limites.c.cuenta)
        )
        async with self._database.scope() as connection:
            count: int = (await connection.execute(statement)).scalar_one()
        return count

    async def get(self, key: str) -> int:
        alive = select(limites.c.cuenta).where(limites.c.clave == key, limites.c.expira > func.now())
        async with self._database.scope() as connection:
            return (await connection.execute(alive)).scalar() or 0

    async def get_expiry(self, key: str) -> float:
        async with self._database.scope() as connection:
            expiry = (await connection.execute(select(limites.c.expira).filter_by(clave=key))).scalar()
        return expiry.timestamp() if expiry else time()

    async def check(self) -> bool:
        return await self._database.ready()

    async def reset(self) -> int | None:
        async with self._database.scope() as connection:
            return (await connection.execute(delete(limites))).rowcount

    async def clear(self, key: str) -> None:
        async with self._database.scope() as connection:
            await connection.execute(delete(limites).filter_by(clave=key))

    async def purge(self) -> None:
        """Remove what has expired."""
        async with self._database.scope() as connection:
            await connection.execute(delete(limites).where(limites.c.expira <= func.now()))


class WindowLimits:
    """Implements the port `Limites` on any storage of the library."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._limiter = FixedWindowRateLimiter(storage)

    async def hit(self, regla: str, *partes: str) -> int:
        item = _ITEMS[regla]
        # Hashed, because a table of counters needs no RUTs, phones or addresses.
        who = hashlib.sha256("\0".join((regla, *partes)).encode()).hexdigest()[:32]
        try:
            if await self._limiter.hit(item, who):
                return 0
            stats = await self._limiter.get_window_stats(item, who)
        except DATABASE_ERRORS:
            raise ServiceUnavailableError() from None
        return max(1, ceil(stats.reset_time - time()))

    async def purge(self) -> None:
        if isinstance(self._storage, PostgresStorage):
            await self._storage.purge()


def limits_in_memory() -> WindowLimits:
    """Limits of this program alone, for what is cheap to repeat."""
    return WindowLimits(MemoryStorage())
