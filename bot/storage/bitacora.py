"""The table `logs`: what was done, for whom and by whom."""

from typing import Any

from sqlalchemy import insert

from bot.core.rut import Rut
from bot.storage.database import Database
from bot.storage.tables import Log

logs = Log.__table__  # type: ignore[attr-defined]


class LogRepository:
    """Implements the port `Bitacora`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def write(self, evento: str, rut: Rut | None = None, actor: str = "", **datos: Any) -> None:
        """Note an act; `datos` hold nothing personal."""
        values = {"rut": str(rut) if rut else None, "evento": evento, "actor": actor, "datos": datos}
        async with self._database.scope(rut) as connection:
            # Without RETURNING: who writes a row need not be able to read it.
            await connection.execute(insert(logs).values(**values).inline())
