"""Sales and purchases: a year by month, a month by document."""

from typing import Annotated, Any

from aiohttp import web
from pydantic import AfterValidator, Field

from api.fields import Model, Pagina, PeriodoField, Texto
from api.keys import SERVICES
from api.pages.chart import chart
from api.pages.page import link_of, page, show
from bot.bootstrap import Services
from bot.core.documentos import EstadoCompra, Libro, tipo_documento
from bot.core.errors import NotFoundError, RutInvalidError
from bot.core.periodo import FIRST_PERIODO, Periodo
from bot.core.rut import Rut
from bot.services.ports import FiltroDocumentos, Quien
from bot.services.registro import DetalleRegistro, RegistroService

routes = web.RouteTableDef()
_ON_A_PAGE = 50
_TOP = 8


def _as_stored(typed: str) -> str:
    """A RUT however it was typed; anything else is part of a name."""
    try:
        return str(Rut.parse(typed))
    except RutInvalidError:
        return typed.strip()


class LibroQuery(Model):
    """Which documents of a book; `estado` is of purchases."""

    tipo_documento: Annotated[int, Field(ge=1, le=9999)] | None = None
    contraparte: Annotated[Texto, AfterValidator(_as_stored)] | None = None
    estado: EstadoCompra | None = None
    pagina: Pagina = 1


class AnioQuery(LibroQuery):
    """The documents of a year; of the current one if none is named."""

    anio: Annotated[int, Field(ge=FIRST_PERIODO.year, le=2099)] | None = None


class MesQuery(LibroQuery):
    """The documents of a month."""

    periodo: PeriodoField


@routes.get("/ventas")
@page()
async def ventas(request: web.Request, quien: Quien, query: AnioQuery) -> web.Response:
    """What was sold, by month."""
    return await _year(request, quien, Libro.VENTAS, query)


@routes.get("/compras")
@page()
async def compras(request: web.Request, quien: Quien, query: AnioQuery) -> web.Response:
    """What was bought, by month."""
    return await _year(request, quien, Libro.COMPRAS, query)


@routes.get("/ventas/{periodo}")
@page()
async def ventas_mes(request: web.Request, quien: Quien, query: MesQuery) -> web.Response:
    """A month's sales, by type and by document."""
    return await _month(request, quien, Libro.VENTAS, query)


@routes.get("/compras/{periodo}")
@page()
async def compras_mes(request: web.Request, quien: Quien, query: MesQuery) -> web.Response:
    """A month's purchases, by type and by document."""
    return await _month(request, quien, Libro.COMPRAS, query)


async def _year(request: web.Request, quien: Quien, libro: Libro, query: AnioQuery) -> web.Response:
    services = request.app[SERVICES]
    actual = Periodo.of(services.reloj.hoy())
    anio = query.anio or actual.year
    meses = tuple(max(Periodo(anio, 1), FIRST_PERIODO).until(min(Periodo(anio, 12), actual)))
    if not meses:
        raise NotFoundError()
    filtro = _filter(query, meses)
    async with services.database.together(quien.rut):
        found = await services.libro(libro).resumen(quien, filtro)
        ranking = await services.analisis.ranking(quien, libro, filtro, _TOP)
        detalle = await _documents(services.libro(libro), quien, filtro, query) if query.contraparte else None
        common = await _common(services, quien, libro, query)
    return await show(
        request,
        quien,
        "anio.html",
        **common,
        anio=anio,
        primero=FIRST_PERIODO.year,
        actual=actual,
        meses=meses,
        found=found,
        grafico=chart(meses, {libro.value: found.mes_a_mes}, actual),
        ranking=ranking,
        detalle=detalle,
        planilla=f"/api/{libro}/detalle.xlsx?{link_of(query)(anio='', periodo=meses[0], hasta=meses[-1])}",
    )


async def _month(request: web.Request, quien: Quien, libro: Libro, query: MesQuery) -> web.Response:
    services = request.app[SERVICES]
    registro, periodo = services.libro(libro), query.periodo
    everything = FiltroDocumentos((periodo,), query.estado)
    filtro = _filter(query, (periodo,))
    async with services.database.together(quien.rut):
        # All types of the month, to choose one from, and what the filters leave of them.
        whole = await registro.resumen(quien, everything)
        found = whole if filtro == everything else await registro.resumen(quien, filtro)
        detalle = await _documents(registro, quien, filtro, query)
        common = await _common(services, quien, libro, query)
    return await show(
        request,
        quien,
        "mes.html",
        **common,
        periodo=periodo,
        actual=Periodo.of(services.reloj.hoy()),
        primero=FIRST_PERIODO,
        whole=whole,
        found=found,
        detalle=detalle,
        planilla=f"/api/{libro}/detalle.xlsx?{link_of(query)(periodo=periodo)}",
    )


async def _documents(
    registro: RegistroService, quien: Quien, filtro: FiltroDocumentos, query: LibroQuery
) -> DetalleRegistro | None:
    """A page of documents; None of types that the register has no documents of."""
    if filtro.tipos and all(tipo_documento(tipo).solo_resumen for tipo in filtro.tipos):
        return None
    return await registro.detalle(quien, filtro, query.pagina, _ON_A_PAGE)


async def _common(services: Services, quien: Quien, libro: Libro, query: LibroQuery) -> dict[str, Any]:
    names = await services.libro(libro).contrapartes(quien)
    return {
        "libro": libro.value,
        "es_ventas": libro is Libro.VENTAS,
        "filtros": query,
        "contrapartes": sorted(names),
        # A RUT as the filter is shown by its name.
        "con": next(
            (name for name, rut in names.items() if str(rut) == query.contraparte), query.contraparte
        ),
        "estados": tuple(EstadoCompra) if libro is Libro.COMPRAS else (),
        "tipo_documento": tipo_documento,
        "enlace": link_of(query),
    }


def _filter(query: LibroQuery, meses: tuple[Periodo, ...]) -> FiltroDocumentos:
    tipos = (query.tipo_documento,) if query.tipo_documento else ()
    return FiltroDocumentos(meses, query.estado, tipos, query.contraparte)
