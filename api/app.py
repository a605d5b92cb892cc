"""The api program: REST, the web chat and the engine's action calls."""

import asyncio
import gc
import json
import os
import socket

from aiohttp import web

from actions import make_executor
from api import actions_webhook, metrics, webhooks
from api.endpoint import MAXIMUM_JSON
from api.headers import add_headers, lighter
from api.keys import DOCUMENT, EXECUTOR, MEMORY_LIMITS, SERVICES, SETTINGS, STREAMS, TRAININGS
from api.metrics import measured, tell_id
from api.openapi import build_document
from api.pages import (
    ajustes,
    consola,
    consola_casos,
    contratos_corregir,
    empresas,
    entrada,
    entrenar,
    entrenar_modelos,
    inicio,
)
from api.pages import contratos as pagina_contratos
from api.pages import cuenta as pagina_cuenta
from api.pages import iva as pagina_iva
from api.pages import registro as pagina_registro
from api.pages.page import faces, prepare
from api.problems import problems
from api.routes import (
    acceso,
    admin,
    archivos,
    avisos,
    casos,
    chats,
    contratos,
    contratos_preguntar,
    conversacion,
    cuenta,
    datos_personales,
    eventos,
    informes,
    iva,
    registro,
    servicio,
    sii,
)
from api.streams import Streams
from bot.bootstrap import Services, limits_in_memory, open_services
from bot.settings import VERSION, Settings

ROUTES = (
    acceso,
    cuenta,
    chats,
    avisos,
    datos_personales,
    registro,
    iva,
    contratos_preguntar,
    sii,
    contratos,
    conversacion,
    eventos,
    archivos,
    informes,
    servicio,
    admin,
    casos,
)
PAGES = (
    entrada,
    inicio,
    pagina_registro,
    pagina_iva,
    pagina_contratos,
    contratos_corregir,
    ajustes,
    pagina_cuenta,
    empresas,
)
CONSOLE = (consola, consola_casos, entrenar, entrenar_modelos)


def make_app(settings: Settings, services: Services) -> web.Application:
    """The application on open services (tests bring their own)."""
    app = web.Application(client_max_size=MAXIMUM_JSON, middlewares=[measured, lighter, faces, problems])
    app[SERVICES] = services
    app[SETTINGS] = settings
    app[EXECUTOR] = make_executor(services)
    app[MEMORY_LIMITS] = limits_in_memory()
    app[STREAMS] = Streams()
    app[TRAININGS] = set()
    prepare(app)
    for module in (*ROUTES, *PAGES, *CONSOLE, metrics, actions_webhook, webhooks):
        app.router.add_routes(module.routes)
    app[DOCUMENT] = json.dumps(build_document(app, VERSION), ensure_ascii=False).encode()
    app.on_response_prepare.append(add_headers)
    app.on_response_prepare.append(tell_id)
    app.on_shutdown.append(_end_streams)
    app.on_shutdown.append(entrenar_modelos.stop_trainings)
    return app


async def _end_streams(app: web.Application) -> None:
    """They would go on for minutes, and the server waits for what it has begun."""
    app[STREAMS].close()


def _site(runner: web.AppRunner, settings: Settings) -> web.BaseSite:
    """Where to listen: the supervisor hands its open socket over; alone, the port of the settings."""
    given = os.environ.get("LISTEN_FD")
    if given:
        return web.SockSite(runner, socket.socket(fileno=int(given)))
    return web.TCPSite(runner, settings.host, settings.port)


async def _poll_telegram(settings: Settings, services: Services) -> None:
    """On a laptop Telegram cannot reach us, so we ask it."""
    telegram = services.puertas.telegram
    if telegram is not None and settings.telegram_mode == "polling":
        await telegram.poll(lambda arrived: services.canales.recibir("telegram", arrived))


def _settle(services: Services) -> None:
    """Load what is loaded late, and keep the garbage collector from going through all of it ever again.

    That would take half a second, in which nobody is answered.
    """
    services.saber.preparar()
    gc.collect()
    gc.freeze()


async def run_api(settings: Settings, database_url: str) -> None:
    """Serve until cancelled."""
    async with open_services(settings, database_url) as services:
        runner = web.AppRunner(make_app(settings, services), access_log=None, handle_signals=False)
        await runner.setup()
        polling = asyncio.create_task(_poll_telegram(settings, services))
        learning = asyncio.create_task(asyncio.to_thread(_settle, services))
        try:
            await _site(runner, settings).start()
            await asyncio.Event().wait()
        finally:
            polling.cancel()
            learning.cancel()
            await runner.cleanup()
