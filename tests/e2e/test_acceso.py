"""The door as people use it, on a running Tributa: code to the phone, one-time link, the contract's page."""

import json
import os
import subprocess
import time
import urllib.request
from typing import Any

import pytest
from playwright.async_api import Page, expect

from bot.settings import ROOT
from tests.e2e.test_path import browser, page  # noqa: F401  (fixtures)
from tests.stack import Stack

pytestmark = [pytest.mark.engine, pytest.mark.browser]
RUT, PHONE = "11111111-1", "+56933333333"


def call(stack: Stack, path: str, body: dict[str, Any], method: str = "POST", token: str = "") -> Any:
    """One call of the API."""
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
    request = urllib.request.Request(f"{stack.url}{path}", json.dumps(body).encode(), headers, method=method)
    with urllib.request.urlopen(request, timeout=120) as answer:
        raw = answer.read()
        return json.loads(raw) if raw else None


@pytest.fixture(scope="module")
def token(stack: Stack) -> str:
    """Register, confirm with the code that arrives at the phone, log in."""
    password = "tres palabras juntas"
    person = {
        "rut": RUT,
        "telefono": PHONE,
        "password": password,
        "nombre": "Ana Soto",
        "consentimiento": True,
    }
    call(stack, "/api/register", person)
    assert call(stack, "/api/verify-otp", {"rut": RUT, "codigo": stack.codigo(PHONE)})["verificado"]
    return str(call(stack, "/api/login", {"rut": RUT, "password": password})["token"])


async def test_a_clave_typed_in_the_chat_goes_through_the_link(stack: Stack, page: Page, token: str) -> None:  # noqa: F811
    """The chat blots it out and hands out a link; the page behind it keeps the clave; it works once."""
    answer = call(stack, "/api/chat", {"mensaje": "mi clave del sii es Perro1234"}, token=token)
    assert "Perro1234" not in json.dumps(answer)
    link = next(word for word in answer["respuesta"].split() if "/enlace#" in word)
    await page.goto(link)
    await expect(page.get_by_role("heading", name="Tu clave del SII")).to_be_visible()
    assert "#" not in page.url
    assert page.viewport_size
    # The SII is to see no refused clave twice: in each window another one is given.
    await page.get_by_label("Clave tributaria").fill(f"Perro-{page.viewport_size['width']}")
    await page.get_by_role("button", name="Guardar mi clave").click()
    await expect(page.get_by_role("alert")).to_contain_text("aceptes")
    await page.get_by_role("checkbox").check()
    await page.get_by_role("button", name="Guardar mi clave").click()
    await expect(page.get_by_role("status")).to_contain_text("quedó guardada y cifrada")
    await page.goto("about:blank")
    await page.goto(link)
    await expect(page.get_by_role("status")).to_contain_text("ya se usó o venció")


async def test_the_contract_can_be_browsed(stack: Stack, page: Page) -> None:  # noqa: F811
    """Without any other site, and without breaking our own rules for scripts."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.goto(f"{stack.url}/docs")
    await expect(page.get_by_text("/api/login", exact=True)).to_be_visible(timeout=60_000)
    assert all(url.startswith((stack.url, "data:")) for url in asked)


async def test_the_phone_shows_codes_as_text(stack: Stack, page: Page, token: str) -> None:  # noqa: F811
    """What arrives is shown, never run."""
    assert token
    await page.goto(f"http://127.0.0.1:{stack.telefono}/#{PHONE}")
    await expect(page.get_by_text("es tu código de verificación").last).to_be_visible()


async def test_a_second_step_in_the_browser(stack: Stack, page: Page, token: str) -> None:  # noqa: F811
    """Who wants a code at each login is asked for it, can have another, and comes in with the last."""
    switch = {"activo": True, "password": "tres palabras juntas"}
    call(stack, "/api/cuenta/segundo-factor", switch, "PUT", token)
    await page.goto(f"{stack.url}/chat")
    await page.fill("#rut", RUT)
    await page.fill("#password", "tres palabras juntas")
    code = stack.codigo(PHONE)
    narrow = page.viewport_size and page.viewport_size["width"] < 600  # once: codes are limited
    for button in ("Entrar", "Pedir otro código") if narrow else ("Entrar",):
        before = code
        await page.get_by_role("button", name=button, exact=True).click()
        await expect(page.get_by_label("Código de WhatsApp")).to_be_visible()
        deadline = time.monotonic() + 60
        while (code := stack.codigo(PHONE)) == before:
            assert time.monotonic() < deadline, "no new code arrived"
            await page.wait_for_timeout(100)
    await page.get_by_label("Código de WhatsApp").fill(code)
    await page.click("#entrar")
    await expect(page.locator("#mensaje")).to_be_visible()


def test_erasing_is_finished_on_demand(stack: Stack, token: str) -> None:
    """While everything runs, tributa compact removes the last byte from the disk."""
    gone = call(stack, "/api/mis-datos", {"password": "tres palabras juntas"}, "DELETE", token)
    assert gone["filas"]["contributors"] == 1
    compact = [str(ROOT / "tributa"), "compact"]
    subprocess.run(compact, env={**os.environ, "TRIBUTA_DATA": str(stack.data)}, check=True)
    receipt = json.load(urllib.request.urlopen(f"{stack.url}/api/borrados/{gone['recibo']}"))
    assert receipt["compactado"]
    for path in stack.data.rglob("*"):
        if path.is_file():
            assert b"Ana Soto" not in path.read_bytes(), path
