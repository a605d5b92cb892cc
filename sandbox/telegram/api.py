"""The two addresses of the Bot API: `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

import asyncio
import hmac

from aiohttp import web

from sandbox.telegram import params
from sandbox.telegram.errors import ApiError, usual
from sandbox.telegram.faults import MethodFault
from sandbox.telegram.methods import METHODS, Told
from sandbox.telegram.simulator import DOWNLOAD_BYTES, Simulator

SIMULATOR = web.AppKey("simulator", Simulator)


async def call(request: web.Request) -> web.Response:
    """Any method, with GET or POST."""
    try:
        return await _call(request)
    except ApiError as error:
        return error.response()


async def download(request: web.Request) -> web.Response:
    """What getFile pointed to."""
    simulator = request.app[SIMULATOR]
    path = request.match_info["path"]
    try:
        _check_token(simulator, request)
        stored = next((one for one in simulator.files.values() if one.path == path), None)
        if stored is None or len(stored.data) > DOWNLOAD_BYTES:
            raise usual(404)
    except ApiError as error:
        return error.response()
    return web.Response(body=stored.data, content_type="application/octet-stream")


async def _call(request: web.Request) -> web.Response:
    simulator = request.app[SIMULATOR]
    _check_token(simulator, request)
    name = request.match_info["method"]
    method = METHODS.get(name.lower())
    if method is None:
        raise ApiError(404, "Not Found: method not found")
    found = await params.read(request)
    fault = simulator.faults.take(name)
    if fault:
        await _fail(request, fault)
    result = await method(simulator, found)
    if fault and fault.perder_respuesta:
        _hang_up(request)
    told = result if isinstance(result, Told) else None
    body = {"ok": True, "result": told.result if told else result}
    return web.json_response(body | ({"description": told.description} if told else {}))


def _check_token(simulator: Simulator, request: web.Request) -> None:
    if not hmac.compare_digest(request.match_info["token"].encode(), simulator.token.encode()):
        raise usual(401)


async def _fail(request: web.Request, fault: MethodFault) -> None:
    await asyncio.sleep(fault.demora)
    if fault.cortar:
        _hang_up(request)
    if fault.codigo:
        error = usual(fault.codigo, fault.retry_after)
        raise ApiError(error.code, fault.descripcion or error.description, error.parameters)


def _hang_up(request: web.Request) -> None:
    """The client's connection breaks; what is answered afterwards reaches nobody."""
    if request.transport:
        request.transport.abort()
    raise usual(500)
