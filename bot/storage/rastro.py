"""Jobs go on under the id of whoever queued them, and their wait and their work are measured."""

import json
import time
from typing import Any

import structlog
from procrastinate import JobContext
from procrastinate.middleware import AsyncCallNext
from procrastinate.worker import Worker

from bot.telemetry.metrics import STAGES, stage
from bot.telemetry.traces import HEADER, follow, traceparent

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
    facts: dict[str, str | int] = {
        "tarea": job.task_name,
        "trabajo": job.id or 0,
        "intento": job.attempts + 1,
    }
    with follow(f"job {job.task_name}", "CONSUMER", told.get(HEADER), **facts):
        structlog.contextvars.bind_contextvars(tarea=job.task_name, trabajo=job.id)
        if told:
            due = max(told["momento"], job.scheduled_at.timestamp() if job.scheduled_at else 0)
            STAGES.labels("queue", job.task_name).observe(max(time.time() - due, 0))
        began = time.perf_counter()
        with stage("job", job.task_name):
            result = await call_next()
        log.info("job.done", ms=round((time.perf_counter() - began) * 1000))
        return result
