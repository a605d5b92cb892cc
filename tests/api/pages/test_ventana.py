"""The pages in a real browser: anybody can use them, and nothing that others wrote does anything in them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import make_mocked_request
from playwright.async_api import Browser, BrowserContext, expect

from api.routes.casos import states
from bot.bootstrap import Services
from bot.core.documentos import EstadoCompra, Libro
from bot.core.mensajes import Boton, Incoming, Outgoing, Paso
from bot.core.rut import Rut
from bot.services.ports import Quien
from bot.services.ports_admin import Pagina
from bot.services.ports_canales import Remitente
from bot.settings import Settings
from bot.storage.embedded import Urls
from tests.accesible import AXE, faults
from tests.api.pages.conftest import Navegador, documento, store
from tests.api.pages.test_ajeno import ALL, TAG, write_everywhere
from tests.conftest import PASSWORD, A, B, Work
from tests.e2e.test_path import browser, needs_chromium  # noqa: F401  (a fixture)
from tests.fakes import FakeMotor
from tests.fakes_contratos import FakeLectorPdf

pytestmark = [
    pytest.mark.browser,
    needs_chromium,
]
expect.set_options(timeout=60_000)  # for slow machines; nothing waits that long otherwise
# What axe looks at, as nobody, as somebody new, as somebody with figures, and as an admin; `{}` is an id.
PUBLIC = ("/entrar", "/entrar/codigo", "/nada", "/enlace", "/admin/entrar")
EMPTY = ("/", "/ventas", "/compras/2026-10", "/contratos", "/ajustes")
FILLED = (
    "/", "/ventas", "/compras?contraparte=Arrayán", "/ventas/2026-10", "/compras/2026-10", "/iva",
    "/iva/2026-09", "/contratos", "/contratos/{}", "/contratos/{}/paginas/2", "/ajustes", "/empresas",
    "/chat",
)  # fmt: skip
ADMIN = (
    "/admin", "/admin/casos", "/admin/casos/{}", "/admin/contribuyentes", f"/admin/contribuyentes/{A}",
    "/admin/mensajes", "/admin/trabajos", "/admin/registros",
)  # fmt: skip
# test_entrenar_ventana.py does.
TRAINING = ("/entrenar", "/entrenar/borrador", "/entrenar/modelos", "/entrenar/modelos/{}")
NO_PAGES = (
    "/docs",  # Swagger UI's own, for programmers
    "/api/",
    "/webhooks/",
    "/static",
    "/health",
    "/ready",
    "/metrics",
    "/openapi.json",
    "/favicon.ico",
)
# Both colours and both sizes in two goes: colours do not depend on the size.
WINDOWS = {"phone": (360, 740, "light"), "desktop": (1280, 800, "dark")}

type Fill = Callable[[Rut], Awaitable[None]]


@pytest.fixture(params=WINDOWS.values(), ids=WINDOWS.keys())
async def window(browser: Browser, request: pytest.FixtureRequest) -> AsyncIterator[BrowserContext]:  # noqa: F811
    """A browser that nobody has used yet."""
    width, height, scheme = request.param
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        locale="es-CL",
        reduced_motion="reduce",
        color_scheme=scheme,
    )
    yield context
    await context.close()


async def come_in(window: BrowserContext, navegador: Navegador, rut: Rut) -> None:
    """Take over the session of a login."""
    await navegador.enter(rut)
    [cookie] = list(navegador.client.session.cookie_jar)
    await window.add_cookies([{"name": cookie.key, "value": cookie.value, "url": navegador.origin}])


async def folder(services: Services, work: Work, tmp_path: Path, name: str) -> int:
    """A contract that has been read."""
    pdf = tmp_path / "a.pdf"
    pdf.write_bytes(b"%PDF-1.7")
    taken = await services.contratos.subir(Quien(A), pdf, name)
    await work()
    return taken.contrato


async def test_axe_forgets_no_page(navegador: Navegador) -> None:
    """Whatever the router answers with a page is among those that axe looks at."""
    assert navegador.client.app
    router = navegador.client.app.router
    pages = {one.canonical for one in router.resources() if any(route.method == "GET" for route in one)}
    looked = set()
    for path in (*PUBLIC, *EMPTY, *FILLED, *ADMIN, *TRAINING):
        asked = make_mocked_request("GET", path.format(1))
        looked.add(getattr((await router.resolve(asked)).route.resource, "canonical", None))
    assert {one for one in pages if not one.startswith(NO_PAGES)} - looked == set()


async def test_everybody_can_use_every_page(
    window: BrowserContext,
    navegador: Navegador,
    services: Services,
    settings: Settings,
    libros: Fill,
    motor: FakeMotor,
    work: Work,
    tmp_path: Path,
) -> None:
    """Nothing serious or critical for axe, filled and empty; none wider than its window."""
    await libros(A)
    await store(services, A, documento(Libro.COMPRAS, 9, 10_000, estado=EstadoCompra.PENDIENTE))
    contrato = await folder(services, work, tmp_path, "Arriendo bodega")
    await services.vinculacion._link(Remitente("whatsapp", "CL.100", "+56912345678"), A)
    await window.add_init_script(path=AXE)
    page = await window.new_page()
    found: list[str] = []

    async def look(paths: tuple[str, ...], number: int = 0) -> None:
        for path in paths:
            await page.goto(f"{navegador.origin}{path.format(number)}")
            if path == "/chat":
                await expect(page.locator("#mensaje")).to_be_visible()
            found.extend(await faults(page, path))

    await look(PUBLIC)
    await come_in(window, navegador, B)
    await look(EMPTY)
    await come_in(window, navegador, A)
    await look(FILLED, contrato)
    await page.fill("#mensaje", "cuánto vendí")
    await page.click("#enviar")
    await expect(page.locator(".mensaje.tributa")).to_have_count(1)
    found += await faults(page, "/chat, spoken")
    motor.paso = Paso.ESPERA
    await services.conversacion.hablar(Quien(A), "web", str(A), Incoming("m", "quiero una persona"))
    [case], _ = await services.agentes.fila("x", states(""), None, Pagina())
    await page.goto(f"{navegador.origin}/admin/entrar")
    await page.fill("#llave", settings.secret("admin_api_key"))
    await page.click("button[type=submit]")
    await page.wait_for_url("**/admin")
    await look(ADMIN, case.caso.id)
    assert not found, "\n".join(found)


async def test_what_others_wrote_runs_nothing(
    window: BrowserContext,
    navegador: Navegador,
    services: Services,
    clean: Urls,
    motor: FakeMotor,
    lector_pdf: FakeLectorPdf,
    work: Work,
    tmp_path: Path,
) -> None:
    """Names, register, PDF, browser, the person, the engine: no script of theirs is even tried."""
    await write_everywhere(services, clean, lector_pdf)
    contrato = await folder(services, work, tmp_path, f"{TAG}.pdf")
    login: dict[str, Any] = {"rut": str(A), "password": PASSWORD}
    await navegador.client.post("/api/login", json=login, headers={"User-Agent": ALL})
    motor.says = (Outgoing(ALL, (Boton("ventas_resumen:2026-09", TAG),)),)
    await come_in(window, navegador, A)
    page = await window.new_page()
    tried: list[str] = []
    page.on("dialog", lambda dialog: tried.append(dialog.message))
    page.on("pageerror", lambda error: tried.append(str(error)))
    page.on("console", lambda told: tried.append(told.text) if "Content Security" in told.text else None)
    for path in ("/", "/ventas", "/compras", "/compras/2026-10", "/iva", "/contratos", "/ajustes"):
        await page.goto(f"{navegador.origin}{path}")
        await expect(page.get_by_text(TAG).first).to_be_attached()
    for path in (f"/contratos/{contrato}", f"/contratos/{contrato}/paginas/2"):
        await page.goto(f"{navegador.origin}{path}")
        await expect(page.get_by_text(TAG).first).to_be_attached()
    await page.goto(f"{navegador.origin}/chat")
    await page.fill("#mensaje", ALL)
    await page.click("#enviar")
    await expect(page.locator(".mensaje.tributa")).to_contain_text("<svg onload=alert(1)>")
    await expect(page.locator(".mensaje.persona")).to_contain_text("<svg onload=alert(1)>")
    assert tried == []


async def test_the_chat_is_beside_the_pages(
    browser: Browser,  # noqa: F811
    navegador: Navegador,
    libros: Fill,
) -> None:
    """On a wide screen a question opens it there, unsent; it stays from page to page until it is closed."""
    await libros(A)
    context = await browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    await come_in(context, navegador, A)
    await context.add_init_script(path=AXE)
    page = await context.new_page()
    await page.goto(navegador.origin)
    await page.get_by_role("link", name="¿Cuándo vence mi próximo F29?").click()
    chat = page.frame_locator("iframe")
    message = chat.locator("#mensaje")
    await expect(message).to_have_value("¿Cuándo vence mi próximo F29?")
    await message.press("Enter")
    await expect(chat.locator(".mensaje.tributa")).to_have_count(1)
    await page.get_by_role("link", name="¿Por qué pago más IVA que el mes pasado?").click()
    await expect(message).to_have_value("¿Por qué pago más IVA que el mes pasado?")
    await page.get_by_role("link", name="Compras", exact=True).click()
    await page.wait_for_url("**/compras")
    await expect(chat.locator(".mensaje.tributa")).to_have_count(1)
    found = await faults(page, "/compras and chat")
    assert not found, "\n".join(found)
    await page.get_by_role("button", name="Cerrar la conversación").click()
    await page.goto(navegador.origin)
    await expect(page.locator("#lado")).to_be_hidden()
    await context.close()


async def test_no_other_site_can_frame_or_ask(
    browser: Browser,  # noqa: F811
    navegador: Navegador,
    services: Services,
) -> None:
    """A page of another site shows nothing of ours in a frame, and its form is sent in vain."""
    await navegador.enter(A)
    [cookie] = list(navegador.client.session.cookie_jar)
    context = await browser.new_context()
    await context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": navegador.origin}])
    page = await context.new_page()
    evil = (
        f"<iframe src='{navegador.origin}/ajustes'></iframe><iframe src='{navegador.origin}/chat'></iframe>"
        f"<form method=post action='{navegador.origin}/ajustes/clave'>"
        "<input name=clave value=Perro-1234><input name=consentimiento value=true><button>x</button></form>"
    )
    await context.route(
        "http://evil.example/", lambda route: route.fulfill(body=evil, content_type="text/html")
    )
    await page.goto("http://evil.example/")
    for frame in page.frames[1:]:
        assert "Tributa" not in await frame.content()
    await page.click("button")
    await page.wait_for_url(f"{navegador.origin}/**")
    assert await services.claves.estado(Quien(A)) is None
    await context.close()
