"""Is it alive, is it ready, and the pages' files."""

from typing import Literal

from aiohttp import web

from api.auth import Auth
from api.endpoint import answer_of, endpoint
from api.fields import Answer
from api.keys import DOCUMENT, SERVICES
from api.pages.paths import WEB
from bot.core.errors import ServiceUnavailableError

routes = web.RouteTableDef()
routes.static("/static", WEB / "static")


class Vivo(Answer):
    """Alive."""

    estado: Literal["ok"] = "ok"


class Listo(Answer):
    """Each dependency: `ok` or `no responde`. A late backup is told, and does not make it less ready."""

    base_de_datos: str
    motor: str
    respaldo: str


@routes.get("/enlace")
async def enlace(request: web.Request) -> web.FileResponse:
    """The page of one-time links; its secret comes after `#` and stays in the browser."""
    return _page("enlace.html")


@routes.get("/docs")
async def docs(request: web.Request) -> web.FileResponse:
    """The contract, to browse."""
    return _page("docs.html")


@routes.get("/openapi.json")
async def openapi(request: web.Request) -> web.Response:
    """The contract, for programs."""
    return web.json_response(body=request.app[DOCUMENT])


@routes.get("/health")
@endpoint("¿Está vivo?", auth=Auth.NADIE, answer=Vivo)
async def health(request: web.Request) -> Vivo:
    """Alive."""
    return Vivo()


@routes.get("/ready")
@endpoint(
    "¿Está listo? Cada dependencia por su nombre",
    auth=Auth.NADIE,
    answer=Listo,
    errors=(ServiceUnavailableError,),
)
async def ready(request: web.Request) -> web.Response:
    """Each dependency by name; 503 if one is missing."""
    services = request.app[SERVICES]
    states = {"base_de_datos": await services.database.ready(), "motor": await services.motor.ready()}
    told = {name: "ok" if fine else "no responde" for name, fine in states.items()}
    respaldo = await services.respaldos.estado() if states["base_de_datos"] else "no responde"
    return answer_of(Listo(**told, respaldo=respaldo), status=200 if all(states.values()) else 503)


def _page(name: str) -> web.FileResponse:
    return web.FileResponse(WEB / name, headers={"Cache-Control": "no-cache"})
