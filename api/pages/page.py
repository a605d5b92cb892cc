"""What every page has in common: who asks, what came in, how it is shown, and how errors look."""

import asyncio
import functools
import inspect
import json
from collections.abc import Awaitable, Callable, Collection
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import aiohttp_jinja2
from aiohttp import web
from aiohttp.typedefs import Handler
from jinja2 import FileSystemLoader, StrictUndefined

from api.auth import require_same_origin, who, who_attends
from api.endpoint import BODY_SECONDS, query_of, validate
from api.fields import Model
from api.keys import SERVICES
from api.pages.filters import FILTERS
from api.pages.paths import WEB, static
from bot.core.edad import moment
from bot.services.ports import Quien
from bot.services.ports_secretos import TipoLlave

type PageHandler = Callable[..., Awaitable[web.StreamResponse]]
type Route = Callable[[web.Request], Awaitable[web.StreamResponse]]

LOGIN = "/entrar"
CONSOLE = "/admin"
TRAINING = "/entrenar"
ADMINS = (TipoLlave.ADMIN,)
ATTEND = (TipoLlave.ADMIN, TipoLlave.AGENTE)
TEACH = (TipoLlave.ADMIN, TipoLlave.ENTRENADOR)
# The kind of the key, for the handlers and templates of the console.
ROL = web.RequestKey("rol", TipoLlave)
_FORM = "application/x-www-form-urlencoded"
_NOT_PAGES = ("/api/", "/webhooks/", "/static/")
# A page that looks for news by itself says so, and is no use of the session.
WAITING = "X-Espera"


class HechoQuery(Model):
    """What was just done."""

    listo: str = ""


def page(*, public: bool = False, console: Collection[TipoLlave] = ()) -> Callable[[PageHandler], Route]:
    """Make a handler a page.

    It is given what it names: `quien` (the taxpayer of the session) or `actor` (the name of the key),
    `query` (the model of its annotation, filled from path and query; empty fields of a form are left out) and
    `form` (from the body).

    Args:
        public: for everybody; all others ask who has no session to log in.
        console: the kinds of keys that it is for.
    """

    def decorate(handler: PageHandler) -> Route:
        wanted = inspect.get_annotations(handler, eval_str=True)

        @functools.wraps(handler)
        async def call(request: web.Request) -> web.StreamResponse:
            given: dict[str, Any] = {}
            if console:
                given["actor"], request[ROL] = await who_attends(request, console)
            elif not public:
                given["quien"] = await who(request, use=WAITING not in request.headers)
            elif request.method == "POST":
                require_same_origin(request)
            if "query" in wanted:
                given["query"] = validate("query", wanted["query"], _asked(request))
            if "form" in wanted:
                given["form"] = validate("form", wanted["form"], await filled(request))
            return await handler(request, **given)

        call.public = public  # type: ignore[attr-defined]
        return call

    return decorate


async def show(
    request: web.Request, quien: Quien, template: str, *, status: int = 200, **context: Any
) -> web.Response:
    """A page of the taxpayer who asks."""
    yo = await request.app[SERVICES].acceso.contribuyente(quien)
    return render(request, template, status=status, yo=yo, **context)


def render(request: web.Request, template: str, *, status: int = 200, **context: Any) -> web.Response:
    """A page; nobody keeps a copy of it, so that nothing of it is left after logging out."""
    services = request.app[SERVICES]
    ahora = services.reloj.ahora()
    context = {
        "ahora": ahora,
        "hoy": ahora.date(),
        "momento": lambda when: moment(when, ahora),
        "ruta": request.path,
        "yo": None,
        "rol": request.get(ROL),
        **context,
    }
    response = aiohttp_jinja2.render_template(template, request, context, status=status)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Vary"] = "HX-Request, Cookie"
    response.enable_compression()
    return response


def see(where: str) -> web.Response:
    """Go on there: what was sent is not sent again when the page is reloaded."""
    return web.Response(status=303, headers={"Location": where, "Cache-Control": "no-store"})


def link_of(query: Model) -> Callable[..., str]:
    """What makes the query of the same list with something changed; whatever changes, its first page."""
    kept = query.model_dump(mode="json", exclude={"pagina", "listo", "periodo"}, exclude_defaults=True)

    def link(**changed: Any) -> str:
        given = kept | changed
        return urlencode({name: value for name, value in given.items() if value not in (None, "", False)})

    return link


def own_path(wanted: str) -> str:
    """A path of ours that a login leads back to; another site's address is none."""
    parts = urlsplit(wanted)
    bad = parts.scheme or parts.netloc or not wanted.startswith("/") or wanted.startswith(("//", "/\\"))
    return "/" if bad or not wanted.isprintable() or "\\" in wanted else wanted


async def filled(request: web.Request) -> dict[str, Any]:
    """The fields of a form that are not empty; several of one name as a list.

    Raises:
        HTTPUnsupportedMediaType, HTTPRequestTimeout, HTTPBadRequest
    """
    if request.content_type != _FORM:
        raise web.HTTPUnsupportedMediaType()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            form = await request.post()
    except TimeoutError:
        raise web.HTTPRequestTimeout() from None
    except (ValueError, LookupError):  # no text, or no encoding that there is
        raise web.HTTPBadRequest() from None
    return {
        name: values[0] if len(values := form.getall(name)) == 1 else values for name in form if form[name]
    }


@web.middleware
async def faces(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Problems as pages, where people would see them; who has no session is asked to log in."""
    response = await handler(request)
    if not isinstance(response, web.Response) or response.content_type != "application/problem+json":
        return response
    if not _for_people(request) or not isinstance(response.body, bytes):
        return response
    told = json.loads(response.body)
    if told["type"].endswith("/sin_sesion"):
        return _login(request)
    shown = render(
        request, "error.html", status=response.status, titulo=told["title"], detalle=told["detail"]
    )
    for name in ("Allow", "Retry-After"):
        if name in response.headers:
            shown.headers[name] = response.headers[name]
    return shown


def prepare(app: web.Application) -> None:
    """Templates that escape whatever they are given, and do not take a missing value for an empty one."""
    environment = aiohttp_jinja2.setup(
        app,
        loader=FileSystemLoader(WEB / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(FILTERS)
    environment.globals["static"] = static


def _login(request: web.Request) -> web.Response:
    if request.path.split("/")[1] in (CONSOLE[1:], TRAINING[1:]):
        return see(f"{CONSOLE}{LOGIN}")
    back = request.path_qs if request.method == "GET" and WAITING not in request.headers else "/"
    where = LOGIN if back == "/" else f"{LOGIN}?sigue={quote(back, safe='')}"
    if "HX-Request" in request.headers:
        return web.Response(status=401, headers={"HX-Redirect": LOGIN})
    return see(where)


def _for_people(request: web.Request) -> bool:
    if request.path.startswith(_NOT_PAGES):
        return False
    return "HX-Request" in request.headers or "text/html" in request.headers.get("Accept", "")


def _asked(request: web.Request) -> dict[str, Any]:
    given = {**query_of(request), **request.match_info}
    return {name: value for name, value in given.items() if value != ""}
