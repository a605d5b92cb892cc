"""Sales and purchases as files: documents as a spreadsheet, several months as a chart."""

from datetime import date
from typing import Annotated

from aiohttp import web
from pydantic import Field

from api.auth import Auth
from api.endpoint import endpoint
from api.fields import Model, PeriodoField, Texto
from api.keys import SERVICES
from api.routes.archivos import file_response
from bot.core.documentos import EstadoCompra, Libro
from bot.core.errors import (
    DetailTooLongError,
    OnlySummaryError,
    TaxpayerUnknownError,
    TooManyRequestsError,
)
from bot.core.periodo import FIRST_PERIODO, Periodo, check_in_register
from bot.services.informes import PNG, XLSX, ultimos_meses
from bot.services.ports import FiltroDocumentos, Quien

routes = web.RouteTableDef()
_ERRORS = (TaxpayerUnknownError, TooManyRequestsError)


class PlanillaQuery(Model):
    """The documents of a month, or of several, filtered."""

    periodo: PeriodoField
    hasta: PeriodoField | None = Field(None, description="El último mes, si son varios.")
    tipo_documento: Annotated[int, Field(ge=1, le=9999)] | None = None
    contraparte: Texto | None = None


class ComprasPlanillaQuery(PlanillaQuery):
    """The same, in a state of purchases."""

    estado: EstadoCompra = EstadoCompra.REGISTRO


class GraficoQuery(Model):
    """Months, both ends included: the last twelve if none are named."""

    desde: PeriodoField | None = None
    hasta: PeriodoField | None = None
    ambos: bool = Field(False, description="Ventas y compras, lado a lado.")


# HEAD would make the whole file, and count it.
@routes.get("/api/ventas/detalle.xlsx", allow_head=False)
@endpoint(
    "Documentos emitidos en uno o más meses, en una planilla",
    auth=Auth.SESION,
    errors=(*_ERRORS, DetailTooLongError, OnlySummaryError),
    content_type=XLSX,
)
async def ventas_planilla(request: web.Request, quien: Quien, query: PlanillaQuery) -> web.Response:
    """A spreadsheet of sales."""
    return await _planilla(request, quien, Libro.VENTAS, query, None)


@routes.get("/api/compras/detalle.xlsx", allow_head=False)
@endpoint(
    "Documentos recibidos en uno o más meses, en una planilla",
    auth=Auth.SESION,
    errors=(*_ERRORS, DetailTooLongError, OnlySummaryError),
    content_type=XLSX,
)
async def compras_planilla(request: web.Request, quien: Quien, query: ComprasPlanillaQuery) -> web.Response:
    """A spreadsheet of purchases."""
    return await _planilla(request, quien, Libro.COMPRAS, query, query.estado)


@routes.get("/api/ventas/grafico.png", allow_head=False)
@endpoint("Ventas por mes, en un gráfico", auth=Auth.SESION, errors=_ERRORS, content_type=PNG)
async def ventas_grafico(request: web.Request, quien: Quien, query: GraficoQuery) -> web.Response:
    """A chart of sales by month."""
    return await _grafico(request, quien, Libro.VENTAS, query)


@routes.get("/api/compras/grafico.png", allow_head=False)
@endpoint("Compras por mes, en un gráfico", auth=Auth.SESION, errors=_ERRORS, content_type=PNG)
async def compras_grafico(request: web.Request, quien: Quien, query: GraficoQuery) -> web.Response:
    """A chart of purchases by month."""
    return await _grafico(request, quien, Libro.COMPRAS, query)


async def _planilla(
    request: web.Request, quien: Quien, libro: Libro, query: PlanillaQuery, estado: EstadoCompra | None
) -> web.Response:
    tipos = (query.tipo_documento,) if query.tipo_documento else ()
    services = request.app[SERVICES]
    meses = _between(query.periodo, query.hasta or query.periodo, services.reloj.hoy())
    filtro = FiltroDocumentos(meses, estado, tipos, query.contraparte)
    return file_response(await services.informes.planilla(quien, libro, filtro))


async def _grafico(request: web.Request, quien: Quien, libro: Libro, query: GraficoQuery) -> web.Response:
    services = request.app[SERVICES]
    filtro = FiltroDocumentos(_months(query, services.reloj.hoy()))
    libros = list(Libro) if query.ambos else [libro]
    return file_response(await services.informes.grafico(quien, libros, filtro))


def _months(query: GraficoQuery, hoy: date) -> tuple[Periodo, ...]:
    """The months asked for; of one end alone, a year from it. Raises as `_between`."""
    usual = ultimos_meses(hoy)
    hasta = query.hasta or (min(query.desde.plus(11), usual[-1]) if query.desde else usual[-1])
    desde = query.desde or max(hasta.plus(-11), FIRST_PERIODO)
    return _between(desde, hasta, hoy)


def _between(one: Periodo, other: Periodo, hoy: date) -> tuple[Periodo, ...]:
    """The months between both ends, whichever is named first.

    Raises:
        PeriodoFutureError, PeriodoTooOldError: if the register cannot hold an end.
    """
    first, last = sorted(check_in_register(end, hoy) for end in (one, other))
    return tuple(first.until(last))
