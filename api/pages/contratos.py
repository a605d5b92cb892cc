"""Contracts: what they say, with the page that says it; taken in, asked about, confirmed, removed."""

from typing import Any

from aiohttp import web

from api.fields import Identificador
from api.keys import SERVICES
from api.pages.page import HechoQuery, page, see, show
from api.problems import status_of
from api.routes.contratos import take_in
from api.routes.contratos_models import CitaQuery, PaginaPath
from api.routes.contratos_preguntar import PreguntaBody
from bot.core.contratos.correcciones import confirmables
from bot.core.errors import BotError, NotFoundError
from bot.services.contratos_dichos import said
from bot.services.ports import Quien
from bot.services.ports_carpeta import EstadoContrato, Ficha
from bot.services.textos import error_text

routes = web.RouteTableDef()
# A file dropped here is read within seconds; a scan takes longer, and its page looks for news by itself.
_WAIT_SECONDS = 3.0


class ContratosQuery(HechoQuery):
    """What was just done, and to which contract if that can be taken back."""

    borrado: Identificador | None = None


class CitadaQuery(PaginaPath, CitaQuery):
    """Which page, and what of it is to be marked."""


class ContratoQuery(HechoQuery):
    """Which contract."""

    id: Identificador


@routes.get("/contratos")
@page()
async def contratos(request: web.Request, quien: Quien, query: ContratosQuery) -> web.Response:
    """All contracts, each with how it stands today."""
    return await _list(request, quien, listo=query.listo, borrado=query.borrado)


@routes.post("/contratos")
@page()
async def subir(request: web.Request, quien: Quien) -> web.Response:
    """Take a contract in and go on to its page, where the reading can be watched."""
    services = request.app[SERVICES]
    try:
        taken, _ = await take_in(request, quien)
    except BotError as error:
        told = error_text(services.textos, error)
        return await _list(request, quien, status=status_of(type(error)), error=told)
    await services.contratos.esperar(quien, taken.contrato, _WAIT_SECONDS)
    known = "recuperado" if taken.recuperado else "repetido"
    return see(f"/contratos/{taken.contrato}?listo={'subido' if taken.nuevo else known}")


@routes.post("/contratos/preguntar")
@page()
async def preguntar(request: web.Request, quien: Quien, form: PreguntaBody) -> web.Response:
    """Answer a question from the contracts, below it."""
    found = await request.app[SERVICES].respuestas.responder(quien, form.question, form.contrato_id)
    if form.contrato_id:
        return await show_contrato(request, quien, form.contrato_id, pregunta=form.question, respuesta=found)
    return await _list(request, quien, pregunta=form.question, respuesta=found)


@routes.get("/contratos/{id:[0-9]+}")
@page()
async def contrato(request: web.Request, quien: Quien, query: ContratoQuery) -> web.Response:
    """One contract: until when, who, how much, and where it says so."""
    return await show_contrato(request, quien, query.id, listo=query.listo)


@routes.get("/contratos/{id:[0-9]+}/paginas/{n}")
@page()
async def pagina(request: web.Request, quien: Quien, query: CitadaQuery) -> web.Response:
    """A page as it looks, with the words marked that were asked for, beside what was read on it."""
    ficha = await request.app[SERVICES].contratos.ver(quien, query.id)
    if not 1 <= query.n <= ficha.paginas:
        raise NotFoundError()
    read = [(name, valor, dato) for name, valor, dato in said(ficha.hechos) if dato.pagina == query.n]
    return await show(request, quien, "pagina.html", ficha=ficha, n=query.n, dichos=read, cita=query.cita)


@routes.post("/contratos/{id:[0-9]+}/confirmar")
@page()
async def confirmar(request: web.Request, quien: Quien, query: ContratoQuery) -> web.Response:
    """All that was read is right."""
    await request.app[SERVICES].contratos.confirmar(quien, query.id)
    return see(f"/contratos/{query.id}?listo=confirmado")


@routes.post("/contratos/{id:[0-9]+}/borrar")
@page()
async def borrar(request: web.Request, quien: Quien, query: ContratoQuery) -> web.Response:
    """Remove a contract with its file; for some minutes it can be had back."""
    await request.app[SERVICES].papelera.eliminar(quien, query.id)
    return see(f"/contratos?listo=borrado&borrado={query.id}")


@routes.post("/contratos/{id:[0-9]+}/recuperar")
@page()
async def recuperar(request: web.Request, quien: Quien, query: ContratoQuery) -> web.Response:
    """Have one back that was removed a moment ago."""
    await request.app[SERVICES].papelera.recuperar(quien, query.id)
    return see(f"/contratos/{query.id}?listo=recuperado")


async def _list(request: web.Request, quien: Quien, *, status: int = 200, **more: Any) -> web.Response:
    context = {"listo": "", "error": "", "pregunta": "", "respuesta": None, "borrado": None, **more}
    found = await request.app[SERVICES].contratos.vigencias(quien)
    return await show(
        request,
        quien,
        "contratos.html",
        status=status,
        contratos=found,
        anexos={ficha.id: [one for one, _ in found if one.de == ficha.id] for ficha, _ in found},
        **context,
    )


async def show_contrato(
    request: web.Request, quien: Quien, id_: int, *, status: int = 200, **more: Any
) -> web.Response:
    """A contract's page."""
    services = request.app[SERVICES]
    context = {"listo": "", "error": "", "pregunta": "", "respuesta": None, **more}
    found = await services.contratos.vigencias(quien)
    ficha, state = next(((one, how) for one, how in found if one.id == id_), (None, None))
    if ficha is None:
        raise NotFoundError()
    return await show(
        request,
        quien,
        "contrato.html",
        status=status,
        ficha=ficha,
        vigencia=state,
        dichos=list(said(ficha.hechos)),
        leidos=list(said(ficha.leidos)) if ficha.leidos else [],
        por_confirmar=_unconfirmed(ficha),
        principal=next((one for one, _ in found if one.id == ficha.de), None),
        anexos=[one for one, _ in found if one.de == ficha.id],
        otros=[one for one, _ in found if one.id != id_ and not one.anexo] if not ficha.anexo else [],
        **context,
    )


def _unconfirmed(ficha: Ficha) -> bool:
    """Whether there is anything that a person could still say yes to."""
    ready = ficha.estado is EstadoContrato.INDEXADO and ficha.anexo is None
    return ready and any(name not in ficha.corregidos for name in confirmables(ficha.hechos))
