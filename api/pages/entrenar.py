"""The trainers' pages: the inbox, and the draft of what is to be learnt from it."""

import asyncio
from collections.abc import Awaitable
from typing import Annotated, Any

from aiohttp import web
from pydantic import Field

from api.fields import Model
from api.keys import SERVICES
from api.pages.page import TEACH, HechoQuery, page, render, see
from api.problems import status_of
from bot.bootstrap.entrenamiento import Escuela
from bot.core.entrenamiento import MINIMUM_EXAMPLES
from bot.core.errors import BotError
from bot.services.textos import error_text

routes = web.RouteTableDef()
_SHOWN = 30

type Texto = Annotated[str, Field(max_length=5_000)]


class MensajePath(Model):
    """A message of the inbox."""

    id: Annotated[int, Field(ge=1, le=2**63 - 1)]


class BandejaQuery(HechoQuery):
    """What was just done, and to which message."""

    mensaje: Annotated[int, Field(ge=0, le=2**63 - 1)] = 0


class AsignarForm(Model):
    """An intent, how the message is to be learnt (as the inbox shows it if left empty), and who it names."""

    intencion: Texto = ""
    ejemplo: Texto = ""
    contraparte: Texto = ""


class EjemplosForm(Model):
    """Examples of an intent, one a line."""

    intencion: Texto = ""
    ejemplos: Texto = ""


class NuevaForm(EjemplosForm):
    """A new intent, and what is answered."""

    respuesta: Texto = ""


@routes.get("/entrenar")
@page(console=TEACH)
async def bandeja(request: web.Request, actor: str, query: BandejaQuery) -> web.Response:
    """What was not understood, masked, with what was guessed."""
    return await _inbox(request, actor, listo=query.listo, mensaje=query.mensaje)


@routes.post("/entrenar/mensajes/{id}/asignar")
@page(console=TEACH)
async def asignar(request: web.Request, actor: str, query: MensajePath, form: AsignarForm) -> web.Response:
    """The message becomes an example, in the draft."""
    ejemplos = [form.ejemplo] if form.ejemplo else []
    try:
        await escuela_of(request).borrador.asignar(
            actor, form.intencion, ejemplos, query.id, form.contraparte
        )
    except BotError as error:
        return await _inbox(request, actor, mensaje=query.id, escrito=form, error=error)
    return see(f"/entrenar?listo=asignado&mensaje={query.id}")


@routes.post("/entrenar/mensajes/{id}/descartar")
@page(console=TEACH)
async def descartar(request: web.Request, actor: str, query: MensajePath) -> web.Response:
    """Nothing is to be learnt from it."""
    try:
        await escuela_of(request).borrador.descartar(actor, query.id)
    except BotError as error:
        return await _inbox(request, actor, error=error)
    return see(f"/entrenar?listo=descartado&mensaje={query.id}")


@routes.post("/entrenar/mensajes/{id}/recuperar")
@page(console=TEACH)
async def recuperar(request: web.Request, actor: str, query: MensajePath) -> web.Response:
    """One that was discarded comes back."""
    try:
        await escuela_of(request).borrador.recuperar(actor, query.id)
    except BotError as error:
        return await _inbox(request, actor, error=error)
    return see("/entrenar?listo=recuperado")


@routes.get("/entrenar/borrador")
@page(console=TEACH)
async def borrador(request: web.Request, actor: str, query: HechoQuery) -> web.Response:
    """The edits that the next model learns, and forms for more."""
    return await show_draft(request, actor, listo=query.listo)


@routes.post("/entrenar/borrador/ejemplos")
@page(console=TEACH)
async def ejemplos(request: web.Request, actor: str, form: EjemplosForm) -> web.Response:
    """Examples of an intent that there is."""
    act = escuela_of(request).borrador.asignar(actor, form.intencion, form.ejemplos.splitlines())
    return await _try(request, actor, "ejemplos", act, form)


@routes.post("/entrenar/borrador/quitar")
@page(console=TEACH)
async def quitar(request: web.Request, actor: str, form: AsignarForm) -> web.Response:
    """An example that teaches wrong is no longer one."""
    act = escuela_of(request).borrador.quitar(actor, form.intencion, form.ejemplo)
    return await _try(request, actor, "quitar", act, form)


@routes.post("/entrenar/borrador/nueva")
@page(console=TEACH)
async def nueva(request: web.Request, actor: str, form: NuevaForm) -> web.Response:
    """A new intent with its examples and its answer."""
    act = escuela_of(request).borrador.nueva(
        actor, form.intencion, form.ejemplos.splitlines(), form.respuesta
    )
    return await _try(request, actor, "nueva", act, form)


@routes.post("/entrenar/borrador/{id}/deshacer")
@page(console=TEACH)
async def deshacer(request: web.Request, actor: str, query: MensajePath) -> web.Response:
    """Take an edit back; its message returns to the inbox."""
    return await _try(request, actor, "deshecho", escuela_of(request).borrador.deshacer(actor, query.id))


def escuela_of(request: web.Request) -> Escuela:
    """What trainers can do."""
    return request.app[SERVICES].escuela


def told_of(request: web.Request, error: BotError) -> dict[str, Any]:
    """What was wrong, for a template, and its status."""
    return {"error": error_text(request.app[SERVICES].textos, error), "status": status_of(type(error))}


async def show_draft(
    request: web.Request,
    actor: str,
    *,
    listo: str = "",
    abierto: str = "",
    escrito: Model | None = None,
    error: BotError | None = None,
) -> web.Response:
    """The draft; with what was wrong where it was typed (`abierto`)."""
    draft = escuela_of(request).borrador
    context: dict[str, Any] = {
        "estado": draft.estado(),
        "intents": await asyncio.to_thread(draft.intents),
        "listo": listo,
        "abierto": abierto,
        "escrito": escrito.model_dump() if escrito else {},
        "minimo": MINIMUM_EXAMPLES,
        "error": "",
    }
    context |= told_of(request, error) if error else {}
    return render(request, "entrenar/borrador.html", actor=actor, **context)


async def _inbox(
    request: web.Request,
    actor: str,
    *,
    listo: str = "",
    mensaje: int = 0,
    escrito: AsignarForm | None = None,
    error: BotError | None = None,
) -> web.Response:
    draft = escuela_of(request).borrador
    context: dict[str, Any] = {
        "filas": await draft.bandeja(actor, _SHOWN),
        "intents": await asyncio.to_thread(draft.intents),
        "listo": listo,
        "mensaje": mensaje,
        "escrito": escrito,
        "error": "",
    }
    context |= told_of(request, error) if error else {}
    return render(request, "entrenar/bandeja.html", actor=actor, **context)


async def _try(
    request: web.Request, actor: str, what: str, act: Awaitable[object], escrito: Model | None = None
) -> web.Response:
    try:
        await act
    except BotError as error:
        return await show_draft(request, actor, abierto=what, escrito=escrito, error=error)
    return see(f"/entrenar/borrador?listo={what}")
