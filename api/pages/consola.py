"""The console of those who run Tributa: how it goes, taxpayers, messages, jobs and what was done."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Annotated, Any, Literal

from aiohttp import web
from pydantic import Field, SecretStr

from api.auth import CONSOLE_COOKIE, who_attends
from api.client import must_be_https
from api.fields import Model
from api.keys import SERVICES
from api.pages.page import ADMINS, ATTEND, CONSOLE, ROL, TRAINING, HechoQuery, link_of, page, render, see
from api.problems import status_of
from api.routes.admin_models import (
    BuscarQuery,
    MensajesQuery,
    PaginaQuery,
    RegistrosQuery,
    RutPath,
    TrabajoPath,
    TrabajosQuery,
)
from bot.core.errors import JobNotRetriableError, NotAuthenticatedError
from bot.core.errors_entrenamiento import RoleForbiddenError
from bot.services.ports_admin import FiltroMensajes, FiltroRegistros
from bot.services.ports_secretos import TipoLlave
from bot.services.textos import error_text

routes = web.RouteTableDef()
_LIFE = timedelta(hours=8)
_DAY = timedelta(days=1)


# What a key opens first, and under which paths its cookie goes.
_HOMES = {
    TipoLlave.ADMIN: CONSOLE,
    TipoLlave.AGENTE: f"{CONSOLE}/casos",
    TipoLlave.ENTRENADOR: TRAINING,
}
_PATHS = (CONSOLE, TRAINING)


class LlaveForm(Model):
    """A key."""

    llave: Annotated[SecretStr, Field(max_length=200)]


class FichaQuery(RutPath, HechoQuery):
    """Which taxpayer, and what was just done."""


class VerTrabajosQuery(TrabajosQuery, HechoQuery):
    """Which jobs, and what was just done."""


class BloqueoForm(Model):
    """Whether the account is to be closed to everybody."""

    bloqueado: Literal["true", "false"]


@routes.get("/admin/entrar")
@page(public=True)
async def entrar(request: web.Request) -> web.Response:
    """Ask for a key; who has given one goes on."""
    with suppress(NotAuthenticatedError):
        _, kind = await who_attends(request, TipoLlave)
        return see(_HOMES[kind])
    return render(request, "consola/entrar.html", error="")


@routes.post("/admin/entrar")
@page(public=True)
async def abrir(request: web.Request, form: LlaveForm) -> web.Response:
    """Keep the key in this browser for some hours, out of reach of scripts and of other paths."""
    llave = form.llave.get_secret_value()
    try:
        _, kind = await request.app[SERVICES].llaves.que_abre(llave)
    except NotAuthenticatedError as error:
        told = "Esa llave no existe, o fue revocada."
        return render(request, "consola/entrar.html", status=status_of(type(error)), error=told)
    response = see(_HOMES[kind])
    _keep(response, llave, int(_LIFE.total_seconds()), secure=must_be_https(request))
    return response


@routes.post("/admin/salir")
@page(public=True)
async def salir(request: web.Request) -> web.Response:
    """The browser forgets the key."""
    response = see("/admin/entrar")
    _keep(response, "", 0, secure=must_be_https(request))
    return response


@routes.get("/admin")
@page(console=ADMINS)
async def resumen(request: web.Request, actor: str) -> web.Response:
    """The last day in figures, whether all parts answer, and how old the knowledge pages are."""
    services = request.app[SERVICES]
    hasta = services.reloj.ahora() + timedelta(seconds=1)
    cifras = await services.administracion.resumen(actor, hasta - _DAY, hasta)
    horas = await services.administracion.horas(actor, hasta, 24)
    salud = await services.salud.estado()
    context: dict[str, Any] = {
        "cifras": cifras,
        "horas": horas,
        "partes": salud.estados,
        "temas": services.saber.edades(),
    }
    return render(request, "consola/resumen.html", actor=actor, **context)


@routes.get("/admin/contribuyentes")
@page(console=ADMINS)
async def contribuyentes(request: web.Request, actor: str, query: BuscarQuery) -> web.Response:
    """Search taxpayers by RUT or name."""
    found, total = await request.app[SERVICES].administracion.buscar(actor, query.q, query.parte)
    return _listed(request, "consola/contribuyentes.html", actor, query, found, total)


@routes.get("/admin/contribuyentes/{rut}")
@page(console=ADMINS)
async def contribuyente(request: web.Request, actor: str, query: FichaQuery) -> web.Response:
    """One taxpayer: phone masked, months known, sessions."""
    ficha = await request.app[SERVICES].administracion.ficha(actor, query.rut)
    return render(request, "consola/contribuyente.html", actor=actor, ficha=ficha, listo=query.listo)


@routes.post("/admin/contribuyentes/{rut}/bloqueo")
@page(console=ADMINS)
async def bloquear(request: web.Request, actor: str, query: RutPath, form: BloqueoForm) -> web.Response:
    """Close an account to everybody, or open it again."""
    bloqueado = form.bloqueado == "true"
    await request.app[SERVICES].administracion.cambiar(actor, query.rut, bloqueado=bloqueado)
    return see(f"/admin/contribuyentes/{query.rut}?listo={'bloqueado' if bloqueado else 'desbloqueado'}")


@routes.post("/admin/contribuyentes/{rut}/sesiones")
@page(console=ADMINS)
async def cerrar_sesiones(request: web.Request, actor: str, query: RutPath) -> web.Response:
    """End all sessions of a taxpayer."""
    await request.app[SERVICES].administracion.revocar_sesiones(actor, query.rut)
    return see(f"/admin/contribuyentes/{query.rut}?listo=sesiones")


@routes.get("/admin/mensajes")
@page(console=ATTEND)
async def mensajes(request: web.Request, actor: str, query: MensajesQuery) -> web.Response:
    """Messages, masked; admins see those of one taxpayer also as they are, which is noted."""
    if query.desenmascarar and request[ROL] not in ADMINS:
        raise RoleForbiddenError()
    filtro = FiltroMensajes(
        query.rut, query.conversacion, query.estado, query.intent, query.desde, query.hasta
    )
    found, total = await request.app[SERVICES].administracion.mensajes(
        actor, filtro, query.parte, desenmascarar=query.desenmascarar
    )
    return _listed(request, "consola/mensajes.html", actor, query, found, total)


@routes.get("/admin/trabajos")
@page(console=ADMINS)
async def trabajos(request: web.Request, actor: str, query: VerTrabajosQuery) -> web.Response:
    """Jobs of the queue, the readings of the SII among them."""
    return await _jobs(request, actor, query)


@routes.post("/admin/trabajos/{id}/reintentar")
@page(console=ADMINS)
async def reintentar(request: web.Request, actor: str, query: TrabajoPath) -> web.Response:
    """Try a failed job again."""
    try:
        await request.app[SERVICES].administracion.reintentar(actor, query.id)
    except JobNotRetriableError as error:
        told = error_text(request.app[SERVICES].textos, error)
        return await _jobs(request, actor, VerTrabajosQuery(), error=told, status=status_of(type(error)))
    return see("/admin/trabajos?listo=reintentado")


@routes.get("/admin/registros")
@page(console=ADMINS)
async def registros(request: web.Request, actor: str, query: RegistrosQuery) -> web.Response:
    """What was done, by whom and when."""
    filtro = FiltroRegistros(query.rut, query.evento, query.actor, query.desde, query.hasta)
    found, total = await request.app[SERVICES].administracion.registros(actor, filtro, query.parte)
    return _listed(request, "consola/registros.html", actor, query, found, total)


async def _jobs(
    request: web.Request, actor: str, query: VerTrabajosQuery, error: str = "", status: int = 200
) -> web.Response:
    found, total = await request.app[SERVICES].administracion.trabajos(
        actor, query.estado, query.tarea, query.parte
    )
    more = {"listo": query.listo, "error": error, "status": status}
    return _listed(request, "consola/trabajos.html", actor, query, found, total, **more)


def _keep(response: web.Response, llave: str, seconds: int, *, secure: bool) -> None:
    for path in _PATHS:
        # A response has one cookie of a name; each path needs its own line.
        cookie: SimpleCookie = SimpleCookie({CONSOLE_COOKIE: llave})
        flags = {"httponly": "yes", "secure": "yes" if secure else ""}
        cookie[CONSOLE_COOKIE].update(flags | {"path": path, "max-age": str(seconds), "samesite": "Strict"})
        response.headers.add("Set-Cookie", cookie[CONSOLE_COOKIE].OutputString())


def _listed(
    request: web.Request,
    template: str,
    actor: str,
    query: PaginaQuery,
    found: Sequence[object],
    total: int,
    **more: Any,
) -> web.Response:
    context = {"query": query, "filas": found, "total": total, "enlace": link_of(query), **more}
    return render(request, template, actor=actor, **context)
