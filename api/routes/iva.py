"""The estimate of form 29."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from aiohttp import web
from pydantic import Field

from api.auth import Auth
from api.endpoint import endpoint
from api.fields import Answer, Model, PeriodoField
from api.keys import SERVICES
from bot.core.iva import Linea, Supuestos
from bot.services.ports import Quien

routes = web.RouteTableDef()


class F29Query(Model):
    """A month, and what the register does not know.

    `remanente` and `retenciones` (of fees) in CLP, `tasa_ppm` in percent.
    """

    periodo: PeriodoField
    remanente: Annotated[int, Field(ge=0, le=10**12)] | None = None
    tasa_ppm: Annotated[float, Field(ge=0, le=100)] | None = None
    retenciones: Annotated[int, Field(ge=0, le=10**12)] | None = None


class LineaAnswer(Answer):
    """A line of the form; `valor` is in whole CLP or a count, and only that of 115 in percent."""

    codigo: int
    glosa: str
    valor: int | float


class F29Answer(Answer):
    """The estimate; `faltan` are books that nobody has imported for that month."""

    rut: str
    periodo: str
    lineas: list[LineaAnswer]
    notas: list[str]
    faltan: list[str]
    actualizado: datetime | None


@routes.get("/api/f29")
@endpoint("Estimación del formulario 29", auth=Auth.SESION, answer=F29Answer)
async def f29(request: web.Request, quien: Quien, query: F29Query) -> F29Answer:
    """Estimate form 29 of a month."""
    rate = Decimal(str(query.tasa_ppm)) if query.tasa_ppm is not None else None
    supuestos = Supuestos(query.remanente, rate, query.retenciones)
    found = await request.app[SERVICES].iva.f29(quien, query.periodo, supuestos)
    return F29Answer(
        rut=str(quien.rut),
        periodo=str(query.periodo),
        lineas=[_linea(one) for one in found.f29.lineas],
        notas=list(found.f29.notas),
        faltan=list(found.faltan),
        actualizado=found.actualizado,
    )


def _linea(linea: Linea) -> LineaAnswer:
    valor = linea.valor if isinstance(linea.valor, int) else float(linea.valor)
    return LineaAnswer(codigo=linea.codigo, glosa=linea.glosa, valor=valor)
