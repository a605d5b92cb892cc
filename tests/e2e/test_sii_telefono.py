"""The SII as people meet it on their phone: with the whole stack, and the simulated service behind it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.demo import phone
from sandbox.demo_datos import DEMO
from tests.stack import SII_RATE, Stack
from tests.telefonos import Telefono, fetch, status, until


class Contribuyente:
    """A demo taxpayer with a phone, and the SII behind them."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.telefono = Telefono(stack, phone(DEMO[1]))
        self.clave = stack.secret(f"demo_sii_{DEMO[1].rut}")[:12]

    def sii(self, what: str, body: object = None, method: str | None = None) -> Any:
        """The simulated SII's controls."""
        return fetch(f"http://127.0.0.1:{self.stack.sii}/_control/{what}", body, method)

    def give(self, clave: str) -> None:
        """Ask for the link in the chat, and write the clave on its page."""
        link = self.telefono.say("quiero dejar mi clave del SII")["texto"].partition("/enlace#")[2].split()[0]
        body = {"token": link, "clave": clave, "consentimiento": True}
        raw = json.dumps(body).encode()
        assert status(f"{self.stack.url}/api/enlaces/clave", raw, Content_Type="application/json")[0] == 204

    def heard(self, words: str) -> dict[str, Any]:
        """Something that is told without being asked for, waited for."""
        try:
            return until(lambda: [one for one in self.telefono.said() if words in one["texto"]])[-1]
        except AssertionError:
            said = [one["texto"] for one in self.telefono.said()]
            raise AssertionError(f"{said}\n{self.stack.log_of('worker')[-3000:]}") from None


@pytest.fixture
def contribuyente(stack: Stack) -> Iterator[Contribuyente]:
    """Boldo's owner; afterwards the SII is well again."""
    until(stack.ready)
    one = Contribuyente(stack)
    one.sii("ajustes", {"por_minuto": SII_RATE})
    yield one
    one.sii("fallas", method="DELETE")


@pytest.mark.engine
def test_from_the_phone(contribuyente: Contribuyente) -> None:
    """Without a clave, with a bad one, with the good one, and while the SII makes everybody wait."""
    say, heard = contribuyente.telefono.say, contribuyente.heard
    said = say("actualiza mis datos del SII")
    assert "necesito tu clave tributaria" in said["texto"]
    assert [one["id"] for one in said["botones"]] == ["clave_sii"]
    contribuyente.give("otra-Clave9")
    assert [one["id"] for one in heard("no aceptó tu clave")["botones"]] == ["clave_sii"]
    assert "no aceptó tu clave" in say("actualiza mis datos del SII")["texto"]
    contribuyente.give(contribuyente.clave)
    heard("Ya están tus ventas y compras de los últimos dos meses")
    heard("ya tengo todo tu registro desde diciembre de 2024")
    assert "voy al SII por tus ventas y compras" in say("actualiza mis datos del SII")["texto"]
    heard("no hay nada nuevo")
    contribuyente.sii("fallas", {"tipo": "bloqueo", "segundos": 600})
    say("actualiza mis datos del SII")
    until(lambda: "nos pidió esperar hasta" in say("cómo va la actualización")["texto"])
    assert "nos pidió esperar hasta" in say("actualiza mis datos del SII")["texto"]
    assert "registro del SII" in say("cuánto vendí en septiembre")["texto"]
    assert contribuyente.sii("violaciones") == []


@pytest.mark.engine
def test_nothing_of_the_clave_is_on_the_disk(contribuyente: Contribuyente) -> None:
    """Neither a clave nor the service's token is in any log, nor in the database's files."""
    stack = contribuyente.stack
    secret = [contribuyente.clave, "otra-Clave9", stack.secret("demo_sii")]
    for path in stack.data.rglob("*"):
        if path.is_file() and path.name != "secrets.json":
            content = path.read_bytes()
            assert not [one for one in secret if one.encode() in content], path
