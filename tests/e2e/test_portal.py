"""The portal on a phone, as somebody who knows nothing of it taps: each answer in three taps or fewer."""

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from bot.settings import ROOT
from sandbox.demo_datos import DEMO
from tests.e2e.test_path import browser, needs_chromium  # noqa: F401  (a fixture)
from tests.fotos import SCALE, SCREENSHOTS, foto
from tests.rag.pdfs import plain
from tests.stack import Stack

pytestmark = [
    pytest.mark.engine,
    pytest.mark.browser,
    needs_chromium,
]
SLOW = 60_000


class Telefono:
    """A phone's browser that counts the taps since the home page."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.taps = 0

    async def home(self) -> None:
        """Begin anew."""
        await self.page.goto(self.url)
        self.taps = 0

    async def tap(self, what: Locator) -> None:
        """One tap."""
        await what.tap()
        self.taps += 1

    def place(self, name: str) -> Locator:
        """One of the places at the bottom of the screen."""
        return self.page.get_by_role("navigation", name="Secciones").get_by_role("link", name=name)


@pytest.fixture
async def phone(browser: Browser, stack: Stack) -> AsyncIterator[Telefono]:  # noqa: F811
    """Logged in, on the home page; no script may fail and no rule of ours for scripts be broken."""
    context = await browser.new_context(
        viewport={"width": 390, "height": 844}, locale="es-CL", has_touch=True, device_scale_factor=SCALE
    )
    page = await context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda told: faults.append(told.text) if told.type == "error" else None)
    await page.goto(stack.url)
    await page.get_by_label("RUT").fill(DEMO[0].rut.pretty)
    await page.get_by_label("Contraseña", exact=True).fill(stack.password(0))
    await page.get_by_role("button", name="Entrar", exact=True).tap()
    await page.wait_for_url(f"{stack.url}/")
    yield Telefono(page, stack.url)
    await _leave_nothing(page, stack.url)
    await context.close()
    assert faults == []


async def test_three_answers_in_three_taps(phone: Telefono) -> None:
    """Each path of docs/portal.md: last month's IVA, the supplier that cost most, the day the lease ends."""
    page = phone.page
    await _upload(phone)
    answers = {
        "IVA por pagar": re.compile(r"\$4\.\d{3}\.\d{3}"),
        "A quién le compraste más en 2026": "DISTRIBUIDORA FERREMAPU SPA",
        "Termina el 28 de febrero de 2027": "avisa a más tardar el 30 de diciembre de 2026",
    }
    for taps, told in _paths():
        await phone.home()
        for name in taps:
            await phone.tap(page.get_by_role("link", name=name).locator("visible=true").first)
        assert phone.taps <= 3
        answer = page.get_by_role("region", name=told.partition(" el ")[0])
        await expect(answer).to_contain_text(told, use_inner_text=True)
        await expect(answer).to_contain_text(answers.pop(told))
    assert not answers


async def test_the_page_that_says_it(phone: Telefono) -> None:
    """From what a contract says to the picture of its page."""
    page = phone.page
    await _upload(phone)
    await phone.tap(page.get_by_text("Dónde lo dice").first)
    await phone.tap(page.get_by_role("link", name=re.compile("Ver la página")).first)
    picture = page.get_by_role("img", name=re.compile("Página 1"))
    assert await picture.evaluate("one => one.decode().then(() => one.naturalWidth)") > 500


async def test_filters_change_the_figures_only(phone: Telefono, stack: Stack) -> None:
    """A supplier is chosen without losing the place; the address can be kept, and its spreadsheet taken."""
    page = phone.page
    await page.goto(f"{stack.url}/compras/2026-10")
    await page.get_by_label("Proveedor").fill("aceros")
    await page.get_by_role("button", name="Filtrar").tap()
    await expect(page).to_have_url(re.compile("contraparte=aceros"))
    rows = page.get_by_role("table", name="Documentos").get_by_role("row")
    await expect(rows.filter(has_text="PINTURAS")).to_have_count(0)
    await expect(rows.filter(has_text="ACEROS Y PERFILES").first).to_be_visible()
    async with page.expect_download() as saved:
        await page.get_by_role("link", name="Excel").tap()
    assert (await saved.value).suggested_filename.endswith(".xlsx")


async def test_a_question_is_taken_to_the_chat(phone: Telefono) -> None:
    """It is there to be read and sent, and the way back leads home."""
    page = phone.page
    await phone.tap(page.get_by_role("link", name="¿Cuándo vence mi próximo F29?"))
    await expect(page.locator("#mensaje")).to_have_value("¿Cuándo vence mi próximo F29?")
    sent = page.locator(".mensaje.persona").filter(has_text="¿Cuándo vence mi próximo F29?")
    await expect(sent).to_have_count(0)
    await page.get_by_role("link", name="Volver a mis cifras").tap()
    await expect(page.get_by_text("IVA de noviembre, hasta hoy")).to_be_visible()


async def test_it_can_be_read_without_javascript(browser: Browser, stack: Stack) -> None:  # noqa: F811
    """Login, figures and documents."""
    context = await browser.new_context(java_script_enabled=False, locale="es-CL")
    page = await context.new_page()
    await page.goto(f"{stack.url}/ventas/2026-09")
    await page.get_by_label("RUT").fill(DEMO[0].rut.pretty)
    await page.get_by_label("Contraseña", exact=True).fill(stack.password(0))
    await page.get_by_role("button", name="Entrar", exact=True).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Ventas de septiembre de 2026")
    await expect(page.get_by_text("$44.163.014").first).to_be_visible()
    await context.close()


@pytest.mark.skipif(not SCREENSHOTS, reason="make screenshots")
async def test_pictures(phone: Telefono, stack: Stack) -> None:
    """Those of README and docs, on a phone, and at a desk by night."""
    page = phone.page
    await _upload(phone)
    await foto(page, "portal-contrato")
    await phone.home()
    await foto(page, "portal-inicio")
    await phone.tap(phone.place("Compras"))
    await page.wait_for_url("**/compras**")
    await foto(page, "portal-compras")
    await page.goto(f"{stack.url}/chat#cuánto vendí en septiembre")
    await page.get_by_role("button", name="Enviar", exact=True).tap()
    await expect(page.locator(".mensaje.tributa").last).to_contain_text("Ventas de septiembre", timeout=SLOW)
    await foto(page, "chat")
    await page.set_viewport_size({"width": 1280, "height": 860})
    await page.emulate_media(color_scheme="dark")
    await phone.home()
    await foto(page, "portal-noche")
    await page.goto(f"{stack.url}/admin/entrar")
    await page.get_by_label("Tu llave").fill(stack.secret("admin_api_key"))
    await page.get_by_role("button", name="Entrar").tap()
    await expect(page.get_by_role("heading", name="Hora por hora")).to_be_visible()
    await foto(page, "consola")


async def _leave_nothing(page: Page, url: str) -> None:
    """Other tests send the same lease, and are told if it is there already."""
    found = await (await page.request.get(f"{url}/api/contratos")).json()
    for one in found["contratos"]:
        gone = await page.request.delete(f"{url}/api/contratos/{one['contrato_id']}", headers={"Origin": url})
        assert gone.ok


def _paths() -> list[tuple[list[str], str]]:
    """The rows of the document: what to tap, and where the answer is read."""
    rows = re.findall(
        r"^\| ¿.*?\? \| (.*?) \| (.*?) \|$", (ROOT / "docs/portal.md").read_text(), re.MULTILINE
    )
    return [(re.findall("`(.*?)`", taps), told) for taps, told in rows]


async def _upload(phone: Telefono) -> None:
    """A lease goes in through the page, which shows by itself when it is read."""
    page = phone.page
    await phone.tap(phone.place("Contratos"))
    file = {"name": "Arriendo oficina.pdf", "mimeType": "application/pdf", "buffer": plain()}
    await page.set_input_files("#file", file)  # type: ignore[arg-type]
    await page.get_by_role("button", name="Subir y leer").tap()
    await expect(page.get_by_role("heading", name="Arriendo oficina")).to_be_visible(timeout=SLOW)
    await expect(page.get_by_role("heading", name="Lo que dice")).to_be_visible(timeout=SLOW)
    assert re.search(r"/contratos/\d+", page.url)
