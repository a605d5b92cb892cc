"""The rights over personal data."""

import asyncio
import os
from collections.abc import Mapping
from datetime import datetime
from typing import IO, Annotated

from aiohttp import web
from pydantic import Field, SecretStr

from api.auth import Auth
from api.client import client_of
from api.endpoint import answer_of, endpoint
from api.fields import Answer, Model, Password
from api.keys import SERVICES
from api.routes.acceso import without_cookie
from api.routes.cuenta import EnlaceBody
from bot.core.errors import LinkInvalidError, NotFoundError, PasswordWrongError, TooManyRequestsError
from bot.services.ports import Quien
from bot.services.ports_datos import Recibo
from bot.services.ports_secretos import PropositoEnlace

routes = web.RouteTableDef()
_ZIP = "application/zip"
_CHUNK = 2**16


class Borrar(Model):
    """The password: erasing cannot be undone."""

    password: Password


class BorrarConEnlace(EnlaceBody):
    """The secret of the link, and the password of an account that has one."""

    password: Password = SecretStr("")


class ReciboPath(Model):
    """The number of a receipt."""

    recibo: Annotated[str, Field(pattern=r"^[0-9a-f-]{36}$")]


class ReciboAnswer(Answer):
    """What was erased, never whose; `compactado` is when, within a day, no byte was left on the disk."""

    recibo: str
    momento: datetime
    filas: Mapping[str, int]
    compactado: datetime | None


# HEAD would make the whole file, and count it.
@routes.get("/api/mis-datos", allow_head=False)
@endpoint(
    "Descargar todo lo que se guarda de mí",
    auth=Auth.SESION,
    errors=(TooManyRequestsError,),
    content_type=_ZIP,
)
async def exportar_datos(request: web.Request, quien: Quien) -> web.StreamResponse:
    """A ZIP of everything about the taxpayer."""
    with await request.app[SERVICES].datos.exportar(quien) as zip_file:
        return await _download(request, zip_file)


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
    cliente, token = client_of(request), body.token.get_secret_value()
    quien, _ = await services.enlaces.abierto(token, PropositoEnlace.DATOS, cliente)
    with await services.datos.exportar(quien) as zip_file:
        # Used up once nothing but the network can fail.
        await services.enlaces.usar(token, PropositoEnlace.DATOS, cliente)
        return await _download(request, zip_file)


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
    # Who registered in a chat has none; the link was handed out in that very chat.
    if (await services.acceso.contribuyente(quien)).password_hash:
        await services.acceso.confirmar(quien, body.password.get_secret_value())
    await services.enlaces.usar(token, PropositoEnlace.BORRAR, cliente)
    return _recibo(await services.datos.borrar(quien))


async def _download(request: web.Request, zip_file: IO[bytes]) -> web.StreamResponse:
    response = web.StreamResponse(
        headers={
            "Content-Type": _ZIP,
            "Content-Disposition": 'attachment; filename="tributa-mis-datos.zip"',
            "Content-Length": str(os.fstat(zip_file.fileno()).st_size),
        }
    )
    await response.prepare(request)
    while chunk := await asyncio.to_thread(zip_file.read, _CHUNK):
        await response.write(chunk)
    await response.write_eof()
    return response


def _recibo(recibo: Recibo) -> ReciboAnswer:
    return ReciboAnswer(
        recibo=recibo.id, momento=recibo.momento, filas=recibo.filas, compactado=recibo.compactado
    )
