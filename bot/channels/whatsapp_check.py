"""Whether a WhatsApp account is ready for Tributa, one thing at a time.

Source: Graph API reference (`debug_token`, `{app-id}/subscriptions`, `subscribed_apps`, `message_templates`).
"""

import secrets
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from bot.channels.findings import Finding, Mark, bad, client, good, note, undeliverable, why
from bot.channels.whatsapp_account import (
    Graph,
    GraphAwayError,
    GraphRefusalError,
    WhatsAppAccount,
    away,
    refused,
)
from bot.channels.whatsapp_templates import TEMPLATES, find, judge

SCOPES = ("whatsapp_business_messaging", "whatsapp_business_management")
_SHORT_LIFE = timedelta(days=7)
_PHONE_FIELDS = "display_phone_number,verified_name,quality_rating,status,webhook_configuration"
_QUALITIES = {"GREEN": "alta", "YELLOW": "media", "RED": "baja"}
_NEW_TOKEN = (
    "Genera uno permanente: Configuración del negocio > Usuarios del sistema > Generar token, sin"
    f" vencimiento, con {' y '.join(SCOPES)}; ponlo en WHATSAPP_TOKEN."
)
_WHERE_KEY = (
    "Está en developers.facebook.com > tu aplicación > Configuración de la app > Información básica >"
    " Clave secreta de la app > Mostrar; ponla en WHATSAPP_APP_SECRET."
)
_WHERE_WEBHOOK = "En tu aplicación > WhatsApp > Configuración > Webhook"
_SUBSCRIBE = "Ejecuta tributa whatsapp subscribe."


async def check_whatsapp(account: WhatsAppAccount, now: datetime) -> list[Finding]:
    """Everything that can be found out from here, in the order in which it is set up."""
    found = list(_settings(account))
    if account.token and _sendable(account.token):
        async with Graph(account) as graph:
            try:
                async for one in _remote(graph, account, now):
                    found.append(one)
            except GraphAwayError as error:
                found.append(away(error))
    if account.verify_token:
        found.append(await check_challenge(account))
    return found


def _settings(account: WhatsAppAccount) -> Iterator[Finding]:
    given = {
        "WHATSAPP_PHONE_ID": account.phone_id,
        "WHATSAPP_WABA_ID": account.waba_id,
        "WHATSAPP_TOKEN": account.token,
        "WHATSAPP_APP_SECRET": account.app_secret,
        "WHATSAPP_VERIFY_TOKEN": account.verify_token,
    }
    missing = [name for name, value in given.items() if not value]
    if missing:
        yield bad(
            "Configuración", f"falta {', '.join(missing)}", "Mira de dónde sale cada una en docs/canales.md."
        )
    broken = [name for name, value in given.items() if value and not _sendable(value)]
    if broken:
        yield bad(
            "Configuración",
            f"{', '.join(broken)} tiene espacios u otros caracteres que no van",
            "Cópiala de nuevo, entera y en una línea.",
        )
    if not missing and not broken:
        yield good("Configuración", "están todas las variables")


def _sendable(value: str) -> bool:
    return value.isascii() and value.isprintable() and " " not in value


async def _remote(graph: Graph, account: WhatsAppAccount, now: datetime) -> AsyncIterator[Finding]:
    told, data = await _ask_token(graph, account, now)
    yield told
    if data.get("is_valid") is False:
        return
    app_id = str(data.get("app_id") or "")
    phone_id = account.phone_id
    async for one in _phone(graph, account):
        yield one
        if one.mark is Mark.BAD:
            phone_id = ""
    async for one in _business(graph, account.waba_id, phone_id, app_id):
        yield one
    async for one in _application(graph, account, app_id):
        yield one


async def _ask_token(graph: Graph, account: WhatsAppAccount, now: datetime) -> tuple[Finding, dict[str, Any]]:
    """What is wrong with the token, and what Meta says of it."""
    try:
        data = _map((await graph.get("debug_token", input_token=account.token)).get("data"))
    except GraphRefusalError as refusal:
        if refusal.code != 190:
            return note("Token", f"Meta no dice qué permite ({refusal.code}: {refusal.says})"), {}
        says = "Meta no lo acepta (error 190): venció, fue revocado o está mal copiado"
        return bad("Token", says, _NEW_TOKEN), {"is_valid": False}
    return _token(data, now), data


def _token(data: dict[str, Any], now: datetime) -> Finding:
    if data.get("is_valid") is False:
        return bad("Token", "venció o fue revocado", _NEW_TOKEN)
    scopes = data.get("scopes")
    missing = [one for one in SCOPES if isinstance(scopes, list) and one not in scopes]
    if missing:
        return bad("Token", f"le falta el permiso {' y '.join(missing)}", _NEW_TOKEN)
    expires = data.get("expires_at")
    if not isinstance(expires, int) or not expires:
        return good("Token", "sirve y no vence")
    moment = datetime.fromtimestamp(expires, UTC)
    told = f"vence el {moment.astimezone(now.tzinfo):%d-%m-%Y a las %H:%M}"
    if moment - now < _SHORT_LIFE:
        return bad("Token", told, _NEW_TOKEN)
    return good("Token", f"sirve y {told}")


async def _phone(graph: Graph, account: WhatsAppAccount) -> AsyncIterator[Finding]:
    what = "Teléfono"
    if not account.phone_id:
        return
    try:
        phone = await graph.get(account.phone_id, fields=_PHONE_FIELDS)
    except GraphRefusalError as refusal:
        if not refusal.unknown:
            yield refused(what, refusal)
            return
        yield bad(
            what,
            "WHATSAPP_PHONE_ID no existe o el token no puede verlo",
            "Copia el «identificador de número de teléfono» (no es el número) de WhatsApp > Configuración"
            " de la API, y asigna la cuenta de WhatsApp al usuario del sistema.",
        )
        return
    yield _judge_phone(what, phone)
    configured = phone.get("webhook_configuration")
    if isinstance(configured, dict):
        yield _registered(account, configured)


def _judge_phone(what: str, phone: dict[str, Any]) -> Finding:
    quality = str(phone.get("quality_rating") or "")
    name = phone.get("verified_name") or "sin nombre verificado"
    told = f"{phone.get('display_phone_number')}, {name}, calidad {_QUALITIES.get(quality, 'aún sin medir')}"
    status = str(phone.get("status") or "CONNECTED")
    if status != "CONNECTED":
        return bad(
            what,
            f"{told}; su estado es {status}",
            "Regístralo en Administrador de WhatsApp > Números de teléfono, con su código y su PIN.",
        )
    if quality == "RED":
        return bad(
            what,
            told,
            "Muchas personas bloquearon o reportaron el número y Meta puede limitarlo: envía menos avisos.",
        )
    return good(what, told)


def _registered(account: WhatsAppAccount, configured: dict[str, Any]) -> Finding:
    """The phone's own address goes before the account's, and that one before the application's."""
    what = "Dirección en Meta"
    order = ("phone_number", "whatsapp_business_account", "application")
    url = next((str(configured[one]) for one in order if configured.get(one)), "")
    if url.rstrip("/") == account.webhook:
        return good(what, url)
    says = f"Meta entrega en {url}" if url else "Meta no tiene ninguna dirección donde entregar"
    return bad(
        what,
        says,
        f"{_WHERE_WEBHOOK} pon {account.webhook} y como token de verificación el de WHATSAPP_VERIFY_TOKEN.",
    )


async def _business(graph: Graph, waba_id: str, phone_id: str, app_id: str) -> AsyncIterator[Finding]:
    """`phone_id` is empty if something is wrong with it already."""
    what = "Cuenta de WhatsApp"
    if not waba_id:
        return
    try:
        phones = _rows(await graph.get(waba_id, "phone_numbers", fields="id", limit="100"))
        if phone_id and all(str(one.get("id")) != phone_id for one in phones):
            yield bad(
                what,
                "el teléfono de WHATSAPP_PHONE_ID no es de la cuenta de WHATSAPP_WABA_ID",
                "Copia ambos identificadores de la misma pantalla, WhatsApp > Configuración de la API.",
            )
            return
        yield good(what, f"el token la ve, con {_count(phones)}")
        yield _subscribed(_rows(await graph.get(waba_id, "subscribed_apps")), app_id)
        for name in TEMPLATES:
            yield judge(name, await find(graph, waba_id, name))
    except GraphRefusalError as refusal:
        if not refusal.unknown:
            yield refused(what, refusal)
            return
        yield bad(
            what,
            "WHATSAPP_WABA_ID no existe o el token no puede verla",
            "Copia el «identificador de la cuenta de WhatsApp Business» de WhatsApp > Configuración de la"
            " API, y asigna la cuenta al usuario del sistema con control total.",
        )


def _count(phones: list[dict[str, Any]]) -> str:
    return "un teléfono" if len(phones) == 1 else f"{len(phones)} teléfonos"


def _subscribed(apps: list[dict[str, Any]], app_id: str) -> Finding:
    what = "Suscripción"
    ids = {str(_map(one.get("whatsapp_business_api_data")).get("id")) for one in apps}
    if not apps:
        return bad(what, "ninguna aplicación recibe los mensajes de la cuenta", _SUBSCRIBE)
    if app_id and app_id not in ids:
        return bad(what, "los mensajes de la cuenta llegan a otra aplicación", _SUBSCRIBE)
    return good(what, "tu aplicación recibe los mensajes de la cuenta")


async def _application(graph: Graph, account: WhatsAppAccount, app_id: str) -> AsyncIterator[Finding]:
    """Only the application itself may ask what it subscribed to, and its name and secret are its token."""
    what = "Clave secreta"
    if not account.app_secret:
        return
    if not app_id:
        yield note(what, "desde aquí no se puede revisar", _WHERE_KEY)
        return
    try:
        rows = _rows(await graph.get(app_id, "subscriptions", token=f"{app_id}|{account.app_secret}"))
    except GraphRefusalError as refusal:
        yield bad(what, f"Meta no la acepta para tu aplicación (error {refusal.code})", _WHERE_KEY)
        return
    yield good(what, "es la de tu aplicación")
    ours = [
        one for one in rows if one.get("object") == "whatsapp_business_account" and one.get("active", True)
    ]
    fields = {str(_map(field).get("name")) for one in ours for field in one.get("fields") or []}
    if "messages" in fields:
        yield good("Campo messages", "activado")
    else:
        yield bad(
            "Campo messages", "sin él Meta no entrega ningún mensaje", f"{_WHERE_WEBHOOK} activa messages."
        )


async def check_challenge(account: WhatsAppAccount) -> Finding:
    """Ask our own public address what Meta asks when the webhook is set up."""
    what = "Webhook"
    if never := undeliverable(account.graph_url, account.web, "Meta"):
        return never
    challenge = str(secrets.randbelow(9 * 10**9) + 10**9)
    query = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": account.verify_token}
    try:
        async with client() as http:
            answer = await http.get(account.webhook, params=query)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        remedy = (
            "Revisa que Tributa esté corriendo, el DNS, el proxy con https y el puerto 443 del cortafuegos."
        )
        return bad(what, f"{account.webhook}: {why(error)}", remedy)
    if answer.status_code == 200 and answer.text.strip() == challenge:
        return good(what, f"{account.webhook} contesta el desafío")
    if answer.status_code == 403:
        return bad(
            what,
            "la Tributa que contesta tiene otro WHATSAPP_VERIFY_TOKEN, o WhatsApp sin configurar (HTTP 403)",
            "Reiníciala con las mismas variables con que ejecutas este comando.",
        )
    return bad(
        what,
        f"{account.webhook} contesta HTTP {answer.status_code}, pero no el desafío",
        "Ahí responde otro programa: haz que el proxy entregue todo a Tributa, sin redirigir.",
    )


def _rows(answer: dict[str, Any]) -> list[dict[str, Any]]:
    data = answer.get("data")
    return [one for one in data if isinstance(one, dict)] if isinstance(data, list) else []


def _map(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
