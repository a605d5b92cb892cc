"""A phone without a network: takes what the Graph API would, and shows it on a page of this machine.

`python -m sandbox.telefono` listens on 127.0.0.1 only; messages stay in memory.
"""

import argparse
import hmac
import os
import re
import secrets
from collections import deque
from datetime import datetime
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo

from aiohttp import web
from aiohttp.typedefs import Handler
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

WEB = Path(__file__).resolve().parent / "web"
MESSAGES = web.AppKey("messages", deque[dict[str, str]])
TOKEN = web.AppKey("token", str)
PORT = 8081
_KEPT = 200
_THIS_MACHINE = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d+)?", re.ASCII | re.IGNORECASE)
_TEXTS = {
    "tributa_codigo": "{} es tu código de verificación. Por tu seguridad, no lo compartas.",
    "tributa_aviso": "{}",
}
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Parameter(_Strict):
    """A value of a template."""

    type: str = Field(pattern="^text$")
    text: str = Field(min_length=1, max_length=1024)


class Component(_Strict):
    """The body of a template, or its button."""

    type: str = Field(pattern="^(body|button)$")
    sub_type: str | None = None
    index: str | None = None
    parameters: list[Parameter] = Field(min_length=1)


class Language(_Strict):
    """A template's language."""

    code: str = Field(pattern="^es_CL$")


class Template(_Strict):
    """An approved template with its values."""

    name: str = Field(pattern="^(tributa_codigo|tributa_aviso)$")
    language: Language
    components: list[Component] = Field(min_length=1)

    @model_validator(mode="after")
    def _check(self) -> Self:
        if not self.body:
            raise ValueError("no body")
        return self

    @property
    def body(self) -> list[Parameter]:
        """The values of the text."""
        return [value for one in self.components if one.type == "body" for value in one.parameters]


class GraphMessage(_Strict):
    """What the Graph API takes for a template message."""

    messaging_product: str = Field(pattern="^whatsapp$")
    recipient_type: str = "individual"
    to: str = Field(pattern=r"^\d{8,15}$")
    type: str = Field(pattern="^template$")
    template: Template


def make_app(token: str) -> web.Application:
    """The simulator; `token` is what the Graph API would have handed out."""
    app = web.Application(middlewares=[_only_this_machine])
    app[MESSAGES] = deque(maxlen=_KEPT)
    app[TOKEN] = token
    app.router.add_post("/{version:v\\d+\\.\\d+}/{phone_id}/messages", take)
    app.router.add_get("/mensajes.json", messages)
    app.router.add_get("/", page)
    app.router.add_static("/static", WEB)
    return app


@web.middleware
async def _only_this_machine(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Another site's page must not read codes through a name that it points to this machine."""
    site = request.headers.get("Sec-Fetch-Site", "none")
    if not _THIS_MACHINE.fullmatch(request.host) or site not in ("none", "same-origin"):
        raise web.HTTPForbidden()
    response = await handler(request)
    response.headers.update(_HEADERS)
    return response


async def take(request: web.Request) -> web.Response:
    """POST /v23.0/{phone_id}/messages, as the Graph API answers it."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not hmac.compare_digest(given.encode("utf-8", "surrogateescape"), request.app[TOKEN].encode()):
        return _graph_error(401, 190, "Invalid OAuth access token.")
    try:
        message = GraphMessage.model_validate_json(await request.read())
    except ValidationError as error:
        return _graph_error(400, 100, f"Invalid parameter: {error.errors(include_input=False)[0]['loc']}")
    values = message.template.body
    new = {
        "id": f"wamid.{secrets.token_urlsafe(12)}",
        "telefono": f"+{message.to}",
        "plantilla": message.template.name,
        "texto": _TEXTS[message.template.name].format(values[0].text),
        "codigo": values[0].text if message.template.name == "tributa_codigo" else "",
        "hora": datetime.now(ZoneInfo("America/Santiago")).strftime("%H:%M:%S"),
    }
    request.app[MESSAGES].append(new)
    contacts = [{"input": message.to, "wa_id": message.to}]
    return web.json_response(
        {"messaging_product": "whatsapp", "contacts": contacts, "messages": [{"id": new["id"]}]}
    )


async def messages(request: web.Request) -> web.Response:
    """What arrived, oldest first; of one phone, if it is named."""
    phone = request.query.get("telefono")
    found = [one for one in request.app[MESSAGES] if phone in (None, one["telefono"])]
    return web.json_response({"mensajes": found})


async def page(request: web.Request) -> web.FileResponse:
    """The phone."""
    return web.FileResponse(WEB / "telefono.html")


def _graph_error(status: int, code: int, message: str) -> web.Response:
    error: dict[str, Any] = {"message": message, "type": "OAuthException", "code": code}
    return web.json_response({"error": error}, status=status)


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(
        description="Teléfono de desarrollo: muestra lo que saldría por WhatsApp."
    )
    parser.add_argument("--port", type=int, default=int(os.environ.get("TRIBUTA_TELEFONO_PORT", PORT)))
    port = parser.parse_args().port
    app = make_app(os.environ.get("WHATSAPP_TOKEN", "desarrollo"))
    web.run_app(app, host="127.0.0.1", port=port, print=None, access_log=None)


if __name__ == "__main__":
    main()
