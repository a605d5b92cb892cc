"""What WhatsApp and Telegram deliver: checked, stored, acknowledged; the worker does the rest."""

import hmac

from aiohttp import web

from api.keys import SERVICES
from bot.services.ports_canales import (
    DeliveryUnreadableError,
    SignatureMissingError,
    SignatureWrongError,
)
from bot.telemetry.metrics import stage

routes = web.RouteTableDef()
MAXIMUM_DELIVERY = 4 * 2**20
_WHATSAPP, _TELEGRAM = "whatsapp", "telegram"


@routes.get("/webhooks/whatsapp", allow_head=False)
async def whatsapp_challenge(request: web.Request) -> web.Response:
    """Meta's check that this address is ours."""
    channel = request.app[SERVICES].puertas.whatsapp
    challenge = channel.challenge(request.query) if channel else None
    if challenge is None:
        return web.Response(status=403)
    return web.Response(text=challenge)


@routes.post("/webhooks/whatsapp")
async def whatsapp(request: web.Request) -> web.Response:
    """A delivery: 401 without a signature, 403 with a wrong one, 200 once everything in it is stored."""
    with stage("webhook", _WHATSAPP):
        return await _whatsapp(request)


async def _whatsapp(request: web.Request) -> web.Response:
    services = request.app[SERVICES]
    channel = services.puertas.whatsapp
    if channel is None:
        return web.Response(status=404)
    raw = await _body(request)
    try:
        arrived = channel.read(raw, request.headers.get("X-Hub-Signature-256"))
    except SignatureMissingError:
        return web.Response(status=401)
    except SignatureWrongError:
        return web.Response(status=403)
    except DeliveryUnreadableError:
        return web.Response(status=400)
    await services.canales.recibir(_WHATSAPP, arrived)
    return web.Response()


@routes.post("/webhooks/telegram")
async def telegram(request: web.Request) -> web.Response:
    """One update: 401 without Telegram's secret, 200 once it is stored."""
    with stage("webhook", _TELEGRAM):
        return await _telegram(request)


async def _telegram(request: web.Request) -> web.Response:
    services = request.app[SERVICES]
    channel = services.puertas.telegram
    if channel is None or not channel.secret:
        return web.Response(status=404)
    given = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
    if not hmac.compare_digest(given.encode("utf-8", "surrogateescape"), channel.secret.encode()):
        return web.Response(status=401)
    try:
        arrived = channel.read(await _body(request))
    except DeliveryUnreadableError:
        return web.Response(status=400)
    await services.canales.recibir(_TELEGRAM, arrived)
    return web.Response()


async def _body(request: web.Request) -> bytes:
    """The raw body, never more of it than any real delivery has.

    Raises:
        HTTPRequestEntityTooLarge
    """
    raw = bytearray()
    async for chunk in request.content.iter_any():
        raw += chunk
        if len(raw) > MAXIMUM_DELIVERY:
            raise web.HTTPRequestEntityTooLarge(MAXIMUM_DELIVERY, len(raw))
    return bytes(raw)
