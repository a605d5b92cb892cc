"""Form 29 of a month, as far as the register and the taxpayer tell it."""

from decimal import Decimal
from typing import Annotated

from aiohttp import web
from pydantic import Field

from api.fields import Model, PeriodoField
from api.keys import SERVICES
from api.pages.page import page, see, show
from bot.core.iva import PPM, REMANENTE, RETENCIONES, Supuestos
from bot.core.periodo import FIRST_PERIODO, Periodo
from bot.services.ports import Quien

routes = web.RouteTableDef()
_CAUSES = 5


class IvaQuery(Model):
    """A month; the last that is over if none is named."""

    periodo: PeriodoField | None = None
    listo: bool = False


class DeclaradoForm(Model):
    """What only the taxpayer knows; what is left empty is forgotten. CLP, and the rate in percent."""

    remanente: Annotated[int, Field(ge=0, le=10**12)] | None = None
    tasa_ppm: Annotated[Decimal, Field(ge=0, le=100, max_digits=7)] | None = None
    retenciones: Annotated[int, Field(ge=0, le=10**12)] | None = None


class MesPath(Model):
    """A month."""

    periodo: PeriodoField


@routes.get("/iva")
@page()
async def iva(request: web.Request, quien: Quien, query: IvaQuery) -> web.Response:
    """The form of the last month that is over."""
    return await _show(request, quien, query)


@routes.get("/iva/{periodo}")
@page()
async def iva_mes(request: web.Request, quien: Quien, query: IvaQuery) -> web.Response:
    """The form of a month."""
    return await _show(request, quien, query)


@routes.post("/iva/{periodo}")
@page()
async def declarar(request: web.Request, quien: Quien, query: MesPath, form: DeclaradoForm) -> web.Response:
    """Keep what the taxpayer tells about a month's form."""
    service = request.app[SERVICES].iva
    before = (await service.f29(quien, query.periodo, Supuestos())).contado
    told = {REMANENTE: form.remanente, PPM: form.tasa_ppm, RETENCIONES: form.retenciones}
    for codigo, value in told.items():
        if value is not None and value != before.get(codigo):
            await service.contar(quien, query.periodo, codigo, Decimal(value))
        elif value is None and codigo in before:
            await service.olvidar(quien, query.periodo, codigo)
    return see(f"/iva/{query.periodo}?listo=true")


async def _show(request: web.Request, quien: Quien, query: IvaQuery) -> web.Response:
    services = request.app[SERVICES]
    actual = Periodo.of(services.reloj.hoy())
    periodo = query.periodo or actual.plus(-1)
    explained = await services.analisis.explicar_iva(quien, periodo, Supuestos(), _CAUSES)
    due = await services.vencimientos.proximos(quien, (periodo,))
    return await show(
        request,
        quien,
        "iva.html",
        periodo=periodo,
        actual=actual,
        primero=FIRST_PERIODO,
        explicado=explained,
        f29=explained.ahora.f29,
        estimado=explained.ahora,
        vence=due.formularios[0][1],
        codigos={"remanente": REMANENTE, "tasa_ppm": PPM, "retenciones": RETENCIONES},
        listo=query.listo,
    )
