"""The page, as a person uses it."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect

from sandbox.sii.bitacora import Violacion
from tests.accesible import AXE
from tests.accesible import faults as problems
from tests.sandbox.sii_stage import EMPRESA, Stage, staged, venta

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """A taxpayer with a sale."""
    async with staged() as stage:
        stage.sii.registro.put(EMPRESA, [venta(1)])
        yield stage


@pytest.fixture
async def page(stage: Stage) -> AsyncIterator[Page]:
    """The page, in which no script may fail and which asks nobody else for anything."""
    faults: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = await browser.new_page(viewport={"width": 1000, "height": 820}, locale="es-CL")
        await page.add_init_script(path=AXE)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda told: faults.append(told.text) if told.type == "error" else None)
        page.on("request", lambda one: None if one.url.startswith(stage.sii.url) else faults.append(one.url))
        await page.goto(stage.sii.url)
        yield page
        await browser.close()
    assert faults == []


async def test_the_switches(stage: Stage, page: Page, tmp_path: Path) -> None:
    """A person breaks the SII, sees what became of the next call, and mends it."""
    status = page.get_by_role("status")
    await expect(status).to_have_text("Funciona con normalidad.")
    await page.get_by_role("button", name="En mantención").click()
    await expect(status).to_contain_text("En mantención")
    await expect(page.locator("[aria-pressed=true]")).to_have_text("En mantención")
    assert (await stage.ventas()).status == 503
    await expect(page.get_by_role("row", name="Error 503")).to_contain_text(str(EMPRESA))
    await page.get_by_role("button", name="Bloqueado").click()
    await expect(status).to_contain_text("Faltan 120 segundos")
    stage.clock.now += 10
    assert (await stage.ventas()).status == 423
    await expect(page.get_by_text("Consultó con la cuenta bloqueada")).to_be_visible()
    await page.screenshot(path=tmp_path / "ancho.png", full_page=True)
    await page.get_by_role("button", name="Normal").click()
    assert (await stage.ventas()).status == 200
    await expect(page.get_by_role("row", name="Con datos o vacía")).to_be_visible()
    await page.get_by_role("button", name="Pasa un día").click()
    await expect(page.locator("#hoy")).to_have_text("21-11-2026")
    await page.set_viewport_size({"width": 360, "height": 700})
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    await page.screenshot(path=tmp_path / "angosto.png", full_page=True)


async def test_everybody_can_use_it(stage: Stage, page: Page) -> None:
    """Nothing serious or critical for axe, by day and by night, on a wide screen and on a phone."""
    stage.sii.violaciones.append(Violacion("Consultó de más", stage.clock.now, str(EMPRESA), "de más"))
    await page.emulate_media(reduced_motion="reduce")
    await expect(page.locator("#filas-rotas td").first).to_be_visible()
    found = await problems(page, "wide")
    await page.emulate_media(color_scheme="dark")
    await page.set_viewport_size({"width": 360, "height": 700})
    found += await problems(page, "phone")
    assert not found, "\n".join(found)


async def test_text_is_text(stage: Stage, page: Page) -> None:
    """Whatever a client managed to send is shown, never run."""
    attack = "<img src=x onerror=document.title='roto'>"
    stage.sii.violaciones.append(Violacion(attack, stage.clock.now, attack, attack))
    await expect(page.locator("#filas-rotas td", has_text="<img").first).to_be_visible()
    assert await page.locator("#filas-rotas img").count() == 0
    assert await page.title() == "SII de desarrollo"
