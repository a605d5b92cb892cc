"""A person on the phone asks for a person, who answers over the API, on a running Tributa."""

import json
import urllib.request
from typing import Any

import pytest

from sandbox.demo import phone
from sandbox.demo_datos import DEMO
from tests.stack import Stack
from tests.telefonos import Telefono, until

pytestmark = pytest.mark.engine


class Agente:
    """Somebody who attends."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack

    def call(self, path: str = "", **body: Any) -> dict[str, Any]:
        """Read, or do something."""
        key = self._stack.secret("admin_api_key")
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        raw = json.dumps(body).encode() if body else None
        request = urllib.request.Request(f"{self._stack.url}/api/admin/casos{path}", raw, headers)
        with urllib.request.urlopen(request, timeout=120) as answer:
            found: dict[str, Any] = json.load(answer)
            return found

    def sees(self, caso: int, texto: str) -> dict[str, Any]:
        """The case, once that message is in it."""

        def look() -> dict[str, Any] | None:
            found = self.call(f"/{caso}?desenmascarar=true&limite=200")
            return found if texto in [one["texto"] for one in found["mensajes"]] else None

        return until(look) or {}


def test_asked_answered_closed(stack: Stack) -> None:
    """The assistant is quiet until the case is closed; a worker that dies loses and repeats nothing."""
    until(stack.ready)
    rosa, marta = Telefono(stack, phone(DEMO[0])), Agente(stack)
    said = rosa.say("quiero hablar con una persona")
    if "¿Quieres que te pase" in said["texto"]:
        said = rosa.say(boton="humano")
    assert "le avisé a una persona" in said["texto"]
    [caso] = [one["id"] for one in marta.call()["casos"] if one["canal"] == "whatsapp"]

    asked = rosa.write(texto="cuánto vendí en septiembre")
    marta.sees(caso, "cuánto vendí en septiembre")
    stack.programs()["cli worker"].kill()
    for number in range(20):
        rosa.write(texto=f"¿hola? {number}")
    marta.call(
        f"/{caso}/responder",
        texto="Buenas, lo reviso altiro",
        id_mensaje="7c0e61b8-6a4e-4f3b-9d53-0f5a3a1f6b11",
    )
    marta.call(
        f"/{caso}/responder",
        texto="Buenas, lo reviso altiro",
        id_mensaje="7c0e61b8-6a4e-4f3b-9d53-0f5a3a1f6b11",
    )
    until(lambda: rosa.said(asked))
    seen = marta.sees(caso, "¿hola? 19")
    assert [one["texto"] for one in rosa.said(asked)] == ["👤 Buenas, lo reviso altiro"]
    lines = [one["texto"] for one in seen["mensajes"] if one["texto"].startswith("¿hola?")]
    assert lines[-20:] == [f"¿hola? {number}" for number in range(20)]

    marta.call(f"/{caso}/cerrar", ultimo_mensaje=seen["ultimo_id"])
    until(lambda: "cerró tu caso" in rosa.said()[-1]["texto"])
    assert "Ventas de septiembre" in rosa.say("cuánto vendí en septiembre")["texto"]
