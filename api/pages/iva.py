"""Form 29 of a month, as far as the register and the taxpayer tell it."""

from collections.abc import Mapping
from decimal import Decimal

from aiohttp import web
from pydantic import ValidationError

from api.fields import Model, Monto, PeriodoField, Tasa
from api.keys import SERVICES
from api.pages.page import filled, page, see, show
from api.problems import RequestInvalidError
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

    remanente: Monto | None = None
    tasa_ppm: Tasa | None = None
    retenciones: Monto | None = None


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
async def declarar(request: web.Request, quien: Quien, query: MesPath) -> web.Response:
    """Keep what the taxpayer tells about a month's form; what is no number is told where it was written."""
    typed = await filled(request)
    try:
        form = DeclaradoForm.model_validate(typed)
    except ValidationError as error:
        wrong = {str(one["loc"][0]): str(one["msg"]) for one in RequestInvalidError("form", error).errores}
        return await _show(request, quien, IvaQuery(periodo=query.periodo), typed, wrong)
    service = request.app[SERVICES].iva
    before = (await service.f29(quien, query.periodo, Supuestos())).contado
    told = {REMANENTE: form.remanente, PPM: form.tasa_ppm, RETENCIONES: form.retenciones}
    for codigo, value in told.items():
        if value is not None and value != before.get(codigo):
            await service.contar(quien, query.periodo, codigo, Decimal(value))
        elif value is None and codigo in before:
            await service.olvidar(quien, query.periodo, codigo)
    return see(f"/iva/{query.periodo}?listo=true")


async def _show(
    request: web.Request,
    quien: Quien,
    query: IvaQuery,
    typed: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
) -> web.Response:
    """The form; with what was `typed` and what is `wrong` with it, by field, if it was not kept."""
    services = request.app[SERVICES]
    actual = Periodo.of(services.reloj.hoy())
    periodo = query.periodo or actual.plus(-1)
    async with services.database.together(quien.rut):
        explained = await services.analisis.explicar_iva(quien, periodo, Supuestos(), _CAUSES)
        due = await services.vencimientos.proximos(quien, (periodo,))
    return await show(
        request,
        quien,
        "iva.html",
        status=422 if wrong else 200,
        periodo=periodo,
        actual=actual,
        primero=FIRST_PERIODO,
        explicado=explained,
        f29=explained.ahora.f29,
        estimado=explained.ahora,
        vence=due.formularios[0][1],
        codigos={"remanente": REMANENTE, "tasa_ppm": PPM, "retenciones": RETENCIONES},
        listo=query.listo,
        escrito=typed,
        mal=wrong or {},
    )
