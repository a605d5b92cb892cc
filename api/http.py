"""Validation of requests by pydantic models, and who is asking."""

import functools
import hmac
import inspect
import json
from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from urllib.parse import urlsplit

from aiohttp import web
from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, ValidationError

from api.keys import SERVICES, SETTINGS
from api.problems import RequestInvalidError
from bot.core.errors import BotError, NotAuthenticatedError, OriginForbiddenError, RequestTooLargeError
from bot.core.periodo import Periodo
from bot.core.rut import Rut
from bot.services.ports import Quien

COOKIE = "tributa_sesion"
MAXIMUM_JSON = 64 * 1024
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

type Endpoint = Callable[..., Awaitable[web.StreamResponse]]


def reply(data: Any, status: int = 200, content_type: str = "application/json") -> web.Response:
    """JSON with its accents as they are."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return web.Response(text=text, status=status, content_type=content_type)


class Model(BaseModel):
    """A request's shape; names that it does not know are refused."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)


def _parsed[T](kind: type[T], text: Any, told: str) -> T:
    if isinstance(text, kind):
        return text
    try:
        return kind.parse(str(text))  # type: ignore[attr-defined, no-any-return]
    except BotError:
        raise ValueError(told) from None


RutField = Annotated[
    Rut,
    BeforeValidator(lambda text: _parsed(Rut, text, "no es un RUT válido, por ejemplo 76192083-9")),
    PlainSerializer(str),
]
PeriodoField = Annotated[
    Periodo,
    BeforeValidator(lambda text: _parsed(Periodo, text, "no es un mes, por ejemplo 2026-09")),
    PlainSerializer(str),
]


def validated(handler: Endpoint) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """Give the handler its `body` and `query` as the models of its annotations."""
    annotations = inspect.get_annotations(handler, eval_str=True)
    body: type[BaseModel] | None = annotations.get("body")
    query: type[BaseModel] | None = annotations.get("query")

    @functools.wraps(handler)
    async def call(request: web.Request) -> web.StreamResponse:
        given: dict[str, BaseModel] = {}
        if query:
            given["query"] = _validate("query", lambda: query.model_validate(dict(request.query)))
        if body:
            raw = await _read_json(request)
            given["body"] = _validate("body", lambda: body.model_validate_json(raw))
        return await handler(request, **given)

    return call


def _validate(where: str, validate: Callable[[], BaseModel]) -> BaseModel:
    try:
        return validate()
    except ValidationError as error:
        raise RequestInvalidError(where, error) from None


async def _read_json(request: web.Request) -> bytes:
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType()
    if (request.content_length or 0) > MAXIMUM_JSON:
        raise RequestTooLargeError()
    raw = await request.read()
    if len(raw) > MAXIMUM_JSON:
        raise RequestTooLargeError()
    return raw


def token_of(request: web.Request) -> str:
    """The session's token, from the header or, in a browser, from the cookie.

    Raises:
        NotAuthenticatedError: if there is none.
        OriginForbiddenError: if another site made the browser send its cookie.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return token.strip()
    cookie = request.cookies.get(COOKIE)
    if not cookie:
        raise NotAuthenticatedError()
    if request.method not in _SAFE_METHODS:
        _require_same_origin(request)
    return cookie


def _require_same_origin(request: web.Request) -> None:
    try:
        origin = urlsplit(request.headers.get("Origin", "")).netloc
    except ValueError:
        origin = ""
    if not origin or origin != request.host:
        raise OriginForbiddenError()


async def who(request: web.Request) -> Quien:
    """The taxpayer whose session came with the request."""
    return await request.app[SERVICES].acceso.quien(token_of(request))


def require_agent(request: web.Request) -> None:
    """Let only holders of the agent's key pass.

    Raises:
        NotAuthenticatedError: otherwise.
    """
    expected = request.app[SETTINGS].secret("agent_api_key")
    _, _, given = request.headers.get("Authorization", "").partition(" ")
    if not hmac.compare_digest(given.strip().encode("utf-8", "surrogateescape"), expected.encode()):
        raise NotAuthenticatedError()
