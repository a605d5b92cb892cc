"""The console: admins only, everything that the admins' API shows and does, each act noted."""

import re
from collections.abc import Awaitable, Callable, Sequence

import psycopg
import pytest

from api.app import CONSOLE
from bot.bootstrap import Services
from bot.core.mensajes import Incoming, Paso
from bot.services.ports import Quien
from bot.services.ports_admin import FiltroRegistros, Pagina
from bot.services.ports_canales import Entrante, Remitente
from bot.settings import Settings
from bot.storage.embedded import Urls
from tests.api.pages.conftest import Leida, Navegador
from tests.api.pages.test_ajeno import ALL, TAG, check
from tests.conftest import HOY, PHONES, A, Work
from tests.fakes import FakeMotor

ROUTES = [(route.method, route.path, route.handler) for module in CONSOLE for route in module.routes]  # type: ignore[attr-defined]
SAID = "mi factura 4321 de Sodimac"


def concrete(path: str) -> str:
    """A path with something in its places."""
    return path.replace("{rut}", str(A)).replace("{id}", "1").replace("{version}", "0123abcd")


@pytest.fixture
async def admin(navegador: Navegador, settings: Settings) -> Navegador:
    """Somebody with an admin's key."""
    page = await navegador.post("/admin/entrar", llave=settings.secret("admin_api_key"))
    assert (page.url, page.status) == ("/admin", 200)
    return navegador


@pytest.fixture
async def speak(services: Services) -> Callable[[str], Awaitable[None]]:
    """A says something in the web's chat."""

    async def speak(text: str) -> None:
        await services.conversacion.hablar(Quien(A), "web", str(A), Incoming(text[:30], text))

    return speak


async def test_only_with_a_key(navegador: Navegador, settings: Settings) -> None:
    """Neither nobody, nor a taxpayer, nor who guesses a key, nor another site with an admin's."""
    await navegador.enter(A)
    for wrong in ("tributa_admin_nada", " "):
        assert (await navegador.post("/admin/entrar", llave=wrong)).status == 401
    for method, path, handler in ROUTES:
        if not handler.public:
            page = await (navegador.get if method == "GET" else navegador.post)(concrete(path))
            assert page.url == "/admin/entrar", path
    await navegador.post("/admin/entrar", llave=settings.secret("admin_api_key"))
    for method, path, _ in ROUTES:
        if method == "POST":
            page = await navegador.post(concrete(path), origin="https://evil.example", bloqueado="true")
            assert page.status == 403, path
            assert "otro sitio" in page.text, path
    assert (await navegador.get("/admin")).status == 200
    assert (await navegador.post("/admin/salir")).url == "/admin/entrar"
    assert (await navegador.get("/admin")).url == "/admin/entrar"


@pytest.mark.parametrize(
    ("tipo", "opens"),
    [
        ("agente", ("/admin/casos", "/admin/casos/{id}", "/admin/mensajes")),
        ("entrenador", ("/entrenar",)),
    ],
)
async def test_each_key_opens_its_own_part(
    navegador: Navegador, services: Services, tipo: str, opens: Sequence[str]
) -> None:
    """Agents see the inbox and masked messages, trainers what they train; all else is refused to them."""
    key = await services.llaves.crear("rosa", tipo)
    home = await navegador.post("/admin/entrar", llave=str(key))
    assert (home.url, home.status) == (opens[0], 200)
    assert (await navegador.get("/admin/entrar")).url == opens[0]
    for method, path, handler in ROUTES:
        if not handler.public:
            page = await (navegador.get if method == "GET" else navegador.post)(concrete(path))
            own = path.startswith(opens[0]) or path in opens
            assert (page.status == 403) is not own, (method, path)
            assert own or "Tu llave no abre esta parte" in page.text
    assert {one["href"] for one in home.all("a")} - {"#contenido"} <= {
        path for _, path, _ in ROUTES if path.startswith(opens[0]) or path in opens
    }
    await services.llaves.revocar("rosa")
    assert (await navegador.get(opens[0])).url == "/admin/entrar"


async def test_an_agent_sees_only_what_is_theirs(
    navegador: Navegador, motor: FakeMotor, services: Services, speak: Callable[[str], Awaitable[None]]
) -> None:
    """Texts and RUTs are masked; a case is shown as it is to who has taken it, which is noted."""
    key = await services.llaves.crear("rosa", "agente")
    motor.paso = Paso.ESPERA
    await speak(SAID)
    await navegador.post("/admin/entrar", llave=str(key))
    page = await navegador.get("/admin/mensajes")
    assert "••••••83-9" in page.text
    assert "76192083" not in page.raw.replace(".", "")
    assert (await navegador.get(f"/admin/mensajes?rut={A}&desenmascarar=true")).status == 403
    inbox = await navegador.get("/admin/casos")
    where = next(one["href"] for one in inbox.all("a") if re.search(r"/casos/\d+$", one.get("href", "")))
    assert "Sodimac" not in (await navegador.get(where)).raw
    assert (await navegador.get(f"{where}?ver=true")).status == 403
    await navegador.post(f"{where}/tomar")
    assert SAID in (await navegador.get(f"{where}?ver=true")).text
    found, _ = await services.administracion.registros("x", FiltroRegistros(actor="rosa"), Pagina())
    assert found[0].evento == "admin.caso_desenmascarado"


async def test_the_key_stays_in_the_console(navegador: Navegador, settings: Settings) -> None:
    """Its cookie is no script's, of no other path and of no other site, and no page shows the key."""
    key = settings.secret("admin_api_key")
    answer = await navegador.client.post(
        "/admin/entrar", data={"llave": key}, headers={"Origin": navegador.origin}, allow_redirects=False
    )
    cookie = answer.headers["Set-Cookie"]
    assert all(part in cookie for part in ("HttpOnly", "Path=/admin", "SameSite=Strict"))
    assert {re.sub(r".*; Path=(\S+);.*", r"\1", one) for one in answer.headers.getall("Set-Cookie")} == {
        "/admin",
        "/entrenar",
    }
    assert key not in (await navegador.get("/admin")).raw


async def test_how_it_goes(
    admin: Navegador, services: Services, speak: Callable[[str], Awaitable[None]]
) -> None:
    """The day's figures, what was asked, and how old the knowledge is; what does not answer is told."""
    await speak("cuánto vendí")
    page = await admin.get("/admin")
    assert "Mensajes 1 1 respuesta Sin responder" in page.text
    assert "1 ventas_resumen 1" in page.text
    assert "Desde las 12: 1 " in page.text
    assert "12 1 0 Qué preguntaron" in page.text, "the last hour is the last row of the table"
    assert "Motor: no responde" not in page.text
    assert all(one.titulo in page.text for one in services.saber.edades())
    services.motor.down = True  # type: ignore[attr-defined]
    assert "Motor: no responde" in (await admin.get("/admin")).text


async def test_a_taxpayer(admin: Navegador, services: Services) -> None:
    """Found by name, phone masked; blocked and opened again; all of it noted with the key's name."""
    found = await admin.get("/admin/contribuyentes?q=alerce")
    assert "Comercial Alerce SpA" in found.text
    assert "1 a 1 de 1" in found.text
    assert "Bodega Boldo" not in found.text
    assert "Nadie con ese nombre" in (await admin.get("/admin/contribuyentes?q=zzz")).text
    page = await admin.get(f"/admin/contribuyentes/{A}")
    assert "+56 9 •••• 1111" in page.text
    assert "+56911111111" not in page.raw
    blocked = await admin.post(f"/admin/contribuyentes/{A}/bloqueo", bloqueado="true")
    assert "quedó bloqueada" in blocked.text
    assert "Desbloquear" in blocked.text
    assert (
        "abierta de nuevo" in (await admin.post(f"/admin/contribuyentes/{A}/bloqueo", bloqueado="false")).text
    )
    assert "se cerraron" in (await admin.post(f"/admin/contribuyentes/{A}/sesiones")).text
    log = await admin.get(f"/admin/registros?rut={A}")
    assert "admin.cambio entorno" in log.text
    assert "admin.sesiones_revocadas" in log.text
    assert "admin.cambio" not in (await admin.get("/admin/registros?evento=admin.sesiones_revocadas")).text
    assert (await admin.get("/admin/contribuyentes/11111111-1")).status == 404


async def test_messages(admin: Navegador, speak: Callable[[str], Awaitable[None]]) -> None:
    """Masked, unless it is asked otherwise of one taxpayer, which is noted."""
    await speak(SAID)
    for path in ("/admin/mensajes", f"/admin/mensajes?rut={A}&estado=respondido"):
        page = await admin.get(path)
        assert "•• ••••••• •••• •• •••••••" in page.text
        assert "Sodimac" not in page.raw
    assert SAID in (await admin.get(f"/admin/mensajes?rut={A}&desenmascarar=true")).text
    assert (await admin.get("/admin/mensajes?desenmascarar=true")).status == 422
    assert "admin.mensajes_desenmascarados" in (await admin.get("/admin/registros")).text
    assert "No hay mensajes" in (await admin.get("/admin/mensajes?intent=nada")).text


async def test_jobs(admin: Navegador, services: Services) -> None:
    """A failed one is tried again, any other is not."""
    await admin.post("/entrar/codigo/pedir", rut=str(A))
    async with services.database.scope() as connection:
        for status in ("doing", "failed"):
            await connection.exec_driver_sql(f"UPDATE procrastinate_jobs SET status = '{status}'")
    page = await admin.get("/admin/trabajos?estado=failed")
    retries = [one["action"] for one in page.all("form") if one.get("action", "").endswith("/reintentar")]
    assert retries
    assert "Se intentará de nuevo" in (await admin.post(retries[0])).text
    again = await admin.post(retries[0])
    assert again.status == 409
    assert "Solo se puede reintentar un trabajo que falló" in again.text


async def test_somebody_asks_for_a_person(
    admin: Navegador, motor: FakeMotor, speak: Callable[[str], Awaitable[None]], services: Services
) -> None:
    """From the inbox to the end: taken, read masked, answered once, not closed over what was not read."""
    assert "Nadie espera" in (await admin.get("/admin/casos")).text
    motor.paso = Paso.ESPERA
    await speak("quiero una persona")
    motor.paso = None
    await speak(SAID)
    inbox = await admin.get("/admin/casos")
    assert "Comercial Alerce SpA De nadie ••••••83-9 · web · espera desde" in inbox.text
    where = next(one["href"] for one in inbox.all("a") if re.search(r"/casos/\d+$", one.get("href", "")))
    page = await admin.get(where)
    assert "Sodimac" not in page.raw
    assert SAID in (await admin.get(f"{where}?ver=true")).text
    assert "El caso es tuyo" in (await admin.post(f"{where}/tomar")).text
    sent = {"texto": "Ya la veo", "id_mensaje": page.value("id_mensaje")}
    for _ in range(2):
        assert "Se lo enviamos" in (await admin.post(f"{where}/responder", **sent)).text
    said = await services.conversacion.historial(Quien(A), "web", str(A), 20)
    assert [one.texto for one in said].count("👤 Ya la veo") == 1
    await speak("otra cosa más")
    late = await admin.post(f"{where}/cerrar", ultimo_mensaje=page.value("ultimo_mensaje"))
    assert late.status == 409
    assert "La persona escribió algo más" in late.text
    closed = await admin.post(f"{where}/cerrar", ultimo_mensaje=late.value("ultimo_mensaje"))
    assert "sigue el asistente" in closed.text
    assert "Nadie espera" in (await admin.get("/admin/casos")).text


async def test_what_others_wrote_is_text(
    admin: Navegador, clean: Urls, motor: FakeMotor, speak: Callable[[str], Awaitable[None]]
) -> None:
    """Names, messages, and what was done to them."""
    with psycopg.connect(clean.owner) as owner:
        owner.execute("UPDATE contributors SET nombre = %s WHERE rut = %s", (ALL, str(A)))
    motor.paso = Paso.ESPERA
    await speak(ALL)
    inbox = await admin.get("/admin/casos")
    where = next(one["href"] for one in inbox.all("a") if re.search(r"/casos/\d+$", one.get("href", "")))
    shown: list[Leida] = [inbox, await admin.get(f"{where}?ver=true")]
    for path in ("contribuyentes", f"contribuyentes/{A}", f"mensajes?rut={A}&desenmascarar=true"):
        shown.append(await admin.get(f"/admin/{path}"))
    for page in shown:
        check(page, TAG)


async def test_what_a_chat_says_of_itself_is_text(
    admin: Navegador, services: Services, motor: FakeMotor, work: Work
) -> None:
    """The name that Telegram or a WhatsApp profile tells, its id, and the name of a file that is sent."""
    motor.paso = Paso.ESPERA
    for canal in ("telegram", "whatsapp"):
        who = Remitente(canal, "77", PHONES[A] if canal == "whatsapp" else None, ALL)
        await services.vinculacion._link(who, A)
        arrived = Entrante(f"m-{canal}", who, HOY, f"quiero una persona {TAG}")
        await services.canales.recibir(canal, [arrived])
    await work()
    inbox = await admin.get("/admin/casos?estado=todos")
    check(inbox)
    cases = {one["href"] for one in inbox.all("a") if re.search(r"/casos/\d+$", one.get("href", ""))}
    assert len(cases) == 2
    for where in cases:
        check(await admin.get(f"{where}?ver=true"), TAG)
    await admin.enter(A)
    check(await admin.get("/ajustes"))
