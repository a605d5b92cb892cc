"""The simulator as a web application: the service, the switches, and a page for people."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import web

from sandbox.loopback import add_headers, only_this_machine
from sandbox.sii import control
from sandbox.sii.gateway import SIMULADOR, call
from sandbox.sii.simulador import Simulador

WEB = Path(__file__).resolve().parent / "web"


def make_app(sii: Simulador) -> web.Application:
    """A server around this state."""
    app = web.Application(middlewares=[only_this_machine, control.tell_mistakes])
    app[SIMULADOR] = sii
    app.on_response_prepare.append(add_headers)
    base, where = "/api/v{version:[12]}/sii/rcv", "{rut}/{periodo}"
    for path in (
        f"/{{libro:ventas}}/resumen/{where}",
        f"/{{libro:ventas}}/detalle/{where}/{{dte:\\d{{1,4}}}}",
        f"/{{libro:compras}}/resumen/{where}/{{estado}}",
        f"/{{libro:compras}}/detalle/{where}/{{dte:\\d{{1,4}}}}/{{estado}}",
    ):
        app.router.add_post(base + path, call)
    _add_control(app.router)
    return app


def _add_control(router: web.UrlDispatcher) -> None:
    router.add_get("/", page)
    router.add_static("/static", WEB)
    router.add_get("/_control/estado", control.state)
    router.add_get("/_control/violaciones", control.violations)
    router.add_get("/_control/verdad/{rut}", control.truth)
    router.add_post("/_control/modo", control.set_mode)
    router.add_post("/_control/fallas", control.add_fault)
    router.add_delete("/_control/fallas", control.clear_faults)
    router.add_post("/_control/ajustes", control.set_settings)
    router.add_post("/_control/avanzar", control.advance)
    router.add_post("/_control/medir", control.measure)
    router.add_post("/_control/contar", control.reset_counts)
    router.add_post("/_control/claves", control.set_clave)


async def page(request: web.Request) -> web.FileResponse:
    """What happens, and the switches."""
    return web.FileResponse(WEB / "index.html")


@asynccontextmanager
async def simulador(*args: Any, **kwargs: Any) -> AsyncIterator[Simulador]:
    """A `Simulador` (same arguments) that listens on a free port of this machine, at `url`."""
    sii = Simulador(*args, **kwargs)
    runner = web.AppRunner(make_app(sii), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    sii.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield sii
    finally:
        await runner.cleanup()
