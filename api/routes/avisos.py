"""What the taxpayer wants to be told without asking."""

from datetime import time
from typing import Annotated

from aiohttp import web
from pydantic import Field, StrictBool

from api.auth import Auth
from api.endpoint import endpoint
from api.fields import Answer, Model
from api.keys import SERVICES
from bot.services.ports import Quien
from bot.services.ports_noticias import Avisos

routes = web.RouteTableDef()

Hora = Annotated[
    str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", description="Hora de Santiago", examples=["21:00"])
]


class AvisosFields(Model):
    """Which alerts, and the hours of silence."""

    compras: StrictBool
    f29: StrictBool
    contratos: StrictBool
    sincronizacion: StrictBool
    desde: Hora
    hasta: Hora


class AvisosAnswer(Answer):
    """Which alerts, and the hours of silence."""

    compras: StrictBool
    f29: StrictBool
    contratos: StrictBool
    sincronizacion: StrictBool
    desde: str
    hasta: str


@routes.get("/api/avisos")
@endpoint("Qué avisos quiero recibir", auth=Auth.SESION, answer=AvisosAnswer)
async def ver(request: web.Request, quien: Quien) -> AvisosAnswer:
    """All off until they are turned on."""
    return _answer(await request.app[SERVICES].alertas.ver(quien))


@routes.put("/api/avisos")
@endpoint("Elegir qué avisos quiero recibir", auth=Auth.SESION, answer=AvisosAnswer)
async def elegir(request: web.Request, quien: Quien, body: AvisosFields) -> AvisosAnswer:
    """With the first one consent is given, with the last one it is revoked."""
    hours = {"desde": time.fromisoformat(body.desde), "hasta": time.fromisoformat(body.hasta)}
    chosen = Avisos(body.compras, body.f29, body.contratos, body.sincronizacion, **hours)
    await request.app[SERVICES].alertas.elegir(quien, chosen, "web")
    return _answer(chosen)


def _answer(chosen: Avisos) -> AvisosAnswer:
    hours = {"desde": f"{chosen.desde:%H:%M}", "hasta": f"{chosen.hasta:%H:%M}"}
    return AvisosAnswer(
        compras=chosen.compras,
        f29=chosen.f29,
        contratos=chosen.contratos,
        sincronizacion=chosen.sincronizacion,
        **hours,
    )
