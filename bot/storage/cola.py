"""The job queue: Procrastinate on the same database, in its own schema."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager
from psycopg.errors import RaiseException

from bot.storage.rastro import followed, origin

OPTIONS = "-c search_path=public,procrastinate -c timezone=America/Santiago"
# The queue is empty as a rule, and PostgreSQL's statistics say so: in a rush it would sort all that waits,
# and look at each job's neighbours, to find the one that is next (3,000 jobs: 100 ms instead of 1).
_QUEUE_OPTIONS = f"{OPTIONS} -c enable_sort=off"


# How long the database may be away without it being forgotten how a job ended: about a minute.
_PATIENCE = (1, 2, 4, 8, 16, 32)


class PatientJobs(JobManager):
    """Does not forget how a job ended: its worker lives, so nobody would look for one that seems to run, and
    all that share its lock would wait until that worker ends."""

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        done = super().finish_job
        await _insist(lambda: done(job, status, delete_job))

    async def retry_job(self, job: Job, *args: Any, **kwargs: Any) -> None:
        again = super().retry_job
        await _insist(lambda: again(job, *args, **kwargs))


async def _insist(act: Callable[[], Awaitable[None]]) -> None:
    for seconds in _PATIENCE:
        try:
            await act()
        except ConnectorException as error:
            if isinstance(error.__cause__, RaiseException):  # the job is gone, as with a taxpayer's data
                return
            await asyncio.sleep(seconds)
        else:
            return
    await act()


def make_app(url: str) -> App:
    """Procrastinate's app on this database; whoever runs a worker adds the tasks to it."""
    connector = PsycopgConnector(conninfo=url, kwargs={"options": _QUEUE_OPTIONS}, min_size=1, max_size=8)
    app = App(connector=connector, worker_defaults={"worker_middleware": [followed]})
    app.job_manager = PatientJobs(connector)
    return app


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
        queue: str = "default",
        priority: int = 0,
        connection: Any = None,
        **args: Any,
    ) -> int:
        """Queue a job and give its number; with `connection`, only if its transaction is committed.

        Args:
            priority: of those with one lock the highest goes first; while it waits, the others do.
        """
        task = self._app.configure_task(
            tarea,
            lock=lock,
            queue=queue,
            priority=priority,
            schedule_in={"seconds": int(wait.total_seconds())} if wait else None,
            connection=connection,
        )
        return await task.defer_async(**args, **origin())

    async def defer_many(
        self, tarea: str, jobs: Sequence[tuple[str, Mapping[str, Any]]], *, connection: Any
    ) -> None:
        """Queue jobs of one task, each with its lock and its arguments, once the transaction is committed."""
        manager, task = self._app.job_manager, self._app.configure_task(tarea, queue="default")
        more = origin()
        made = [task.make_new_job(**args, **more).evolve(lock=lock) for lock, args in jobs]
        if made:
            await manager.batch_defer_jobs_async(made, connection=connection)

    async def forget(self, job_id: int, *, connection: Any) -> None:
        """Remove a job that has not begun, once the connection's transaction is committed."""
        await self._app.job_manager.cancel_job_by_id_async(job_id, delete_job=True, connection=connection)
