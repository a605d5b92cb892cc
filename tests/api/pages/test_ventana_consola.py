"""The console in a real browser: how it goes, who waits for a person, accounts, messages, jobs, the log."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Page, expect

from bot.bootstrap import Services
from bot.core.mensajes import Paso
from bot.settings import Settings
from tests.api.pages.conftest import Navegador
from tests.api.pages.test_consola import SAID, speak  # noqa: F401  (a fixture)
from tests.api.pages.test_ventana import window  # noqa: F401  (a fixture)
from tests.api.pages.test_ventana_flujos import page, place  # noqa: F401  (a fixture)
from tests.conftest import A
from tests.e2e.test_path import browser, needs_chromium  # noqa: F401  (a fixture)
from tests.fakes import FakeMotor

pytestmark = [
    pytest.mark.browser,
    needs_chromium,
]

type Speak = Callable[[str], Awaitable[None]]


@pytest.fixture
async def admin(page: Page, navegador: Navegador, settings: Settings) -> Page:  # noqa: F811
    """Somebody who typed an admin's key."""
    await page.goto(f"{navegador.origin}/admin")
    await page.get_by_label("Tu llave").fill(settings.secret("admin_api_key"))
    await page.get_by_role("button", name="Entrar").click()
    await page.wait_for_url("**/admin")
    return page


async def test_who_waits_is_answered(
    navegador: Navegador,
    admin: Page,
    motor: FakeMotor,
    speak: Speak,  # noqa: F811
) -> None:
    """From the inbox: taken, read masked and as it is, answered, closed."""
    motor.paso = Paso.ESPERA
    await speak(SAID)
    await place(admin, "Casos").click()
    await admin.get_by_role("link", name="Comercial Alerce SpA").click()
    thread = admin.get_by_role("region", name="Conversación")
    await expect(thread).not_to_contain_text("Sodimac")
    status = admin.get_by_role("status")
    await admin.get_by_role("button", name="Tomar el caso").click()
    await expect(status).to_contain_text("El caso es tuyo")
    await admin.get_by_role("link", name="Verla como es").click()
    await expect(thread).to_contain_text(SAID)
    await admin.get_by_label("Le llega por web").fill("Ya la veo")
    await admin.get_by_role("button", name="Enviar").click()
    await expect(status).to_contain_text("Se lo enviamos")
    await admin.get_by_role("button", name="Cerrar el caso").click()
    await expect(status).to_contain_text("sigue el asistente")
    await place(admin, "Casos").click()
    await expect(admin.get_by_role("heading", name="Nadie espera")).to_be_visible()


async def test_how_it_goes(
    admin: Page,
    services: Services,
    speak: Speak,  # noqa: F811
) -> None:
    """The day's chart and what it counts, each part's health, and the age of every knowledge page."""
    await speak("cuánto vendí")
    await admin.reload()
    await expect(admin.locator(".grafico rect.barra.ventas")).to_have_count(1)
    await expect(admin.get_by_role("region", name="Qué preguntaron")).to_contain_text("ventas_resumen")
    await expect(admin.get_by_role("region", name="Cómo está cada parte")).to_contain_text("Bien")
    pages = admin.get_by_role("region", name="Fichas de conocimiento", exact=True)
    await pages.get_by_text("Ver cada una y su edad").click()
    ages = services.saber.edades()
    await expect(pages.get_by_role("row")).to_have_count(len(ages) + 1)
    await expect(pages.get_by_role("row", name=ages[0].titulo)).to_contain_text(str(ages[0].fecha.year))


async def test_an_account_and_its_messages(
    admin: Page,
    services: Services,
    speak: Speak,  # noqa: F811
) -> None:
    """Found by name, blocked and opened again; its messages masked until they are asked for; all logged."""
    await speak(SAID)
    await place(admin, "Cuentas").click()
    await admin.get_by_label("Nombre o RUT").fill("alerce")
    await admin.get_by_role("button", name="Buscar").click()
    await admin.get_by_role("link", name="Comercial Alerce SpA").click()
    status = admin.get_by_role("status")
    await admin.get_by_text("Bloquear la cuenta").click()
    await admin.get_by_role("button", name="Bloquear", exact=True).click()
    await expect(status).to_contain_text("quedó bloqueada")
    await admin.get_by_role("button", name="Desbloquear").click()
    await expect(status).to_contain_text("abierta de nuevo")
    await place(admin, "Mensajes").click()
    messages = admin.get_by_role("region", name="Mensajes")
    await expect(messages).not_to_contain_text("Sodimac")
    await admin.get_by_label("RUT").fill(A.pretty)
    await admin.get_by_role("button", name="Filtrar").click()
    await admin.get_by_role("link", name="Verlos como son").click()
    await expect(messages).to_contain_text(SAID)
    await place(admin, "Registro").click()
    rows = admin.get_by_role("region", name="Lista").get_by_role("row")
    await expect(rows.filter(has_text="admin.mensajes_desenmascarados")).to_have_count(1)
    await admin.get_by_label("Hecho").fill("admin.cambio")
    await admin.get_by_role("button", name="Filtrar").click()
    await expect(rows.filter(has_text="admin.mensajes_desenmascarados")).to_have_count(0)
    await expect(rows.filter(has_text="admin.cambio")).to_have_count(2)
    await admin.get_by_label("Quién").fill("nadie")
    await admin.get_by_role("button", name="Filtrar").click()
    await expect(admin.get_by_text("No hay nada con esos filtros.")).to_be_visible()


async def test_a_job_that_failed(
    navegador: Navegador,
    admin: Page,
    services: Services,
) -> None:
    """The readings of the SII among them; what failed is found and tried again."""
    async with services.database.scope() as connection:
        await connection.exec_driver_sql(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, args, status, attempts)"
            f" VALUES ('sii', 'update_ventas', 'sii:{A}', '{{\"rut\": \"{A}\"}}', 'failed', 5)"
        )
    await place(admin, "Trabajos").click()
    await admin.get_by_label("Estado").select_option(label="Fallaron")
    await admin.get_by_role("button", name="Filtrar").click()
    row = admin.get_by_role("region", name="Lista").get_by_role("row").filter(has_text="update_ventas")
    await row.get_by_role("button", name="Reintentar").click()
    await expect(admin.get_by_role("status")).to_contain_text("Se intentará de nuevo")
    await expect(row).to_contain_text("Por hacer")
    await admin.get_by_label("Tarea").fill("otra")
    await admin.get_by_role("button", name="Filtrar").click()
    await expect(admin.get_by_text("No hay trabajos con esos filtros.")).to_be_visible()
