"""The trainers' models: train, compare, publish, come back."""

import asyncio
from contextlib import suppress
from typing import Annotated, Any

from aiohttp import web
from pydantic import Field

from api.fields import Model
from api.keys import TRAININGS
from api.pages.entrenar import escuela_of, show_draft, told_of
from api.pages.page import TEACH, HechoQuery, page, render, see
from bot.core.errors import BotError
from bot.core.errors_entrenamiento import TrainingFailedError
from bot.services.ports_entrenamiento import EstadoVersion, Ficha

routes = web.RouteTableDef()


class ModeloPath(Model):
    """A model."""

    version: Annotated[str, Field(pattern=r"^[0-9a-f]{8}$")]


class VerModeloQuery(ModeloPath, HechoQuery):
    """Which model, and what was just done."""


@routes.get("/entrenar/modelos")
@page(console=TEACH)
async def modelos(request: web.Request, actor: str, query: HechoQuery) -> web.Response:
    """All of them; of one that is being trained, how far it is."""
    return _show_all(request, actor, listo=query.listo)


@routes.post("/entrenar/modelos")
@page(console=TEACH)
async def entrenar(request: web.Request, actor: str) -> web.Response:
    """Train the draft. It takes minutes: the page that follows tells how it goes."""
    begun = asyncio.Event()
    training = asyncio.create_task(
        escuela_of(request).entrenamiento.entrenar(actor, lambda line: begun.set())
    )
    request.app[TRAININGS].add(training)
    training.add_done_callback(request.app[TRAININGS].discard)
    waiting = asyncio.create_task(begun.wait())
    await asyncio.wait({training, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if begun.is_set():
        training.add_done_callback(_heard)
        return see("/entrenar/modelos")
    try:
        await training
    except BotError as error:
        return await show_draft(request, actor, error=error)
    return see("/entrenar/modelos")


@routes.post("/entrenar/modelos/cortar")
@page(console=TEACH)
async def cortar(request: web.Request, actor: str) -> web.Response:
    """Stop what is being trained here; the draft stays as it is."""
    await stop_trainings(request.app)
    return see("/entrenar/modelos?listo=cortado")


@routes.post("/entrenar/modelos/volver")
@page(console=TEACH)
async def volver(request: web.Request, actor: str) -> web.Response:
    """Back to the model before; what the live one had learnt is the draft's again."""
    try:
        await escuela_of(request).entrenamiento.volver(actor)
    except BotError as error:
        return _show_all(request, actor, error=error)
    return see("/entrenar/modelos?listo=vuelto")


@routes.get("/entrenar/modelos/{version}")
@page(console=TEACH)
async def modelo(request: web.Request, actor: str, query: VerModeloQuery) -> web.Response:
    """What a model understands differently, side by side."""
    return _show(request, actor, escuela_of(request).entrenamiento.modelo(query.version), listo=query.listo)


@routes.post("/entrenar/modelos/{version}/publicar")
@page(console=TEACH)
async def publicar(request: web.Request, actor: str, query: ModeloPath) -> web.Response:
    """From now on it answers; no conversation is cut."""
    training = escuela_of(request).entrenamiento
    ficha = training.modelo(query.version)
    try:
        await training.publicar(actor, query.version)
    except BotError as error:
        return _show(request, actor, ficha, error=error)
    return see(f"/entrenar/modelos/{query.version}?listo=publicado")


async def stop_trainings(app: web.Application) -> None:
    """End what is being trained by this program, and wait until it has ended."""
    running = [*app[TRAININGS]]
    for one in running:
        one.cancel()
    await asyncio.gather(*running, return_exceptions=True)


def _heard(training: asyncio.Task[Ficha]) -> None:
    """How it failed is told in its model; anything else is a fault of ours, and is logged."""
    with suppress(asyncio.CancelledError, TrainingFailedError):
        training.result()


def _show_all(
    request: web.Request, actor: str, *, listo: str = "", error: BotError | None = None
) -> web.Response:
    escuela = escuela_of(request)
    found = escuela.entrenamiento.modelos()
    training = next((one for one in found if one.estado is EstadoVersion.ENTRENANDO), None)
    context: dict[str, Any] = {
        "estado": escuela.borrador.estado(),
        "filas": [one for one in found if one is not training],
        "entrenando": training,
        "aqui": bool(request.app[TRAININGS]),
        "listo": listo,
        "error": "",
    }
    context |= told_of(request, error) if error else {}
    return render(request, "entrenar/modelos.html", actor=actor, **context)


def _show(
    request: web.Request, actor: str, ficha: Ficha, *, listo: str = "", error: BotError | None = None
) -> web.Response:
    estado = escuela_of(request).borrador.estado()
    context: dict[str, Any] = {"ficha": ficha, "estado": estado, "listo": listo, "error": ""}
    context |= told_of(request, error) if error else {}
    return render(request, "entrenar/modelo.html", actor=actor, **context)
