"""The account's own settings: name, password, phone and second factor, each with what proves who asks."""

from collections.abc import Awaitable

from aiohttp import web

from api.client import client_of
from api.fields import Codigo, Model, Nombre, Password, PasswordNueva, Solicitud, Texto
from api.keys import SERVICES
from api.pages.ajustes import show_ajustes
from api.pages.page import page, see
from api.problems import status_of
from bot.core.errors import BotError
from bot.core.telefono import parse_telefono
from bot.services.ports import Quien
from bot.services.textos import error_text

routes = web.RouteTableDef()


class NombreForm(Model):
    """The name as it shall be."""

    nombre: Nombre


class PasswordForm(Model):
    """The password as it is, and as it shall be."""

    actual: Password
    nueva: PasswordNueva


class TelefonoForm(Model):
    """The new phone as it was typed, and the password."""

    telefono: Texto
    password: Password


class ConfirmarForm(Model):
    """The code that went to the new phone."""

    codigo: Codigo
    solicitud: Solicitud


class FactorForm(Model):
    """Whether a code is asked for at each login, and the password."""

    activo: bool
    password: Password


@routes.post("/ajustes/nombre")
@page()
async def nombre(request: web.Request, quien: Quien, form: NombreForm) -> web.Response:
    """Correct the name."""
    await request.app[SERVICES].cuentas.corregir(quien, form.nombre)
    return see("/ajustes?listo=nombre")


@routes.post("/ajustes/password")
@page()
async def password(request: web.Request, quien: Quien, form: PasswordForm) -> web.Response:
    """Change the password; the other sessions end."""
    change = request.app[SERVICES].cuentas.cambiar_password(
        quien, form.actual.get_secret_value(), form.nueva.get_secret_value()
    )
    return await _try(request, quien, "password", change)


@routes.post("/ajustes/segundo-factor")
@page()
async def segundo_factor(request: web.Request, quien: Quien, form: FactorForm) -> web.Response:
    """Ask for a code at each login, or no more."""
    change = request.app[SERVICES].cuentas.segundo_factor(
        quien, form.password.get_secret_value(), activo=form.activo
    )
    return await _try(request, quien, "factor", change)


@routes.post("/ajustes/telefono")
@page()
async def telefono(request: web.Request, quien: Quien, form: TelefonoForm) -> web.Response:
    """Ask to change the phone: the code goes to the new one, and is asked for on the same page."""
    cuentas = request.app[SERVICES].cuentas
    try:
        nuevo = parse_telefono(form.telefono)
        asked = await cuentas.pedir_telefono(
            quien, nuevo, form.password.get_secret_value(), client_of(request)
        )
    except BotError as error:
        return await _refused(request, quien, "telefono", error)
    return await show_ajustes(request, quien, abierto="telefono", solicitud=asked.token)


@routes.post("/ajustes/telefono/confirmar")
@page()
async def confirmar_telefono(request: web.Request, quien: Quien, form: ConfirmarForm) -> web.Response:
    """Change the phone with the code that went to it."""
    change = request.app[SERVICES].cuentas.cambiar_telefono(
        quien, form.codigo, form.solicitud, client_of(request)
    )
    return await _try(request, quien, "telefono", change, form.solicitud)


async def _try(
    request: web.Request, quien: Quien, what: str, change: Awaitable[None], solicitud: str = ""
) -> web.Response:
    try:
        await change
    except BotError as error:
        return await _refused(request, quien, what, error, solicitud)
    return see(f"/ajustes?listo={what}")


async def _refused(
    request: web.Request, quien: Quien, what: str, error: BotError, solicitud: str = ""
) -> web.Response:
    """The settings with what was wrong, open where it was typed."""
    told = error_text(request.app[SERVICES].textos, error)
    status = status_of(type(error))
    return await show_ajustes(request, quien, abierto=what, error=told, solicitud=solicitud, status=status)
