"""The page, as a person uses it."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect
from telegram import (
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    Update,
)

from tests.accesible import AXE
from tests.accesible import faults as problems
from tests.sandbox.telegram_stage import Stage, png, staged

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
ELISA = 1001
ROWS = [[("Ver ventas", "ventas")], [("Compras", "compras"), ("IVA", "iva")]]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """A fresh simulator."""
    async with staged() as stage:
        await stage.bot.set_my_description("Respondo sobre tus ventas, compras e IVA.")
        await stage.bot.set_my_commands([BotCommand("ayuda", "Qué puedo preguntar")])
        yield stage


@pytest.fixture
async def page(stage: Stage) -> AsyncIterator[Page]:
    """Elisa's chat, in which no script may fail."""
    faults: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = await browser.new_page(viewport={"width": 1100, "height": 820}, locale="es-CL")
        await page.add_init_script(path=AXE)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda told: faults.append(told.text) if told.type == "error" else None)
        await page.goto(f"{stage.url}/#{ELISA}")
        yield page
        await browser.close()
    assert faults == []


async def heard(stage: Stage) -> Update:
    """What the person just did, as the bot hears it."""
    (update,) = await stage.bot.get_updates(timeout=5)
    await stage.bot.get_updates(offset=update.update_id + 1)
    return update


async def test_a_conversation(stage: Stage, page: Page, tmp_path: Path) -> None:
    """From the first message to a picture, on a wide screen and on a narrow one."""
    await begin(stage, page)
    await press(stage, page)
    await write(stage, page)
    await share(stage, page)
    await exchange_files(stage, page)
    await page.screenshot(path=tmp_path / "ancho.png")
    await block(page)
    await be_another(stage, page)
    await page.set_viewport_size({"width": 360, "height": 700})
    await page.locator(".ficha", has_text="Elisa").click()
    await expect(page.locator("article")).to_have_count(9)
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    await page.screenshot(path=tmp_path / "angosto.png")
    await page.emulate_media(color_scheme="dark")
    await page.locator("#mensajes").evaluate("(one) => { one.scrollTop = 0; }")
    await page.screenshot(path=tmp_path / "oscuro.png")


async def test_everybody_can_use_it(stage: Stage, page: Page) -> None:
    """Nothing serious or critical for axe: before the first message, with buttons, on a phone at night."""
    await page.emulate_media(reduced_motion="reduce")
    found = await problems(page, "empty")
    await begin(stage, page)
    await press(stage, page)
    found += await problems(page, "conversation")
    await page.emulate_media(color_scheme="dark")
    await page.set_viewport_size({"width": 360, "height": 700})
    found += await problems(page, "phone")
    assert not found, "\n".join(found)


async def begin(stage: Stage, page: Page) -> None:
    """What the bot can do is told before the first message."""
    await expect(page.locator(".bienvenida")).to_contain_text("Respondo sobre")
    await page.get_by_role("button", name="Iniciar").click()
    assert (await heard(stage)).message.text == "/start"


async def press(stage: Stage, page: Page) -> None:
    """Marks are shown, markup of a text is text, and a button tells the bot."""
    keys = [[InlineKeyboardButton(title, callback_data=data) for title, data in row] for row in ROWS]
    await stage.bot.send_message(
        ELISA,
        "Ventas de <b>noviembre</b>: <code>$1.000</code> &lt;img src=x onerror=alert(1)&gt;",
        parse_mode="HTML",
        reply_markup=InlineKeyboardMarkup(keys),
    )
    last = page.locator("article.bot").last
    await expect(last).to_contain_text("<img src=x onerror=alert(1)>")
    assert await last.locator("img").count() == 0
    await expect(last.locator("b")).to_have_text("noviembre")
    await page.get_by_role("button", name="Ver ventas").click()
    pressed = (await heard(stage)).callback_query
    assert pressed.data == "ventas"
    await pressed.answer("Un momento")
    await expect(page.locator("#aviso")).to_have_text("Un momento")


async def write(stage: Stage, page: Page) -> None:
    """Enter sends."""
    await page.fill("#texto", "<script>alert(1)</script>")
    await page.press("#texto", "Enter")
    assert (await heard(stage)).message.text == "<script>alert(1)</script>"
    await expect(page.locator("article.persona").last).to_contain_text("<script>")
    await expect(page.locator("#texto")).to_have_value("")
    await page.get_by_role("button", name="Menú").click()
    await page.get_by_role("button", name="/ayuda").click()
    assert (await heard(stage)).message.text == "/ayuda"


async def share(stage: Stage, page: Page) -> None:
    """The number goes out with whose it is."""
    keyboard = ReplyKeyboardMarkup([[KeyboardButton("Compartir mi número", request_contact=True)]])
    await stage.bot.send_message(ELISA, "¿Me compartes tu número?", reply_markup=keyboard)
    await page.get_by_role("button", name="Compartir mi número").click()
    await page.click("#contacto-enviar")
    contact = (await heard(stage)).message.contact
    assert (contact.user_id, contact.phone_number) == (ELISA, "+56900001001")


async def exchange_files(stage: Stage, page: Page) -> None:
    """One goes in; a picture and a document come out."""
    await page.set_input_files("#archivo", {"name": "libro.csv", "mimeType": "text/csv", "buffer": b"a;b"})
    document = (await heard(stage)).message.document
    assert bytes(await (await document.get_file()).download_as_bytearray()) == b"a;b"
    await stage.bot.send_photo(ELISA, png(400, 240), caption="Ventas por mes")
    picture = page.locator("article.imagen img")
    await expect(picture).to_be_visible()
    assert await picture.evaluate("(one) => one.naturalWidth") == 400
    await stage.bot.send_document(ELISA, b"%PDF-1.4", filename="f29.pdf")
    async with page.expect_download() as downloading:
        await page.locator("article.bot .documento").click()
    assert (await downloading.value).suggested_filename == "f29.pdf"
    await stage.bot.send_chat_action(ELISA, "typing")
    await expect(page.locator("#accion")).to_have_text("escribiendo…")


async def block(page: Page) -> None:
    """And think better of it."""
    await page.get_by_role("button", name="Bloquear", exact=True).click()
    await page.get_by_role("button", name="Desbloquear bot").click()
    await expect(page.locator("#texto")).to_be_visible()


async def be_another(stage: Stage, page: Page) -> None:
    """Somebody new begins a chat of their own."""
    await page.fill("#nueva-nombre", "Rocío")
    await page.get_by_role("button", name="Agregar").click()
    await expect(page.locator('.ficha[aria-current="true"]')).to_contain_text("Rocío")
    await expect(page.locator("article")).to_have_count(1)
    assert (await stage.bot.get_updates())[-1].effective_user.first_name == "Rocío"
