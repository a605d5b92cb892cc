"""GET /metrics, and the middleware that counts requests and gives each its id."""

import time

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from api.auth import Auth
from api.client import is_local
from api.endpoint import endpoint
from api.keys import SERVICES
from api.problems import route_of
from bot.bootstrap import exposition
from bot.telemetry.metrics import CONTENT_TYPE, REQUEST_SECONDS, REQUESTS
from bot.telemetry.traces import HEADER, follow, note, trace_id

log = structlog.get_logger()
routes = web.RouteTableDef()
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# Most answers are begun once the middlewares are through.
_ID = web.RequestKey("trace_id", str)
# Asked for every few seconds, by machines or by every page.
_UNTOLD = frozenset({"/health", "/ready", "/metrics", "/static"})


@web.middleware
async def measured(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Count the request by its route's pattern: a path may hold personal data.

    What our own programs ask goes on under their id; that of anybody else is theirs.
    """
    method = request.method if request.method in _METHODS else "OTHER"
    route = route_of(request)
    parent = request.headers.get(HEADER) if is_local(request) else None
    with follow(f"{method} {route}", "SERVER", parent):
        request[_ID] = trace_id() or ""
        began, status = time.perf_counter(), 500
        try:
            response = await handler(request)
            status = response.status
            return response
        except web.HTTPException as error:
            status = error.status
            raise
        finally:
            _tell(method, route, status, time.perf_counter() - began)


def _tell(method: str, route: str, status: int, seconds: float) -> None:
    REQUESTS.labels(method, route, str(status)).inc()
    REQUEST_SECONDS.labels(method, route).observe(seconds)
    if route not in _UNTOLD:
        note(status=status)
        log.info("http.request", method=method, route=route, ms=round(seconds * 1000))


async def tell_id(request: web.Request, response: web.StreamResponse) -> None:
    """Whoever asks for help can say which request it was."""
    if told := request.get(_ID):
        response.headers["X-Request-Id"] = told


@routes.get("/metrics")
@endpoint("Métricas para Prometheus", auth=Auth.LOCAL_O_ADMIN, content_type="text/plain")
async def metrics(request: web.Request) -> web.Response:
    """What was counted; for this machine and for admins."""
    body = await exposition("api", request.app[SERVICES])
    return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE})
