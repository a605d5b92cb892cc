"""The product's own webhooks on a port, without a database behind them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace

from aiohttp import web
from aiohttp.test_utils import TestServer

from api.keys import SERVICES
from api.webhooks import routes
from bot.bootstrap.adapters import Puertas
from bot.channels.telegram import TelegramCanal
from bot.channels.whatsapp import WhatsAppCanal


@asynccontextmanager
async def puertas(verify_token: str = "", hook_secret: str = "") -> AsyncIterator[str]:
    """Its address; a channel without a secret is not set up."""
    whatsapp = WhatsAppCanal("http://127.0.0.1:9", "23.0", "1", "t", "s", verify_token)
    telegram = TelegramCanal("http://127.0.0.1:9", "1:t", hook_secret)
    app = web.Application()
    app[SERVICES] = SimpleNamespace(puertas=Puertas(whatsapp if verify_token else None, telegram))
    app.add_routes(routes)
    async with TestServer(app) as server:
        yield str(server.make_url("")).rstrip("/")
    await whatsapp.close()
    await telegram.close()


@asynccontextmanager
async def otro_programa(status: int) -> AsyncIterator[str]:
    """Somebody else answers there, always the same."""

    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=status, text="<html>", headers={"Location": "https://127.0.0.1/"})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    async with TestServer(app) as server:
        yield str(server.make_url("")).rstrip("/")
