"""The Graph API's doors: who may come in, and what is answered when something is wrong."""

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from sandbox.whatsapp.errors import CODES, GraphError, unknown_object
from sandbox.whatsapp.settings import Business, Fault
from sandbox.whatsapp.simulator import Simulator

SIMULATOR = web.AppKey("simulator", Simulator)
type Answer = Callable[[web.Request, Simulator], Awaitable[web.StreamResponse]]
type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def guarded(answer: Answer, token: Callable[[Business], str] = lambda business: business.token) -> Handler:
    """Ask for the token, and word refusals as the Graph API does."""

    async def handle(request: web.Request) -> web.StreamResponse:
        simulator = request.app[SIMULATOR]
        await asyncio.sleep(simulator.faults.demora)
        if simulator.faults.http_503:
            simulator.faults.http_503 -= 1
            return web.Response(status=503, text="<html>Service Unavailable</html>", content_type="text/html")
        try:
            check_token(request, token(simulator.business))
            return await answer(request, simulator)
        except GraphError as error:
            return error.response()

    return handle


def check_token(request: web.Request, token: str) -> None:
    """Whether the request comes from the product.

    Raises:
        GraphError: 190.
    """
    header = request.headers.get("Authorization", "")
    given = header.removeprefix("Bearer ") if header.startswith("Bearer ") else ""
    given = given or request.query.get("access_token", "")
    if not hmac.compare_digest(given.encode(), token.encode()):
        what = "Cannot parse access token" if given else "An access token is required"
        raise GraphError(190, message=f"Invalid OAuth access token - {what}")


def check_phone(request: web.Request, simulator: Simulator) -> None:
    """Whether the path names the business's phone.

    Raises:
        GraphError: 100, if it does not.
    """
    if request.match_info["object"] != simulator.business.phone_id:
        raise unknown_object(request.match_info["object"])


def check_account(request: web.Request, simulator: Simulator) -> None:
    """Whether the path names the business's account.

    Raises:
        GraphError: 100, if it does not.
    """
    if request.match_info["object"] != simulator.business.waba_id:
        raise unknown_object(request.match_info["object"])


async def read_json(request: web.Request) -> dict[str, Any]:
    """The request's object.

    Raises:
        GraphError: 100, if it is none.
    """
    try:
        body = json.loads(await request.read() or b"{}")
    except ValueError:
        raise GraphError(100, message="The body is not valid JSON.") from None
    if not isinstance(body, dict):
        raise GraphError(100, message="The body must be an object.")
    return body


def strike(fault: Fault | None, who: tuple[str, ...]) -> GraphError | None:
    """The error that this send is to meet, if any."""
    if fault is None or not fault.veces or (fault.telefono and fault.telefono not in who):
        return None
    fault.veces -= 1
    return GraphError(fault.codigo, "" if fault.codigo in CODES else "A fault of the simulator")


async def unknown_path(request: web.Request) -> web.StreamResponse:
    """What the simulator does not have."""
    return GraphError(2500, message=f"Unknown path components: /{request.match_info['tail']}").response()
