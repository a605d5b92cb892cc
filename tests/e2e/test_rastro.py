"""What the running programs write about a message: one id in all of them, and nothing of anybody."""

import json
import urllib.request
from typing import Any

import pytest

from sandbox.demo import phone
from sandbox.demo_datos import DEMO
from tests.stack import Stack
from tests.telefonos import Telefono, until

pytestmark = pytest.mark.engine
CANARY = "canario7f3k9q"
PROGRAMS = ("api", "worker", "engine")


def lines(stack: Stack, program: str) -> list[dict[str, Any]]:
    """What one of them logged; Rasa's own libraries also write plain lines."""
    return [json.loads(one) for one in stack.log_of(program).splitlines() if one.startswith("{")]


def metrics(stack: Stack) -> str:
    """What Prometheus reads of the api."""
    with urllib.request.urlopen(f"{stack.url}/metrics", timeout=60) as answer:
        return str(answer.read().decode())


def test_one_id_goes_through_all_programs(stack: Stack) -> None:
    """From the delivery to the worker, the engine, its action and the sending; none of it quotes anybody."""
    until(stack.ready)
    rosa = Telefono(stack, phone(DEMO[0]))
    rosa.say(f"cuánto me compró {CANARY} en septiembre, mi RUT es {DEMO[0].rut.pretty}")
    stack.ask(f"hola, soy {CANARY}", CANARY, who=1)

    def followed() -> list[dict[str, Any]]:
        done = [one for one in lines(stack, "worker") if one.get("tarea") == "despachar" and "ms" in one]
        return [one for one in done if one["event"] == "job.done"][-1:]

    [sent] = until(followed)
    same = {
        program: [one for one in lines(stack, program) if one.get("trace_id") == sent["trace_id"]]
        for program in PROGRAMS
    }
    assert {one.get("route") for one in same["api"]} >= {"/webhooks/whatsapp", "/webhooks/actions"}
    assert {one.get("tarea") for one in same["worker"]} == {"atender", "despachar"}
    [turn] = [one for one in same["engine"] if one["event"] == "gateway.turn"]
    [attended] = [
        one for one in same["worker"] if one.get("tarea") == "atender" and one["event"] == "job.done"
    ]
    assert turn["conversation_id"] == attended["conversation_id"]
    people = [word for one in DEMO for word in (str(one.rut), one.rut.pretty, one.nombre, phone(one))]
    words = [CANARY, *people, *(number.removeprefix("+") for number in map(phone, DEMO))]
    for told in (*map(stack.log_of, PROGRAMS), metrics(stack)):
        assert not [word for word in words if word.lower() in told.lower()]


def test_time_is_told_by_stage(stack: Stack) -> None:
    """What the api does itself; the worker tells the rest at its own address."""
    stack.ask("cuánto vendí en septiembre", "etapas")
    told = metrics(stack)
    for stage in ('stage="engine"', 'kind="action_consultar_ventas",stage="action"'):
        assert f"tributa_stage_seconds_count{{{stage}" in told or f",{stage}}}" in told
    assert 'tributa_messages_total{channel="agente",intent="ventas_resumen"}' in told
    assert 'tributa_dependency_up{dependency="trabajador"} 1.0' in told
