"""Is it alive, is it ready, and the pages' files."""

from typing import Literal

from aiohttp import web

from api.auth import Auth
from api.endpoint import answer_of, endpoint
from api.fields import Answer
from api.keys import DOCUMENT, SERVICES
from api.pages.paths import WEB
from bot.core.errors import ServiceUnavailableError
from bot.settings import VERSION

routes = web.RouteTableDef()
routes.static("/static", WEB / "static")


class Vivo(Answer):
    """Alive, with this version of the code; `modelo` is the id of the engine's, or `no responde`."""

    estado: Literal["ok"] = "ok"
    version: str
    modelo: str


class Listo(Answer):
    """Each dependency: `ok`, `no responde`, `sin configurar`, or how it is in another word.

    Only without the database or the engine is it not ready: then nobody can be answered.
    """

    base_de_datos: str
    motor: str
    trabajador: str
    archivos: str
    indice: str
    antivirus: str
    sii: str
    whatsapp: str
    telegram: str
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
    """Alive, and what it is made of."""
    return Vivo(version=VERSION, modelo=await request.app[SERVICES].salud.modelo())


@routes.get("/ready")
@endpoint(
    "¿Está listo? Cada dependencia por su nombre",
    auth=Auth.NADIE,
    answer=Listo,
    errors=(ServiceUnavailableError,),
)
async def ready(request: web.Request) -> web.Response:
    """Each dependency by name; 503 if nobody can be answered."""
    salud = await request.app[SERVICES].salud.estado()
    return answer_of(Listo(**salud.estados), status=200 if salud.listo else 503)


def _page(name: str) -> web.FileResponse:
    return web.FileResponse(WEB / name, headers={"Cache-Control": "no-cache"})
