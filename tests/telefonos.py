"""People with a phone: WhatsApp's and Telegram's simulators over HTTP, as their own pages use them."""

import base64
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlencode

from tests.stack import Stack

SECONDS = 150.0  # machines that run the tests are slow now and then


def fetch(url: str, body: object = None, method: str | None = None) -> Any:
    """JSON there and back."""
    raw = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, raw, {"Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:
        return json.load(answer)


def download(url: str, **headers: str) -> tuple[bytes, str]:
    """A file, and the name under which it would be saved."""
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=SECONDS) as answer:
        named = str(answer.headers["Content-Disposition"] or "")
        return answer.read(), unquote(named.partition("filename*=UTF-8''")[2])


def status(url: str, raw: bytes | None = None, **headers: str) -> tuple[int, str]:
    """What a raw request is answered."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, raw, named), timeout=120) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, ""


def until[T](look: Callable[[], T], seconds: float = SECONDS) -> T:
    """What is seen once there is something to see."""
    deadline = time.monotonic() + seconds
    while not (seen := look()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)
    return seen


@dataclass
class Telefono:
    """Somebody with WhatsApp."""

    stack: Stack
    numero: str

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.stack.telefono}"

    def write(self, **what: Any) -> str:
        """Send something; its id."""
        sent = fetch(f"{self.url}/telefono/mensajes", {"telefono": self.numero, **what})
        return str(sent["mensaje"]["id"])

    def said(self, after: str = "") -> list[dict[str, Any]]:
        """What Tributa wrote, after a message or at all."""
        query = urlencode({"telefono": self.numero, "tras": after})
        found: list[dict[str, Any]] = fetch(f"{self.url}/mensajes.json?{query}")["mensajes"]
        return [one for one in found if one["de"] == "negocio"]

    def say(self, texto: str = "", **what: Any) -> dict[str, Any]:
        """Send something and wait for what comes back."""
        sent = self.write(**({"texto": texto} if texto else {}), **what)
        return until(lambda: self.said(sent))[-1]

    def send_file(
        self, nombre: str, content: bytes, texto: str = "", mime: str = "text/csv"
    ) -> dict[str, Any]:
        """Send a document."""
        archivo = {"nombre": nombre, "mime": mime, "como_documento": True}
        archivo["base64"] = base64.b64encode(content).decode()
        return self.say(texto, archivo=archivo)

    def codes(self) -> list[str]:
        """The codes that arrived here."""
        return [one["codigo"] for one in self.said() if one["codigo"]]

    def fail(self, **what: Any) -> None:
        """What goes wrong on WhatsApp's side from now on; nothing without arguments."""
        fetch(f"{self.url}/simulador/fallas", what or None, "POST" if what else "DELETE")


@dataclass
class Chat:
    """Somebody with Telegram."""

    stack: Stack
    usuario: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.stack.telegram}"

    def said(self, after: int = 0) -> list[dict[str, Any]]:
        """What Tributa wrote after a message."""
        found = fetch(f"{self.url}/telegram/mensajes.json?usuario={self.usuario}")["mensajes"]
        return [one for one in found if one["de"] == "bot" and one["id"] > after]

    def say(self, texto: str = "", **what: Any) -> dict[str, Any]:
        """Send or press something and wait for what comes back."""
        before = max((one["id"] for one in self._all()), default=0)
        body = {"usuario": self.usuario, **({"texto": texto} if texto else {}), **what}
        fetch(f"{self.url}/telegram/mensajes", body)
        return until(lambda: self.said(before))[-1]

    def send_file(
        self, nombre: str, content: bytes, texto: str = "", mime: str = "text/csv"
    ) -> dict[str, Any]:
        """Send a document."""
        archivo = {"nombre": nombre, "mime": mime, "base64": base64.b64encode(content).decode()}
        return self.say(texto, archivo=archivo)

    def _all(self) -> list[dict[str, Any]]:
        try:
            found: list[dict[str, Any]] = fetch(f"{self.url}/telegram/mensajes.json?usuario={self.usuario}")[
                "mensajes"
            ]
        except urllib.error.HTTPError:  # nobody knows them yet
            return []
        return found
