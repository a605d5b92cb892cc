"""Spans and log lines, gathered."""

import io
import json
import logging
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from bot.logs import set_up_logs
from bot.telemetry.traces import end_traces, set_up_traces

type Spans = Callable[[], dict[str, list[ReadableSpan]]]
type Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def spans() -> Iterator[Spans]:
    """What a collector gets: all spans by their name, once everything is done."""
    exporter = InMemorySpanExporter()
    set_up_traces("prueba", exporter=exporter)

    def told() -> dict[str, list[ReadableSpan]]:
        end_traces()
        found: dict[str, list[ReadableSpan]] = {}
        for span in exporter.get_finished_spans():
            found.setdefault(span.name, []).append(span)
        return found

    yield told
    end_traces()


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lines]:
    """What is logged, parsed."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    said = io.StringIO()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", said)
        set_up_logs("prueba")
    yield lambda: [json.loads(line) for line in said.getvalue().splitlines()]
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()
