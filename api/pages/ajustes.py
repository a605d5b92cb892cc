"""Settings: the account, the SII password, alerts, linked chats, open sessions, and the own data."""

from datetime import time
from typing import Annotated

from aiohttp import web
from pydantic import StringConstraints

from api.fields import Model, Password
from api.keys import SERVICES
from api.pages.inicio import lectura
from api.pages.page import HechoQuery, page, render, see, show
from api.problems import status_of
from api.routes.acceso import SesionPath, without_cookie
from api.routes.avisos import Hora
from api.routes.chats import ChatPath
from api.routes.cuenta import ClaveSii
from bot.core.errors import BotError
from bot.services.ports import Quien
from bot.services.ports_noticias import Avisos
from bot.services.textos import error_text

routes = web.RouteTableDef()

Accepted = Annotated[str, StringConstraints(pattern=r"^true$")]


class AvisosForm(Model):
    """Which alerts, and the hours of silence; a box that is not ticked is not sent."""

    compras: bool = False
    f29: bool = False
    contratos: bool = False
    sincronizacion: bool = False
    desde: Hora
    hasta: Hora


class ClaveForm(Model):
    """The SII password, and the consent to its use."""

    clave: ClaveSii
    consentimiento: Accepted


class BorrarForm(Model):
    """The password: erasing cannot be undone."""

    password: Password


@routes.get("/ajustes")
@page()
async def ajustes(request: web.Request, quien: Quien, query: HechoQuery) -> web.Response:
    """All settings."""
    return await show_ajustes(request, quien, listo=query.listo)


@routes.post("/ajustes/avisos")
@page()
async def avisos(request: web.Request, quien: Quien, form: AvisosForm) -> web.Response:
    """Choose what to be told without asking."""
    hours = {"desde": time.fromisoformat(form.desde), "hasta": time.fromisoformat(form.hasta)}
    chosen = Avisos(form.compras, form.f29, form.contratos, form.sincronizacion, **hours)
    await request.app[SERVICES].alertas.elegir(quien, chosen, "web")
    return see("/ajustes?listo=avisos#avisos")


@routes.post("/ajustes/clave")
@page()
async def clave(request: web.Request, quien: Quien, form: ClaveForm) -> web.Response:
    """Keep the SII password, with the consent that comes with it."""
    await request.app[SERVICES].claves.guardar(quien, form.clave.get_secret_value(), "web")
    return see("/ajustes?listo=clave#sii")


@routes.post("/ajustes/clave/borrar")
@page()
async def olvidar_clave(request: web.Request, quien: Quien) -> web.Response:
    """Forget the SII password."""
    await request.app[SERVICES].claves.revocar(quien, "web")
    return see("/ajustes?listo=sin_clave#sii")


@routes.post("/ajustes/chats/{id}/cerrar")
@page()
async def desvincular(request: web.Request, quien: Quien, query: ChatPath) -> web.Response:
    """End the link of a chat."""
    await request.app[SERVICES].vinculacion.cerrar(quien, query.id)
    return see("/ajustes?listo=chat#chats")


@routes.post("/ajustes/sesiones/{id}/cerrar")
@page()
async def cerrar_sesion(request: web.Request, quien: Quien, query: SesionPath) -> web.Response:
    """End one of the own sessions."""
    await request.app[SERVICES].acceso.cerrar_sesion(quien, query.id)
    return see("/ajustes?listo=sesion#sesiones")


@routes.post("/ajustes/borrar")
@page()
async def borrar(request: web.Request, quien: Quien, form: BorrarForm) -> web.Response:
    """Erase everything, and show the receipt."""
    services = request.app[SERVICES]
    try:
        await services.acceso.confirmar(quien, form.password.get_secret_value())
    except BotError as error:
        told = error_text(services.textos, error)
        return await show_ajustes(request, quien, status=status_of(type(error)), error=told, abierto="borrar")
    recibo = await services.datos.borrar(quien)
    return without_cookie(render(request, "borrado.html", recibo=recibo))


async def show_ajustes(
    request: web.Request,
    quien: Quien,
    listo: str = "",
    error: str = "",
    abierto: str = "",
    solicitud: str = "",
    status: int = 200,
) -> web.Response:
    """All settings; `abierto` is the form that is still open, `solicitud` the code that it waits for."""
    services = request.app[SERVICES]
    return await show(
        request,
        quien,
        "ajustes.html",
        status=status,
        clave_desde=await services.claves.estado(quien),
        lectura=await lectura(services, quien, None),
        avisos=await services.alertas.ver(quien),
        chats=await services.vinculacion.chats(quien),
        sesiones=await services.acceso.sesiones(quien),
        sesion=quien.sesion,
        listo=listo,
        error=error,
        abierto=abierto,
        solicitud=solicitud,
    )
