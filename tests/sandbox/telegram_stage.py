"""A running Telegram simulator, and both sides of it."""

import base64
import struct
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
from aiohttp import web
from telegram import Bot

from sandbox.telegram.api import SIMULATOR
from sandbox.telegram.app import make_app
from sandbox.telegram.simulator import Simulator

TOKEN = "7000000001:prueba"
ANA, BETO = 501, 502


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class Stage:
    """The simulator, the persons' side over HTTP, and a client for the bot's."""

    url: str
    clock: Clock
    simulator: Simulator
    session: aiohttp.ClientSession
    bot: Bot

    async def post(self, path: str, body: dict[str, Any], status: int = 200) -> dict[str, Any]:
        """A call of the driver."""
        async with self.session.post(f"{self.url}{path}", json=body) as answer:
            found: dict[str, Any] = await answer.json()
            assert answer.status == status, found
            return found

    async def act(self, who: int, status: int = 200, **what: Any) -> dict[str, Any]:
        """A person does something."""
        return await self.post("/telegram/mensajes", {"usuario": who, **what}, status)

    async def screen(self, who: int) -> dict[str, Any]:
        """What a person sees."""
        async with self.session.get(f"{self.url}/telegram/mensajes.json", params={"usuario": who}) as answer:
            found: dict[str, Any] = await answer.json()
            return found

    async def seen(self, who: int) -> list[dict[str, Any]]:
        """The messages of a person's chat."""
        found: list[dict[str, Any]] = (await self.screen(who))["mensajes"]
        return found

    async def fail(self, **faults: Any) -> None:
        """What goes wrong from now on."""
        await self.post("/simulador/fallas", faults)

    async def call(self, method: str, token: str = TOKEN, **given: Any) -> tuple[int, dict[str, Any]]:
        """The Bot API without a client library; arguments as of aiohttp."""
        async with self.session.post(f"{self.url}/bot{token}/{method}", **given) as answer:
            return answer.status, await answer.json()


@asynccontextmanager
async def staged() -> AsyncIterator[Stage]:
    """A simulator in which Ana and Beto have pressed Start, and without limits of speed."""
    clock = Clock()
    app = make_app(TOKEN, clock, pause=0.01)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    bot = Bot(TOKEN, base_url=f"{url}/bot", base_file_url=f"{url}/file/bot")
    async with aiohttp.ClientSession() as session, bot:
        stage = Stage(url, clock, app[SIMULATOR], session, bot)
        await stage.fail(limites=None)
        for who, name in ((ANA, "Ana Rayén"), (BETO, "Beto")):
            await stage.act(who, nombre=name, texto="/start")
        stage.simulator.updates.clear()
        yield stage
    await runner.cleanup()


@asynccontextmanager
async def listening(bot: "Hook") -> AsyncIterator[str]:
    """A bot's webhook; its address."""
    app = web.Application()
    app.router.add_post("/aviso", bot.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/aviso"
    await runner.cleanup()


class Hook:
    """Takes updates, after refusing as often as it is told to."""

    def __init__(self, *refusals: int) -> None:
        self.refusals = list(refusals)
        self.taken: list[dict[str, Any]] = []
        self.secrets: set[str | None] = set()

    async def take(self, request: web.Request) -> web.Response:
        self.secrets.add(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        if self.refusals:
            return web.Response(status=self.refusals.pop(0))
        self.taken.append(await request.json())
        return web.Response()

    @property
    def texts(self) -> list[str]:
        return [one["message"]["text"] for one in self.taken]


def png(width: int = 40, height: int = 30) -> bytes:
    """A grey picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress((b"\0" + b"\x90" * width) * height)
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def encoded(data: bytes) -> str:
    """For the driver's JSON."""
    return base64.b64encode(data).decode()
