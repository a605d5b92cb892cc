"""The worker's figures for Prometheus, at an address of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from aiohttp import web

from bot.bootstrap import Services, exposition
from bot.telemetry.metrics import CONTENT_TYPE

log = structlog.get_logger()


@asynccontextmanager
async def shown(address: str | None, services: Services) -> AsyncIterator[None]:
    """Show them at `host:port` for as long as the context lasts; without an address nowhere.

    Work goes on also if the port is taken: who waits for an answer needs no figures.
    """
    if address is None:
        yield
        return
    runner = web.AppRunner(_app(services), access_log=None, handle_signals=False)
    await runner.setup()
    host, _, port = address.rpartition(":")
    try:
        await web.TCPSite(runner, host, int(port)).start()
    except OSError as error:
        log.error("metrics.not_shown", address=address, errno=error.errno)
    try:
        yield
    finally:
        await runner.cleanup()


def _app(services: Services) -> web.Application:
    async def metrics(request: web.Request) -> web.Response:
        headers = {"Content-Type": CONTENT_TYPE}
        return web.Response(body=await exposition("worker", services), headers=headers)

    app = web.Application()
    app.router.add_get("/metrics", metrics)
    return app
