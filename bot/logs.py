"""Logs: one JSON object a line; nothing personal is ever given to them.

What goes wrong is told by its class and its place: the words of an error may quote a message, a row or an
address. Every line has the program, and within a request or job its `trace_id` (see `bot.telemetry.traces`).
The engine loads this module too, with its older Python.
"""

import io
import logging
import sys
import traceback
from contextlib import suppress
from types import TracebackType
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor

# They tell addresses, and addresses of webhooks and files can hold tokens.
_CHATTY = ("httpx", "httpcore", "pywa")
# What they say repeats addresses of people, and of errors all words.
_QUOTING = ("aiohttp", "asyncio")
_FRAMES = 12


def set_up_logs(program: str = "tributa") -> None:
    """Send everything, ours and the libraries', to the standard error output as JSON."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        _without_arguments,
        _without_words,
        lambda logger, method, event: {**event, "program": program},
    ]
    render, lines = structlog.processors.JSONRenderer(ensure_ascii=False), _Lines(sys.stderr)
    structlog.configure(
        processors=[*shared, render],
        logger_factory=structlog.WriteLoggerFactory(file=lines),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )
    handler = logging.StreamHandler(lines)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    sys.excepthook = _crashed
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)


def _crashed(kind: type[BaseException], error: BaseException, places: TracebackType | None) -> None:
    """What ends a program is told as any other error: a traceback would repeat the database's words."""
    if issubclass(kind, Exception):
        structlog.get_logger().critical("program.crashed", exc_info=error)
    else:
        sys.__excepthook__(kind, error, places)


class _Lines(io.StringIO):
    """Where lines go. A full disk takes none, and what was being done goes on without them."""

    def __init__(self, below: TextIO) -> None:
        super().__init__()
        self._below = below

    def write(self, text: str) -> int:
        with suppress(OSError):
            self._below.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._below.flush()


def _without_arguments(logger: object, method: str, event: EventDict) -> EventDict:
    """Of what the queue says, which task and what went wrong: its words hold the job's arguments."""
    record: logging.LogRecord | None = event.get("_record")
    if record is None:
        return event
    if record.name.startswith(_QUOTING):
        return {**event, "event": str(record.msg).partition("\n")[0]}
    if not record.name.startswith("procrastinate"):
        return event
    job = getattr(record, "job", None) or {}
    told = {
        "event": f"procrastinate.{getattr(record, 'action', record.funcName)}",
        "tarea": job.get("task_name"),
        "trabajo": job.get("id"),
    }
    return {**event, **{name: value for name, value in told.items() if value is not None}}


def _without_words(logger: object, method: str, event: EventDict) -> EventDict:
    """An error's class, those of what caused it, and where it was raised."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if not isinstance(error, BaseException):
        return event
    causes: list[str] = []
    cause = error.__cause__ or error.__context__
    while cause is not None and len(causes) < _FRAMES:
        causes.append(type(cause).__name__)
        cause = cause.__cause__ or cause.__context__
    told = {"error": type(error).__name__, "where": _places(error.__traceback__)}
    return {**event, **told, **({"causes": causes} if causes else {})}


def _places(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-_FRAMES:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in reversed(frames)]
