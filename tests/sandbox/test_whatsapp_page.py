"""The phone in a browser, with a small business behind the webhook that answers each kind of message."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect
from pywa_async import types

from tests.accesible import AXE, faults
from tests.e2e.test_path import browser, needs_chromium  # noqa: F401  (a fixture)
from tests.sandbox.whatsapp import PDF, PNG, Sim, until
from tests.sandbox.whatsapp_bodies import code

pytestmark = [
    pytest.mark.browser,
    needs_chromium,
]
ANA, WHO = "+56900000001", "56900000001"
ROWS = [types.SectionRow("Octubre", "m:2026-10", "48 facturas"), types.SectionRow("Agosto", "m:2026-08")]


class Business:
    """Answers what the webhook gets."""

    def __init__(self, sim: Sim) -> None:
        self.sim = sim
        self.tasks: set[asyncio.Task[None]] = set()

    def take(self, body: dict[str, Any]) -> None:
        for message in body["entry"][0]["changes"][0]["value"].get("messages", []):
            task = asyncio.create_task(self.answer(message))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    async def answer(self, message: dict[str, Any]) -> None:
        wa, to = self.sim.wa, message.get("from") or message["from_user_id"]
        await wa.mark_message_as_read(message["id"])
        if message["type"] == "interactive":
            reply = message["interactive"][message["interactive"]["type"]]
            await wa.send_message(to, f"Elegiste {reply['id']}", reply_to_message_id=message["id"])
        elif message["type"] == "document":
            await wa.send_document(to, PDF, filename="recibido.pdf", mime_type="application/pdf")
        elif "lista" in message["text"]["body"]:
            await wa.send_message(
                to, "¿Qué mes?", buttons=types.SectionList("Meses", [types.Section("2026", ROWS)])
            )
        elif "imagen" in message["text"]["body"]:
            await wa.send_image(to, PNG, caption="Tus ventas", mime_type="image/png")
        else:
            text = "*Hola*, _soy_ Tributa <img src=x onerror=alert(1)> a_b_c 3*4*5"
            await wa.send_message(to, text, buttons=[types.Button("Ver ventas", "ventas")])


@pytest.fixture(params=[(390, 844, "light"), (1200, 800, "dark")], ids=["phone", "desktop"])
async def page(browser: Browser, sim: Sim, request: pytest.FixtureRequest) -> AsyncIterator[Page]:  # noqa: F811
    """A fresh window in which no script may fail, on a business that answers."""
    sim.state.add([(ANA, "Ana Soto"), ("+56900000002", "Luis Rojas"), ("", "Carla")])
    sim.webhook.taken = Business(sim).take
    width, height, scheme = request.param
    context = await browser.new_context(
        viewport={"width": width, "height": height}, locale="es-CL", color_scheme=scheme
    )
    page = await context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda told: faults.append(told.text) if told.type == "error" else None)
    await page.goto(sim.url)
    yield page
    await page.goto("about:blank")
    await context.close()
    assert [one for one in faults if "Failed to load resource" not in one] == []


async def choose(page: Page, name: str) -> None:
    """Take that phone."""
    await page.get_by_role("button", name=re.compile(name)).click()
    await expect(page.get_by_label("Escribe un mensaje")).to_be_visible()


async def say(page: Page, text: str) -> None:
    """Type it and press Enter."""
    await page.get_by_label("Escribe un mensaje").fill(text)
    await page.keyboard.press("Enter")


async def test_a_conversation(page: Page, sim: Sim) -> None:
    """Text with its marks, a button, and ticks that turn blue; what is said is shown, never run."""
    await choose(page, "Ana Soto")
    await say(page, "hola")
    answer = page.locator(".burbuja.negocio").last
    await expect(answer.locator("strong")).to_have_text("Hola")
    await expect(answer.locator("em")).to_have_text("soy")
    await expect(answer).to_contain_text("<img src=x onerror=alert(1)> a_b_c 3*4*5")
    await expect(page.locator(".burbuja.persona").last.get_by_label("Leído")).to_be_visible()
    await answer.get_by_role("button", name="Ver ventas").click()
    await expect(page.locator(".burbuja.negocio").last).to_contain_text("Elegiste ventas")
    await expect(page.locator(".burbuja.persona").last.locator(".cita")).to_contain_text("Tributa")
    answers = [one for one in sim.state.people.get(ANA).messages if one.side == "negocio"]
    await until(lambda: [one.state for one in answers] == ["read", "read"])


async def test_everybody_can_use_it(page: Page) -> None:
    """Nothing serious or critical for axe: the phones, a conversation, and a list that is open."""
    await page.add_init_script(path=AXE)
    await page.emulate_media(reduced_motion="reduce")
    await page.reload()
    found = await faults(page, "phones")
    await choose(page, "Ana Soto")
    await say(page, "una lista")
    await expect(page.locator(".burbuja.negocio")).to_have_count(1)
    found += await faults(page, "conversation")
    await page.get_by_role("button", name="Meses").click()
    await expect(page.get_by_role("dialog", name="Meses")).to_be_visible()
    found += await faults(page, "list")
    assert not found, "\n".join(found)


async def test_a_list(page: Page) -> None:
    """A tap opens the sheet; a row is chosen with the keyboard alone."""
    await choose(page, "Ana Soto")
    await say(page, "una lista")
    await page.get_by_role("button", name="Meses").click()
    sheet = page.get_by_role("dialog", name="Meses")
    await expect(sheet.get_by_role("button", name="Enviar")).to_be_disabled()
    await page.keyboard.press("Escape")
    await expect(sheet).to_be_hidden()
    await page.get_by_role("button", name="Meses").press("Enter")
    await sheet.get_by_role("radio", name="Octubre").focus()
    await page.keyboard.press("ArrowDown")
    await expect(sheet.get_by_role("radio", name="Agosto")).to_be_checked()
    await page.keyboard.press("Enter")
    await expect(page.locator(".burbuja.negocio").last).to_contain_text("Elegiste m:2026-08")
    await expect(page.locator(".burbuja.persona").last).to_contain_text("Agosto")


async def test_files(page: Page, sim: Sim) -> None:
    """A PDF goes out and another comes back; an image is seen."""
    await choose(page, "Ana Soto")
    file = {"name": "F29.pdf", "mimeType": "application/pdf", "buffer": PDF}
    await page.set_input_files("#archivo", file)  # type: ignore[arg-type]
    await say(page, "mi declaración")
    sent = page.locator(".burbuja.persona").last
    await expect(sent.get_by_role("link", name=re.compile(r"F29\.pdf"))).to_be_visible()
    await expect(sent).to_contain_text("mi declaración")
    link = page.get_by_role("link", name=re.compile(r"recibido\.pdf"))
    async with page.expect_download() as download:
        await link.click()
    assert (await download.value).suggested_filename == "recibido.pdf"
    assert [one["documento"]["nombre"] for one in await sim.read(ANA)] == ["F29.pdf", "recibido.pdf"]
    await say(page, "una imagen")
    await expect(page.get_by_role("img", name="Tus ventas")).to_be_attached()


async def test_a_code(page: Page, sim: Sim) -> None:
    """A code is there for whom it is, is counted as new, and can be copied."""
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await sim.graph({**code(6), "to": "56900000002"})
    luis = page.get_by_role("button", name=re.compile("Luis Rojas"))
    await expect(luis).to_contain_text("111111 es tu código de verificación")
    await expect(luis.locator(".nuevos")).to_have_text("1")
    await page.goto(f"{sim.url}/#+56900000002")
    await expect(page.get_by_text("es tu código de verificación").last).to_be_visible()
    await page.get_by_role("button", name="Copiar código").click()
    assert await page.evaluate("navigator.clipboard.readText()") == "111111"
    await expect(page.locator("#telefonos .nuevos")).to_have_count(0)


async def test_new_phones(page: Page, sim: Sim) -> None:
    """A number can be added, changed, and left out."""
    await page.get_by_role("button", name="Agregar un teléfono").click()
    await page.get_by_role("textbox", name="Nombre").fill("Marta Díaz")
    await page.get_by_role("textbox", name="Número").fill("+56 9 7777 7777")
    await page.keyboard.press("Enter")
    await expect(page.locator("#subtitulo")).to_have_text("Marta Díaz · +56 9 7777 7777")
    await say(page, "hola")
    await expect(page.locator(".burbuja.negocio")).to_have_count(1)
    await page.get_by_role("button", name="Más opciones").click()
    await page.get_by_role("menuitem", name="Cambiar de número").click()
    await page.get_by_role("textbox", name="Número").fill("+56 9 8888 8888")
    await page.get_by_role("button", name="Cambiar", exact=True).click()
    await expect(page.locator("#subtitulo")).to_have_text("Marta Díaz · +56 9 8888 8888")
    await expect(page.locator(".burbuja")).to_have_count(2)
    assert sim.state.people.find("+56988888888")


async def test_without_a_number(page: Page, sim: Sim) -> None:
    """Who shows no number talks as well; typing is seen; a failed message is told."""
    await choose(page, "Carla")
    await say(page, "hola")
    await expect(page.locator(".burbuja.negocio")).to_have_count(1)
    person = sim.state.people.known[2]
    await sim.wa.indicate_typing(person.messages[0].id)
    await expect(page.get_by_text("escribiendo…")).to_be_visible()
    await sim.faults(error_tardio={"codigo": 131026})
    await sim.wa.send_message(person.bsuid, "no llega")
    await expect(page.get_by_text("Un mensaje no se entregó: 131026")).to_be_visible()
    await expect(page.get_by_text("no llega")).to_have_count(0)


async def test_it_fits(page: Page) -> None:
    """Nothing is wider than the window, before and after long words."""
    await choose(page, "Ana Soto")
    await say(page, "https://www.sii.cl/" + "x" * 200)
    await expect(page.locator(".burbuja.negocio")).to_have_count(1)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert await page.evaluate("document.getElementById('mensajes').scrollWidth <= innerWidth")
