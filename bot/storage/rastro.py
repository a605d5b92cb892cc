"""Jobs go on under the id of whoever queued them, and their wait and their work are measured."""

import json
import time
from typing import Any

import structlog
from procrastinate import JobContext
from procrastinate.middleware import AsyncCallNext
from procrastinate.worker import Worker

from bot.telemetry.metrics import STAGES, count_error
from bot.telemetry.traces import HEADER, follow, note, traceparent

ORIGIN = "origen"
log = structlog.get_logger()


def origin() -> dict[str, Any]:
    """A job's further argument: the request or job that queues it, and when. None outside of any."""
    current = traceparent()
    return {ORIGIN: {HEADER: current, "momento": round(time.time(), 3)}} if current else {}


def origin_json() -> str:
    """The same, for jobs that SQL queues."""
    return json.dumps(origin())


async def followed(call_next: AsyncCallNext, context: JobContext, worker: Worker) -> Any:
    """Runs around every job; tasks never see that argument."""
    job = context.job
    came = job.task_kwargs.pop(ORIGIN, None)
    told: dict[str, Any] = came if isinstance(came, dict) else {}
    if told:
        due = max(told["momento"], job.scheduled_at.timestamp() if job.scheduled_at else 0)
        STAGES.labels("queue", job.task_name).observe(max(time.time() - due, 0))
    known: dict[str, Any] = {}
    try:
        with follow(f"job {job.task_name}", "CONSUMER", told.get(HEADER)):
            note(tarea=job.task_name, trabajo=job.id or 0)
            known = structlog.contextvars.get_contextvars()
            return await _work(call_next, job.task_name)
    finally:  # the queue tells afterwards how it ended, in this task, which is the job's alone
        structlog.contextvars.bind_contextvars(**known)


async def _work(call_next: AsyncCallNext, name: str) -> Any:
    began = time.perf_counter()
    try:
        result = await call_next()
    except Exception as error:
        count_error("job", type(error).__name__)
        raise
    finally:
        STAGES.labels("job", name).observe(time.perf_counter() - began)
    log.info("job.done", ms=round((time.perf_counter() - began) * 1000))
    return result
