"""Is it alive, is it ready, and the web chat's files."""

from pathlib import Path

from aiohttp import web

from api.http import reply
from api.keys import SERVICES

routes = web.RouteTableDef()
WEB = Path(__file__).resolve().parent.parent / "web"
routes.static("/static", WEB / "static")


@routes.get("/")
async def index(request: web.Request) -> web.FileResponse:
    """The web chat."""
    return web.FileResponse(WEB / "index.html", headers={"Cache-Control": "no-cache"})


@routes.get("/health")
async def health(request: web.Request) -> web.Response:
    """Alive."""
    return reply({"estado": "ok"})


@routes.get("/ready")
async def ready(request: web.Request) -> web.Response:
    """Each dependency by name; 503 if one is missing."""
    services = request.app[SERVICES]
    states = {"base_de_datos": await services.database.ready(), "motor": await services.motor.ready()}
    told = {name: "ok" if fine else "no responde" for name, fine in states.items()}
    return reply(told, status=200 if all(states.values()) else 503)
