"""The queue of syncs: Procrastinate's table, written so that what waits already is not queued again."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.documentos import Libro
from bot.core.mensajes import write_months
from bot.core.rut import Rut
from bot.services.ports_sincronizacion import Encargo, Motivo
from bot.storage.database import Database
from bot.storage.rastro import origin_json

# A taxpayer who was erased meanwhile gets no job.
_ADD = text(
    "INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args)"
    " SELECT 'sii', :tarea, :prioridad, 'sii:' || rut, :unico,"
    " jsonb_build_object('rut', rut, 'motivo', CAST(:motivo AS text), 'desde', CAST(:desde AS text),"
    " 'periodos', CAST(:periodos AS text)) || CAST(:origen AS jsonb) FROM contributors WHERE rut = :rut"
    " FOR KEY SHARE ON CONFLICT (queueing_lock) WHERE status = 'todo' DO NOTHING RETURNING id"
)
_FOUND = text("SELECT id FROM procrastinate_jobs WHERE queueing_lock = :unico AND status = 'todo'")
# One statement for everybody, so that a night is queued whole or not at all. Who has not been read back to
# the first month yet gets that job again too, in case it was lost.
_NIGHT = text(
    "INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args)"
    " SELECT 'sii', 'update_' || libro, prioridad, 'sii:' || rut,"
    " 'sii:' || rut || ':' || libro || ':' || motivo, jsonb_build_object('rut', rut, 'motivo', motivo,"
    " 'desde', CAST(:desde AS text), 'periodos', '') FROM contributors c JOIN claves USING (rut)"
    " CROSS JOIN (VALUES ('ventas'), ('compras')) AS libros (libro)"
    " CROSS JOIN (VALUES ('NOCHE', CAST(:noche AS integer)), ('PRIMERA', CAST(:primera AS integer)))"
    " AS motivos (motivo, prioridad) LEFT JOIN sincronizaciones s USING (rut, libro)"
    " WHERE c.verificado AND c.bloqueado IS NULL AND claves.rechazada IS NULL"
    " AND (motivo = 'NOCHE' OR s.completa IS NULL) AND EXISTS (SELECT FROM consents AS k"
    " WHERE k.rut = c.rut AND k.materia = 'clave_sii' AND k.revocado IS NULL)"
    " ORDER BY prioridad DESC, md5(rut || :desde), libro DESC"
    " ON CONFLICT (queueing_lock) WHERE status = 'todo' DO NOTHING"
)
_FIRST_TIME = text("INSERT INTO sii_noches (fecha, momento) VALUES (:fecha, :ahora) ON CONFLICT DO NOTHING")
_COUNTED = text("UPDATE sii_noches SET trabajos = :trabajos WHERE fecha = :fecha")
_WAITING = text(
    "SELECT right(task_name, -7) AS libro, min(status::text) AS status FROM procrastinate_jobs"
    " WHERE lock = 'sii:' || CAST(:rut AS text) AND status IN ('todo', 'doing') GROUP BY 1"
)
_OTHERS = text(
    "SELECT count(*) FROM procrastinate_jobs WHERE lock = 'sii:' || CAST(:rut AS text)"
    " AND status IN ('todo', 'doing') AND args ->> 'desde' = :desde"
    " AND args ->> 'motivo' = :motivo AND task_name <> :tarea"
)


class SiiQueue:
    """Implements the port `ColaSii`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def encolar(self, encargo: Encargo) -> tuple[int, bool]:
        """Queue it, unless the same waits.

        Raises:
            LookupError: if there is no such taxpayer (any more).
        """
        wanted = {**_args(encargo), "origen": origin_json()}
        async with self._database.scope(encargo.rut) as connection:
            for _ in range(3):  # the one that waits may begin in between
                new = (await connection.execute(_ADD, wanted)).scalar()
                if new is not None:
                    return new, True
                found = (await connection.execute(_FOUND, {"unico": wanted["unico"]})).scalar()
                if found is not None:
                    return found, False
        raise LookupError("taxpayer")

    async def ultimo(self, encargo: Encargo) -> bool:
        """Whether the other book's job, if it was asked for too, has ended."""
        asked = {name: _args(encargo)[name] for name in ("rut", "desde", "motivo", "tarea")}
        async with self._database.scope(encargo.rut) as connection:
            return not (await connection.execute(_OTHERS, asked)).scalar_one()

    async def noche(self, fecha: date, ahora: datetime) -> int | None:
        """Queue the night's syncs, whose order changes from night to night; None if it was done before."""
        asked = {"desde": ahora.isoformat(), "noche": int(Motivo.NOCHE), "primera": int(Motivo.PRIMERA)}
        async with self._database.scope(alcance="noche") as connection:
            if not (await connection.execute(_FIRST_TIME, {"fecha": fecha, "ahora": ahora})).rowcount:
                return None
            queued = (await connection.execute(_NIGHT, asked)).rowcount
            await connection.execute(_COUNTED, {"fecha": fecha, "trabajos": queued})
        return queued


async def waiting(connection: AsyncConnection, rut: Rut) -> dict[str, str]:
    """Of which books a sync runs (`doing`) or waits (`todo`)."""
    return {row.libro: row.status for row in await connection.execute(_WAITING, {"rut": str(rut)})}


def _task(libro: Libro) -> str:
    return f"update_{libro.value}"


def _args(encargo: Encargo) -> dict[str, Any]:
    periodos = write_months(encargo.periodos)
    parts = ("sii", str(encargo.rut), encargo.libro.value, encargo.motivo.name, periodos)
    return {
        "rut": str(encargo.rut),
        "tarea": _task(encargo.libro),
        "prioridad": int(encargo.motivo),
        "unico": ":".join(filter(None, parts)),
        "motivo": encargo.motivo.name,
        "desde": encargo.desde.isoformat(),
        "periodos": periodos,
    }
