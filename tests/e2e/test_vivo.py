"""The chat live, as people have it: several windows, programs that die, networks that go, reloads."""

import json
import os
import signal
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest
from playwright.async_api import Browser, Locator, Page, Route, expect

from sandbox.demo_datos import DEMO
from tests.e2e.test_acceso import call
from tests.e2e.test_path import DATA, browser, log_in, needs_chromium  # noqa: F401  (a fixture)
from tests.stack import Stack
from tests.telefonos import until

pytestmark = [
    pytest.mark.engine,
    pytest.mark.browser,
    needs_chromium,
]
LATE = 90_000


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One of its own: these tests log in more often than a taxpayer may from one address."""
    stack = Stack(tmp_path_factory.mktemp("vivo") / "data")
    stack.data.mkdir()
    stack.start()
    yield stack
    stack.stop()


@pytest.fixture
async def windows(browser: Browser, stack: Stack) -> AsyncIterator[tuple[Page, Page]]:  # noqa: F811
    """Two windows of one browser with the same conversation."""
    until(stack.ready)
    context = await browser.new_context(viewport={"width": 900, "height": 700}, locale="es-CL")
    one = await context.new_page()
    await one.goto(f"{stack.url}/chat")
    await log_in(one, stack)
    other = await context.new_page()
    await other.goto(f"{stack.url}/chat")
    await expect(other.locator("#mensaje")).to_be_visible()
    yield one, other
    await context.close()


def own(page: Page, text: str) -> Locator:
    """What the person said with exactly these words."""
    return page.locator(".mensaje.persona").filter(has_text=text)


def answered(page: Page, text: str) -> Locator:
    """What follows the person's message."""
    return page.locator(f".mensaje.persona:has-text('{text}') + .mensaje.tributa")


async def write(page: Page, text: str) -> None:
    """Type and send."""
    await page.fill("#mensaje", text)
    await page.click("#enviar")


async def test_two_windows(windows: tuple[Page, Page]) -> None:
    """What is said or imported in one appears in the other, once, with its answer and in the same order."""
    one, other = windows
    await write(one, "ventas de enero de 2026")
    for page in windows:
        await expect(answered(page, "ventas de enero de 2026")).to_contain_text("Ventas de enero de 2026")
        await expect(own(page, "ventas de enero de 2026")).to_have_count(1)
    await write(other, "compras de enero de 2026")
    await expect(answered(one, "compras de enero de 2026")).to_contain_text("Compras de enero de 2026")
    archivo = DATA / "RCV-compra-registro-rz_leading_trailing_whitespace.csv"
    await one.click("#importar")
    await one.set_input_files("#archivo", archivo)
    await one.select_option("#tipo", "compras")
    await one.fill("#periodo", "2019-06")
    await one.click("#importar-enviar")
    for page in windows:
        await expect(own(page, archivo.name)).to_have_count(1)
        await expect(page.locator(".mensaje.tributa").last).to_contain_text("compras de junio de 2019")
        await expect(page.locator(".mensaje[data-id]")).to_have_count(await other.locator(".mensaje").count())
    assert await _said(one) == await _said(other)


async def _said(page: Page) -> list[str]:
    return [text.split("\n")[0] for text in await page.locator(".mensaje .texto").all_inner_texts()]


async def test_a_late_answer_appears_by_itself(windows: tuple[Page, Page], stack: Stack) -> None:
    """The engine answers nothing and is killed: an apology and a wait, then the answer without a reload."""
    text = "cuánto compré en febrero de 2026"
    engine = stack.programs()["rasa run"]
    engine.suspend()  # so that the message surely meets it: a new engine would take it over
    await write(windows[0], text)
    for page in windows:
        await expect(answered(page, text)).to_contain_text("quedó guardado", timeout=LATE)
        await expect(page.locator("#escribiendo")).to_be_visible()
    engine.kill()
    for page in windows:
        said = page.locator(".mensaje.tributa").filter(has_text="Compras de febrero de 2026")
        await expect(said).to_have_count(1, timeout=LATE)
        await expect(page.locator("#escribiendo")).to_be_hidden()
        await expect(own(page, text)).to_have_count(1)


async def test_a_reload_in_the_middle(windows: tuple[Page, Page], stack: Stack) -> None:
    """While the message is being answered: it is neither lost nor asked twice."""
    one, other = windows
    text = "ventas de febrero de 2026"
    engine = stack.programs()["rasa run"]
    engine.suspend()
    try:
        await write(one, text)
        await expect(own(other, text)).to_have_count(1)
        await one.reload()
        await expect(own(one, text)).to_have_count(1)
        await expect(one.locator("#escribiendo")).to_be_visible()
    finally:
        engine.resume()
    for page in windows:
        said = page.locator(".mensaje.tributa").filter(has_text="Ventas de febrero de 2026")
        await expect(said).to_have_count(1, timeout=LATE)
        await expect(own(page, text)).to_have_count(1)
        await expect(page.locator("#escribiendo")).to_be_hidden()


async def test_written_without_a_network(windows: tuple[Page, Page]) -> None:
    """It waits, the page says so, and it leaves once when the network is back."""
    one, other = windows
    text = "compras de marzo de 2026"
    await one.context.set_offline(True)
    await expect(one.locator("#aviso")).to_contain_text("Sin conexión")
    await write(one, text)
    await expect(own(one, text)).to_have_attribute("data-estado", "espera")
    await one.context.set_offline(False)
    for page in windows:
        await expect(answered(page, text)).to_contain_text("Compras de marzo de 2026", timeout=LATE)
        await expect(own(page, text)).to_have_count(1)
    await expect(one.locator("#aviso")).to_be_empty()
    await write(other, "ventas de marzo de 2026")
    await expect(answered(one, "ventas de marzo de 2026")).to_contain_text("Ventas de marzo de 2026")


@pytest.mark.parametrize("arrives", [False, True], ids=["lost", "stored"])
async def test_a_reload_before_it_was_sent(windows: tuple[Page, Page], arrives: bool) -> None:
    """Whether its request got lost or only the answer did: after the reload it is there once, answered."""
    one, other = windows
    text = f"ventas de abril de 2026{' por favor' if arrives else ''}"

    async def cut(route: Route) -> None:
        if route.request.method != "POST":
            await route.fallback()
            return
        if arrives:
            await route.fetch()
        await route.abort("connectionreset")

    await one.route("**/api/chat", cut)
    await write(one, text)
    if arrives:
        await expect(answered(other, text)).to_contain_text("Ventas de abril de 2026")
    else:
        await expect(own(one, text)).to_have_attribute("data-estado", "reintentando")
    await one.unroute("**/api/chat", cut)
    await one.reload()
    for page in windows:
        await expect(answered(page, text)).to_contain_text("Ventas de abril de 2026", timeout=LATE)
        await expect(own(page, text)).to_have_count(1)
        await expect(page.locator(".en-cola")).to_have_count(0)


async def test_more_windows_than_streams(windows: tuple[Page, Page]) -> None:
    """A browser has six connections for a site: with six windows each still works and learns what is new."""
    many = list(windows)
    while len(many) < 6:
        many.append(await windows[0].context.new_page())
        await many[-1].goto(windows[0].url)
        await expect(many[-1].locator("#mensaje")).to_be_visible()
    text = "compras de mayo de 2026"
    await write(many[-1], text)
    for page in many:
        await expect(answered(page, text)).to_contain_text("Compras de mayo de 2026", timeout=LATE)
        await expect(own(page, text)).to_have_count(1)


async def test_somebody_else_came_in(windows: tuple[Page, Page], stack: Stack) -> None:
    """All windows have one session: when another taxpayer enters, the first one's window closes."""
    one, other = windows
    await other.click("#menu-boton")
    await other.click("#salir")
    await expect(one.locator("#rut")).to_be_visible(timeout=30_000)
    await log_in(other, stack, 1)
    await expect(other.locator("#empresa-nombre")).to_have_text(DEMO[1].nombre)


async def test_the_database_is_killed_below_a_stream(stack: Stack) -> None:
    """The stream stays, and what is said once the database is back arrives on it."""
    until(stack.ready)
    login = {"rut": str(DEMO[0].rut), "password": stack.password(0)}
    token = str(call(stack, "/api/login", login)["token"])
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        aiohttp.ClientSession(headers=headers, read_bufsize=2**20) as session,
        session.get(f"{stack.url}/api/chat/eventos") as live,
    ):
        assert live.status == 200
        postmaster = int((stack.data / "postgres" / "postmaster.pid").read_text().splitlines()[0])
        os.kill(postmaster, signal.SIGKILL)
        until(lambda: not stack.ready())
        until(stack.ready)
        call(stack, "/api/chat", {"mensaje": "ventas de mayo de 2026"}, token=token)
        told: list[str] = []
        deadline = time.monotonic() + 150
        while len(told) < 2:
            assert time.monotonic() < deadline
            line = (await live.content.readline()).decode()
            assert line, "the stream ended"
            if line.startswith("data: ") and "texto" in line:
                told.append(json.loads(line.removeprefix("data: "))["texto"])
    assert told[0] == "ventas de mayo de 2026"
    assert "Ventas de mayo de 2026" in told[1]


def test_stops_at_once_with_a_page_open(stack: Stack) -> None:
    """Open streams do not hold the api when it is told to end; a new one takes over."""
    until(stack.ready)
    login = {"rut": str(DEMO[0].rut), "password": stack.password(0)}
    token = str(call(stack, "/api/login", login)["token"])
    request = urllib.request.Request(
        f"{stack.url}/api/chat/eventos", headers={"Authorization": f"Bearer {token}"}
    )
    with urllib.request.urlopen(request, timeout=120) as live:
        assert live.readline()
        api = stack.programs()["cli api"]
        api.terminate()
        api.wait(40)
    until(stack.ready)
