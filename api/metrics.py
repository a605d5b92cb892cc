"""GET /metrics, and the middleware that counts."""

import time

from aiohttp import web
from aiohttp.typedefs import Handler

from api.auth import Auth
from api.counters import Metrics
from api.endpoint import endpoint
from api.keys import METRICS
from api.problems import route_of

__all__ = ["Metrics", "measured", "routes"]

routes = web.RouteTableDef()


@web.middleware
async def measured(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Count the request by its route's pattern: a path may hold personal data."""
    began = time.perf_counter()
    status = 500
    try:
        response = await handler(request)
        status = response.status
        return response
    except web.HTTPException as error:
        status = error.status
        raise
    finally:
        labels = request.method if request.method in _METHODS else "OTHER", route_of(request)
        counted = request.app[METRICS]
        counted.requests.labels(*labels, str(status)).inc()
        counted.seconds.labels(*labels).observe(time.perf_counter() - began)


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


@routes.get("/metrics")
@endpoint("Métricas para Prometheus", auth=Auth.LOCAL_O_ADMIN, content_type="text/plain")
async def metrics(request: web.Request) -> web.Response:
    """What was counted; for this machine and for admins."""
    return web.Response(
        body=request.app[METRICS].text(), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
    )
