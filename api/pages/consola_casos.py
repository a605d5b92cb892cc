"""The inbox of those who attend: taxpayers who asked for a person."""

import uuid
from collections.abc import Awaitable

from aiohttp import web

from api.fields import Model
from api.keys import SERVICES
from api.pages.page import ADMINS, ATTEND, ROL, HechoQuery, link_of, page, render, see
from api.problems import status_of
from api.routes.casos import last_of_person, mensaje_de, states
from api.routes.casos_models import CasoPath, CasosQuery, CerrarCaso, ResponderCaso
from bot.core.errors import BotError, NotFoundError
from bot.core.mascara import mask_rut
from bot.core.texto import storable
from bot.services.textos import error_text

routes = web.RouteTableDef()
_SHOWN = 60


class VerCasoQuery(CasoPath, HechoQuery):
    """Which case, and what was just done; `ver` shows it as it is, which is noted."""

    ver: bool = False


class RelevarForm(Model):
    """Whether to take it from the agent who has it."""

    relevar: bool = False


@routes.get("/admin/casos")
@page(console=ATTEND)
async def casos(request: web.Request, actor: str, query: CasosQuery) -> web.Response:
    """Those that wait for an agent first, the longest wait first."""
    found, total = await request.app[SERVICES].agentes.fila(
        actor, states(query.estado), query.rut, query.parte
    )
    return render(
        request,
        "consola/casos.html",
        actor=actor,
        query=query,
        filas=[(one, mask_rut(str(one.caso.rut))) for one in found],
        total=total,
        enlace=link_of(query),
    )


@routes.get("/admin/casos/{id}")
@page(console=ATTEND)
async def caso(request: web.Request, actor: str, query: VerCasoQuery) -> web.Response:
    """A case with its last messages, masked unless asked otherwise."""
    return await _show(request, actor, query.id, ver=query.ver, listo=query.listo)


@routes.post("/admin/casos/{id}/tomar")
@page(console=ATTEND)
async def tomar(request: web.Request, actor: str, query: CasoPath, form: RelevarForm) -> web.Response:
    """From now on this agent answers."""
    act = request.app[SERVICES].agentes.tomar(actor, query.id, relevar=form.relevar)
    return await _try(request, actor, query.id, "tomado", act)


@routes.post("/admin/casos/{id}/responder")
@page(console=ATTEND)
async def responder(request: web.Request, actor: str, query: CasoPath, form: ResponderCaso) -> web.Response:
    """Say something to the person, where they are; sent twice it is said once."""
    texto = storable(form.texto).strip()
    act = request.app[SERVICES].agentes.responder(actor, query.id, texto, str(form.id_mensaje))
    return await _try(request, actor, query.id, "respondido", act)


@routes.post("/admin/casos/{id}/cerrar")
@page(console=ATTEND)
async def cerrar(request: web.Request, actor: str, query: CasoPath, form: CerrarCaso) -> web.Response:
    """The assistant goes on; not over a message that the agent has not read."""
    act = request.app[SERVICES].agentes.cerrar(actor, query.id, form.ultimo_mensaje)
    return await _try(request, actor, query.id, "cerrado", act)


async def _try(
    request: web.Request, actor: str, number: int, done: str, act: Awaitable[object]
) -> web.Response:
    try:
        await act
    except NotFoundError:
        raise
    except BotError as error:
        told = error_text(request.app[SERVICES].textos, error)
        return await _show(request, actor, number, error=told, status=status_of(type(error)))
    return see(f"/admin/casos/{number}?listo={done}")


async def _show(
    request: web.Request,
    actor: str,
    number: int,
    *,
    ver: bool = False,
    listo: str = "",
    error: str = "",
    status: int = 200,
) -> web.Response:
    found, said = await request.app[SERVICES].agentes.ver(
        actor, number, _SHOWN, desenmascarar=ver, de_todos=request[ROL] in ADMINS
    )
    return render(
        request,
        "consola/caso.html",
        status=status,
        actor=actor,
        fila=found,
        rut=str(found.caso.rut) if ver else mask_rut(str(found.caso.rut)),
        mensajes=[mensaje_de(one) for one in said],
        ultimo=last_of_person(said),
        nuevo=uuid.uuid4(),
        ver=ver,
        listo=listo,
        error=error,
    )
