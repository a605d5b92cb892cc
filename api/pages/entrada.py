"""The door: RUT and password, a second step if one is asked for, or a code alone."""

from typing import Annotated, Any

from aiohttp import web
from pydantic import Field

from api.auth import COOKIE, token_of
from api.client import client_of
from api.fields import Codigo, Model, Password, RutField, Solicitud
from api.keys import SERVICES
from api.pages.page import filled, own_path, page, render, see
from api.problems import status_of
from api.routes.acceso import others_of, with_cookie, without_cookie
from bot.core.errors import BotError, NotAuthenticatedError
from bot.services.ports_acceso import Proposito
from bot.services.textos import error_text

routes = web.RouteTableDef()

Destination = Annotated[str, Field(max_length=500)]


class EntrarQuery(Model):
    """Where to go on after the login, and why it is asked for."""

    sigue: Destination = "/"
    salio: bool = False


class EntrarForm(Model):
    """RUT and password, and the code if one was asked for."""

    rut: RutField
    password: Password
    codigo: Codigo | None = None
    solicitud: Solicitud | None = None
    sigue: Destination = "/"


class PedirForm(Model):
    """Whose phone gets a code."""

    rut: RutField
    sigue: Destination = "/"


class CodigoForm(PedirForm):
    """The code that came."""

    codigo: Codigo
    solicitud: Solicitud


@routes.get("/entrar")
@page(public=True)
async def entrar(request: web.Request, query: EntrarQuery) -> web.Response:
    """Ask who it is; who has a session already goes on."""
    try:
        await request.app[SERVICES].acceso.quien(token_of(request))
    except NotAuthenticatedError:
        kept = _blank(sigue=own_path(query.sigue), aviso="salio" if query.salio else "")
        return render(request, "entrar.html", **kept)
    return see(own_path(query.sigue))


@routes.post("/entrar")
@page(public=True)
async def abrir(request: web.Request) -> web.Response:
    """Open a session without JavaScript; with it the page calls the REST API."""
    services = request.app[SERVICES]
    typed = await filled(request)
    rut, sigue = str(typed.get("rut", "")), own_path(str(typed.get("sigue", "/")))
    kept = _blank(rut=rut[:20], sigue=sigue)
    try:
        form = EntrarForm.model_validate(typed)
    except ValueError:
        told = services.textos.texto("utter_error_credenciales")
        return render(request, "entrar.html", status=422, **kept | {"error": told})
    try:
        opened = await services.acceso.login(
            form.rut,
            form.password.get_secret_value(),
            client_of(request),
            codigo=form.codigo,
            solicitud=form.solicitud,
            anterior=request.cookies.get(COOKIE),
        )
    except BotError as error:
        asked = error.params.get("solicitud", form.solicitud or "")
        kept |= {"solicitud": asked, "error": error_text(services.textos, error)}
        return render(request, "entrar.html", status=status_of(type(error)), **kept)
    return with_cookie(request, see(sigue), opened)


@routes.get("/entrar/codigo")
@page(public=True)
async def sin_password(request: web.Request, query: EntrarQuery) -> web.Response:
    """Ask whose phone is to get a code."""
    return render(request, "codigo.html", **_blank(sigue=own_path(query.sigue)))


@routes.post("/entrar/codigo/pedir")
@page(public=True)
async def pedir_codigo(request: web.Request, form: PedirForm) -> web.Response:
    """Send a code; the same page for a RUT that nobody has registered."""
    kept = _blank(rut=form.rut.pretty, sigue=own_path(form.sigue))
    try:
        asked = await request.app[SERVICES].cuentas.pedir_codigo(
            form.rut, Proposito.LOGIN, None, client_of(request)
        )
    except BotError as error:
        kept["error"] = error_text(request.app[SERVICES].textos, error)
        return render(request, "codigo.html", status=status_of(type(error)), **kept)
    sent = request.app[SERVICES].textos.texto("utter_codigo_enviado")
    return render(request, "codigo.html", **kept | {"solicitud": asked.token, "aviso": sent})


@routes.post("/entrar/codigo")
@page(public=True)
async def con_codigo(request: web.Request, form: CodigoForm) -> web.Response:
    """Try a code; from an address that is not known it proves the phone, but opens nothing by itself."""
    sigue = own_path(form.sigue)
    try:
        opened = await request.app[SERVICES].cuentas.verificar(
            form.rut, form.codigo, form.solicitud, client_of(request)
        )
    except BotError as error:
        kept = _blank(rut=form.rut.pretty, sigue=sigue, solicitud=form.solicitud)
        kept["error"] = error_text(request.app[SERVICES].textos, error)
        return render(request, "codigo.html", status=status_of(type(error)), **kept)
    if opened is None:
        kept = _blank(rut=form.rut.pretty, sigue=sigue, aviso="codigo")
        return render(request, "entrar.html", **kept)
    return with_cookie(request, see(sigue), opened)


@routes.post("/salir")
@page(public=True)
async def salir(request: web.Request) -> web.Response:
    """End the session, if there still is one, and those of the other companies."""
    for token in filter(None, (request.cookies.get(COOKIE), *others_of(request))):
        await request.app[SERVICES].acceso.logout(token)
    return without_cookie(see("/entrar?salio=true"))


def _blank(**known: str) -> dict[str, Any]:
    return {"rut": "", "sigue": "/", "solicitud": "", "aviso": "", "error": "", **known}
