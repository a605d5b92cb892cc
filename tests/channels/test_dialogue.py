"""The engine's client: what it sends, and what it makes of every kind of answer."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.dialogue import RasaMotor
from bot.core.errors import EngineFailedError, EngineUnavailableError
from bot.core.mensajes import Archivo, Boton
from bot.telemetry.traces import follow

REPLY = {
    "messages": [
        {
            "text": "*Ventas*",
            "buttons": [{"title": "Ver", "payload": "ayuda"}, {"title": "", "payload": ""}],
            "custom": {"entidades": {"periodo": ["2026-09"]}, "fuentes": [{"tipo": "rcv"}]},
        },
        {"text": "¿Algo más?"},
    ],
    "intent": "ventas_resumen",
    "confidence": 0.98765,
    "slots": {"periodo": "2026-09"},
}

type Engine = Callable[..., Awaitable[RasaMotor]]


@pytest.fixture
async def seen() -> list[dict[str, Any]]:
    """What the engine was sent."""
    return []


@pytest.fixture
async def engine(seen: list[dict[str, Any]]) -> AsyncIterator[Engine]:
    """A small server in the engine's place."""
    opened: list[Any] = []

    async def make(status: int = 200, reply: Any = REPLY, raw: str | None = None) -> RasaMotor:
        async def receive(request: web.Request) -> web.Response:
            told = {name: one for name, one in request.headers.items() if name == "traceparent"}
            seen.append({**await request.json(), "auth": request.headers["Authorization"], **told})
            if raw is not None:
                return web.Response(text=raw, content_type="application/json", status=status)
            return web.json_response(reply, status=status)

        async def state(request: web.Request) -> web.Response:
            return web.json_response(reply, status=status)

        app = web.Application()
        app.router.add_post("/webhooks/gateway/webhook", receive)
        app.router.add_get("/webhooks/gateway/", state)
        server = TestServer(app)
        await server.start_server()
        motor = RasaMotor(str(server.make_url("/")), "t0ken", 2)
        opened.extend([motor, server])
        return motor

    yield make
    for one in opened:
        await one.close()


async def test_a_turn(engine: Engine, seen: list[dict[str, Any]]) -> None:
    """Text, buttons and facts come back; buttons without a title are left out."""
    motor = await engine()
    respuesta = await motor.turno("abc", "cuánto vendí", None, {"tema": "ventas"})
    assert seen == [
        {"sender": "abc", "text": "cuánto vendí", "slots": {"tema": "ventas"}, "auth": "Bearer t0ken"}
    ]
    assert respuesta.texto == "*Ventas*\n\n¿Algo más?"
    assert respuesta.salidas[0].botones == (Boton("ayuda", "Ver"),)
    assert (respuesta.intent, respuesta.confianza) == ("ventas_resumen", 0.9877)
    assert respuesta.entidades == {"periodo": ["2026-09"]}
    assert respuesta.contexto == {"periodo": "2026-09"}


async def test_a_turn_goes_on_under_its_request(engine: Engine, seen: list[dict[str, Any]]) -> None:
    """The engine is told which request or job it works for."""
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    with follow("job x", "CONSUMER", parent):
        await (await engine()).turno("abc", "hola", None, {})
    assert seen[0]["traceparent"] == parent


async def test_files_and_rows(engine: Engine) -> None:
    """Files come by their number and name; buttons that say what they are for are the rows of a list."""
    rows = [{"title": "Ventas", "payload": "ventas_resumen", "description": "Cuánto vendí"}]
    chart, sheet = {"text": "a", "image": "f1/ventas.png"}, {"text": "b", "attachment": "f2/a/b.xlsx"}
    motor = await engine(reply={**REPLY, "messages": [{**chart, "buttons": rows}, sheet]})
    one, two = (await motor.turno("abc", "x", None, {})).salidas
    assert (one.imagen, one.botones) == (Archivo("f1", "ventas.png"), ())
    assert one.lista == (Boton("ventas_resumen", "Ventas", "Cuánto vendí"),)
    assert two.documento == Archivo("f2", "a/b.xlsx")


async def test_a_button(engine: Engine, seen: list[dict[str, Any]]) -> None:
    """A button names its intent, and goes whole to the actions."""
    motor = await engine()
    await motor.turno("abc", "Ver ventas", Boton("ventas_resumen:2026-09", "Ver ventas"), {})
    assert seen[0]["intent"] == "ventas_resumen"
    assert seen[0]["entities"] == {"boton": "ventas_resumen:2026-09"}


@pytest.mark.parametrize(
    ("status", "reply", "raw"),
    [
        (500, {"error": "failed"}, None),
        (401, {}, None),
        (200, {**REPLY, "messages": []}, None),
        (200, {}, None),
        (200, None, "{"),
        (200, None, "<html>"),
    ],
)
async def test_a_failed_turn(engine: Engine, status: int, reply: Any, raw: str | None) -> None:
    """An error, silence or nonsense of the engine is a failure, never an empty answer."""
    with pytest.raises(EngineFailedError):
        await (await engine(status, reply, raw)).turno("abc", "hola", None, {})


async def test_nobody_there() -> None:
    """A dead engine is told as such."""
    motor = RasaMotor("http://127.0.0.1:9", "t", 1)
    with pytest.raises(EngineUnavailableError):
        await motor.turno("abc", "hola", None, {})
    assert await motor.ready() is False
    await motor.close()


@pytest.mark.parametrize(
    ("status", "state", "ready", "modelo"),
    [(200, {"model": "a1"}, True, "a1"), (200, {}, True, None), (503, {"model": None}, False, None)],
)
async def test_which_model_answers(
    engine: Engine, status: int, state: Any, ready: bool, modelo: str | None
) -> None:
    """An engine of an earlier version, which does not tell its model, is as ready as another."""
    motor = await engine(status, state)
    assert await motor.ready() is ready
    if modelo is None:
        with pytest.raises(EngineUnavailableError):
            await motor.modelo()
    else:
        assert await motor.modelo() == modelo
