"""What admins see and do."""

from datetime import timedelta

from aiohttp import web

from api.auth import Auth
from api.endpoint import endpoint
from api.keys import SERVICES
from api.routes.admin_models import (
    BuscarQuery,
    CambiarContribuyente,
    ContributorsAnswer,
    FichaAnswer,
    MensajesAnswer,
    MensajesQuery,
    MensajeVistoAnswer,
    RegistradoAnswer,
    RegistrosAnswer,
    RegistrosQuery,
    ResumenAdminAnswer,
    ResumenAdminQuery,
    Revocadas,
    RutPath,
    SincronizacionAnswer,
    TrabajoAnswer,
    TrabajoPath,
    TrabajosAnswer,
    TrabajosQuery,
)
from bot.core.errors import JobNotRetriableError, NotFoundError, TaxpayerUnknownError
from bot.core.telefono import mask_telefono
from bot.services.administracion import AdministracionService
from bot.services.ports_admin import Ficha, FiltroMensajes, FiltroRegistros

routes = web.RouteTableDef()
_BASE = "/api/admin"
_DAY = timedelta(days=1)


@routes.get(f"{_BASE}/contributors")
@endpoint("Buscar contribuyentes", auth=Auth.ADMIN, answer=ContributorsAnswer)
async def buscar_contribuyentes(request: web.Request, actor: str, query: BuscarQuery) -> ContributorsAnswer:
    """Search taxpayers."""
    found, total = await _admin(request).buscar(actor, query.q, query.parte)
    return ContributorsAnswer(contributors=[_ficha(one) for one in found], total=total, pagina=query.pagina)


@routes.get(f"{_BASE}/contributors/{{rut}}")
@endpoint("Un contribuyente", auth=Auth.ADMIN, answer=FichaAnswer, errors=(TaxpayerUnknownError,))
async def ver_contribuyente(request: web.Request, actor: str, path: RutPath) -> FichaAnswer:
    """One taxpayer."""
    return _ficha(await _admin(request).ficha(actor, path.rut))


@routes.patch(f"{_BASE}/contributors/{{rut}}")
@endpoint("Cambiar un contribuyente", auth=Auth.ADMIN, answer=FichaAnswer, errors=(TaxpayerUnknownError,))
async def cambiar_contribuyente(
    request: web.Request, actor: str, path: RutPath, body: CambiarContribuyente
) -> FichaAnswer:
    """Change name or phone, block or unblock."""
    changes = body.model_dump(exclude_none=True)
    return _ficha(await _admin(request).cambiar(actor, path.rut, **changes))


@routes.post(f"{_BASE}/contributors/{{rut}}/sesiones/revocar")
@endpoint(
    "Cerrar todas las sesiones de un contribuyente",
    auth=Auth.ADMIN,
    answer=Revocadas,
    errors=(TaxpayerUnknownError,),
)
async def revocar_sesiones(request: web.Request, actor: str, path: RutPath) -> Revocadas:
    """End all sessions of a taxpayer."""
    return Revocadas(revocadas=await _admin(request).revocar_sesiones(actor, path.rut))


@routes.get(f"{_BASE}/messages")
@endpoint("Mensajes, enmascarados", auth=Auth.ADMIN, answer=MensajesAnswer)
async def ver_mensajes(request: web.Request, actor: str, query: MensajesQuery) -> MensajesAnswer:
    """Messages of everybody, masked; unmasking is noted."""
    filtro = FiltroMensajes(
        query.rut, query.conversacion, query.estado, query.intent, query.desde, query.hasta
    )
    found, total = await _admin(request).mensajes(
        actor, filtro, query.parte, desenmascarar=query.desenmascarar
    )
    shown = [MensajeVistoAnswer.model_validate(one, from_attributes=True) for one in found]
    return MensajesAnswer(mensajes=shown, total=total, pagina=query.pagina)


@routes.get(f"{_BASE}/logs")
@endpoint("Qué se hizo, quién y cuándo", auth=Auth.ADMIN, answer=RegistrosAnswer)
async def ver_registros(request: web.Request, actor: str, query: RegistrosQuery) -> RegistrosAnswer:
    """What was done."""
    filtro = FiltroRegistros(query.rut, query.evento, query.actor, query.desde, query.hasta)
    found, total = await _admin(request).registros(actor, filtro, query.parte)
    shown = [RegistradoAnswer.model_validate(one, from_attributes=True) for one in found]
    return RegistrosAnswer(logs=shown, total=total, pagina=query.pagina)


@routes.get(f"{_BASE}/trabajos")
@endpoint("Trabajos de la cola", auth=Auth.ADMIN, answer=TrabajosAnswer)
async def ver_trabajos(request: web.Request, actor: str, query: TrabajosQuery) -> TrabajosAnswer:
    """Jobs of the queue."""
    found, total = await _admin(request).trabajos(actor, query.estado, query.tarea, query.parte)
    shown = [TrabajoAnswer.model_validate(one, from_attributes=True) for one in found]
    return TrabajosAnswer(trabajos=shown, total=total, pagina=query.pagina)


@routes.post(f"{_BASE}/trabajos/{{id}}/reintentar")
@endpoint("Reintentar un trabajo que falló", auth=Auth.ADMIN, errors=(NotFoundError, JobNotRetriableError))
async def reintentar_trabajo(request: web.Request, actor: str, path: TrabajoPath) -> None:
    """Try a failed job again."""
    await _admin(request).reintentar(actor, path.id)


@routes.get(f"{_BASE}/resumen")
@endpoint("Cómo va todo", auth=Auth.ADMIN, answer=ResumenAdminAnswer)
async def resumen_admin(request: web.Request, actor: str, query: ResumenAdminQuery) -> ResumenAdminAnswer:
    """Counts, rates and latencies."""
    hasta = query.hasta or request.app[SERVICES].reloj.ahora() + timedelta(seconds=1)
    desde = query.desde or hasta - _DAY
    found = await _admin(request).resumen(actor, desde, hasta)
    lost = found.sin_respuesta + found.fallidos
    return ResumenAdminAnswer(
        desde=desde,
        hasta=hasta,
        contribuyentes=found.contribuyentes,
        sesiones=found.sesiones,
        mensajes=found.mensajes,
        respuestas=found.respuestas,
        sin_respuesta=found.sin_respuesta,
        fallidos=found.fallidos,
        no_entendidos=found.no_entendidos,
        tasa_error=round(lost / found.mensajes, 4) if found.mensajes else 0.0,
        latencia_p50=found.latencia_p50,
        latencia_p95=found.latencia_p95,
        intents=found.intents,
        trabajos=found.trabajos,
    )


def _admin(request: web.Request) -> AdministracionService:
    return request.app[SERVICES].administracion


def _ficha(ficha: Ficha) -> FichaAnswer:
    shown = FichaAnswer.model_validate(ficha, from_attributes=True)
    shown.telefono = mask_telefono(ficha.telefono) if ficha.telefono else None
    shown.sincronizacion = [
        SincronizacionAnswer.model_validate(one, from_attributes=True) for one in ficha.sincronizacion
    ]
    return shown
