"""What is counted and timed, for Prometheus; no label holds anything that a person sent.

A program has its own figures and its own address. Files that several processes share (the library's
"multiprocess mode") are for servers that fork behind one address: they forget processes' own figures, keep
those of dead ones, and end at the machine's border.

`stage` is where time went: webhook, queue, job, engine, action, retrieval, sii, send; `kind` says of what.
"""

import time
from types import TracebackType
from typing import Self

from prometheus_client import Counter, Gauge, Histogram, disable_created_metrics, generate_latest

from bot.telemetry.traces import Kind, span

disable_created_metrics()  # type: ignore[no-untyped-call]

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_QUICK = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_SLOW = (*_QUICK, 60, 300, 1800, 7200)

REQUESTS = Counter("tributa_http_requests", "Requests", ["method", "route", "status"])
REQUEST_SECONDS = Histogram("tributa_http_request_seconds", "Time until the answer", ["method", "route"])
MESSAGES = Counter("tributa_messages", "Messages of people, by what became of them", ["channel", "intent"])
STAGES = Histogram("tributa_stage_seconds", "Time that each stage takes", ["stage", "kind"], buckets=_SLOW)
ERRORS = Counter("tributa_errors", "What went wrong, by the error's class or key", ["stage", "kind"])
SII_CALLS = Counter("tributa_sii_calls", "Calls to the SII's service; code 0: no answer", ["call", "code"])
SII_CALL_SECONDS = Histogram("tributa_sii_call_seconds", "Time of a call to the SII's service", buckets=_SLOW)
SII_WAIT_SECONDS = Histogram("tributa_sii_wait_seconds", "Wait for a turn to call it", buckets=_SLOW)
BUILD = Gauge("tributa_build_info", "Version of this program; always 1", ["program", "version"])


class stage:  # noqa: N801, it is used as the functions of contextlib are
    """Time what is done inside, count how it fails, and show it as a span."""

    __slots__ = ("_began", "_kind", "_span", "_stage")

    def __init__(self, stage: str, kind: str = "", *, role: Kind = "INTERNAL") -> None:
        self._stage, self._kind = stage, kind
        self._span = span(f"{stage} {kind}".rstrip(), role)

    def __enter__(self) -> Self:
        self._span.__enter__()
        self._began = time.perf_counter()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        STAGES.labels(self._stage, self._kind).observe(time.perf_counter() - self._began)
        if isinstance(error, Exception):
            count_error(self._stage, type(error).__name__)
        self._span.__exit__(kind, error, trace)


def count_error(stage: str, kind: str) -> None:
    """Count what went wrong; `kind` is a class or a key of ours."""
    ERRORS.labels(stage, kind).inc()


def text() -> bytes:
    """As Prometheus reads it."""
    return generate_latest()
