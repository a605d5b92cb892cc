"""A contract in a real browser, with real PDFs: sent, read, confirmed, asked, seen, removed and had back."""

import io

import pytest
from PIL import Image
from playwright.async_api import BrowserContext, Page, expect

from bot.rag.pdf import PdfSubprocess
from tests.api.pages.conftest import Navegador
from tests.api.pages.test_ventana import come_in, window  # noqa: F401  (a fixture)
from tests.api.pages.test_ventana_flujos import page, place  # noqa: F401  (a fixture)
from tests.conftest import A, Work
from tests.e2e.test_path import browser, needs_chromium  # noqa: F401  (a fixture)
from tests.rag.pdfs import plain

pytestmark = [
    pytest.mark.browser,
    needs_chromium,
]
# Keeps what the line below the button says, one word after another.
WATCH = """() => {
  const line = document.querySelector('.avance-texto');
  window.told = [];
  new MutationObserver(() => window.told.push(line.textContent)).observe(line, {childList: true});
}"""


@pytest.fixture
def lector_pdf() -> PdfSubprocess:
    """The one that reads in earnest."""
    return PdfSubprocess()


async def test_a_lease(
    window: BrowserContext,  # noqa: F811
    page: Page,  # noqa: F811
    navegador: Navegador,
    work: Work,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """From the file to the page that says it, and back from the bin."""
    monkeypatch.setattr("api.pages.contratos._WAIT_SECONDS", 0.0)
    await come_in(window, navegador, A)
    await page.goto(navegador.origin)
    await place(page, "Contratos").click()
    await _upload(page, work)
    await page.get_by_role("button", name="Todo está bien").click()
    await expect(page.get_by_role("status").first).to_contain_text("confirmado por ti")
    await page.get_by_text("Corregir lo que leí").click()
    await page.get_by_label("Termina el").fill("2027-03-31")
    await page.get_by_role("button", name="Guardar", exact=True).click()
    await expect(page.get_by_role("region", name="Termina el")).to_contain_text("31 de marzo de 2027")
    await _ask(page)
    await page.get_by_text("Borrar este contrato").click()
    await page.get_by_role("button", name="Sí, borrarlo").click()
    await expect(page.get_by_role("heading", name="Todavía no hay contratos")).to_be_visible()
    await page.get_by_role("button", name="Recuperarlo").click()
    await expect(page.get_by_role("status").first).to_contain_text("Lo recuperaste")
    await expect(page.get_by_role("region", name="Termina el")).to_contain_text("31 de marzo de 2027")


async def _upload(page: Page, work: Work) -> None:  # noqa: F811
    """How far it is gets told while it goes out and while it is read; the page shows the end by itself."""
    await page.set_input_files(
        "#file", {"name": "Arriendo oficina.pdf", "mimeType": "application/pdf", "buffer": plain()}
    )
    await expect(page.locator(".zona-texto")).to_have_text("Arriendo oficina.pdf")
    await page.evaluate(WATCH)
    await page.get_by_role("button", name="Subir y leer").click()
    await expect(page.get_by_role("heading", name="Lo estoy leyendo")).to_be_visible()
    assert (await page.evaluate("window.told"))[-1] == "Subido; empiezo a leerlo…"
    await work()
    await expect(page.get_by_role("region", name="Termina el")).to_contain_text("28 de febrero de 2027")


async def _ask(page: Page) -> None:  # noqa: F811
    """The answer leads to its page, where its words are marked."""
    contract = page.url.partition("?")[0]
    await page.get_by_label("Tu pregunta").fill("¿cuánto es la renta mensual?")
    await page.get_by_role("button", name="Preguntar").click()
    answer = page.locator("#respuesta")
    await expect(answer).to_contain_text("$450.000")
    await answer.get_by_role("link", name="página 1").first.click()
    await expect(page.locator("blockquote.marcado")).to_contain_text("renta mensual")
    picture = page.get_by_role("img", name="Página 1 de Arriendo oficina")
    assert await picture.evaluate("one => one.decode().then(() => one.naturalWidth)") > 500
    source = str(await picture.evaluate("one => one.src"))
    assert await _colours(page, source) > 1 >= await _colours(page, source.partition("?")[0])
    await page.goto(contract)


async def _colours(page: Page, url: str) -> int:  # noqa: F811
    """How many hundreds of a page's dots are neither black, white nor grey."""
    picture = Image.open(io.BytesIO(await (await page.request.get(url)).body())).convert("HSV")
    return sum(1 for saturation in picture.getchannel("S").getdata() if saturation > 40) // 100
