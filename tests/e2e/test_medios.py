"""Lists, pictures and documents as people get them: on WhatsApp, on Telegram and in the web chat."""

import json
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from PIL import Image
from playwright.async_api import Browser, Page, expect

from sandbox.demo import phone
from sandbox.demo_datos import DEMO
from tests.e2e.test_acceso import call
from tests.e2e.test_canales import PDF, ids
from tests.e2e.test_path import browser, log_in, needs_chromium, page  # noqa: F401  (fixtures)
from tests.fotos import SCALE, foto
from tests.stack import Stack
from tests.telefonos import Chat, Telefono, download, until

pytestmark = pytest.mark.engine
MONTHS = "2026-07..2026-09"


@pytest.fixture
def rosa(stack: Stack) -> Telefono:
    """The phone that is registered for the demo's first shop."""
    until(stack.ready)
    return Telefono(stack, phone(DEMO[0]))


@pytest.fixture
def beto(stack: Stack) -> Chat:
    """Somebody with Telegram, linked to the demo's second shop by a code sent to its phone."""
    until(stack.ready)
    beto, of_record = Chat(stack, 1777), Telefono(stack, phone(DEMO[1]))
    if ids(beto.say("/start"))[:1] == ["vincular.entrar"]:
        beto.say(boton="vincular.entrar")
        before = len(of_record.codes())
        beto.say(DEMO[1].rut.pretty)
        beto.say(until(lambda: of_record.codes()[before:])[-1])
    return beto


def expected(stack: Stack, who: int, libro: str, periodo: str) -> dict[str, int]:
    """A month's totals as the API tells them."""
    login = {"rut": str(DEMO[who].rut), "password": stack.password(who)}
    token = str(call(stack, "/api/login", login)["token"])
    found = fetch_as(stack, f"/api/{libro}/resumen?periodo={periodo}", token)
    totals: dict[str, int] = found["totales"]
    return totals


def fetch_as(stack: Stack, path: str, token: str) -> Any:
    """JSON for whoever has the token."""

    raw, _ = download(f"{stack.url}{path}", Authorization=f"Bearer {token}")
    return json.loads(raw)


def totals(raw: bytes) -> dict[str, int]:
    """What the spreadsheet's summary says."""
    sheet = load_workbook(BytesIO(raw), data_only=True)["Resumen"]
    row = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "Total")
    names = ("cantidad", "monto_exento", "monto_neto", "monto_iva", "monto_total")
    return dict(zip(names, (*row[1:5], row[6]), strict=True))


def is_chart(raw: bytes) -> bool:
    """Whether it is a picture of ours."""
    picture = Image.open(BytesIO(raw))
    return picture.format == "PNG" and picture.size == (1080, 810)


def test_whatsapp(rosa: Telefono, stack: Stack) -> None:
    """Ask, see the chart, compare both books, take the spreadsheet: its sums are those of the API."""
    said = rosa.say("cuánto vendí de julio a septiembre de 2026")
    assert f"ventas_resumen.grafico:{MONTHS}" in ids(said), said["texto"]
    said = rosa.say(boton=f"ventas_resumen.grafico:{MONTHS}")
    assert "Ventas de julio a septiembre de 2026" in said["texto"]
    assert is_chart(download(rosa.url + said["imagen"]["url"])[0])
    said = rosa.say(boton=ids(said)[0])
    assert is_chart(download(rosa.url + said["imagen"]["url"])[0])
    rosa.say("cuánto vendí en septiembre de 2026")
    said = rosa.say(boton="ventas_detalle:2026-09")
    assert "ventas_detalle.excel:2026-09" in ids(said)
    said = rosa.say(boton="ventas_detalle.excel:2026-09")
    assert said["documento"]["nombre"] == "ventas-2026-09.xlsx"
    raw, _ = download(rosa.url + said["documento"]["url"])
    assert totals(raw) == expected(stack, 0, "ventas", "2026-09")


def test_whatsapp_help_is_a_list(rosa: Telefono) -> None:
    """Topics with what each is for; a row leads to a chart of both books."""
    said = rosa.say("¿qué puedes hacer?")
    [section] = said["lista"]["secciones"]
    assert all(row["descripcion"] for row in section["filas"])
    said = rosa.say(lista="ventas_resumen.grafico_ambos")
    assert is_chart(download(rosa.url + said["imagen"]["url"])[0])


def test_a_pdf_is_answered(rosa: Telefono) -> None:
    """Whatever becomes of it, somebody who sends a contract hears about it."""
    assert rosa.send_file("contrato.pdf", PDF, mime="application/pdf")["texto"]


def test_telegram(beto: Chat, stack: Stack) -> None:
    """The same over the Bot API: a keyboard of topics, a picture, a document whose sums are the API's."""
    said = beto.say("¿qué puedes hacer?")
    assert set(said["filas"]) == {1}
    said = beto.say(boton="ventas_resumen.grafico_ambos")
    assert said["tipo"] == "imagen"
    assert is_chart(download(beto.url + said["imagen"])[0])
    beto.say("cuánto compré en septiembre de 2026")
    beto.say(boton="compras_detalle:2026-09")
    said = beto.say(boton="compras_detalle.excel:2026-09")
    assert (said["tipo"], said["nombre"]) == ("documento", "compras-2026-09.xlsx")
    raw, _ = download(beto.url + said["documento"])
    assert totals(raw) == expected(stack, 1, "compras", "2026-09")
    assert beto.send_file("c.pdf", PDF, mime="application/pdf")["texto"]


@pytest.mark.browser
@needs_chromium
async def test_the_phone_in_a_browser(browser: Browser, rosa: Telefono) -> None:  # noqa: F811
    """The chart is seen, the document can be taken."""
    context = await browser.new_context(
        viewport={"width": 390, "height": 1000}, locale="es-CL", device_scale_factor=SCALE
    )
    window = await context.new_page()
    await window.goto(f"{rosa.url}/#{rosa.numero}")
    answers = window.locator(".burbuja.negocio")
    await window.get_by_label("Escribe un mensaje").fill("¿Cuánto vendí de enero a septiembre de 2026?")
    await window.keyboard.press("Enter")
    await answers.last.get_by_role("button", name="Ver gráfico").click(timeout=60_000)
    picture = answers.last.locator("img")
    await expect(picture).to_be_visible(timeout=60_000)
    assert await picture.evaluate("one => one.decode().then(() => one.naturalWidth)") == 1080
    await foto(window, "grafico")
    await answers.last.get_by_role("button", name="Descargar Excel").click()
    document = answers.last.locator("a.documento")
    await expect(document).to_contain_text("ventas-2026-01-a-2026-09.xlsx", timeout=60_000)
    await expect(document).to_contain_text("XLSX")
    async with window.expect_download() as saved:
        await document.click()
    assert (await saved.value).suggested_filename == "ventas-2026-01-a-2026-09.xlsx"
    await foto(window, "telefono")
    await context.close()


@pytest.mark.browser
@needs_chromium
async def test_the_web_chat(page: Page, stack: Stack) -> None:  # noqa: F811
    """Topics to press, the chart in the page, the document to save; all still there after a reload."""
    await log_in(page, stack)
    answers = page.locator(".mensaje.tributa")
    before = await answers.count()
    await page.fill("#mensaje", "¿qué puedes hacer?")
    await page.keyboard.press("Enter")
    await expect(answers).to_have_count(before + 1, timeout=30_000)
    await answers.last.get_by_role("button", name="Gráfico del año").click()
    await expect(answers).to_have_count(before + 2, timeout=30_000)
    picture = answers.last.locator("img")
    assert await picture.evaluate("one => one.decode().then(() => one.naturalWidth)") == 1080
    await page.locator(".mensaje.tributa").nth(before).get_by_role("button", name="Planilla Excel").click()
    await expect(answers).to_have_count(before + 3, timeout=30_000)
    await page.reload()
    await expect(answers.last.locator("a.documento")).to_contain_text("ventas-2026-11.xlsx")
    async with page.expect_download() as saved:
        await answers.last.locator("a.documento").click()
    assert (await saved.value).suggested_filename == "ventas-2026-11.xlsx"
