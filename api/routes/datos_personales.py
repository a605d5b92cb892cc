"""The rights over personal data."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated

from aiohttp import web
from pydantic import Field

from api.auth import Auth
from api.client import client_of
from api.endpoint import answer_of, endpoint
from api.fields import Answer, Model, Password
from api.keys import SERVICES
from api.routes.acceso import without_cookie
from api.routes.cuenta import EnlaceBody
from bot.core.errors import LinkInvalidError, NotFoundError, PasswordWrongError, TooManyRequestsError
from bot.services.ports import Quien
from bot.services.ports_acceso import PropositoEnlace
from bot.services.ports_datos import Recibo

routes = web.RouteTableDef()
_ZIP = "application/zip"
_CHUNK = 2**16


class Borrar(Model):
    """The password: erasing cannot be undone."""

    password: Password


class BorrarConEnlace(EnlaceBody):
    """The secret of the link, and the password."""

    password: Password


class ReciboPath(Model):
    """The number of a receipt."""

    recibo: Annotated[str, Field(pattern=r"^[0-9a-f-]{36}$")]


class ReciboAnswer(Answer):
    """What was erased, never whose; `compactado` is when the last byte was gone from the disk."""

    recibo: str
    momento: datetime
    filas: Mapping[str, int]
    compactado: datetime | None


@routes.get("/api/mis-datos")
@endpoint(
    "Descargar todo lo que se guarda de mí",
    auth=Auth.SESION,
    errors=(TooManyRequestsError,),
    content_type=_ZIP,
)
async def exportar_datos(request: web.Request, quien: Quien) -> web.StreamResponse:
    """A ZIP of everything about the taxpayer."""
    return await _download(request, await request.app[SERVICES].datos.exportar(quien))


@routes.delete("/api/mis-datos")
@endpoint(
    "Borrar todo lo que se guarda de mí",
    auth=Auth.SESION,
    answer=ReciboAnswer,
    errors=(PasswordWrongError, TooManyRequestsError),
)
async def borrar_datos(request: web.Request, quien: Quien, body: Borrar) -> web.Response:
    """Erase everything of the taxpayer."""
    services = request.app[SERVICES]
    await services.acceso.confirmar(quien, body.password.get_secret_value())
    return without_cookie(answer_of(_recibo(await services.datos.borrar(quien))))


@routes.get("/api/borrados/{recibo}")
@endpoint("El estado de un borrado", auth=Auth.NADIE, answer=ReciboAnswer, errors=(NotFoundError,))
async def borrado(request: web.Request, path: ReciboPath) -> ReciboAnswer:
    """What a receipt proves."""
    return _recibo(await request.app[SERVICES].datos.recibo(path.recibo))


@routes.post("/api/enlaces/datos")
@endpoint(
    "Descargar mis datos con un enlace de un solo uso",
    auth=Auth.NADIE,
    errors=(LinkInvalidError, TooManyRequestsError),
    content_type=_ZIP,
)
async def datos_con_enlace(request: web.Request, body: EnlaceBody) -> web.StreamResponse:
    """A ZIP of everything about the taxpayer that a link was handed out to."""
    services = request.app[SERVICES]
    token = body.token.get_secret_value()
    quien, _ = await services.enlaces.usar(token, PropositoEnlace.DATOS, client_of(request))
    return await _download(request, await services.datos.exportar(quien))


@routes.post("/api/enlaces/borrar")
@endpoint(
    "Borrar mis datos con un enlace de un solo uso y la contraseña",
    auth=Auth.NADIE,
    answer=ReciboAnswer,
    errors=(LinkInvalidError, PasswordWrongError, TooManyRequestsError),
)
async def borrar_con_enlace(request: web.Request, body: BorrarConEnlace) -> ReciboAnswer:
    """Erase everything of the taxpayer that a link was handed out to."""
    services = request.app[SERVICES]
    cliente, token = client_of(request), body.token.get_secret_value()
    quien, _ = await services.enlaces.abierto(token, PropositoEnlace.BORRAR, cliente)
    await services.acceso.confirmar(quien, body.password.get_secret_value())
    await services.enlaces.usar(token, PropositoEnlace.BORRAR, cliente)
    return _recibo(await services.datos.borrar(quien))


async def _download(request: web.Request, zip_file: Path) -> web.StreamResponse:
    """Send the file and remove it, also if whoever asked goes away."""
    try:
        size = (await asyncio.to_thread(zip_file.stat)).st_size
        response = web.StreamResponse(
            headers={
                "Content-Type": _ZIP,
                "Content-Disposition": 'attachment; filename="tributa-mis-datos.zip"',
                "Content-Length": str(size),
            }
        )
        await response.prepare(request)
        with await asyncio.to_thread(zip_file.open, "rb") as file:
            while chunk := await asyncio.to_thread(file.read, _CHUNK):
                await response.write(chunk)
        await response.write_eof()
        return response
    finally:
        await asyncio.to_thread(zip_file.unlink)


def _recibo(recibo: Recibo) -> ReciboAnswer:
    return ReciboAnswer(
        recibo=recibo.id, momento=recibo.momento, filas=recibo.filas, compactado=recibo.compactado
    )
