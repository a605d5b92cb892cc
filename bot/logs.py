"""Logs: one JSON object a line; nothing personal is ever given to them."""

import logging
import sys
import traceback

import structlog
from structlog.typing import EventDict, Processor

# They tell addresses, and addresses of webhooks and files can hold tokens.
_CHATTY = ("httpx", "httpcore", "pywa")


def set_up_logs() -> None:
    """Send everything, ours and the libraries', to the standard error output as JSON."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        _without_arguments,
        structlog.processors.format_exc_info,
    ]
    render = structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[*shared, render],
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)


def _without_arguments(logger: object, method: str, event: EventDict) -> EventDict:
    """Of what the queue says, which task and what went wrong: its words hold the job's arguments."""
    record: logging.LogRecord | None = event.get("_record")
    if record is None or not record.name.startswith("procrastinate"):
        return event
    job = getattr(record, "job", None) or {}
    kind, _, trace = record.exc_info or (None, None, None)
    frames = traceback.extract_tb(trace)
    told = {
        "event": f"procrastinate.{getattr(record, 'action', record.funcName)}",
        "tarea": job.get("task_name"),
        "trabajo": job.get("id"),
        "error": kind.__name__ if kind else None,
        "where": f"{frames[-1].filename}:{frames[-1].lineno}" if frames else None,
    }
    kept = ("level", "timestamp", "_record", "_from_structlog")
    return {
        **{name: event[name] for name in kept if name in event},
        **{name: value for name, value in told.items() if value is not None},
    }
