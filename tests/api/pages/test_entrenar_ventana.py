"""A trainer in a real browser: taught, trained, compared, published and taken back."""

import re
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import pytest
from playwright.async_api import BrowserContext, Page, expect

from bot.bootstrap import Services
from tests.accesible import AXE, faults
from tests.api.pages.conftest import Navegador
from tests.api.pages.test_ajeno import TAG
from tests.api.pages.test_entrenar import clase, services  # noqa: F401  (fixtures)
from tests.api.pages.test_ventana import TRAINING, window  # noqa: F401  (a fixture)
from tests.e2e.test_path import browser, needs_chromium  # noqa: F401  (a fixture)
from tests.entrenamiento.conftest import Clase

pytestmark = [
    pytest.mark.browser,
    needs_chromium,
]

type Look = Callable[[], Awaitable[None]]


async def test_a_lesson(
    window: BrowserContext,  # noqa: F811
    navegador: Navegador,
    services: Services,  # noqa: F811
    clase: Clase,  # noqa: F811
) -> None:
    """Nothing serious or critical for axe on the way, and what people wrote runs nothing."""
    key = await services.llaves.crear("ana", "entrenador")
    clase.bandeja.llega(7, f"hola {TAG}")
    clase.bandeja.llega(8, "me cuentas un chiste")
    await window.add_init_script(path=AXE)
    page = await window.new_page()
    tried: list[str] = []
    page.on("dialog", lambda dialog: tried.append(dialog.message))
    page.on("pageerror", lambda error: tried.append(str(error)))
    page.on("console", lambda told: tried.append(told.text) if "Content Security" in told.text else None)
    found: list[str] = []
    seen: set[str] = set()

    async def look() -> None:
        seen.add(re.sub("[0-9a-f]{8}$", "{}", urlsplit(page.url).path))
        found.extend(await faults(page, page.url))

    await page.goto(f"{navegador.origin}/entrenar")
    await page.get_by_label("Tu llave").fill(str(key))
    await page.get_by_role("button", name="Entrar").click()
    await _attend(page, look)
    await page.get_by_role("link", name="Borrador").click()
    await look()
    await page.get_by_role("button", name="Entrenar").click()
    await page.get_by_role("link", name="Listo").click(timeout=60_000)
    await look()
    await _publish_and_return(page, look)
    assert not found, "\n".join(found)
    assert tried == []
    assert seen >= set(TRAINING)


async def _attend(page: Page, look: Look) -> None:
    """One message is taught, at the second try, and one discarded by mistake."""
    first = page.get_by_role("region").filter(has_text="hola")
    for intent in ("saludar", "saludo"):
        await first.get_by_label("Intención").fill(intent)
        await first.get_by_role("button", name="Anotar").click()
        if intent == "saludar":
            await expect(page.get_by_role("alert")).to_contain_text("No hay ninguna intención")
            await look()
    await page.get_by_role("button", name="Descartar").click()
    await look()
    await page.get_by_role("button", name="Deshacer").click()
    await expect(page.get_by_role("status")).to_contain_text("De vuelta en la bandeja")


async def _publish_and_return(page: Page, look: Look) -> None:
    """The model before answers again."""
    await page.get_by_role("button", name="Publicar").click()
    await expect(page.get_by_role("status")).to_contain_text("Publicado")
    await page.get_by_role("navigation").get_by_role("link", name="Modelos").click()
    await page.get_by_text("Volver al modelo anterior").click()
    await page.get_by_role("button", name="Volver atrás").click()
    await expect(page.get_by_role("status")).to_contain_text("Vuelve el modelo anterior")
    await look()
