"""Home: this month, what is due, and how old all of it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from aiohttp import web

from api.headers import framed_by_us
from api.keys import SERVICES
from api.pages.chart import chart
from api.pages.page import HechoQuery, page, render, see, show
from bot.bootstrap import Services
from bot.core.documentos import Libro
from bot.core.errors import BotError
from bot.core.iva import Supuestos
from bot.core.periodo import Periodo
from bot.services.informes import ultimos_meses
from bot.services.ports import FiltroDocumentos, Quien
from bot.services.ports_sincronizacion import EstadoSii
from bot.services.vencimientos import Vencimientos

routes = web.RouteTableDef()
_CONTRACTS = 3


@dataclass(frozen=True, slots=True)
class Lectura:
    """How the reading of the register stands, in one word for the page to explain.

    `estado` is one of sin_clave, rechazada, pausa, leyendo, fallando, al_dia, esperando.
    """

    estado: str
    actualizado: datetime | None

    @property
    def puede_pedir(self) -> bool:
        return self.estado in ("al_dia", "fallando", "esperando")


@dataclass(frozen=True, slots=True)
class Plazo:
    """A day that counts: its kind (f29, reclamo, aviso, termino), where it leads, and of what it is."""

    dia: date
    clase: str
    enlace: str
    nombre: str


class InicioQuery(HechoQuery):
    """What was just done, or why it could not be."""

    error: str = ""


@routes.get("/")
@page()
async def inicio(request: web.Request, quien: Quien, query: InicioQuery) -> web.Response:
    """The figures of this month beside those of the last twelve."""
    services = request.app[SERVICES]
    hoy = services.reloj.hoy()
    actual, meses = Periodo.of(hoy), ultimos_meses(hoy)
    async with services.database.together(quien.rut):
        libros = {
            libro: await services.libro(libro).resumen(quien, FiltroDocumentos(meses)) for libro in Libro
        }
        pasado = await services.iva.f29(quien, actual.plus(-1), Supuestos())
        este = await services.iva.f29(quien, actual, Supuestos(), pasado)
        due = await services.vencimientos.proximos(quien)
    moments = [one.actualizado for one in libros.values() if one.actualizado]
    return await show(
        request,
        quien,
        "inicio.html",
        actual=actual,
        anterior=actual.plus(-1),
        libros=libros,
        este=este,
        pasado=pasado,
        plazos=_due(due, actual),
        grafico=chart(meses, {libro.value: found.mes_a_mes for libro, found in libros.items()}, actual),
        vacio=not moments,
        lectura=await lectura(services, quien, max(moments, default=None)),
        listo=query.listo,
        error=query.error,
    )


@routes.get("/chat")
@page(public=True)
async def chat(request: web.Request) -> web.Response:
    """The chat, which asks for the login itself and keeps what was being written."""
    response = render(request, "chat.html", rut="", solicitud="", error="", aviso="", sigue="/chat")
    return framed_by_us(response)


@routes.post("/actualizar")
@page()
async def actualizar(request: web.Request, quien: Quien) -> web.Response:
    """Read the register at the SII now."""
    try:
        await request.app[SERVICES].sincronizacion.pedir(quien, None)
    except BotError as error:
        return see(f"/?error={error.key}")
    return see("/?listo=pedida")


async def lectura(services: Services, quien: Quien, actualizado: datetime | None) -> Lectura:
    """How the reading of the register stands; `actualizado` is how old the figures are."""
    found = await services.sincronizacion.estado(quien)
    moments = [libro.exito for libro in found.libros if libro.exito]
    return Lectura(
        _standing(found, reading=[libro.trabajo for libro in found.libros if libro.trabajo]),
        actualizado or min(moments, default=None),
    )


def _due(found: Vencimientos, actual: Periodo) -> list[Plazo]:
    """The next days that count, the nearest first."""
    due = [Plazo(dia, "f29", f"/iva/{mes}", mes.mes) for mes, dia in found.formularios[:1]]
    if found.reclamo:
        where = f"/compras/{actual}?estado=PENDIENTE"
        due.append(Plazo(found.reclamo, "reclamo", where, str(found.pendientes)))
    due += [
        Plazo(one.dia, "aviso" if one.aviso else "termino", f"/contratos/{one.contrato}", one.nombre)
        for one in found.contratos[:_CONTRACTS]
    ]
    return sorted(due, key=lambda one: one.dia)


def _standing(found: EstadoSii, reading: Sequence[str]) -> str:
    if found.clave_desde is None:
        return "sin_clave"
    if found.clave_rechazada:
        return "rechazada"
    if found.pausa:
        return "pausa"
    if reading:
        return "leyendo"
    if any(libro.fallando for libro in found.libros):
        return "fallando"
    return "al_dia" if any(libro.exito for libro in found.libros) else "esperando"
