"""The portal as a person uses it, on a phone and at a desk: in, figures, documents, the form, the chat."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.async_api import BrowserContext, Locator, Page, expect

from bot.bootstrap import Services
from bot.core.rut import Rut
from bot.services.ports import Quien
from bot.services.ports_canales import Remitente
from tests.api.pages.conftest import Navegador
from tests.api.pages.test_ventana import come_in, window  # noqa: F401  (a fixture)
from tests.conftest import PASSWORD, A, B, Work
from tests.e2e.test_path import browser, needs_chromium  # noqa: F401  (a fixture)
from tests.fakes import FakeMensajero

pytestmark = [
    pytest.mark.browser,
    needs_chromium,
]

type Fill = Callable[[Rut], Awaitable[None]]


@pytest.fixture
async def page(window: BrowserContext) -> AsyncIterator[Page]:  # noqa: F811
    """A window in which no script may fail."""
    page, faults = await window.new_page(), list[str]()
    page.set_default_timeout(60_000)  # for slow machines, as with what is expected
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    assert faults == []


def place(page: Page, name: str) -> Locator:
    """One of the places that are on every page."""
    return page.get_by_role("navigation", name="Secciones").get_by_role("link", name=name, exact=True)


async def test_in_by_password_and_by_code(
    page: Page, navegador: Navegador, phone: FakeMensajero, work: Work
) -> None:
    """A wrong password is told; the right one leads where one wanted to go; later a code is enough."""
    await page.goto(f"{navegador.origin}/iva")
    await page.get_by_label("RUT", exact=True).fill(A.pretty)
    for typed in ("no es esta", PASSWORD):
        await page.get_by_label("Contraseña", exact=True).fill(typed)
        await page.get_by_role("button", name="Entrar", exact=True).click()
        if typed != PASSWORD:
            await expect(page.get_by_role("alert").first).to_contain_text("no son correctos")
    await page.wait_for_url("**/iva")
    await page.get_by_role("button", name="Cerrar sesión").click()
    await expect(page.get_by_text("Saliste de tu cuenta")).to_be_visible()
    await page.get_by_role("link", name="Entrar con un código por WhatsApp").click()
    await page.get_by_label("RUT", exact=True).fill(A.pretty)
    await page.get_by_role("button", name="Enviarme el código").click()
    await expect(page.get_by_role("status")).to_be_visible()
    await work()
    await page.get_by_label("Los 6 números").fill(phone.codes[-1][1])
    await page.get_by_role("button", name="Entrar", exact=True).click()
    await expect(page.get_by_role("heading", name="Todavía no tengo tu registro")).to_be_visible()


async def test_from_the_year_to_a_document(
    window: BrowserContext,  # noqa: F811
    page: Page,
    navegador: Navegador,
    libros: Fill,
    tmp_path: Path,
) -> None:
    """Home, a year's chart, a month behind its bar, one type of document, its spreadsheet."""
    await libros(A)
    await come_in(window, navegador, A)
    await page.goto(navegador.origin)
    await expect(page.get_by_role("region", name="IVA de noviembre, hasta hoy")).to_be_visible()
    await place(page, "Ventas").click()
    await expect(page.get_by_role("region", name="Por mes")).to_contain_text("$1.309.000")
    await page.locator("a[href='/ventas/2026-10'] rect").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Ventas de octubre de 2026")
    rows = page.get_by_role("table", name="Documentos").get_by_role("row")
    await expect(rows).to_have_count(3)
    await page.get_by_label("Tipo", exact=True).select_option(label="Notas de crédito")
    await expect(rows).to_have_count(2)
    await expect(rows.last).to_contain_text("−$119.000")
    await expect(page).to_have_url(re.compile("tipo_documento=61"))
    async with page.expect_download() as saved:
        await page.get_by_role("link", name="Excel").click()
    await (await saved.value).save_as(tmp_path / "ventas.xlsx")
    sheet = load_workbook(BytesIO((tmp_path / "ventas.xlsx").read_bytes()), data_only=True)["Detalle"]
    found = [value for row in sheet.iter_rows(values_only=True) for value in row]
    assert datetime(2026, 10, 5) in found
    assert 119_000 in [abs(value) for value in found if isinstance(value, int)]
    assert 1_190_000 not in found


async def test_a_supplier_is_looked_for(
    window: BrowserContext,  # noqa: F811
    page: Page,
    navegador: Navegador,
    libros: Fill,
) -> None:
    """By a part of its name, without leaving the page; what cannot be fetched is told, and tried again."""
    await libros(A)
    await come_in(window, navegador, A)
    await page.goto(f"{navegador.origin}/compras/2026-10")
    rows = page.get_by_role("table", name="Documentos").get_by_role("row")
    await page.route("**/compras/2026-10?*", lambda route: route.abort())
    await page.get_by_label("Proveedor").fill("array")
    await page.get_by_role("button", name="Filtrar").click()
    await expect(page.get_by_role("alert")).to_contain_text("No pudimos conectarnos")
    await expect(rows).to_have_count(3)
    await page.unroute_all()
    await page.get_by_role("button", name="Filtrar").click()
    await expect(rows).to_have_count(2)
    await expect(rows.last).to_contain_text("Distribuidora Arrayán SpA")
    await page.get_by_role("link", name="Quitar").click()
    await expect(rows).to_have_count(3)
    await page.get_by_label("Proveedor").fill("nadie")
    await page.get_by_role("button", name="Filtrar").click()
    await expect(page.get_by_text("No hay documentos con esos filtros.")).to_be_visible()


async def test_the_form(
    window: BrowserContext,  # noqa: F811
    page: Page,
    navegador: Navegador,
    libros: Fill,
) -> None:
    """What is told counts at once; what is no number is told beside its box."""
    await libros(A)
    await come_in(window, navegador, A)
    await page.goto(navegador.origin)
    await place(page, "IVA").click()
    total = page.get_by_role("region", name="IVA por pagar")
    await expect(total).to_contain_text("$123.500")
    box = page.get_by_label("Remanente del mes anterior")
    await box.fill("unos veinte mil")
    await page.get_by_role("button", name="Guardar y recalcular").click()
    await expect(page.get_by_role("alert")).to_contain_text("No guardé nada")
    await expect(box).to_have_value("unos veinte mil")
    await expect(box).to_have_accessible_description(re.compile("no es un monto en pesos"))
    await box.fill("$ 23.500")
    await page.get_by_label("Tasa de PPM").fill("0,25")
    await page.get_by_role("button", name="Guardar y recalcular").click()
    await expect(page.get_by_role("status")).to_contain_text("Anotado")
    await expect(total).to_contain_text("$100.000")
    await expect(page.get_by_label("Tasa de PPM")).to_have_value("0,25")
    await page.get_by_role("link", name="IVA de septiembre de 2026").click()
    await expect(page.get_by_role("alert")).to_contain_text("No tengo tus ventas ni tus compras")


async def test_a_question_from_a_page(
    window: BrowserContext,  # noqa: F811
    page: Page,
    navegador: Navegador,
    libros: Fill,
) -> None:
    """It waits in the chat, beside the page if there is room, and is answered there."""
    await libros(A)
    await come_in(window, navegador, A)
    await page.goto(f"{navegador.origin}/compras/2026-10")
    await page.get_by_role("link", name="Compara mis compras").click()
    wide = await page.evaluate("innerWidth") >= 1200
    chat = page.frame_locator("iframe") if wide else page.frame_locator("html >> nth=0")
    where = chat.locator("body") if wide else page.locator("body")
    await expect(where.locator("#mensaje")).to_have_value(re.compile("Compara mis compras de octubre"))
    await where.locator("#enviar").click()
    await expect(where.locator(".mensaje.tributa")).to_contain_text("eco: Compara mis compras")
    assert page.url.endswith("/compras/2026-10") is wide


async def test_nothing_yet(window: BrowserContext, page: Page, navegador: Navegador) -> None:  # noqa: F811
    """Each place of somebody who has just come says what is missing and what to do."""
    await come_in(window, navegador, B)
    await page.goto(navegador.origin)
    for name, told in (("Inicio", "Todavía no tengo tu registro"), ("Ventas", "No tengo tus ventas de 2026"),
                       ("Compras", "No tengo tus compras de 2026"),
                       ("Contratos", "Todavía no hay contratos")):  # fmt: skip
        await place(page, name).click()
        await expect(page.get_by_role("heading", name=told)).to_be_visible()
    await page.goto(f"{navegador.origin}/ventas/2026-09")
    await expect(page.get_by_role("link", name="Subir un CSV")).to_be_visible()


async def test_settings(
    window: BrowserContext,  # noqa: F811
    page: Page,
    navegador: Navegador,
    services: Services,
    phone: FakeMensajero,
    work: Work,
) -> None:
    """Phone, clave, alerts, chats, sessions, another company, all data in a file, and the end."""
    await services.vinculacion._link(Remitente("telegram", "77"), A)
    await navegador.enter(A)
    await come_in(window, navegador, A)
    await page.goto(navegador.origin)
    await page.get_by_role("link", name="Ajustes").locator("visible=true").first.click()
    status = page.get_by_role("status").first
    await page.get_by_text("Cambiar el teléfono").click()
    await page.get_by_label("Teléfono nuevo").fill("9 8765 4321")
    await page.locator("#telefono-password").fill(PASSWORD)
    await page.get_by_role("button", name="Enviar el código").click()
    await expect(page.get_by_label("Los 6 números")).to_be_visible()
    await work()
    await page.get_by_label("Los 6 números").fill(phone.codes[-1][1])
    await page.get_by_role("button", name="Confirmar el teléfono").click()
    await expect(status).to_contain_text("Tu teléfono cambió")
    await page.get_by_label("Clave tributaria").fill("Perro-1234")
    await page.get_by_label("Acepto que Tributa").check()
    await page.get_by_role("button", name="Guardar mi clave").click()
    await expect(status).to_contain_text("guardada y cifrada")
    await page.get_by_label("Compras por aceptar").uncheck()
    await page.get_by_role("button", name="Guardar", exact=True).locator("visible=true").click()
    await expect(status).to_contain_text("tus avisos quedaron")
    assert not (await services.alertas.ver(Quien(A))).compras
    await page.get_by_role("button", name="Desvincular telegram").click()
    await expect(status).to_contain_text("desvinculado")
    await page.get_by_role("region", name="Sesiones abiertas").get_by_role("button").click()
    await expect(status).to_contain_text("La sesión se cerró")
    await _another_company(page)
    async with page.expect_download() as saved:
        await page.get_by_role("link", name="Descargar todo").click()
    assert (await saved.value).suggested_filename.endswith(".zip")
    await page.get_by_text("Borrar mi cuenta y todos mis datos").click()
    await page.locator("#password").fill(PASSWORD)
    await page.get_by_role("button", name="Borrar todo para siempre").click()
    await expect(page.get_by_role("heading", name="Borramos tus datos")).to_be_visible()


async def _another_company(page: Page) -> None:
    """Opened from the settings with its own password, and back to the first."""
    await page.get_by_role("link", name="Ver o abrir otra empresa").click()
    await page.get_by_label("RUT de la empresa").fill(B.pretty)
    await page.get_by_label("Su contraseña").fill(PASSWORD)
    await page.get_by_role("button", name="Abrir", exact=True).click()
    await expect(page.get_by_title("Cambiar de empresa")).to_contain_text("Bodega Boldo")
    await page.get_by_title("Cambiar de empresa").click()
    await page.get_by_role("button", name="Cambiar a Comercial Alerce").click()
    await expect(page.get_by_title("Cambiar de empresa")).to_contain_text("Comercial Alerce")
    await page.get_by_role("link", name="Ajustes").locator("visible=true").first.click()
