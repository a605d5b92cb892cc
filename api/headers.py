"""The headers of every answer, also of those that aiohttp gives before any of our code runs."""

from aiohttp import web, web_protocol, web_response, web_urldispatcher
from aiohttp.typedefs import Handler

from api.client import is_https
from api.problems import problem, title_of

_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none';"
    " base-uri 'none'; form-action 'self'; frame-ancestors "
)
_HEADERS = {
    "Content-Security-Policy": f"{_POLICY}'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "X-Frame-Options": "DENY",
}
_HSTS = "max-age=31536000"
_FOR_EVER = "public, max-age=31536000, immutable"
_FOR_A_WEEK = "public, max-age=604800"  # else each page is shown in another letter first
_FONT = ".woff2"
_SERVER = "Tributa"
_WORDY = (".css", ".js", ".svg")
_CONDITIONS = ("If-None-Match", "If-Modified-Since", "If-Match", "If-Unmodified-Since", "If-Range", "Range")
_handle_error = web_protocol.RequestHandler.handle_error
_default_expect_handler = web_urldispatcher._default_expect_handler


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """What browsers are told with every answer; a handler may say it more strictly."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["Server"] = _SERVER
    if is_https(request):
        response.headers["Strict-Transport-Security"] = _HSTS
    if request.path.startswith("/api/"):
        response.headers["Cache-Control"] = "no-store"
    elif request.path.startswith("/static/") and response.status == 200:
        # An address with a version is another one when the file is; else it is asked whether it changed.
        kept = _FOR_A_WEEK if request.path.endswith(_FONT) else "no-cache"
        response.headers["Cache-Control"] = _FOR_EVER if "v" in request.query else kept


def framed_by_us[T: web.StreamResponse](response: T) -> T:
    """A page that other pages of this site, and of no other, may show in a frame."""
    response.headers["Content-Security-Policy"] = f"{_POLICY}'self'"
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


@web.middleware
async def lighter(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Files of text go out compressed; pages see to it themselves, and fonts are so already.

    Who asks only whether a file changed, or for a part of it, gets it as it is: aiohttp would send the end of
    a compressed body after a 304, and the browser take it for the next answer.
    """
    response = await handler(request)
    if isinstance(response, web.FileResponse) and request.path.endswith(_WORDY):
        response.headers["Vary"] = "Accept-Encoding"
        if request.method == "GET" and not any(name in request.headers for name in _CONDITIONS):
            response.enable_compression()
    return response


def _refuse(
    protocol: web.RequestHandler,
    request: web.BaseRequest,
    status: int = 500,
    exc: BaseException | None = None,
    message: str | None = None,
) -> web.StreamResponse:
    """A problem of fixed words; aiohttp's would repeat what was sent and name our libraries."""
    _handle_error(protocol, request, status, exc, message)
    told = _fixed(status)
    told.headers.update(_HEADERS)
    told.force_close()
    return told


async def _expect(request: web.Request) -> web.StreamResponse | None:
    """Let the body come, if that is what is asked for."""
    try:
        await _default_expect_handler(request)
    except web.HTTPExpectationFailed as error:
        return _fixed(error.status)
    return None


def _fixed(status: int) -> web.Response:
    return problem(status, f"http_{status}", title_of(status))


# aiohttp has no other way to change what it answers itself.
setattr(web_response, "SERVER_SOFTWARE", _SERVER)  # noqa: B010  (not an export of the module)
setattr(web_protocol.RequestHandler, "handle_error", _refuse)  # noqa: B010
setattr(web_urldispatcher, "_default_expect_handler", _expect)  # noqa: B010
