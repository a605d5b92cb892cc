"""The main job, as a person does it: log in, import a real export, ask, read the right figure."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from sandbox.demo_datos import DEMO
from tests.stack import Stack

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
DATA = Path(__file__).parent.parent / "sii" / "data"
VENTA = DATA / "RCV-venta-rz_leading_trailing_whitespace.csv"

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
pytestmark = [
    pytest.mark.engine,
    pytest.mark.browser,
    needs_chromium,
]


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    """Headless Chromium."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest.fixture(params=[(360, 740), (1280, 800)], ids=["phone", "desktop"])
async def page(browser: Browser, stack: Stack, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    """A fresh window, in which no script may fail."""
    width, height = request.param
    context = await browser.new_context(viewport={"width": width, "height": height}, locale="es-CL")
    page = await context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "console",
        lambda told: (
            faults.append(told.text)
            if told.type == "error" and "Failed to load resource" not in told.text
            else None
        ),
    )
    await page.goto(f"{stack.url}/chat")
    yield page
    await context.close()
    assert faults == []


async def log_in(page: Page, stack: Stack, who: int = 0) -> None:
    """As a demo taxpayer."""
    await page.fill("#rut", DEMO[who].rut.pretty)
    await page.fill("#password", stack.password(who))
    await page.click("#entrar")
    await expect(page.locator("#mensaje")).to_be_visible()


async def ask(page: Page, text: str) -> str:
    """Type a message, and read the answer."""
    answers = page.locator(".mensaje.tributa")
    before = await answers.count()
    await page.fill("#mensaje", text)
    await page.click("#enviar")
    await expect(answers).to_have_count(before + 1, timeout=30_000)
    return await answers.last.inner_text()


async def test_import_and_ask(page: Page, stack: Stack) -> None:
    """A CSV of the SII goes in through the page; a minute later the chat knows its total."""
    await log_in(page, stack)
    await page.click("#importar")
    await page.set_input_files("#archivo", VENTA)
    await page.select_option("#tipo", "ventas")
    await page.fill("#periodo", "2019-06")
    await page.click("#importar-enviar")
    await expect(page.locator("#importar-resultado")).to_contain_text("2")
    await expect(page.locator(".mensaje.persona").last).to_contain_text(f"📎 {VENTA.name}")
    await expect(page.locator(".mensaje.tributa").last).to_contain_text("Importé tus ventas de junio de 2019")
    await page.keyboard.press("Escape")
    said = await ask(page, "cuánto vendí en junio de 2019")
    assert "$4.712.135" in said
    assert "junio de 2019" in said
    assert "hoy a las" in said


async def test_both_demo_taxpayers(page: Page, stack: Stack) -> None:
    """Each sees its own figures, and the next steps work when pressed."""
    figures = []
    for who in (0, 1):
        await log_in(page, stack, who)
        said = await ask(page, "cuanto vendi en septiembre")
        assert "septiembre de 2026" in said
        figures.append(said)
        answers = page.locator(".mensaje.tributa")
        before = await answers.count()
        await page.locator(".boton", has_text="Ver compras").last.click()
        await expect(answers).to_have_count(before + 1, timeout=30_000)
        assert "Compras de septiembre de 2026" in await answers.last.inner_text()
        await page.click("#menu-boton")
        await page.click("#salir")
        await expect(page.locator("#rut")).to_be_visible()
    assert "$44.163.014" in figures[0]
    assert "$34.915.129" in figures[1]


async def test_the_history_stays(page: Page, stack: Stack) -> None:
    """After a reload the conversation is still there."""
    await log_in(page, stack)
    said = await ask(page, "cuánto compré en agosto")
    await page.reload()
    await expect(page.locator(".mensaje.tributa").last).to_contain_text("Compras de agosto de 2026")
    assert (await page.locator(".mensaje.tributa").last.inner_text()).split("\n")[0] == said.split("\n")[0]


async def test_wrong_password(page: Page) -> None:
    """It is told in Spanish, and the password is not kept in the page."""
    await page.fill("#rut", DEMO[0].rut.pretty)
    await page.fill("#password", "no es esta")
    await page.click("#entrar")
    await expect(page.locator("#error-login")).to_contain_text("no son correctos")


async def test_a_script_in_a_message_is_text(page: Page, stack: Stack) -> None:
    """What a person writes is shown, never run."""
    await log_in(page, stack)
    await ask(page, "<img src=x onerror=alert(1)><b>hola</b>")
    await expect(page.locator(".mensaje.persona").last).to_contain_text("<img src=x onerror=alert(1)>")
    assert await page.locator("#mensajes img[src=x]").count() == 0


async def test_the_question_offered_after_an_import(page: Page, stack: Stack) -> None:
    """Purchases in a state are asked for in that state, and bad lines are listed."""
    await log_in(page, stack, 1)
    await page.click("#importar")
    await page.set_input_files("#archivo", DATA / "RCV-compra-reclamado.csv")
    await page.select_option("#tipo", "compras")
    await page.select_option("#estado", "RECLAMADO")
    await page.fill("#periodo", "2019-06")
    await page.click("#importar-enviar")
    result = page.locator("#importar-resultado")
    await expect(result).to_contain_text("Línea 5")
    answers = page.locator(".mensaje.tributa")
    await expect(answers.last).to_contain_text("compras reclamadas de junio de 2019")
    before = await answers.count()
    await result.locator(".boton").click()
    await expect(answers).to_have_count(before + 1, timeout=30_000)
    said = await answers.last.inner_text()
    assert "Compras reclamadas de junio de 2019" in said
    assert "$343.848" in said
