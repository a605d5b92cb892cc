"""The queue while the database is away."""

from typing import Any

import pytest
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status
from psycopg.errors import RaiseException

from bot.storage import cola


class Away:
    """A database that is away for some attempts."""

    def __init__(self, attempts: int) -> None:
        self.left, self.done = attempts, list[Any]()

    async def execute_query_async(self, query: str, **arguments: Any) -> None:
        self.left -= 1
        if self.left >= 0:
            raise ConnectorException
        self.done.append(arguments["job_id"])


async def test_how_a_job_ended_is_not_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is stored once the database is back; if it stays away that is an error."""
    monkeypatch.setattr(cola, "_PATIENCE", (0, 0, 0))
    job = Job(id=7, lock=None, queueing_lock=None, task_name="x", queue="sii")
    back, gone = Away(3), Away(10)
    jobs = cola.PatientJobs(back)  # type: ignore[arg-type]
    await jobs.finish_job(job, Status.SUCCEEDED, delete_job=True)
    await jobs.retry_job(job)
    assert back.done == [7, 7]
    with pytest.raises(ConnectorException):
        await cola.PatientJobs(gone).finish_job(job, Status.SUCCEEDED, delete_job=True)  # type: ignore[arg-type]


async def test_a_job_that_is_gone_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whose data were erased has no jobs any more; that is not the database being away."""
    monkeypatch.setattr(cola, "_PATIENCE", (1000,))

    class Gone:
        async def execute_query_async(self, query: str, **arguments: Any) -> None:
            raise ConnectorException from RaiseException("Job was not found")

    job = Job(id=7, lock=None, queueing_lock=None, task_name="x", queue="sii")
    await cola.PatientJobs(Gone()).retry_job(job)  # type: ignore[arg-type]
