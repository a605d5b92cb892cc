"""Who is asking: sessions of taxpayers, keys of programs."""

from collections.abc import Collection
from enum import Enum

from aiohttp import web

from api.client import is_local, normal_origin, origin_of
from api.keys import SERVICES
from bot.core.errors import NotAuthenticatedError, OriginForbiddenError
from bot.core.errors_entrenamiento import RoleForbiddenError
from bot.services.ports import Quien
from bot.services.ports_secretos import TipoLlave

COOKIE = "tributa_sesion"
# Sessions of other companies that were opened in the same browser, each with its password.
OTHERS_COOKIE = "tributa_otras"
CONSOLE_COOKIE = "tributa_consola"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Auth(Enum):
    """Who may call an endpoint."""

    NADIE = "nadie"  # nobody in particular: everybody
    SESION = "sesion"
    AGENTE = "agente"
    ADMIN = "admin"
    LOCAL_O_ADMIN = "local"


def bearer(request: web.Request) -> str | None:
    """The token of the Authorization header, if there is one."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def token_of(request: web.Request) -> str:
    """The session's token, from the header or, in a browser, from the cookie.

    Raises:
        NotAuthenticatedError: if there is none.
        OriginForbiddenError: if another site made the browser send its cookie.
    """
    token = bearer(request)
    if token:
        return token
    if "Authorization" in request.headers:
        raise NotAuthenticatedError()
    cookie = request.cookies.get(COOKIE)
    if not cookie:
        raise NotAuthenticatedError()
    if request.method not in _SAFE_METHODS:
        require_same_origin(request)
    return cookie


def require_same_origin(request: web.Request) -> None:
    """Browsers say which site made them ask; a form of another site cannot hide it.

    Raises:
        OriginForbiddenError: if it was another, or is not told.
    """
    origin = normal_origin(request.headers.get("Origin", ""))
    if not origin or origin != origin_of(request):
        raise OriginForbiddenError()


async def who(request: web.Request, *, use: bool = True) -> Quien:
    """The taxpayer whose session came with the request; `use` says whether that keeps it from being idle."""
    return await request.app[SERVICES].acceso.quien(token_of(request), uso=use)


async def require_key(request: web.Request, tipo: str) -> str:
    """The name of the key that came with the request.

    Raises:
        NotAuthenticatedError: if there is none of that kind.
    """
    return await request.app[SERVICES].llaves.quien_es(bearer(request) or "", tipo)


async def who_attends(request: web.Request, kinds: Collection[TipoLlave]) -> tuple[str, TipoLlave]:
    """The name and the kind of the key that the console's cookie holds.

    Raises:
        NotAuthenticatedError: if there is none, or it was revoked.
        RoleForbiddenError: if it is of none of these kinds.
        OriginForbiddenError: if another site made the browser send it.
    """
    key = request.cookies.get(CONSOLE_COOKIE)
    if not key:
        raise NotAuthenticatedError()
    if request.method not in _SAFE_METHODS:
        require_same_origin(request)
    name, kind = await request.app[SERVICES].llaves.que_abre(key)
    if kind not in kinds:
        raise RoleForbiddenError()
    return name, kind


async def authenticate(request: web.Request, auth: Auth, *, use: bool = True) -> dict[str, Quien | str]:
    """What the handler is told of who asks: `quien` or `actor`."""
    if auth is Auth.SESION:
        return {"quien": await who(request, use=use)}
    if auth in (Auth.AGENTE, Auth.ADMIN):
        return {"actor": await require_key(request, auth.value)}
    if auth is Auth.LOCAL_O_ADMIN:
        return {"actor": "local" if is_local(request) else await require_key(request, "admin")}
    return {}
