"""The sync with the SII."""

from datetime import datetime, timedelta
from typing import Any, Literal

from aiohttp import web

from api.auth import Auth
from api.endpoint import endpoint
from api.fields import Answer, Model, Momento, PeriodoField, RutField
from api.keys import SERVICES
from bot.core.documentos import Libro
from bot.core.errors import NotFoundError, TooManyRequestsError
from bot.core.errors_sii import SiiClaveMissingError, SiiClaveWrongError
from bot.services.ports import Quien
from bot.services.ports_sincronizacion import Cambio, EstadoLibro

routes = web.RouteTableDef()


class ActualizarBody(Model):
    """Which month and book; the newest two months and both books if they are left out."""

    periodo: PeriodoField | None = None
    tipo: Libro | None = None


class PedidaAnswer(Answer):
    """The job, whether it was queued already, and until when the SII asked everybody to wait."""

    trabajo_id: int
    ya_estaba: bool
    en_pausa_hasta: datetime | None


class LibroAnswer(Answer):
    """How the sync of one book stands; `actualizado` is how old its data is."""

    tipo: Libro
    actualizado: datetime | None
    ultimo_intento: datetime | None
    error: str | None
    fallando_desde: datetime | None
    trabajo: Literal["todo", "doing"] | None
    primera_hasta: str | None
    primera_completa: datetime | None


class EstadoSiiAnswer(Answer):
    """Whether the clave is there and accepted, whether all must wait, and both books."""

    clave: Literal["ninguna", "guardada", "rechazada"]
    en_pausa_hasta: datetime | None
    bloqueado: bool
    primera_desde: str
    libros: list[LibroAnswer]


class CambiosQuery(Model):
    """Since when; the last 24 hours if it is left out."""

    desde: Momento | None = None


class MontosAnswer(Answer):
    """Signed totals in whole CLP."""

    cantidad: int
    monto_exento: int
    monto_neto: int
    monto_iva: int
    monto_total: int


class CambioAnswer(Answer):
    """What one sync changed in a month; `documentos` are some hundred at most."""

    tipo: Libro
    periodo: str
    momento: datetime
    nuevos: int
    cambiados: int
    idos: int
    documentos: list[dict[str, Any]]
    antes: MontosAnswer
    despues: MontosAnswer


class CambiosAnswer(Answer):
    """Oldest first."""

    desde: datetime
    cambios: list[CambioAnswer]


class SincronizarBody(Model):
    """Whose register; everybody's if it is left out."""

    rut: RutField | None = None


class SincronizarAnswer(Answer):
    """How many jobs were queued."""

    trabajos: int


@routes.post("/api/sii/actualizar")
@endpoint(
    "Traer mi registro del SII ahora",
    auth=Auth.SESION,
    answer=PedidaAnswer,
    status=202,
    errors=(SiiClaveMissingError, SiiClaveWrongError, TooManyRequestsError),
)
async def actualizar(request: web.Request, quien: Quien, body: ActualizarBody) -> PedidaAnswer:
    """Queue a sync before all others."""
    periodos = (body.periodo,) if body.periodo else ()
    pedida = await request.app[SERVICES].sincronizacion.pedir(quien, body.tipo, periodos)
    return PedidaAnswer(
        trabajo_id=pedida.trabajo_id,
        ya_estaba=pedida.ya_estaba,
        en_pausa_hasta=pedida.pausa.hasta if pedida.pausa else None,
    )


@routes.get("/api/sii/estado")
@endpoint("Cómo va la lectura de mi registro en el SII", auth=Auth.SESION, answer=EstadoSiiAnswer)
async def estado(request: web.Request, quien: Quien) -> EstadoSiiAnswer:
    """How the syncs stand."""
    found = await request.app[SERVICES].sincronizacion.estado(quien)
    return EstadoSiiAnswer(
        clave="rechazada" if found.clave_rechazada else "guardada" if found.clave_desde else "ninguna",
        en_pausa_hasta=found.pausa.hasta if found.pausa else None,
        bloqueado=bool(found.pausa and found.pausa.bloqueo),
        primera_desde=str(found.desde),
        libros=[_libro(libro) for libro in found.libros],
    )


@routes.get("/api/sii/cambios")
@endpoint("Qué cambió en mi registro", auth=Auth.SESION, answer=CambiosAnswer)
async def cambios(request: web.Request, quien: Quien, query: CambiosQuery) -> CambiosAnswer:
    """What syncs changed."""
    services = request.app[SERVICES]
    desde = query.desde or services.reloj.ahora() - timedelta(days=1)
    found = await services.sincronizacion.cambios(quien, desde)
    return CambiosAnswer(desde=desde, cambios=[_cambio(one) for one in found])


@routes.post("/api/admin/sincronizar")
@endpoint(
    "Leer en el SII el registro de uno o de todos",
    auth=Auth.ADMIN,
    answer=SincronizarAnswer,
    status=202,
    errors=(SiiClaveMissingError, SiiClaveWrongError, NotFoundError, TooManyRequestsError),
)
async def sincronizar(request: web.Request, actor: str, body: SincronizarBody) -> SincronizarAnswer:
    """Queue one taxpayer, or everybody as the night does."""
    sincronizacion = request.app[SERVICES].sincronizacion
    if body.rut is None:
        return SincronizarAnswer(trabajos=await sincronizacion.pedir_todos(actor))
    return SincronizarAnswer(trabajos=len((await sincronizacion.pedir_de(actor, body.rut)).trabajos))


def _libro(libro: EstadoLibro) -> LibroAnswer:
    return LibroAnswer(
        tipo=libro.libro,
        actualizado=libro.exito,
        ultimo_intento=libro.intento,
        error=libro.error or None,
        fallando_desde=libro.fallando,
        trabajo=libro.trabajo or None,
        primera_hasta=str(libro.llega_a) if libro.llega_a else None,
        primera_completa=libro.completa,
    )


def _cambio(cambio: Cambio) -> CambioAnswer:
    return CambioAnswer(
        tipo=cambio.libro,
        periodo=str(cambio.periodo),
        momento=cambio.momento,
        nuevos=cambio.nuevos,
        cambiados=cambio.cambiados,
        idos=cambio.idos,
        documentos=[dict(one) for one in cambio.documentos],
        antes=MontosAnswer.model_validate(cambio.antes, from_attributes=True),
        despues=MontosAnswer.model_validate(cambio.despues, from_attributes=True),
    )
