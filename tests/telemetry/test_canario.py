"""A taxpayer's words, names and numbers go through everything, and no log, metric or span has them."""

import json
from typing import Any

import pytest
from opentelemetry.sdk.trace import ReadableSpan

from bot.bootstrap import Services
from bot.core.mensajes import Outgoing, Respuesta
from bot.services.ports_canales import Entrante, Remitente
from bot.telemetry.metrics import text
from bot.telemetry.traces import follow
from tests.api.conftest import Client, as_a, as_agent, client, login
from tests.conftest import HOY, PHONES, A, Work
from tests.fakes import FakeCanal, FakeMotor
from tests.services.test_canales import hurry
from tests.storage.test_datos_personales import Urls
from tests.telemetry.conftest import Lines, Spans

__all__ = ["as_a", "as_agent", "client", "login"]
CANARY = "canario7f3k9q"
"""Nobody else is called so."""
SECRETS = (
    CANARY,
    A.pretty,
    str(A),
    str(A).split("-")[0],
    PHONES[A],
    PHONES[A].removeprefix("+"),
    "192.0.2.77",
)
ROSA = Remitente("whatsapp", f"CL.{CANARY}", PHONES[A], f"Rosa {CANARY}")


def broken(motor: FakeMotor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine's client fails with all that it was given in its error."""

    async def turno(*given: Any) -> Respuesta:
        try:
            raise KeyError(*map(str, given))
        except KeyError as error:
            raise ValueError(f"mal {given}") from error

    monkeypatch.setattr(motor, "turno", turno)


async def test_nothing_of_anybody_is_shown(
    client: Client,
    services: Services,
    motor: FakeMotor,
    canal: FakeCanal,
    work: Work,
    clean: Urls,
    as_a: dict[str, str],
    as_agent: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    lines: Lines,
    spans: Spans,
) -> None:
    """Over the web, for agents and over a channel; in order, refused, and when everything breaks."""
    said = {"rut": str(A), "mensaje": f"cuánto me compró {CANARY}, RUT {A.pretty}", "conversacion": CANARY}
    motor.says = (Outgoing(f"{CANARY} compró $1"),)
    outside = {"X-Forwarded-For": "192.0.2.77", "User-Agent": CANARY, "Cookie": f"x={CANARY}"}
    for turn in range(2):
        await client.post("/api/agent/message", json=said, headers={**as_agent, **outside})
        await client.post("/api/chat", json={"mensaje": CANARY}, headers={**as_a, **outside})
        await client.get(f"/api/archivos/{CANARY}?x={CANARY}", headers=as_a)
        await client.get(f"/{CANARY}/{A}")
        await client.request(CANARY.upper(), "/api/chat", headers=outside)
        await client.post("/api/login", data=f"{{{CANARY}", headers={"Content-Type": "application/json"})
        await client.post("/api/login", json={"rut": str(A), "password": CANARY}, headers=outside)
        await client.get("/api/ventas/resumen", params={"periodo": CANARY}, headers=as_a)
        for n in range(2):
            hola = Entrante(f"{CANARY}.{turn}.{n}", ROSA, HOY, f"hola {CANARY}")
            await services.canales.recibir("whatsapp", [hola])
            await work()
            canal.errors = [RuntimeError(f"a {PHONES[A]}: {CANARY}")]
        hurry(clean)
        await work()
        broken(motor, monkeypatch)
    assert canal.sent
    shown = [json.dumps(line, ensure_ascii=False) for line in lines()]
    told = [one.to_json() for many in spans().values() for one in many]
    assert any("ValueError" in line for line in shown)
    assert any("ValueError" in one for one in told)
    for line in [*shown, *told, *text().decode().splitlines()]:
        assert not [secret for secret in SECRETS if secret.lower() in line.lower()], line


async def test_one_id_from_the_delivery_to_the_answer(
    client: Client, services: Services, canal: FakeCanal, work: Work, lines: Lines, spans: Spans
) -> None:
    """What a delivery leads to is done by other programs, and later: its id is in all of it."""
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    with follow("POST /webhooks/whatsapp", "SERVER", parent):
        await services.canales.recibir("whatsapp", [Entrante("1", ROSA, HOY, "hola")])
    await work()
    assert canal.texts(ROSA.id) == ["eco: hola"]
    done = [line for line in lines() if line["event"] == "job.done"]
    assert [line["tarea"] for line in done] == ["atender", "despachar"]
    assert {line["trace_id"] for line in done} == {parent.split("-")[1]}
    assert "conversation_id" in done[0]
    told = spans()
    [delivery], [answering] = told["POST /webhooks/whatsapp"], told["job atender"]
    [sending], [call] = told["job despachar"], told["send whatsapp"]
    assert [_above(one) for one in (answering, sending, call)] == list(
        map(_id, (delivery, answering, sending))
    )


def _id(span: ReadableSpan) -> int:
    return span.context.span_id if span.context else 0


def _above(span: ReadableSpan) -> int:
    return span.parent.span_id if span.parent else 0
