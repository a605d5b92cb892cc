"""The queue as admins see it."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.services.ports_admin import Pagina, Trabajo
from bot.storage.database import Database

_WANTED = (
    "FROM procrastinate_jobs WHERE (CAST(:estado AS text) IS NULL OR status::text = :estado)"
    " AND (CAST(:tarea AS text) IS NULL OR task_name = :tarea)"
)
_LIST = text(
    "SELECT id, task_name, status::text AS status, attempts, scheduled_at, args ->> 'rut' AS rut "
    f"{_WANTED} ORDER BY id DESC LIMIT :limite OFFSET :desde"
)
_COUNT = text(f"SELECT count(*) {_WANTED}")
_STATES = text("SELECT status::text AS status, count(*) AS cuantos FROM procrastinate_jobs GROUP BY 1")
# A job that has ended badly is queued again as it was; one that waits or runs is left alone.
_RETRY = text(
    "UPDATE procrastinate_jobs SET status = 'todo', attempts = 0, scheduled_at = now(),"
    " abort_requested = false, worker_id = NULL WHERE id = :id"
    " AND status IN ('failed', 'aborted', 'cancelled')"
)
_EXISTS = text("SELECT count(*) FROM procrastinate_jobs WHERE id = :id")


class JobRepository:
    """Implements the port `Trabajos`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def list_(self, estado: str | None, tarea: str | None, pagina: Pagina) -> tuple[list[Trabajo], int]:
        wanted: dict[str, Any] = {"estado": estado, "tarea": tarea}
        first = (pagina.numero - 1) * pagina.limite
        async with self._database.scope() as connection:
            total = (await connection.execute(_COUNT, wanted)).scalar_one()
            rows = await connection.execute(_LIST, {**wanted, "limite": pagina.limite, "desde": first})
            found = [
                Trabajo(row.id, row.task_name, row.status, row.attempts, row.scheduled_at, row.rut)
                for row in rows
            ]
        return found, total

    async def retry(self, trabajo: int) -> bool | None:
        """Queue it again; None if there is no such job, false if it has not failed or waits again already."""
        async with self._database.scope() as connection:
            try:
                async with connection.begin_nested():
                    if (await connection.execute(_RETRY, {"id": trabajo})).rowcount:
                        return True
            except IntegrityError:  # another job with its `queueing_lock` waits
                return False
            known = (await connection.execute(_EXISTS, {"id": trabajo})).scalar_one()
        return False if known else None


async def count_jobs(connection: AsyncConnection) -> dict[str, int]:
    """How many jobs there are in each state."""
    return {row.status: row.cuantos for row in await connection.execute(_STATES)}
