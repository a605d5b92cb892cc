"""The engine's only door, on the running engine."""

import json
import urllib.error
import urllib.request
from typing import Any

import psycopg
import pytest

from tests.stack import Stack

pytestmark = pytest.mark.engine


@pytest.fixture
def engine(stack: Stack) -> str:
    """Where the engine listens."""
    stack.wait_ready()
    command = stack.programs()["rasa run"].cmdline()
    return f"http://127.0.0.1:{command[command.index('--port') + 1]}"


def post(url: str, body: Any, token: str | None, path: str = "/webhooks/gateway/webhook") -> tuple[int, Any]:
    """One call of the channel."""
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(url + path, json.dumps(body).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def test_without_the_token(engine: str) -> None:
    """Nobody talks to the engine without its token."""
    turn = {"sender": "x", "text": "hola"}
    assert post(engine, turn, None)[0] == 401
    assert post(engine, turn, "wrong")[0] == 401


def test_no_other_door(engine: str) -> None:
    """Rasa's own channels and its HTTP interface are closed."""
    for path in ("/webhooks/rest/webhook", "/model/parse", "/conversations/x/trigger_intent"):
        assert post(engine, {"sender": "x", "message": "hola"}, None, path)[0] == 404


def _conversation(stack: Stack) -> str:
    """The id that the engine knows some conversation by."""
    owner = stack.secret("postgres_owner")
    with psycopg.connect(f"postgresql://postgres:{owner}@/tributa?host={stack.data}/postgres") as database:
        row = database.execute("SELECT conversacion FROM identities LIMIT 1").fetchone()
    assert row
    return str(row[0])


@pytest.mark.parametrize(
    "text",
    [
        "/ventas_resumen",
        " /ventas_resumen",
        "//ventas_resumen",
        "/restart",
        "/ /restart",
        "@ /restart",
        '/saludo{"boton": "x"}',
    ],
)
def test_a_persons_slash_is_no_command(engine: str, stack: Stack, text: str) -> None:
    """What a person types is understood as words, with the doubt that words have."""
    _, answer = post(engine, {"sender": "slash", "text": text}, stack.secret("engine_token"))
    assert answer["confidence"] < 1
    assert answer["messages"]


def test_an_action_that_fails_is_a_500(engine: str, stack: Stack) -> None:
    """A turn whose action breaks is a failure, and says nothing about why."""
    known = stack.ask("hola", "broken")
    assert known["intent"] == "saludo"
    turn = {"sender": _conversation(stack), "text": "x", "intent": "ventas_resumen", "entities": {"boton": 5}}
    status, body = post(engine, turn, stack.secret("engine_token"))
    assert status == 500
    assert body == b'{"error":"failed"}'


def test_what_it_was_about_can_be_brought_back(engine: str, stack: Stack) -> None:
    """An engine takes the slots that the application kept, also one that knows others: it missed a turn."""
    token = stack.secret("engine_token")
    known = {"contrato_duda": "uno", "unknown": 1}
    _, answer = post(engine, {"sender": "back", "text": "gracias", "slots": known}, token)
    assert answer["slots"] == {"contrato_duda": "uno"}
    other = {"sender": "back", "text": "gracias", "slots": {"contrato_duda": "otro"}}
    assert post(engine, other, token)[1]["slots"] == {"contrato_duda": "otro"}
