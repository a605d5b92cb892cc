"""What every simulator's server does alike: it serves this machine and nobody else."""

from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

_OWN_HOSTS = ("127.0.0.1", "localhost", "::1")
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'; object-src 'none'; img-src 'self' blob:",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


@web.middleware
async def only_this_machine(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Another site's page must not read or write here through a name that it points to this machine."""
    host = (request.url.host or "").lower()
    site = request.headers.get("Sec-Fetch-Site", "none")
    origin = request.headers.get("Origin")
    if host not in _OWN_HOSTS or site not in ("none", "same-origin"):
        raise web.HTTPForbidden()
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise web.HTTPForbidden()
    return await handler(request)


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Streams and errors have them too."""
    response.headers.update(HEADERS)
