"""The engine's part of a request's way through the programs; see bot/telemetry/traces.py.

The id that comes with a turn is in the engine's log lines and goes on to its actions. Spans are exported if
the environment names a collector, in OTLP's JSON form: Rasa's pins leave no room for a current protobuf.
"""

import os
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from functools import wraps
from typing import Any

import structlog
from rasa.core.actions.action import RemoteAction
from rasa.core.processor import MessageProcessor
from rasa.utils.endpoints import EndpointConfig

HEADER = "traceparent"
_FORM = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
_CURRENT: "ContextVar[str | None]" = ContextVar("traceparent", default=None)
_NOTHING = nullcontext()


class _Exporting:
    """The tracer, once there is somebody to tell."""

    tracer: Any = None


def set_up_traces() -> None:
    """Have Rasa's own steps show as spans, and actions be called under the turn's id."""
    named = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
    if any(os.environ.get(name) for name in named):
        _Exporting.tracer = _make_tracer()
    request = EndpointConfig.request

    @wraps(request)
    async def request_on(self: EndpointConfig, *args: Any, **kwargs: Any) -> Any:
        if _CURRENT.get():
            kwargs["headers"] = {**kwargs.get("headers", {}), HEADER: _CURRENT.get()}
        return await request(self, *args, **kwargs)

    EndpointConfig.request = request_on
    if _Exporting.tracer is not None:
        _show(MessageProcessor, "parse_message", lambda _: ("understand", "INTERNAL"))
        _show(RemoteAction, "run", lambda action: (f"action {action.name()}", "CLIENT"))


def _make_tracer() -> Any:
    from opentelemetry.exporter.otlp.json.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    provider = TracerProvider(resource=Resource.create({"service.name": "tributa-engine"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider.get_tracer("tributa")


def _show(owner: type, method: str, told: Callable[[Any], "tuple[str, str]"]) -> None:
    whole: Callable[..., Awaitable[Any]] = getattr(owner, method)

    @wraps(whole)
    async def shown(self: Any, *args: Any, **kwargs: Any) -> Any:
        name, kind = told(self)
        with _open(name, kind):
            return await whole(self, *args, **kwargs)

    setattr(owner, method, shown)


@contextmanager
def follow(parent: "str | None", conversation: str) -> "Iterator[None]":
    """One turn, under the id of whoever asked for it."""
    known = parent if parent and _FORM.fullmatch(parent) else None
    token = _CURRENT.set(known)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(program="engine", conversation_id=conversation)
    if known:
        structlog.contextvars.bind_contextvars(trace_id=known.split("-")[1])
    try:
        with _open("turn", "SERVER", known):
            yield
    finally:
        _CURRENT.reset(token)


def _open(name: str, kind: str, parent: "str | None" = None) -> "AbstractContextManager[None]":
    return _NOTHING if _Exporting.tracer is None else _span(name, kind, parent)


@contextmanager
def _span(name: str, kind: str, parent: "str | None") -> "Iterator[None]":
    """Of an error its class: its words may quote what a person wrote."""
    from opentelemetry import trace  # noqa: PLC0415, it is loaded already
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator  # noqa: PLC0415

    carried = TraceContextTextMapPropagator()
    above = carried.extract({HEADER: parent}) if parent else None
    quiet = {"record_exception": False, "set_status_on_exception": False}
    with _Exporting.tracer.start_as_current_span(name, above, trace.SpanKind[kind], **quiet) as now:
        carrier: dict[str, str] = {}
        carried.inject(carrier)
        token = _CURRENT.set(carrier.get(HEADER))
        try:
            yield
        except Exception as error:
            now.set_attribute("error.type", type(error).__name__)
            now.set_status(trace.StatusCode.ERROR)
            raise
        finally:
            _CURRENT.reset(token)
