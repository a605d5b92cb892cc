"""POST /webhooks/actions: where the dialogue engine has its actions run."""

import hmac

import structlog
from aiohttp import web
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException

from api.client import is_local
from api.keys import EXECUTOR, SETTINGS
from bot.core.errors import NotAuthenticatedError
from bot.telemetry.metrics import stage

log = structlog.get_logger()
routes = web.RouteTableDef()
# The engine sends the whole tracker and domain with every action call.
MAXIMUM_BODY = 16 * 2**20


@routes.post("/webhooks/actions")
async def run_action(request: web.Request) -> web.Response:
    """Run one action and give its events and responses; the engine's contract (rasa_sdk)."""
    _require_engine(request)
    call = await request.clone(client_max_size=MAXIMUM_BODY).json()
    executor = request.app[EXECUTOR]
    name = call.get("next_action")
    try:
        with stage("action", name if name in executor.actions else "?"):
            result = await executor.run(call)
    except ActionExecutionRejection as error:
        return web.json_response({"error": error.message, "action_name": error.action_name}, status=400)
    except ActionNotFoundException as error:
        return web.json_response({"error": error.message, "action_name": error.action_name}, status=404)
    return web.json_response(result.model_dump() if result else None)


def _require_engine(request: web.Request) -> None:
    """Only the engine, on this machine, with the shared secret."""
    expected = request.app[SETTINGS].secret("actions_token")
    given = request.headers.get("X-Actions-Token", "")
    right = hmac.compare_digest(given.encode("utf-8", "surrogateescape"), expected.encode())
    if not right or not is_local(request):
        raise NotAuthenticatedError()
