"""What a first visit to each page weighs, and how soon it is seen on a phone four times slower than this.

`python -m bench web`: kB as they cross the network, compressed, with an empty cache, and milliseconds to the
first contentful paint and to the end of loading; medians of several visits. Before that, how long the server
alone takes for each page, so that what is slow can be told apart. Needs Chromium.
"""

import asyncio
import os
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from aiohttp.test_utils import TestServer
from playwright.async_api import APIRequestContext, Browser, async_playwright

from api.app import make_app
from bench.medidas import Medida, note
from bot.bootstrap import Replacements, Services, mark_as_demo, open_database, open_services
from bot.settings import Settings
from sandbox.demo import load_demo, password
from sandbox.demo_datos import DEMO
from tests.conftest import HOY
from tests.e2e.test_path import ARGUMENTS, CHROMIUM
from tests.fakes import FixedReloj

PAGES = ("/entrar", "/", "/compras", "/compras/2026-10", "/iva", "/contratos", "/ajustes", "/chat")
VISITS = 5
SLOWER = 4
HEAVIEST, SLOWEST = 300, 1500  # kB of a first visit, and ms until it is painted
PHONE = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 2, "locale": "es-CL"}
PAINTED = """() => new Promise(done => {
  const told = () => {
    const [paint] = performance.getEntriesByName('first-contentful-paint');
    const [page] = performance.getEntriesByType('navigation');
    paint && page.loadEventEnd ? done([paint.startTime, page.loadEventEnd]) : setTimeout(told, 20);
  };
  told();
})"""


def main() -> None:
    os.environ.pop("DATABASE_URL", None)
    assert CHROMIUM, "Chromium is not installed"
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(_env_file=None, data=Path(folder), env="demo")  # type: ignore[call-arg]
        with open_database(settings) as urls:
            mark_as_demo(urls)
            asyncio.run(serve(settings, urls.app))


async def serve(settings: Settings, database_url: str) -> None:
    """The api alone, with the demo's taxpayers."""
    async with open_services(settings, database_url, Replacements(reloj=FixedReloj(HOY))) as services:
        await load_demo(services, settings)
        async with TestServer(make_app(settings, services)) as server, async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            await measure(browser, str(server.make_url("")), settings, services)
            await browser.close()


async def measure(browser: Browser, url: str, settings: Settings, services: Services) -> None:
    """Log in once, then open every page as if for the first time."""
    context = await browser.new_context(**PHONE)
    login = {"rut": str(DEMO[0].rut), "password": password(settings, DEMO[0])}
    await context.request.post(f"{url}/api/login", data=login)
    state = await context.storage_state()
    served = {path: await serving(context.request, f"{url}{path}") for path in PAGES}
    await context.close()
    print(
        f"{'page':20}{'kB':>8}{'files':>7}{'server ms':>11}{'painted ms':>12}{'loaded ms':>11}"
        f"   (processor {SLOWER}× slower)"
    )
    worst = [0.0, 0.0]
    for path in PAGES:
        known = None if path == "/entrar" else state
        seen = [await visit(browser, f"{url}{path}", known) for _ in range(VISITS)]
        size, files, painted, loaded = (median(one[at] for one in seen) for at in range(4))
        worst = [max(worst[0], size / 1000), max(worst[1], painted)]
        print(f"{path:20}{size / 1000:8.1f}{files:7.0f}{served[path]:11.0f}{painted:12.0f}{loaded:11.0f}")
    note(Medida("primera carga de la página más pesada", worst[0], "kB", maximo=HEAVIEST))
    note(Medida(f"primer pintado de la página más lenta, procesador {SLOWER}× más lento", worst[1], "ms",
                maximo=SLOWEST))  # fmt: skip


async def serving(request: APIRequestContext, url: str) -> float:
    """Milliseconds that the page alone takes, without a browser; the first time does not count."""
    taken = []
    for _ in range(VISITS + 1):
        began = time.perf_counter()
        await request.get(url, headers={"Accept": "text/html"}, max_redirects=0)
        taken.append((time.perf_counter() - began) * 1000)
    return median(taken[1:])


async def visit(browser: Browser, url: str, state: Any) -> tuple[int, int, float, float]:
    """Bytes and files that one first visit brings, and the milliseconds until it is painted and loaded."""
    context = await browser.new_context(**PHONE, storage_state=state)
    page = await context.new_page()
    devtools = await context.new_cdp_session(page)
    sizes: list[int] = []
    devtools.on("Network.loadingFinished", lambda told: sizes.append(told["encodedDataLength"]))
    await devtools.send("Network.enable")
    await devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    await page.goto(url)
    painted, loaded = await page.evaluate(PAINTED)
    await context.close()
    return sum(sizes), len(sizes), painted, loaded
