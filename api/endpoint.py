"""One decorator that says who may call, validates what comes in, and documents both."""

import asyncio
import functools
import inspect
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from pydantic import BaseModel, ValidationError

from api.auth import Auth, authenticate
from api.problems import RequestInvalidError
from bot.core.errors import BotError, RequestTooLargeError

MAXIMUM_JSON = 64 * 1024
BODY_SECONDS = 30

type Handler = Callable[..., Awaitable[BaseModel | web.StreamResponse | None]]


@dataclass(frozen=True, slots=True)
class Spec:
    """What an endpoint takes and gives; openapi.py turns it into the document."""

    name: str
    resumen: str
    auth: Auth
    answer: type[BaseModel] | None
    status: int
    other: int | None
    errors: tuple[type[BotError], ...]
    body: type[BaseModel] | None
    query: type[BaseModel] | None
    path: type[BaseModel] | None
    header: type[BaseModel] | None
    form: type[BaseModel] | None
    file: str | None
    content_type: str


def endpoint(
    resumen: str,
    *,
    auth: Auth,
    answer: type[BaseModel] | None = None,
    status: int | None = None,
    other: int | None = None,
    errors: tuple[type[BotError], ...] = (),
    form: type[BaseModel] | None = None,
    file: str | None = None,
    content_type: str = "application/json",
    use: bool = True,
) -> Callable[[Handler], Callable[[web.Request], Awaitable[web.StreamResponse]]]:
    """Make a handler an endpoint of the contract.

    The handler is given what it names: `body`, `query`, `path` and `header` as the models of their
    annotations, `quien` (the taxpayer of the session) or `actor` (the key's name). It gives an instance
    of `answer`, None (204), or a response of its own.

    Args:
        resumen: what it does, in Spanish, for the document.
        auth: who may call; checked before anything else is read.
        other: another status that its answer may have.
        errors: what may go wrong beyond what every endpoint of that shape can answer.
        use: whether calling it counts as a use of the session, which ends when it is idle.
        form, file: the fields and the file of a multipart upload, which the handler reads itself.
    """

    def decorate(handler: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        wanted = inspect.get_annotations(handler, eval_str=True)
        models = {name: wanted.get(name) for name in ("body", "query", "path", "header")}
        good = status or (204 if answer is None and content_type == "application/json" else 200)
        spec = Spec(
            handler.__name__, resumen, auth, answer, good, other, errors, **models, form=form, file=file,
            content_type=content_type,
        )  # fmt: skip

        @functools.wraps(handler)
        async def call(request: web.Request) -> web.StreamResponse:
            known = await authenticate(request, auth, use=use)
            given = {name: value for name, value in known.items() if name in wanted}
            return _response(await handler(request, **given, **await _read(request, spec)), good)

        call.spec = spec  # type: ignore[attr-defined]
        return call

    return decorate


def reply(data: Any, status: int = 200, content_type: str = "application/json") -> web.Response:
    """JSON with its accents as they are."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return web.Response(text=text, status=status, content_type=content_type)


def answer_of(model: BaseModel, status: int = 200) -> web.Response:
    """A model as the response that it would become, for handlers that set cookies."""
    return web.Response(text=model.model_dump_json(), status=status, content_type="application/json")


def _response(made: BaseModel | web.StreamResponse | None, status: int) -> web.StreamResponse:
    if isinstance(made, web.StreamResponse):
        return made
    return web.Response(status=status) if made is None else answer_of(made, status)


async def _read(request: web.Request, spec: Spec) -> dict[str, BaseModel]:
    given: dict[str, BaseModel] = {}
    if spec.path:
        given["path"] = validate("path", spec.path, dict(request.match_info))
    if spec.query:
        given["query"] = validate("query", spec.query, query_of(request))
    if spec.header:
        given["header"] = validate("header", spec.header, _headers(request, spec.header))
    if spec.body:
        given["body"] = validate("body", spec.body, await _read_json(request))
    return given


def query_of(request: web.Request) -> dict[str, Any]:
    """The query's values by name; one that comes twice stays a list, which no model takes."""
    return {
        name: values[0] if len(values := request.query.getall(name)) == 1 else values
        for name in request.query
    }


def _headers(request: web.Request, model: type[BaseModel]) -> dict[str, str]:
    """Those that the model knows; browsers and proxies send many others."""
    names = (field.alias or name for name, field in model.model_fields.items())
    return {name: request.headers[name] for name in names if name in request.headers}


def validate(where: str, model: type[BaseModel], given: dict[str, Any] | bytes) -> BaseModel:
    """What was given as a model.

    Raises:
        RequestInvalidError: if it has not that shape; `where` tells in which part of the request it came.
    """
    try:
        return model.model_validate_json(given) if isinstance(given, bytes) else model.model_validate(given)
    except ValidationError as error:
        raise RequestInvalidError(where, error) from None


async def _read_json(request: web.Request) -> bytes:
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType()
    if (request.content_length or 0) > MAXIMUM_JSON:
        raise RequestTooLargeError()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await request.read()  # up to the app's limit
    except TimeoutError:
        raise web.HTTPRequestTimeout() from None
    except web.HTTPRequestEntityTooLarge:
        raise RequestTooLargeError() from None
