"""The simulator as a web application: the Graph API, the phones, and the switches of what goes wrong."""

from collections.abc import AsyncIterator
from pathlib import Path

from aiohttp import web
from pydantic import ValidationError

from sandbox.loopback import add_headers, only_this_machine
from sandbox.whatsapp import graph_account, graph_media, graph_messages, phones
from sandbox.whatsapp.graph import SIMULATOR, guarded, unknown_path
from sandbox.whatsapp.media import MB
from sandbox.whatsapp.settings import Faults
from sandbox.whatsapp.simulator import Simulator

WEB = Path(__file__).resolve().parent / "web"
_LARGEST_BODY = 140 * MB  # a document of 100 MB in base64


def make_app(simulator: Simulator) -> web.Application:
    """A server around this state."""
    app = web.Application(middlewares=[only_this_machine], client_max_size=_LARGEST_BODY)
    app[SIMULATOR] = simulator
    app.cleanup_ctx.append(_deliver)
    app.on_response_prepare.append(add_headers)
    _add_graph(app)
    _add_phones(app)
    return app


def _add_graph(app: web.Application) -> None:
    base, name = "/{version:v\\d+\\.\\d+}", "{object:[\\w.]+}"
    for method, path, answer in (
        ("POST", f"/{name}/messages", graph_messages.messages),
        ("POST", f"/{name}/media", graph_media.upload),
        ("GET", f"/{name}/message_templates", graph_account.get_templates),
        ("POST", f"/{name}/message_templates", graph_account.create_template),
        ("GET", f"/{name}/subscribed_apps", graph_account.get_subscribed),
        ("POST", f"/{name}/subscribed_apps", graph_account.subscribe),
        ("DELETE", f"/{name}/subscribed_apps", graph_account.unsubscribe),
        ("GET", f"/{name}/phone_numbers", graph_account.get_phone_numbers),
        ("GET", "/debug_token", graph_account.debug_token),
        ("GET", f"/{name}{{slash:/?}}", graph_account.get_object),
        ("POST", f"/{name}{{slash:/?}}", graph_account.post_object),
        ("DELETE", f"/{name}", graph_media.delete),
    ):
        app.router.add_route(method, base + path, guarded(answer))
    own = guarded(graph_account.get_subscriptions, graph_account.app_token)
    app.router.add_get(f"{base}/{name}/subscriptions", own)
    app.router.add_get("/whatsapp_business/attachments/", graph_media.download)
    app.router.add_route("*", base + "/{tail:.*}", unknown_path)


def _add_phones(app: web.Application) -> None:
    app.router.add_get("/", page)
    app.router.add_static("/static", WEB)
    app.router.add_get("/mensajes.json", phones.messages)
    app.router.add_get("/telefono/personas", phones.people)
    app.router.add_post("/telefono/personas", phones.add_person)
    app.router.add_post("/telefono/mensajes", phones.send)
    app.router.add_post("/telefono/leido", phones.mark_read)
    app.router.add_post("/telefono/numero", phones.change_number)
    app.router.add_post("/telefono/identidad", phones.change_identity)
    app.router.add_get("/telefono/archivos/{id:\\d+}", phones.file)
    app.router.add_get("/telefono/eventos", phones.events)
    app.router.add_get("/simulador/fallas", faults)
    app.router.add_post("/simulador/fallas", set_faults)
    app.router.add_delete("/simulador/fallas", reset_faults)
    app.router.add_post("/simulador/reloj", phones.advance)
    app.router.add_post("/simulador/verificar", verify)
    app.router.add_get("/simulador/entregas", deliveries)


async def _deliver(app: web.Application) -> AsyncIterator[None]:
    async with app[SIMULATOR].deliverer.running():
        yield


async def page(request: web.Request) -> web.FileResponse:
    """The phones."""
    return web.FileResponse(WEB / "index.html")


async def faults(request: web.Request) -> web.Response:
    """GET /simulador/fallas: what goes wrong now."""
    return web.json_response(request.app[SIMULATOR].faults.model_dump())


async def set_faults(request: web.Request) -> web.Response:
    """POST /simulador/fallas: change what is named, keep the rest."""
    simulator = request.app[SIMULATOR]
    try:
        new = Faults.model_validate_json(await request.read())
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise phones.refuse(400, f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    for name in new.model_fields_set:
        setattr(simulator.faults, name, getattr(new, name))
    return await faults(request)


async def reset_faults(request: web.Request) -> web.Response:
    """DELETE /simulador/fallas: nothing goes wrong any more."""
    request.app[SIMULATOR].reset()
    return await faults(request)


async def verify(request: web.Request) -> web.Response:
    """POST /simulador/verificar: call the webhook with a challenge, as when it is set up."""
    return web.json_response(await request.app[SIMULATOR].deliverer.verify())


async def deliveries(request: web.Request) -> web.Response:
    """GET /simulador/entregas: every POST to the webhook, and what became of it."""
    found = [one.as_json() for one in request.app[SIMULATOR].deliverer.log]
    return web.json_response({"webhook": request.app[SIMULATOR].deliverer.url, "entregas": found})
