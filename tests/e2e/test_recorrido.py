"""A newcomer on the phone page, in a browser: from an unknown number to a contract that is read."""

import re

import pytest
from playwright.async_api import Browser, Page, expect

from sandbox.demo import phone
from sandbox.demo_datos import DEMO
from tests.e2e.test_canales import SEPTEMBER
from tests.e2e.test_path import browser, needs_chromium  # noqa: F401  (a fixture)
from tests.rag.pdfs import plain
from tests.stack import Stack
from tests.telefonos import Telefono, until

pytestmark = [
    pytest.mark.engine,
    pytest.mark.browser,
    needs_chromium,
]
SLOW = 60_000
NUEVO = "+56944440009"
RUT, NOMBRE = "77.111.666-3", "Pastelería Quilén"


class Pantalla:
    """The phone page, as somebody reads and taps it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.answers = page.locator(".burbuja.negocio[data-id]")

    async def say(self, texto: str, expected: str) -> None:
        """Write something and read the answer."""
        before = await self.answers.count()
        await self.page.get_by_label("Escribe un mensaje").fill(texto)
        await self.page.keyboard.press("Enter")
        await self.read(expected, before)

    async def tap(self, button: str, expected: str) -> None:
        """Tap a button below the last message and read the answer."""
        before = await self.answers.count()
        await self.answers.last.get_by_role("button", name=button).click()
        await self.read(expected, before)

    async def read(self, expected: str, before: int = 0) -> None:
        """What comes after so many answers."""
        await expect(self.answers.nth(before)).to_be_visible(timeout=SLOW)
        await expect(self.answers.last).to_contain_text(expected, timeout=SLOW)


async def test_a_newcomer(browser: Browser, stack: Stack) -> None:  # noqa: F811
    """Registers, links a second company, asks, taps, gets a list, an image and a document, sends a PDF."""
    until(stack.ready)
    rosa = Telefono(stack, phone(DEMO[0]))
    context = await browser.new_context(viewport={"width": 390, "height": 844}, locale="es-CL")
    page = await context.new_page()
    await page.goto(f"{rosa.url}/#{NUEVO}")
    chat = Pantalla(page)
    await _register(chat)
    await _password(browser, await chat.answers.last.inner_text())
    await _link(chat, rosa)
    await _ask(chat)
    await _contract(chat)
    await context.close()


async def _register(chat: Pantalla) -> None:
    await chat.page.get_by_role("button", name="Agregar un teléfono").click()
    await chat.page.get_by_role("textbox", name="Nombre").fill("Quilén")
    await chat.page.get_by_role("textbox", name="Número").fill(NUEVO)
    await chat.page.keyboard.press("Enter")
    await chat.say("hola", "necesito saber quién eres")
    await chat.tap("Crear una cuenta", "¿Cuál es el RUT?")
    await chat.say(RUT, "¿Cómo se llama")
    await chat.say(NOMBRE, "¿Aceptas?")
    await chat.tap("Acepto", f"¡Listo, {NOMBRE}!")


async def _password(browser: Browser, said: str) -> None:  # noqa: F811
    """The link of the last message, in a window of its own."""
    found = re.search(r"http\S+/enlace#\S+", said)
    assert found
    window = await browser.new_page(locale="es-CL")
    await window.goto(found[0])
    await window.get_by_label("Contraseña nueva").fill("cerezas en noviembre 7")
    await window.keyboard.press("Enter")
    await expect(window.get_by_role("status")).to_contain_text("ya puedes entrar", timeout=SLOW)
    await window.close()


async def _link(chat: Pantalla, rosa: Telefono) -> None:
    """Another company, whose owner reads the code out."""
    await chat.say("cambiar de empresa", "la única cuenta vinculada")
    before = len(rosa.codes())
    await chat.tap("Agregar otra", "¿Cuál es tu RUT")
    await chat.say(DEMO[0].rut.pretty, "le enviamos un código")
    await chat.say(until(lambda: rosa.codes()[before:])[-1], DEMO[0].nombre)


async def _ask(chat: Pantalla) -> None:
    await chat.say("¿qué puedes hacer?", "Pregúntame con tus palabras")
    before = await chat.answers.count()
    await chat.answers.last.get_by_role("button").click()
    sheet = chat.page.get_by_role("dialog")
    await sheet.get_by_role("radio").first.check()
    await sheet.get_by_role("button", name="Enviar").click()
    await chat.read(DEMO[0].nombre, before)
    await chat.say("¿Cuánto vendí en septiembre?", SEPTEMBER)
    await chat.tap("Ver compras", "Compras de septiembre de 2026")
    await chat.say("hazme un gráfico de mis ventas de enero a septiembre de 2026", "Ventas de enero")
    picture = chat.answers.last.locator("img")
    assert await picture.evaluate("one => one.decode().then(() => one.naturalWidth)") == 1080
    await chat.tap("Descargar Excel", "ventas-2026-01-a-2026-09.xlsx")


async def _contract(chat: Pantalla) -> None:
    file = {"name": "arriendo.pdf", "mimeType": "application/pdf", "buffer": plain(times=2)}
    await chat.page.set_input_files("#archivo", file)  # type: ignore[arg-type]
    await chat.page.get_by_role("button", name="Enviar", exact=True).click()
    await expect(chat.answers.filter(has_text="Lo estoy leyendo")).to_be_visible(timeout=SLOW)
    await chat.read("Esto entendí")
    await chat.say("¿cuánto es la renta mensual del arriendo?", "$450.000")
    await chat.say("¿hasta cuándo dura el arriendo?", "28 de febrero de 2027")
    await chat.say("¿con cuánta anticipación tengo que avisar si no quiero renovar?", "sesenta días")
    await chat.answers.last.get_by_role("button", name=re.compile("página")).click()
    page = chat.answers.last.locator("img")
    assert await page.evaluate("one => one.decode().then(() => one.naturalWidth)") > 500
