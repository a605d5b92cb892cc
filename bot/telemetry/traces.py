"""The way of one request through the programs: its id is in every log line, job and call that belong to it.

The id is that of W3C's Trace Context, so it is the same whether or not a collector of OpenTelemetry is named.
Without one a span costs nothing; with one nothing of people is in it: names are those of the code, facts are
numbers and our own ids, and of an error there is its class (its words may quote anything).

The engine loads this module too, with its older Python.

Source: https://www.w3.org/TR/trace-context/
"""

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from importlib import import_module
from typing import Any, Literal

import structlog

Kind = Literal["SERVER", "CLIENT", "CONSUMER", "INTERNAL"]
Fact = str | int

HEADER = "traceparent"
_FORM = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}")
_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_CURRENT: ContextVar[str | None] = ContextVar("traceparent", default=None)
_NOTHING = nullcontext()


class _Exporting:
    """The tracer, once there is somebody to tell."""

    tracer: Any = None
    provider: Any = None


def set_up_traces(program: str, *, form: Literal["proto", "json"] = "proto", exporter: Any = None) -> None:
    """Export spans if the environment names a collector (`OTEL_EXPORTER_OTLP_ENDPOINT`), or to `exporter`.

    Both forms of OTLP go to the same address, over HTTP.
    """
    if exporter is None and not any(os.environ.get(name) for name in _ENDPOINTS):
        return
    # Nobody else loads them.
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    if exporter is None:
        exporter = import_module(f"opentelemetry.exporter.otlp.{form}.http.trace_exporter").OTLPSpanExporter()
    resource = Resource.create({"service.name": f"tributa-{program}"})
    _Exporting.provider = TracerProvider(resource=resource)
    _Exporting.provider.add_span_processor(BatchSpanProcessor(exporter))
    _Exporting.tracer = _Exporting.provider.get_tracer("tributa")


def end_traces() -> None:
    """Send what has not been sent, and export nothing more."""
    if _Exporting.provider is not None:
        _Exporting.provider.shutdown()
    _Exporting.tracer = _Exporting.provider = None


@contextmanager
def follow(name: str, kind: Kind, parent: str | None = None, **facts: Fact) -> Iterator[None]:
    """All of one request or job: under the id of `parent` (a traceparent), or under a new one."""
    known = parent if parent and _FORM.fullmatch(parent) else None
    own = known or f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-00"
    token = _CURRENT.set(own)
    structlog.contextvars.clear_contextvars()
    try:
        with _open(name, kind, facts, known):
            structlog.contextvars.bind_contextvars(trace_id=trace_id())
            yield
    finally:
        _CURRENT.reset(token)
        structlog.contextvars.clear_contextvars()


def span(name: str, kind: Kind = "INTERNAL", **facts: Fact) -> AbstractContextManager[None]:
    """A part of it; nothing if nobody collects."""
    return _NOTHING if _Exporting.tracer is None else _open(name, kind, facts)


@contextmanager
def _open(name: str, kind: Kind, facts: dict[str, Fact], parent: str | None = None) -> Iterator[None]:
    if _Exporting.tracer is None:
        yield
        return
    from opentelemetry import trace  # noqa: PLC0415, it is loaded already
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator  # noqa: PLC0415

    above = TraceContextTextMapPropagator().extract({HEADER: parent}) if parent else None
    begun = _Exporting.tracer.start_as_current_span(
        name,
        above,
        trace.SpanKind[kind],
        facts,
        record_exception=False,
        set_status_on_exception=False,
    )
    with begun as now:
        told = now.get_span_context()
        token = _CURRENT.set(f"00-{told.trace_id:032x}-{told.span_id:016x}-{told.trace_flags:02x}")
        try:
            yield
        except Exception as error:
            now.set_attribute("error.type", type(error).__name__)
            now.set_status(trace.StatusCode.ERROR)
            raise
        finally:
            _CURRENT.reset(token)


def note(**facts: Fact) -> None:
    """Facts that are known only now, for the log lines to come and for the span."""
    structlog.contextvars.bind_contextvars(**facts)
    if _Exporting.tracer is not None:
        from opentelemetry import trace  # noqa: PLC0415, it is loaded already

        trace.get_current_span().set_attributes(facts)


def traceparent() -> str | None:
    """What to hand to whoever goes on with this; None outside of any request."""
    return _CURRENT.get()


def trace_id() -> str | None:
    """The id of what is going on here."""
    current = _CURRENT.get()
    return current.split("-")[1] if current else None
