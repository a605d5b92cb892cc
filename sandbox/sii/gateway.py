"""The four calls, as API Gateway answers them."""

import json
from datetime import UTC, datetime
from email.utils import formatdate

from aiohttp import web

from bot.core.periodo import FIRST_PERIODO
from sandbox.sii import filas
from sandbox.sii.consulta import Consulta, RechazoError, read, read_clave
from sandbox.sii.cuentas import MAXIMO, broken_session
from sandbox.sii.fallas import Falla
from sandbox.sii.simulador import Simulador

SIMULADOR = web.AppKey("simulador", Simulador)
_PREFIX = {1: "Bearer", 2: "Token"}
_SIN_RESPUESTA = 0
_HTML = "<!DOCTYPE html><html><body><h1>Servicio no disponible</h1></body></html>"
_MENSAJES = {
    402: "Créditos insuficientes.",
    403: "La cuenta no tiene acceso a este recurso.",
    405: "Método no permitido.",
    406: "No aceptable.",
    409: "Conflicto con el estado actual en el SII.",
    410: "El recurso ya no existe.",
    500: "Error interno.",
    502: "El SII no respondió correctamente.",
    503: "El SII no está disponible.",
}


async def call(request: web.Request) -> web.Response:
    """POST /api/v{1,2}/sii/rcv/…: count it, and answer or refuse."""
    sii, version = request.app[SIMULADOR], int(request.match_info["version"])
    try:
        consulta = read(request)
    except RechazoError as refused:
        return _refusal(sii, version, refused)
    sii.bitacora.llamadas[consulta.llamada] += 1
    try:
        response = await _attend(sii, consulta, request)
    except RechazoError as refused:
        sii.bitacora.refused(consulta, refused)
        if refused.status == _SIN_RESPUESTA and request.transport:
            request.transport.abort()
        return _refusal(sii, version, refused)
    sii.bitacora.answered(consulta, response.status)
    return _stamp(sii, response)


async def _attend(sii: Simulador, consulta: Consulta, request: web.Request) -> web.Response:
    """Check what the service checks, in its order, and answer."""
    _check_token(sii, consulta)
    sii.ritmo.spend()
    sii.bitacora.accept()
    if not sii.creditos:
        raise RechazoError(402, _MENSAJES[402])
    if sii.bitacora.en_curso.total() >= sii.ajustes.simultaneas:
        raise sii.ritmo.too_many_at_once()
    with sii.bitacora.running(consulta) as together:
        if together > 1:
            sii.bitacora.violate("sesiones_a_la_vez", consulta)
        return await _ask_sii(sii, consulta, request, together)


async def _ask_sii(sii: Simulador, consulta: Consulta, request: web.Request, together: int) -> web.Response:
    given = await read_clave(request)
    await sii.sleep(sii.ajustes.demora)
    broken, changes = None, False
    for falla in sii.fallas.take(consulta):
        if falla.tipo == "lento":
            await sii.sleep(sii.ajustes.lento if falla.segundos is None else falla.segundos)
        elif falla.tipo == "cambio":
            changes = True
        else:
            broken = falla
    if broken:
        _refuse_if_told(sii, consulta, broken, given)
    sii.cuentas.check(consulta.rut, given)
    sii.cuentas.enter(consulta.rut, nueva=consulta.nueva_sesion, otra_abierta=together > 1)
    response = _answer(sii, consulta, broken, request)
    if changes:
        sii.registro.grow(consulta.rut, (consulta.libro, consulta.periodo, consulta.estado))
    return response


def _check_token(sii: Simulador, consulta: Consulta) -> None:
    if consulta.token != f"{_PREFIX[consulta.version]} {sii.token}":
        raise RechazoError(401, "Token de acceso no válido.")


def _refuse_if_told(sii: Simulador, consulta: Consulta, falla: Falla, given: tuple[str, str]) -> None:
    """What a fault puts in place of any answer."""
    match falla.tipo:
        case "token":
            raise RechazoError(401, falla.mensaje or "Token de acceso no válido.")
        case "clave":
            sii.cuentas.check(consulta.rut, given, mala=True)
        case "sesion" | "sesion_cuerpo":
            sii.cuentas.rotas.add(consulta.rut)
            raise broken_session(en_cuerpo=falla.tipo == "sesion_cuerpo")
        case "sesiones":
            raise RechazoError(falla.codigo or 401, falla.mensaje or MAXIMO)
        case "corte":
            raise RechazoError(_SIN_RESPUESTA, "")
        case "http":
            status = falla.codigo or 503
            raise RechazoError(status, falla.mensaje or _MENSAJES.get(status, f"Error {status}."))
        case "bloqueo" | "limite":
            codigo, usual = (
                (423, sii.ajustes.bloqueo) if falla.tipo == "bloqueo" else (429, sii.ajustes.pausa)
            )
            segundos = usual if falla.segundos is None else falla.segundos
            raise sii.ritmo.pausar(codigo, segundos, falla.forma).rechazo(sii.reloj())


def _answer(sii: Simulador, consulta: Consulta, falla: Falla | None, request: web.Request) -> web.Response:
    """Data, or what a fault makes of it."""
    if falla and falla.tipo == "html":
        return web.Response(text=_HTML, content_type="text/html")
    if falla and falla.tipo == "codigo":
        codigo = 99 if falla.codigo is None else falla.codigo
        mensaje = falla.mensaje or (None if codigo == filas.VACIO else "No fue posible procesar la consulta")
        body = filas.message(consulta, codigo, mensaje)
    elif consulta.periodo < FIRST_PERIODO:
        body = filas.message(consulta, filas.RECHAZO, filas.PERIODO_ANTIGUO)
    elif consulta.periodo.first_day > sii.registro.hoy:
        body = filas.message(consulta, filas.RECHAZO, filas.PERIODO_FUTURO)
    else:
        body = filas.answer(
            consulta, sii.registro.read(consulta.rut, (consulta.libro, consulta.periodo, consulta.estado))
        )
    text = json.dumps(filas.wrap(consulta.version, body, datetime.fromtimestamp(sii.reloj(), UTC)))
    if falla and falla.tipo == "truncado":
        text = text[: len(text) // 2]
    return web.Response(text=text, content_type="application/json")


def _refusal(sii: Simulador, version: int, refused: RechazoError) -> web.Response:
    return _stamp(
        sii, web.json_response(refused.body(version), status=refused.status, headers=refused.headers)
    )


def _stamp(sii: Simulador, response: web.Response) -> web.Response:
    """What the service tells of itself in every answer; `Date` is the clock of its other times."""
    response.headers["Date"] = formatdate(sii.reloj(), usegmt=True)
    response.headers["X-Stats-Credits-Used"] = str(sii.bitacora.creditos)
    response.headers["X-Stats-Credits-Remaining"] = str(sii.creditos)
    response.headers["X-RateLimit-Remaining"] = str(sii.ritmo.restantes)
    return response
