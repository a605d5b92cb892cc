"""How the installation is, for those who operate it: counts and sizes, nobody's rows."""

from sqlalchemy import text

from bot.services.ports_operacion import Cifras, Cola
from bot.storage.database import Database

# A job waits from when it was queued, or from the moment for which it was.
_QUEUES = text(
    "WITH colas AS (SELECT queue_name, status::text AS status, count(*) AS cuantos,"
    " min(id) FILTER (WHERE status = 'todo' AND scheduled_at IS NULL) AS primero,"
    " now() - min(scheduled_at) FILTER (WHERE status = 'todo' AND scheduled_at <= now()) AS vencido"
    " FROM procrastinate_jobs WHERE status IN ('todo', 'doing', 'failed') GROUP BY 1, 2)"
    " SELECT queue_name, status, cuantos, extract(epoch FROM greatest(vencido, now() - (SELECT min(at)"
    " FROM procrastinate_events WHERE job_id = primero AND type = 'deferred'))) AS espera FROM colas"
)
_INDEX = text(
    "SELECT reltuples::bigint AS filas, pg_total_relation_size(oid) AS octetos FROM pg_class"
    " WHERE oid = 'public.embeddings'::regclass"
)
_WORKERS = text(
    "SELECT EXISTS (SELECT FROM procrastinate_workers WHERE last_heartbeat > now() - interval '1 minute')"
)
_LATE = text(
    "SELECT DISTINCT canal FROM procrastinate_jobs j JOIN outbox o ON o.id = (j.args ->> 'salida')::bigint"
    " WHERE j.task_name = 'despachar' AND j.status IN ('todo', 'doing') AND j.attempts >= 3"
)


class OperationRepository:
    """Implements the port `Operacion`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def cifras(self) -> Cifras:
        async with self._database.scope() as connection:
            rows = (await connection.execute(_QUEUES)).all()
            index = (await connection.execute(_INDEX)).one()
        colas = [Cola(row.queue_name, row.status, row.cuantos, float(row.espera or 0)) for row in rows]
        return Cifras(colas, max(index.filas, 0), index.octetos)

    async def hay_trabajador(self) -> bool:
        async with self._database.scope() as connection:
            return bool((await connection.execute(_WORKERS)).scalar_one())

    async def atrasados(self) -> frozenset[str]:
        async with self._database.scope(alcance="buzon") as connection:
            return frozenset((await connection.execute(_LATE)).scalars())
