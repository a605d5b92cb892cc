"""The business's account: its phone, its templates, where its webhooks go, what its token may do."""

from typing import Any

from aiohttp import web

from sandbox.whatsapp.errors import GraphError, unknown_object
from sandbox.whatsapp.graph import check_account, read_json
from sandbox.whatsapp.graph_media import describe
from sandbox.whatsapp.settings import Business
from sandbox.whatsapp.simulator import Simulator

APP_ID = "400000000000001"


async def get_object(request: web.Request, simulator: Simulator) -> web.StreamResponse:
    """GET /{id}: a file, the phone, the account or a template."""
    name = request.match_info["object"]
    if media := simulator.media.find(name):
        return describe(request, simulator, media)
    objects = {
        simulator.business.phone_id: _phone(simulator),
        simulator.business.waba_id: {
            "id": simulator.business.waba_id,
            "name": simulator.business.name,
            "currency": "CLP",
            "timezone_id": "43",
        },
        **{one.raw["id"]: one.raw for one in simulator.templates.known.values()},
    }
    if name not in objects:
        raise unknown_object(name)
    return web.json_response(_chosen(objects[name], request))


def _phone(simulator: Simulator) -> dict[str, Any]:
    return {
        "id": simulator.business.phone_id,
        "verified_name": simulator.business.name,
        "display_phone_number": "+56 2 2345 6789",
        "quality_rating": simulator.business.quality,
        "status": simulator.business.phone_status,
        "name_status": "APPROVED",
        "code_verification_status": "VERIFIED",
        "account_mode": "SANDBOX",
        "platform_type": "CLOUD_API",
        "throughput": {"level": "STANDARD"},
        "is_official_business_account": True,
        "webhook_configuration": {"application": simulator.deliverer.url},
    }


def _chosen(values: dict[str, Any], request: web.Request) -> dict[str, Any]:
    """The fields that were asked for; `id` always."""
    asked = {one.strip() for one in request.query.get("fields", "").split(",") if one.strip()}
    return {key: value for key, value in values.items() if key == "id" or not asked or key in asked}


async def post_object(request: web.Request, simulator: Simulator) -> web.StreamResponse:
    """POST /{phone_id}: another address for webhooks."""
    if request.match_info["object"] != simulator.business.phone_id:
        raise unknown_object(request.match_info["object"])
    configuration = (await read_json(request)).get("webhook_configuration")
    if not isinstance(configuration, dict):
        raise GraphError(100, message="The parameter webhook_configuration is required.")
    await _subscribe(simulator, configuration)
    return web.json_response({"success": True})


async def get_templates(request: web.Request, simulator: Simulator) -> web.StreamResponse:
    """GET /{waba_id}/message_templates; filters by `name`, `status`, `category` and `language`."""
    check_account(request, simulator)
    found = [one.raw for one in simulator.templates.known.values()]
    for field in ("status", "category", "language"):
        if wanted := request.query.get(field):
            found = [one for one in found if one[field] in wanted.split(",")]
    if name := request.query.get("name"):
        found = [one for one in found if name in one["name"]]
    summary = {
        "total_count": len(found),
        "message_template_count": len(simulator.templates.known),
        "message_template_limit": 6000,
        "are_translations_complete": False,
    }
    data = [_chosen(one, request) for one in found]
    return web.json_response({"data": data, "paging": {"cursors": {}}, "summary": summary})


async def create_template(request: web.Request, simulator: Simulator) -> web.StreamResponse:
    """POST /{waba_id}/message_templates: approved at once."""
    check_account(request, simulator)
    template = simulator.templates.register(await read_json(request))
    return web.json_response({key: template.raw[key] for key in ("id", "status", "category")})


async def get_subscribed(request: web.Request, simulator: Simulator) -> web.StreamResponse:
    """GET /{waba_id}/subscribed_apps."""
    check_account(request, simulator)
    if not simulator.deliverer.url:
        return web.json_response({"data": []})
    app = {
        "id": APP_ID,
        "name": simulator.business.name,
        "link": f"https://www.facebook.com/games/?app_id={APP_ID}",
    }
    found: dict[str, Any] = {"whatsapp_business_api_data": app}
    if simulator.deliverer.url != simulator.business.callback_url:
        found["override_callback_uri"] = simulator.deliverer.url
    return web.json_response({"data": [found]})


async def get_phone_numbers(request: web.Request, simulator: Simulator) -> web.StreamResponse:
    """GET /{waba_id}/phone_numbers."""
    check_account(request, simulator)
    return web.json_response({"data": [_chosen(_phone(simulator), request)], "paging": {"cursors": {}}})


async def get_subscriptions(request: web.Request, simulator: Simulator) -> web.StreamResponse:
    """GET /{app_id}/subscriptions: what the application wants to be told of, and where."""
    if request.match_info["object"] != APP_ID:
        raise unknown_object(request.match_info["object"])
    url, names = simulator.business.callback_url, simulator.business.fields
    fields = [{"name": name, "version": request.match_info["version"]} for name in names]
    found = {"object": "whatsapp_business_account", "callback_url": url, "active": True, "fields": fields}
    return web.json_response({"data": [found] if url else []})


def app_token(business: Business) -> str:
    """What the application itself comes with."""
    return f"{APP_ID}|{business.app_secret}"


async def subscribe(request: web.Request, simulator: Simulator) -> web.StreamResponse:
    """POST /{waba_id}/subscribed_apps: webhooks on, to the app's address or to another."""
    check_account(request, simulator)
    await _subscribe(simulator, await read_json(request))
    return web.json_response({"success": True})


async def unsubscribe(request: web.Request, simulator: Simulator) -> web.StreamResponse:
    """DELETE /{waba_id}/subscribed_apps: webhooks off."""
    check_account(request, simulator)
    simulator.deliverer.url = ""
    return web.json_response({"success": True})


async def _subscribe(simulator: Simulator, given: dict[str, Any]) -> None:
    """Webhooks go to another address once it answered the challenge."""
    url = given.get("override_callback_uri")
    if not url:
        simulator.deliverer.url = simulator.business.callback_url
        return
    report = await simulator.deliverer.verify(str(url), str(given.get("verify_token", "")))
    if not report["ok"]:
        raise GraphError(2200, f"HTTP {report['http']}: {report['detalle']}")
    simulator.deliverer.url = str(url)


async def debug_token(request: web.Request, simulator: Simulator) -> web.StreamResponse:
    """GET /debug_token?input_token=…: whether a token is good, and for what."""
    valid = request.query.get("input_token") == simulator.business.token
    data = {
        "app_id": APP_ID,
        "type": "SYSTEM_USER",
        "application": simulator.business.name,
        "is_valid": valid,
        "expires_at": simulator.business.token_expires,
        "scopes": list(simulator.business.scopes) if valid else [],
    }
    return web.json_response({"data": data})
