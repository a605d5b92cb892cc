"""Several companies in one browser: each was opened with its own password, one is looked at.

The sessions of the others wait in a cookie of their own; whatever else opens or ends a session drops it.
"""

from collections.abc import Sequence
from typing import Any

from aiohttp import web

from api.auth import COOKIE, OTHERS_COOKIE
from api.client import client_of, must_be_https
from api.fields import Codigo, Model, Password, RutField, Solicitud
from api.keys import SERVICES
from api.pages.page import HechoQuery, page, see, show
from api.problems import status_of
from api.routes.acceso import others_of, with_cookie
from bot.core.errors import BotError, NotAuthenticatedError, NotFoundError
from bot.services.acceso import SESSION_LIFE
from bot.services.ports import Contribuyente, Quien
from bot.services.textos import error_text

routes = web.RouteTableDef()
_MOST = 20


class CambiarForm(Model):
    """Which company to look at."""

    rut: RutField


class AgregarForm(CambiarForm):
    """RUT and password of one more, and the code if one was asked for."""

    password: Password
    codigo: Codigo | None = None
    solicitud: Solicitud | None = None


@routes.get("/empresas")
@page()
async def empresas(request: web.Request, quien: Quien, query: HechoQuery) -> web.Response:
    """The companies that are open in this browser, and a form for one more."""
    return await _show(request, quien, listo=query.listo)


@routes.post("/empresas/cambiar")
@page()
async def cambiar(request: web.Request, quien: Quien, form: CambiarForm) -> web.Response:
    """Look at another of those that are open here; any other is as if there were none.

    Raises:
        NotFoundError
    """
    for token, one in (waiting := await _waiting(request)):
        if one.rut == form.rut:
            await request.app[SERVICES].acceso.quien(token)
            left = [other for other, _ in waiting if other != token]
            return _keep(request, _set(request, see("/"), COOKIE, token), [request.cookies[COOKIE], *left])
    raise NotFoundError()


@routes.post("/empresas/agregar")
@page()
async def agregar(request: web.Request, quien: Quien, form: AgregarForm) -> web.Response:
    """Open one more with its own password, and look at it; the others stay open."""
    acceso = request.app[SERVICES].acceso
    before = [(request.cookies.get(COOKIE, ""), await acceso.contribuyente(quien)), *await _waiting(request)]
    try:
        opened = await acceso.login(
            form.rut,
            form.password.get_secret_value(),
            client_of(request),
            codigo=form.codigo,
            solicitud=form.solicitud,
        )
    except BotError as error:
        typed = {"rut": form.rut.pretty, "solicitud": error.params.get("solicitud", form.solicitud or "")}
        told = error_text(request.app[SERVICES].textos, error)
        return await _show(request, quien, error=told, status=status_of(type(error)), **typed)
    for token, one in before:
        if one.rut == form.rut:
            await acceso.logout(token)
    left = [token for token, one in before if one.rut != form.rut]
    return _keep(request, with_cookie(request, see("/"), opened), left)


async def _show(request: web.Request, quien: Quien, **told: Any) -> web.Response:
    context = {"listo": "", "error": "", "rut": "", "solicitud": "", **told}
    otras = [one for _, one in await _waiting(request)]
    return await show(request, quien, "empresas.html", otras=otras, **context)


async def _waiting(request: web.Request) -> list[tuple[str, Contribuyente]]:
    """The tokens whose sessions are still open, and whose they are; looking at them is no use of them."""
    acceso, found = request.app[SERVICES].acceso, []
    for token in others_of(request)[:_MOST]:
        try:
            found.append((token, await acceso.contribuyente(await acceso.quien(token, uso=False))))
        except NotAuthenticatedError:
            continue
    return found


def _keep(request: web.Request, response: web.Response, tokens: Sequence[str]) -> web.Response:
    return _set(request, response, OTHERS_COOKIE, ".".join(filter(None, tokens)))


def _set(request: web.Request, response: web.Response, name: str, value: str) -> web.Response:
    seconds = int(SESSION_LIFE.total_seconds())
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        httponly=True,
        samesite="Strict",
        secure=must_be_https(request),
    )
    return response
