"""Log in and out."""

from typing import Annotated

from aiohttp import web
from pydantic import Field, SecretStr

from api.http import COOKIE, Model, RutField, reply, token_of, validated
from api.keys import SERVICES, SETTINGS
from bot.services.acceso import SESSION_LIFE

routes = web.RouteTableDef()


class Login(Model):
    """RUT and password."""

    rut: RutField
    password: Annotated[SecretStr, Field(max_length=256)]


@routes.post("/api/login")
@validated
async def login(request: web.Request, body: Login) -> web.Response:
    """Open a session: the token for programs, a cookie that scripts cannot read for browsers."""
    token, expira = await request.app[SERVICES].acceso.login(body.rut, body.password.get_secret_value())
    response = reply({"token": token, "expira": expira.isoformat()})
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(SESSION_LIFE.total_seconds()),
        httponly=True,
        samesite="Strict",
        secure=request.secure or request.app[SETTINGS].env == "production",
    )
    return response


@routes.post("/api/logout")
async def logout(request: web.Request) -> web.Response:
    """End the session."""
    await request.app[SERVICES].acceso.logout(token_of(request))
    response = web.Response(status=204)
    response.del_cookie(COOKIE)
    return response
