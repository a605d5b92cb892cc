"""The job queue: Procrastinate on the same database, in its own schema."""

from datetime import timedelta
from typing import Any

from procrastinate import App, PsycopgConnector

OPTIONS = "-c search_path=public,procrastinate -c timezone=America/Santiago"
# The queue is empty as a rule, and PostgreSQL's statistics say so: in a rush it would sort all that waits,
# and look at each job's neighbours, to find the one that is next (3,000 jobs: 100 ms instead of 1).
_QUEUE_OPTIONS = f"{OPTIONS} -c enable_sort=off"


def make_app(url: str) -> App:
    """Procrastinate's app on this database; whoever runs a worker adds the tasks to it."""
    connector = PsycopgConnector(conninfo=url, kwargs={"options": _QUEUE_OPTIONS}, min_size=1, max_size=8)
    return App(connector=connector)


class Cola:
    """Queues jobs by the name of their task, so that whoever queues need not know the worker's code."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def defer(
        self,
        tarea: str,
        *,
        lock: str,
        wait: timedelta = timedelta(),
        connection: Any = None,
        **args: Any,
    ) -> int:
        """Queue a job and give its number; with `connection`, only if its transaction is committed."""
        task = self._app.configure_task(
            tarea,
            lock=lock,
            schedule_in={"seconds": int(wait.total_seconds())} if wait else None,
            connection=connection,
        )
        return await task.defer_async(**args)

    async def forget(self, job_id: int, *, connection: Any) -> None:
        """Remove a job that has not begun, once the connection's transaction is committed."""
        await self._app.job_manager.cancel_job_by_id_async(job_id, delete_job=True, connection=connection)
