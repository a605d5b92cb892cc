"""A WhatsApp for tests: the simulator on a port, a webhook that remembers, and pywa as its client."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
from aiohttp import web
from aiohttp.test_utils import TestServer
from pywa_async import WhatsApp, utils

from sandbox.whatsapp.app import make_app
from sandbox.whatsapp.settings import Business
from sandbox.whatsapp.simulator import Simulator

PHONE, WA_ID = "+56911111111", "56911111111"
BUSINESS = Business(token="t0ken", app_secret="s3cret", verify_token="v3rify")
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
PDF = b"%PDF-1.7\n" + bytes(100)


@dataclass
class Webhook:
    """Remembers what it gets; answers with the next of `answers`, and then with 200."""

    answers: list[int] = field(default_factory=list)
    got: list[tuple[bytes, str]] = field(default_factory=list)
    accepted: list[dict[str, Any]] = field(default_factory=list)
    taken: Callable[[dict[str, Any]], None] | None = None

    def make_app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/hook", self.challenge)
        app.router.add_post("/hook", self.take)
        return app

    async def challenge(self, request: web.Request) -> web.Response:
        if request.query["hub.verify_token"] != BUSINESS.verify_token:
            return web.Response(status=403)
        return web.Response(text=request.query["hub.challenge"])

    async def take(self, request: web.Request) -> web.Response:
        raw = await request.read()
        self.got.append((raw, request.headers["X-Hub-Signature-256"]))
        status = self.answers.pop(0) if self.answers else 200
        if status == 200:
            self.accepted.append(json.loads(raw))
            if self.taken:
                self.taken(json.loads(raw))
        return web.Response(status=status)

    def values(self, what: str) -> list[dict[str, Any]]:
        """All accepted messages, statuses or contacts, in the order in which they came."""
        return [
            item
            for body in self.accepted
            for entry in body["entry"]
            for change in entry["changes"]
            for item in change["value"].get(what, [])
        ]

    async def wait(self, what: str, count: int, seconds: float = 60) -> list[dict[str, Any]]:
        """The same, once there are so many."""
        await until(lambda: len(self.values(what)) >= count, seconds)
        return self.values(what)


async def until(true: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for it."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        await asyncio.sleep(0.01)


@dataclass
class Sim:
    """A running simulator with its webhook and its clients."""

    state: Simulator
    webhook: Webhook
    url: str
    http: httpx.AsyncClient
    wa: WhatsApp

    async def graph(
        self, body: dict[str, Any], path: str = "", headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """POST to the Graph API as its own client would, without pywa's help."""
        path = path or f"{self.state.business.phone_id}/messages"
        base = {"messaging_product": "whatsapp", "to": WA_ID} if path.endswith("/messages") else {}
        token = {"Authorization": f"Bearer {self.state.business.token}"}
        return await self.http.post(
            f"/v23.0/{path}", json={**base, **body}, headers={**token, **(headers or {})}
        )

    async def write(self, **what: Any) -> dict[str, Any]:
        """A person sends something."""
        if "telefono" not in what and "bsuid" not in what:
            what["telefono"] = PHONE
        answer = await self.http.post("/telefono/mensajes", json=what)
        assert answer.status_code == 200, answer.text
        result: dict[str, Any] = answer.json()["mensaje"]
        return result

    async def read(self, phone: str = PHONE) -> list[dict[str, Any]]:
        """A conversation."""
        answer = await self.http.get("/mensajes.json", params={"telefono": phone})
        found: list[dict[str, Any]] = answer.json()["mensajes"]
        return found

    async def faults(self, **what: Any) -> None:
        """Set faults as another program would."""
        answer = await self.http.post("/simulador/fallas", json=what)
        assert answer.status_code == 200, answer.text


def code_of(answer: httpx.Response) -> int:
    """The Graph API's error code; 0 for none."""
    return int(answer.json()["error"]["code"]) if answer.status_code != 200 else 0


def signature(raw: bytes, secret: str = BUSINESS.app_secret) -> str:
    """What the header must say."""
    return "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()


@asynccontextmanager
async def running() -> AsyncIterator[Sim]:
    """A simulator of its own for one test."""
    async with AsyncExitStack() as stack:
        webhook = Webhook()
        hook = await stack.enter_async_context(TestServer(webhook.make_app()))
        state = Simulator(replace(BUSINESS, callback_url=str(hook.make_url("/hook"))))
        state.faults.reintento_base = 0.01
        server = await stack.enter_async_context(TestServer(make_app(state)))
        url = str(server.make_url("")).rstrip("/")
        http = await stack.enter_async_context(httpx.AsyncClient(base_url=url))
        session = await stack.enter_async_context(httpx.AsyncClient())
        wa = WhatsApp(
            phone_id=BUSINESS.phone_id,
            token=BUSINESS.token,
            session=session,
            waba_id=BUSINESS.waba_id,
            app_secret=BUSINESS.app_secret,
            verify_token=BUSINESS.verify_token,
            skip_duplicate_updates=False,
            api_version="23.0",
            user_identifier_priority=(
                utils.UserIdentifier.WA_ID,
                utils.UserIdentifier.BSUID,
                utils.UserIdentifier.PARENT_BSUID,
            ),
        )
        session.base_url = httpx.URL(f"{url}/v23.0")
        yield Sim(state, webhook, url, http, wa)
