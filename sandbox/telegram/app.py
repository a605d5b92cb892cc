"""The application: the Bot API, the driver and the page."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Handler
from pydantic import ValidationError

from sandbox.telegram import api, driver
from sandbox.telegram.errors import DriverError, usual
from sandbox.telegram.limits import Clock
from sandbox.telegram.methods import LOOPBACK
from sandbox.telegram.simulator import Simulator
from sandbox.telegram.webhook import Deliverer

WEB = Path(__file__).resolve().parent / "web"
_BODY_BYTES = 80 << 20  # what a person sends is base64
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def _now() -> datetime:
    return datetime.now(UTC)


def make_app(token: str, clock: Clock = _now, pause: float = 1.0) -> web.Application:
    """The simulator; `pause` is how many seconds the webhook rests after its second failure."""
    app = web.Application(middlewares=[_only_this_machine, _tell_faults], client_max_size=_BODY_BYTES)
    app[api.SIMULATOR] = Simulator(token, clock)
    for verb in ("GET", "POST"):
        app.router.add_route(verb, "/bot{token:[^/]+}/{method:[^/]+}", api.call)
    app.router.add_get("/file/bot{token:[^/]+}/{path:.+}", api.download)
    app.router.add_post("/telegram/mensajes", driver.act)
    app.router.add_get("/telegram/mensajes.json", driver.messages)
    app.router.add_get("/telegram/personas.json", driver.people)
    app.router.add_get("/telegram/archivos/{id}", driver.file_)
    app.router.add_get("/telegram/eventos", driver.events)
    app.router.add_post("/telegram/bloquear", driver.block)
    app.router.add_post("/simulador/fallas", driver.fail)
    app.router.add_get("/", page)
    app.router.add_static("/static", WEB)

    async def deliver(app: web.Application) -> AsyncIterator[None]:
        task = asyncio.create_task(Deliverer(app[api.SIMULATOR], pause).run())
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    app.cleanup_ctx.append(deliver)
    app.on_shutdown.append(_let_go)
    app.on_response_prepare.append(_add_headers)
    return app


@web.middleware
async def _only_this_machine(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Another site's page must not write or read here through a name that it points to this machine."""
    host = (request.url.host or "").lower()
    site = request.headers.get("Sec-Fetch-Site", "none")
    if host not in LOOPBACK or site not in ("none", "same-origin"):
        raise web.HTTPForbidden()
    if request.method == "POST" and not _is_ours(request):
        raise web.HTTPUnsupportedMediaType()
    return await handler(request)


def _is_ours(request: web.Request) -> bool:
    """Old browsers name no site, but ask before they send JSON elsewhere; bots may use forms."""
    return request.path.startswith("/bot") or request.content_type == "application/json"


@web.middleware
async def _tell_faults(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except ValidationError as error:
        return web.json_response({"error": driver.explain(error)}, status=400)
    except DriverError as error:
        return web.json_response({"error": str(error)}, status=409)
    except web.HTTPException as error:
        if request.path.startswith(("/bot", "/file/bot")):
            return usual(error.status).response()
        raise


async def page(request: web.Request) -> web.FileResponse:
    """The chats."""
    return web.FileResponse(WEB / "telegram.html")


async def _let_go(app: web.Application) -> None:
    """Whoever polls or watches would hold up the end."""
    app[api.SIMULATOR].updates.close()
    app[api.SIMULATOR].changed.send()


async def _add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """Streams and errors have them too."""
    response.headers.update(_HEADERS)
