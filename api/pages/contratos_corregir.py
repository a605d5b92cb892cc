"""Contracts put right with a form: their name, what was read of them, and which older one they replace."""

from datetime import date
from typing import Annotated, Any, Literal

from aiohttp import web
from pydantic import Field

from api.fields import Identificador, Model, Nombre
from api.keys import SERVICES
from api.pages.contratos import ContratoQuery, show_contrato
from api.pages.page import page, see
from api.problems import status_of
from bot.core.contratos.datos import Hechos
from bot.core.contratos.duraciones import Duracion
from bot.core.errors import BotError
from bot.services.ports import Quien
from bot.services.textos import error_text

routes = web.RouteTableDef()

Cuantos = Annotated[int, Field(ge=1, le=1200)]
Unidad = Literal["meses", "dias", "habiles"]


class CorregirForm(Model):
    """A contract as it stands in the form; a fact left empty is one that the contract does not say."""

    archivo: Nombre
    tipo: Nombre | None = None
    firma: date | None = None
    inicio: date | None = None
    termino: date | None = None
    modalidad: Literal["fijo", "indefinido", "obra"] | None = None
    duracion: Cuantos | None = None
    duracion_en: Unidad = "meses"
    aviso: Cuantos | None = None
    aviso_en: Unidad = "dias"


class ReemplazarForm(Model):
    """The older version."""

    viejo: Identificador


@routes.post("/contratos/{id:[0-9]+}/corregir")
@page()
async def corregir(
    request: web.Request, quien: Quien, query: ContratoQuery, form: CorregirForm
) -> web.Response:
    """Take the name and the facts that are not as they were; annexes have only a name."""
    contratos = request.app[SERVICES].contratos
    ficha = await contratos.ver(quien, query.id)
    hechos = {} if ficha.anexo else _changed(form, ficha.hechos)
    try:
        await contratos.cambiar(quien, query.id, form.archivo, hechos)
    except BotError as error:
        return await _told(request, quien, query.id, error)
    return see(f"/contratos/{query.id}?listo=corregido")


@routes.post("/contratos/{id:[0-9]+}/reemplazar")
@page()
async def reemplazar(
    request: web.Request, quien: Quien, query: ContratoQuery, form: ReemplazarForm
) -> web.Response:
    """Have this contract stand for an older one, which can be had back for some minutes."""
    try:
        await request.app[SERVICES].papelera.reemplazar(quien, form.viejo, query.id)
    except BotError as error:
        return await _told(request, quien, query.id, error)
    return see(f"/contratos?listo=reemplazado&borrado={form.viejo}")


async def _told(request: web.Request, quien: Quien, contrato: int, error: BotError) -> web.Response:
    told = error_text(request.app[SERVICES].textos, error)
    return await show_contrato(request, quien, contrato, status=status_of(type(error)), error=told)


def _changed(form: CorregirForm, hechos: Hechos) -> dict[str, Any]:
    given: dict[str, Any] = {
        **{name: getattr(form, name) for name in ("tipo", "firma", "inicio", "termino", "modalidad")},
        "duracion": _lasting(form.duracion, form.duracion_en),
        "aviso_termino": _lasting(form.aviso, form.aviso_en),
    }
    known = {name: dato.valor if (dato := getattr(hechos, name)) else None for name in given}
    return {name: valor for name, valor in given.items() if valor != known[name]}


def _lasting(cuantos: int | None, unidad: Unidad) -> Duracion | None:
    if cuantos is None:
        return None
    if unidad == "meses":
        return Duracion(meses=cuantos)
    return Duracion(dias=cuantos, habiles=unidad == "habiles")
