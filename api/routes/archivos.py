"""Files of the taxpayer: what Tributa made for them."""

from typing import Annotated
from urllib.parse import quote

from aiohttp import web
from pydantic import Field

from api.auth import Auth
from api.endpoint import endpoint
from api.fields import Model
from api.keys import SERVICES
from bot.core.errors import NotFoundError
from bot.services.ports import Quien
from bot.services.ports_archivos import Contenido

routes = web.RouteTableDef()
# What a browser may show in the page; everything else is saved.
_SHOWN = ("image/png", "image/jpeg")


class ArchivoPath(Model):
    """Which file."""

    id: Annotated[str, Field(pattern=r"^[\w-]{1,64}$")]


@routes.get("/api/archivos/{id}")
@endpoint("Un archivo que Tributa te envió", auth=Auth.SESION, errors=(NotFoundError,), content_type="*/*")
async def archivo(request: web.Request, quien: Quien, path: ArchivoPath) -> web.Response:
    """A file that came with a message: pictures to be shown, everything else to be saved."""
    return file_response(await request.app[SERVICES].archivos.abrir(quien, path.id))


def file_response(contenido: Contenido) -> web.Response:
    """A file that can do nothing in a browser but be looked at or saved."""
    way = "inline" if contenido.mime in _SHOWN else "attachment"
    return web.Response(
        body=contenido.datos,
        headers={
            "Content-Type": contenido.mime,
            "Content-Disposition": f"{way}; filename*=UTF-8''{quote(contenido.nombre)}",
            "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
        },
    )
