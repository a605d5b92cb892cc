"""The OpenAPI 3.1 document, from the same models that validate."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from aiohttp import web
from pydantic import BaseModel

from api.auth import COOKIE, Auth
from api.endpoint import Spec
from api.problems import status_of

_REF = "#/components/schemas/{model}"
_SECURITY: Mapping[Auth, list[dict[str, list[str]]]] = {
    Auth.NADIE: [],
    Auth.SESION: [{"sesion": []}, {"cookie": []}],
    Auth.AGENTE: [{"agente": []}],
    Auth.ADMIN: [{"admin": []}],
    Auth.LOCAL_O_ADMIN: [{}, {"admin": []}],
}
_SCHEMES = {
    "sesion": {"type": "http", "scheme": "bearer", "description": "El token que da POST /api/login."},
    "cookie": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "La sesión del navegador."},
    "agente": {"type": "http", "scheme": "bearer", "description": "Clave de un agente."},
    "admin": {"type": "http", "scheme": "bearer", "description": "Clave de administración."},
}
_PROBLEM = {
    "type": "object",
    "description": "Un error (RFC 9457). No repite lo que se envió.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "examples": ["/problemas/credenciales"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "solicitud": {"type": "string", "description": "Con un segundo factor: va con el código."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["in", "loc", "msg"],
                "properties": {
                    "in": {"type": "string", "enum": ["body", "query", "path", "header", "form"]},
                    "loc": {"type": "array", "items": {"type": ["string", "integer"]}},
                    "msg": {"type": "string"},
                },
            },
        },
    },
}


def specs(app: web.Application) -> Iterator[tuple[str, str, Spec]]:
    """Method, path and spec of every endpoint."""
    for route in app.router.routes():
        spec = getattr(route.handler, "spec", None)
        if spec is not None and route.method != "HEAD" and route.resource is not None:
            yield route.method, route.resource.canonical, spec


def build_document(app: web.Application, version: str) -> dict[str, Any]:
    """The document of all endpoints that the application has."""
    schemas: dict[str, Any] = {"Problema": _PROBLEM}
    paths: dict[str, dict[str, Any]] = {}
    for method, path, spec in specs(app):
        paths.setdefault(path, {})[method.lower()] = _operation(path, spec, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Tributa",
            "version": version,
            "description": "Ventas, compras, IVA y acceso de contribuyentes chilenos. Montos en pesos"
            " enteros; horas ISO 8601 con su zona; errores como application/problem+json.",
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": _SCHEMES},
    }


def _operation(path: str, spec: Spec, schemas: dict[str, Any]) -> dict[str, Any]:
    parameters = [
        *_parameters("path", spec.path, schemas),
        *_parameters("query", spec.query, schemas),
        *_parameters("header", spec.header, schemas),
    ]
    operation: dict[str, Any] = {
        "operationId": spec.name,
        "summary": spec.resumen,
        "tags": [path.removeprefix("/api").split("/")[1]],
        "security": _SECURITY[spec.auth],
        "responses": _responses(spec, schemas),
    }
    if parameters:
        operation["parameters"] = parameters
    if spec.body:
        content = {"application/json": {"schema": _schema(spec.body, schemas)}}
        operation["requestBody"] = {"required": True, "content": content}
    if spec.form and spec.file:
        content = {"multipart/form-data": {"schema": _upload(spec.form, spec.file, schemas)}}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _schema(model: type[BaseModel], schemas: dict[str, Any], mode: Any = "validation") -> dict[str, Any]:
    """A reference to the model's schema, which is put among `schemas` with those that it needs."""
    schema = model.model_json_schema(ref_template=_REF, mode=mode)
    schemas.update(schema.pop("$defs", {}))
    schemas[model.__name__] = schema
    return {"$ref": _REF.format(model=model.__name__)}


def _parameters(
    where: str, model: type[BaseModel] | None, schemas: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    if model is None:
        return
    schema = model.model_json_schema(ref_template=_REF)
    schemas.update(schema.pop("$defs", {}))
    for name, one in schema["properties"].items():
        required = name in schema.get("required", ())
        yield {"name": name, "in": where, "required": required, "schema": _without_null(one)}


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter is there or not; there is no null in an address."""
    options = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    rest = {key: value for key, value in schema.items() if key not in ("anyOf", "default")}
    if len(options) == 1:
        return {**rest, **options[0]}
    return {**rest, "anyOf": options} if options else schema


def _upload(form: type[BaseModel], file: str, schemas: dict[str, Any]) -> dict[str, Any]:
    schema = form.model_json_schema(ref_template=_REF)
    schemas.update(schema.pop("$defs", {}))
    schema["properties"] = {name: _without_null(one) for name, one in schema["properties"].items()} | {
        file: {"type": "string", "contentMediaType": "application/octet-stream"}
    }
    schema["required"] = [*schema.get("required", ()), file]
    schemas[form.__name__] = schema
    return {"$ref": _REF.format(model=form.__name__)}


def _responses(spec: Spec, schemas: dict[str, Any]) -> dict[str, Any]:
    good: dict[str, Any] = {"description": HTTPStatus(spec.status).phrase}
    if spec.answer:
        good["content"] = {spec.content_type: {"schema": _schema(spec.answer, schemas, "serialization")}}
    elif spec.status != 204:
        good["content"] = {spec.content_type: {}}
    problem = {"application/problem+json": {"schema": {"$ref": _REF.format(model="Problema")}}}
    return {
        str(spec.status): good,
        **({str(spec.other): {**good, "description": HTTPStatus(spec.other).phrase}} if spec.other else {}),
        **{
            str(status): {"description": HTTPStatus(status).phrase, "content": problem}
            for status in sorted(_error_statuses(spec))
        },
    }


def _error_statuses(spec: Spec) -> set[int]:
    statuses = {status_of(error) for error in spec.errors} | {500, 503}
    if spec.auth is not Auth.NADIE:
        statuses |= {401}
    if spec.auth is Auth.SESION:
        statuses |= {403}
    if spec.body or spec.form:
        statuses |= {400, 408, 413, 415}
    if spec.body or spec.form or spec.query or spec.path or spec.header:
        statuses |= {422}
    return statuses
