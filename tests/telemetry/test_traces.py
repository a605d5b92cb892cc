"""One id from the first program to the last; spans only where somebody collects them."""

import asyncio
import subprocess
import sys

import pytest
import structlog

from bot.telemetry.metrics import ERRORS, stage
from bot.telemetry.traces import follow, note, span, trace_id, traceparent
from tests.telemetry.conftest import Lines, Spans

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
log = structlog.get_logger()


def test_who_asks_for_it_has_named_it() -> None:
    """The caller's id goes on; what is none is replaced, and outside of everything there is none."""
    with follow("job x", "CONSUMER", PARENT):
        assert traceparent() == PARENT
    seen = set()
    for other in (None, "", "x", PARENT.upper(), PARENT + "-1", "00-" + "0" * 32 + "-b7ad6b7169203331-01"):
        with follow("job x", "CONSUMER", other):
            assert trace_id() != PARENT.split("-")[1]
            seen.add(trace_id())
    assert len(seen) == 6
    assert traceparent() is None


async def test_every_line_has_its_id(lines: Lines) -> None:
    """Also those of tasks and threads that a request begins, and of nobody else's."""

    async def request(parent: str) -> None:
        with follow("x", "SERVER", parent):
            note(conversation_id=parent[3:5])
            await asyncio.sleep(0)
            await asyncio.gather(asyncio.create_task(_say()), asyncio.to_thread(log.info, "hola"))

    async def _say() -> None:
        log.info("hola")

    both = (PARENT, PARENT.replace("0af7", "ffff"))
    await asyncio.gather(*map(request, both))
    log.info("fin")
    *told, last = lines()
    assert sorted((line["trace_id"], line["conversation_id"]) for line in told) == sorted(
        (one.split("-")[1], one[3:5]) for one in both for _ in range(2)
    )
    assert not {"trace_id", "conversation_id"} & last.keys()


def test_a_tree_of_spans(spans: Spans) -> None:
    """Spans lie within each other, what is handed on names the innermost, and of an error its class."""
    before = ERRORS.labels("action", "ValueError")._value.get()
    with follow("GET /x", "SERVER", PARENT, tarea="y"):
        with pytest.raises(ValueError, match="secreto"), stage("action", "action_x"), span("inner", "CLIENT"):
            handed = traceparent()
            raise ValueError("secreto")
        note(conversation_id="c")
    told = spans()
    [root], [action], [inner] = told["GET /x"], told["action action_x"], told["inner"]
    assert root.parent and f"{root.parent.span_id:016x}" == "b7ad6b7169203331"
    assert root.context and action.parent and action.parent.span_id == root.context.span_id
    assert inner.context and handed == f"{PARENT[:35]}-{inner.context.span_id:016x}-01"
    assert dict(root.attributes or {}) == {"tarea": "y", "conversation_id": "c"}
    assert dict(action.attributes or {}) == {"error.type": "ValueError"}
    assert "secreto" not in action.to_json() + inner.to_json() + root.to_json()
    assert ERRORS.labels("action", "ValueError")._value.get() == before + 1


def test_without_a_collector_nothing_is_loaded() -> None:
    """A span is then one and the same empty thing, and OpenTelemetry's code is not even read."""
    assert span("a") is span("b", "CLIENT", fact=1)
    program = (
        "import sys; from bot.telemetry import metrics, traces; traces.set_up_traces('api');"
        " assert not any(name.startswith('opentelemetry') for name in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True, env={"PATH": ""}, cwd=".")
