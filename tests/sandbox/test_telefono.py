"""The phone of development: takes what the Graph API would, and shows it to this machine only."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from playwright.async_api import async_playwright, expect

from bot.channels.whatsapp import WhatsAppMensajero
from sandbox import telefono
from sandbox.telefono import make_app
from tests.e2e.test_path import ARGUMENTS, CHROMIUM

type Client = TestClient[web.Request, web.Application]

TOKEN = "secreto"
SEND = "/v23.0/123/messages"
PHONES = "+56911111111", "+56922222222"
HTML = "<img src=x onerror=\"document.title='roto'\"><script>document.title='roto'</script>{0}&amp;"


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    """A phone that has got nothing yet."""
    async with TestClient(TestServer(make_app(TOKEN))) as client:
        yield client


@pytest.fixture
async def whatsapp(client: Client) -> AsyncIterator[WhatsAppMensajero]:
    """Tributa's own sender, pointed at it."""
    whatsapp = WhatsAppMensajero(str(client.make_url("/")), "23.0", "123", TOKEN)
    yield whatsapp
    await whatsapp.close()


async def arrived(client: Client, query: str = "") -> list[dict[str, Any]]:
    """What the page would show."""
    body = await (await client.get(f"/mensajes.json{query}")).json()
    assert set(body) == {"mensajes"}
    mensajes: list[dict[str, Any]] = body["mensajes"]
    return mensajes


def message(**changes: Any) -> dict[str, Any]:
    """A code as the Graph API takes it."""
    body = [{"type": "body", "parameters": [{"type": "text", "text": "123456"}]}]
    template = {"name": "tributa_codigo", "language": {"code": "es_CL"}, "components": body}
    return {
        "messaging_product": "whatsapp",
        "to": "56911111111",
        "type": "template",
        "template": template,
        **changes,
    }


@pytest.mark.parametrize("path", ["/", "/mensajes.json", "/static/telefono.js"])
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "127.0.0.1"}, 200),
        ({"Host": "127.0.0.1:8081"}, 200),
        ({"Host": "LOCALHOST:8081"}, 200),
        ({"Host": "[::1]:8081"}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Host": "evil.example"}, 403),
        ({"Host": "evil.example:8081"}, 403),
        ({"Host": "127.0.0.1.evil.example"}, 403),
        ({"Host": "localhost.evil.example"}, 403),
        ({"Host": "evil.example@127.0.0.1"}, 403),
        ({"Host": "127.0.0.1@evil.example"}, 403),
        ({"Host": "192.168.1.20"}, 403),
        ({"Host": "0.0.0.0"}, 403),
        ({"Host": ""}, 403),
        ({"Host": "[::1"}, 403),
        ({"Host": "localhost:puerto"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
async def test_only_this_machine_reads(
    client: Client, path: str, headers: dict[str, str], status: int
) -> None:
    """Another name for this machine, or another site's page, gets nothing."""
    answer = await client.get(path, headers=headers)
    assert answer.status == status


async def test_what_arrived(client: Client, whatsapp: WhatsAppMensajero) -> None:
    """Oldest first, of all phones or of one; a code can be read by a program, a notice has none."""
    await whatsapp.send_code(PHONES[0], "123456", "no se usa")
    await whatsapp.send_notice(PHONES[1], "Tu contraseña cambió.")
    code, notice = await arrived(client)
    assert set(code) == {"id", "telefono", "plantilla", "texto", "codigo", "hora"}
    assert (code["telefono"], code["plantilla"], code["codigo"]) == (PHONES[0], "tributa_codigo", "123456")
    assert code["texto"].startswith("123456 es tu código")
    assert (notice["telefono"], notice["plantilla"], notice["codigo"]) == (PHONES[1], "tributa_aviso", "")
    assert notice["texto"] == "Tu contraseña cambió."
    assert await arrived(client, "?telefono=%2B56922222222") == [notice]
    assert await arrived(client, "?telefono=%2B56933333333") == []


async def test_only_the_newest_are_kept(client: Client, whatsapp: WhatsAppMensajero) -> None:
    """Two hundred of them: nothing grows for ever."""
    for number in range(201):
        await whatsapp.send_code(PHONES[0], f"{number:06}", "")
    codes = [one["codigo"] for one in await arrived(client)]
    assert codes == [f"{number:06}" for number in range(1, 201)]


@pytest.mark.parametrize(
    ("headers", "body", "status", "code"),
    [
        ({}, message(), 401, 190),
        ({"Authorization": "Bearer otro"}, message(), 401, 190),
        ({"Authorization": "Bearer ñandú"}, message(), 401, 190),
        (None, message(to="+56911111111"), 400, 100),
        (None, message(to="hola"), 400, 100),
        (None, message(type="text"), 400, 100),
        (None, message(template={}), 400, 100),
        (None, message(otro=1), 400, 100),
        (None, [], 400, 100),
    ],
)
async def test_it_is_as_strict_as_the_graph_api(
    client: Client, headers: dict[str, str] | None, body: Any, status: int, code: int
) -> None:
    """What Meta would refuse is refused in its words, and does not arrive."""
    given = {"Authorization": f"Bearer {TOKEN}"} if headers is None else headers
    answer = await client.post(SEND, json=body, headers=given)
    assert (answer.status, (await answer.json())["error"]["code"]) == (status, code)
    assert await arrived(client) == []


async def test_a_token_that_is_no_text(client: Client) -> None:
    """Bytes that are no UTF-8 are a wrong token, not a fault."""
    reader, writer = await asyncio.open_connection("127.0.0.1", client.port)
    head = f"POST {SEND} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: 0\r\n"
    writer.write(head.encode() + b"Authorization: Bearer \xff\xfe\r\n\r\n")
    assert b" 401 " in (await reader.read()).split(b"\r\n")[0]
    writer.close()


def test_it_listens_on_this_machine_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the environment and the arguments say."""
    listened: list[dict[str, Any]] = []
    monkeypatch.setattr(telefono.web, "run_app", lambda app, **where: listened.append(where))
    monkeypatch.setattr("sys.argv", ["telefono", "--port", "9999"])
    monkeypatch.setenv("HOST", "0.0.0.0")
    telefono.main()
    assert [(where["host"], where["port"]) for where in listened] == [("127.0.0.1", 9999)]


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
async def test_a_message_is_shown_as_text(client: Client, whatsapp: WhatsAppMensajero) -> None:
    """HTML in a message is read by the person, not by the browser, even with the policy for scripts off."""
    await whatsapp.send_notice(PHONES[0], HTML)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = await (await browser.new_context(bypass_csp=True)).new_page()
        await page.goto(str(client.make_url("/")))
        await expect(page.locator("article p")).to_have_text(HTML)
        assert await page.locator("article img, article script").count() == 0
        assert await page.title() == "Teléfono de desarrollo"
        await browser.close()


@pytest.mark.parametrize("path", ["/", "/mensajes.json", "/static/telefono.js"])
async def test_pages_may_run_nothing_else(client: Client, path: str) -> None:
    """Only our own scripts; nobody frames it, keeps it or guesses its type."""
    headers = (await client.get(path)).headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
