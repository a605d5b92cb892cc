"""The api program: REST, the web chat and the engine's action calls."""

import asyncio
import os
import socket

from aiohttp import web

from actions import make_executor
from api import actions_webhook
from api.keys import EXECUTOR, SERVICES, SETTINGS
from api.problems import problems
from api.routes import acceso, conversacion, registro, servicio
from bot.bootstrap import Services, open_services
from bot.settings import Settings

# The engine sends the whole tracker and domain with every action call.
MAXIMUM_BODY = 16 * 2**20
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; object-src 'none';"
    " base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def make_app(settings: Settings, services: Services) -> web.Application:
    """The application on open services (tests bring their own)."""
    app = web.Application(client_max_size=MAXIMUM_BODY, middlewares=[problems])
    app[SERVICES] = services
    app[SETTINGS] = settings
    app[EXECUTOR] = make_executor(services)
    for module in (acceso, registro, conversacion, servicio, actions_webhook):
        app.router.add_routes(module.routes)
    app.on_response_prepare.append(_add_headers)
    return app


async def _add_headers(request: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(_HEADERS)
    response.headers["Server"] = "Tributa"
    if request.path.startswith("/api/"):
        response.headers["Cache-Control"] = "no-store"


def _site(runner: web.AppRunner, settings: Settings) -> web.BaseSite:
    """Where to listen: the supervisor hands its open socket over; alone, the port of the settings."""
    given = os.environ.get("LISTEN_FD")
    if given:
        return web.SockSite(runner, socket.socket(fileno=int(given)))
    return web.TCPSite(runner, settings.host, settings.port)


async def run_api(settings: Settings, database_url: str) -> None:
    """Serve until cancelled."""
    async with open_services(settings, database_url) as services:
        runner = web.AppRunner(make_app(settings, services), access_log=None, handle_signals=False)
        await runner.setup()
        try:
            await _site(runner, settings).start()
            await asyncio.Event().wait()
        finally:
            await runner.cleanup()
