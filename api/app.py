"""The api program: REST, the web chat and the engine's action calls."""

import asyncio
import json
import os
import socket

from aiohttp import web, web_response

from actions import make_executor
from api import actions_webhook, metrics
from api.client import is_https
from api.keys import DOCUMENT, EXECUTOR, MEMORY_LIMITS, METRICS, SERVICES, SETTINGS
from api.metrics import Metrics, measured
from api.openapi import build_document
from api.problems import problems
from api.routes import acceso, admin, conversacion, cuenta, datos_personales, iva, registro, servicio
from bot.bootstrap import Services, limits_in_memory, open_services
from bot.settings import VERSION, Settings

# The engine sends the whole tracker and domain with every action call.
MAXIMUM_BODY = 16 * 2**20
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; object-src 'none';"
    " base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "X-Frame-Options": "DENY",
}
_HSTS = "max-age=31536000"
_SERVER = "Tributa"
# What aiohttp answers itself to malformed requests passes by our headers.
setattr(web_response, "SERVER_SOFTWARE", _SERVER)  # noqa: B010  (not an export of the module)
ROUTES = (acceso, cuenta, datos_personales, registro, iva, conversacion, servicio, admin)


def make_app(settings: Settings, services: Services) -> web.Application:
    """The application on open services (tests bring their own)."""
    app = web.Application(client_max_size=MAXIMUM_BODY, middlewares=[measured, problems])
    app[SERVICES] = services
    app[SETTINGS] = settings
    app[EXECUTOR] = make_executor(services)
    app[METRICS] = Metrics()
    app[MEMORY_LIMITS] = limits_in_memory()
    for module in (*ROUTES, metrics, actions_webhook):
        app.router.add_routes(module.routes)
    app[DOCUMENT] = json.dumps(build_document(app, VERSION), ensure_ascii=False).encode()
    app.on_response_prepare.append(_add_headers)
    return app


async def _add_headers(request: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(_HEADERS)
    response.headers["Server"] = _SERVER
    if is_https(request):
        response.headers["Strict-Transport-Security"] = _HSTS
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
