"""Errors as RFC 9457 problems, in the trainers' Spanish, never with what was sent in them."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from aiohttp import web
from aiohttp.http_exceptions import BadHttpMessage
from aiohttp.typedefs import Handler
from pydantic import ValidationError

from api.keys import SERVICES
from bot.core import errors, errors_casos, errors_contratos, errors_entrenamiento, errors_sii
from bot.services.ports import Textos
from bot.services.textos import error_text
from bot.telemetry.metrics import count_error

log = structlog.get_logger()

_MAXIMUM_ERRORS = 20
_STATUS: Mapping[type[errors.BotError], int] = {
    errors.UploadIncompleteError: 400,
    errors.UploadTooLargeError: 413,
    errors.RequestTooLargeError: 413,
    errors.CredentialsError: 401,
    errors.NotAuthenticatedError: 401,
    errors.SecondFactorError: 401,
    errors.CodeInvalidError: 403,
    errors.PasswordWrongError: 403,
    errors.AccountBlockedError: 403,
    errors.TooManyRequestsError: 429,
    errors.LinkInvalidError: 404,
    errors.JobNotRetriableError: 409,
    errors.ImportBusyError: 409,
    errors.ServiceUnavailableError: 503,
    errors.OriginForbiddenError: 403,
    errors_entrenamiento.RoleForbiddenError: 403,
    errors.TaxpayerUnknownError: 404,
    errors.NotFoundError: 404,
    errors.OnlySummaryError: 422,
    errors.InputError: 422,
    errors.EngineUnavailableError: 503,
    errors_casos.CaseClosedError: 409,
    errors_casos.CaseTakenError: 409,
    errors_casos.CaseMovedError: 409,
    errors_casos.ChatGoneError: 409,
    errors_contratos.ContractNotReadyError: 409,
    errors_entrenamiento.TrainingBusyError: 409,
    errors_entrenamiento.NothingToTrainError: 409,
    errors_entrenamiento.ModelNotReadyError: 409,
    errors_entrenamiento.ModelStaleError: 409,
    errors_entrenamiento.NothingBeforeError: 409,
    errors_entrenamiento.TrainingFailedError: 409,
    errors_contratos.PdfOcrMissingError: 422,
    errors_sii.SiiClaveMissingError: 409,
    errors_sii.SiiClaveWrongError: 409,
    errors_sii.SiiWaitError: 503,
    errors_sii.SiiUnavailableError: 503,
    errors_sii.SiiError: 502,
}
_TITLES = {
    400: "Solicitud incorrecta",
    401: "No autorizado",
    403: "No permitido",
    404: "No encontrado",
    405: "Método no permitido",
    408: "Demasiado lento",
    409: "No se puede ahora",
    413: "Demasiado grande",
    415: "Formato no admitido",
    417: "No se puede cumplir lo esperado",
    422: "Datos no válidos",
    429: "Demasiados intentos",
    500: "Error interno",
    502: "El SII no respondió bien",
    503: "Servicio no disponible",
}


def status_of(error: type[errors.BotError]) -> int:
    """The HTTP status that tells this error."""
    return next((_STATUS[kind] for kind in error.__mro__ if kind in _STATUS), 500)


def title_of(status: int) -> str:
    """What a status means, in a few words."""
    return _TITLES.get(status) or HTTPStatus(status).phrase


def problem(
    status: int,
    slug: str,
    detail: str,
    errores: Sequence[Mapping[str, Any]] | None = None,
    **more: Any,
) -> web.Response:
    """A problem response. `slug` is stable; `errores` are `{in, loc, msg}`; `more` is told beside it."""
    body: dict[str, Any] = {
        "type": f"/problemas/{slug}",
        "title": title_of(status),
        "status": status,
        "detail": detail,
        **more,
    }
    if errores is not None:
        body["errors"] = errores
    text = json.dumps(body, ensure_ascii=False)
    return web.Response(text=text, status=status, content_type="application/problem+json")


class RequestInvalidError(Exception):
    """The request does not have the shape that the endpoint asks for."""

    def __init__(self, where: str, error: ValidationError) -> None:
        super().__init__(where)
        self.errores = [
            {"in": where, "loc": list(one["loc"]), "msg": _message(one["type"], one["msg"])}
            for one in error.errors(include_input=False, include_url=False)[:_MAXIMUM_ERRORS]
        ]


_MESSAGES = {
    "missing": "falta este dato",
    "extra_forbidden": "este dato no se usa",
    "string_type": "debe ser un texto",
    "string_too_long": "es demasiado largo",
    "string_too_short": "es demasiado corto",
    "int_parsing": "debe ser un número entero",
    "int_type": "debe ser un número entero",
    "greater_than_equal": "es demasiado pequeño",
    "less_than_equal": "es demasiado grande",
    "enum": "no es uno de los valores posibles",
    "json_invalid": "no es JSON válido",
    "uuid_parsing": "no es un UUID",
    "bool_type": "debe ser verdadero o falso",
    "bool_parsing": "debe ser verdadero o falso",
    "int_from_float": "debe ser un número entero",
    "string_pattern_mismatch": "no tiene la forma esperada",
    "literal_error": "no es uno de los valores posibles",
    "model_type": "debe ser un objeto",
    "model_attributes_type": "debe ser un objeto",
    "less_than": "es demasiado grande",
    "greater_than": "es demasiado pequeño",
}


def _message(kind: str, original: str) -> str:
    """Ours are Spanish already; the library's are not."""
    if kind == "value_error":
        return original.removeprefix("Value error, ")
    return _MESSAGES.get(kind, "no es válido")


@web.middleware
async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn every error into a problem; what we did not foresee is logged and told as such."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return _tell(error, request.app[SERVICES].textos)
    except Exception as error:
        if isinstance(error, _FORESEEN):
            return _tell(error, request.app[SERVICES].textos)
        count_error("http", type(error).__name__)
        log.exception("request.failed", method=request.method, route=route_of(request))
        return problem(500, "inesperado", request.app[SERVICES].textos.texto("utter_error_inesperado"))


# A body that is not encoded as its headers say, or ends early, comes as the second.
_BROKEN = (BadHttpMessage, web.RequestPayloadError)
_FORESEEN = (RequestInvalidError, errors.BotError, *_BROKEN)


def _tell(error: Exception, textos: Textos) -> web.Response:
    if isinstance(error, RequestInvalidError):
        return problem(422, "validacion", textos.texto("utter_error_entrada"), error.errores)
    if isinstance(error, errors.BotError):
        return _tell_person(error, textos)
    if isinstance(error, web.HTTPRequestEntityTooLarge):
        return _tell(errors.RequestTooLargeError(), textos)
    status = error.status if isinstance(error, web.HTTPException) else 400
    told = problem(status, f"http_{status}", _http_detail(textos, status))
    if isinstance(error, web.HTTPMethodNotAllowed):
        told.headers["Allow"] = ", ".join(sorted(error.allowed_methods))
    return told


def _tell_person(error: errors.BotError, textos: Textos) -> web.Response:
    count_error("told", error.key)
    detail = error_text(textos, error)
    more = {"solicitud": error.params["solicitud"]} if isinstance(error, errors.SecondFactorError) else {}
    told = problem(status_of(type(error)), error.key, detail, **more)
    if isinstance(error, errors.TooManyRequestsError):
        told.headers["Retry-After"] = str(error.params["espera"])
    return told


def _http_detail(textos: Textos, status: int) -> str:
    return textos.texto("utter_error_no_encontrado" if status in (404, 405) else "utter_error_entrada")


def route_of(request: web.Request) -> str:
    """The route's pattern: a path may hold personal data."""
    resource = request.match_info.route.resource
    return resource.canonical if resource else "?"
