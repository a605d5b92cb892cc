"""The table `logs`: what was done, for whom and by whom."""

from typing import Any

from sqlalchemy import insert, select

from bot.core.rut import Rut
from bot.storage.database import Database
from bot.storage.tables import Contributor, Log

contributors = Contributor.__table__  # type: ignore[attr-defined]
logs = Log.__table__  # type: ignore[attr-defined]


class LogRepository:
    """Implements the port `Bitacora`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def write(self, evento: str, rut: Rut | None = None, actor: str = "", **datos: Any) -> None:
        """Note an act; `datos` hold nothing personal, and a RUT that nobody has registered is not noted.

        The taxpayer's row is held: an erasure waits, and what is noted after one names nobody.
        """
        mine = select(contributors.c.rut).filter_by(rut=str(rut)).with_for_update(read=True, key_share=True)
        named = mine.scalar_subquery() if rut else None
        values = {"rut": named, "evento": evento, "actor": actor, "datos": datos}
        async with self._database.scope(rut) as connection:
            # Without RETURNING: who writes a row need not be able to read it.
            await connection.execute(insert(logs).values(**values).inline())
