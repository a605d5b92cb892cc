"""The door without JavaScript, and what all pages have in common."""

import re
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from api.app import PAGES
from bot.bootstrap import Services
from bot.core.errors import ServiceUnavailableError
from bot.core.rut import Rut
from bot.services.ports_canales import Remitente
from tests.api.conftest import Client
from tests.api.pages.conftest import Navegador
from tests.conftest import PASSWORD, PHONES, A, B, Work
from tests.fakes import FakeMensajero

PUBLIC = {"/entrar", "/entrar/codigo", "/entrar/codigo/pedir", "/salir", "/chat"}
ROUTES = [(route.method, route.path, route.handler) for module in PAGES for route in module.routes]  # type: ignore[attr-defined]
READS = [path for method, path, handler in ROUTES if method == "GET" and not handler.public]
WRITES = [path for method, path, handler in ROUTES if method == "POST"]


def concrete(path: str) -> str:
    """A path with something in its places."""
    return re.sub(r"\{periodo\}", "2026-10", re.sub(r"\{(id|n)(:[^}]*)?\}", "1", path))


async def test_every_page_asks_who_it_is(navegador: Navegador) -> None:
    """Without a session each page leads to the login, and remembers where one wanted to go."""
    assert {path for _, path, handler in ROUTES if handler.public} == PUBLIC
    for path in map(concrete, READS):
        page = await navegador.get(f"{path}?x=1")
        asked = urlsplit(page.url)
        assert asked.path == "/entrar"
        assert parse_qs(asked.query)["sigue"] == [f"{path}?x=1"]
        assert page.value("sigue") == f"{path}?x=1"


async def test_in_and_out(navegador: Navegador) -> None:
    """RUT and password open the home page; after leaving nothing is open any more."""
    home = await navegador.enter(A)
    assert (home.url, home.status) == ("/", 200)
    assert "Comercial Alerce SpA" in home.text
    assert (await navegador.get("/entrar")).url == "/"
    left = await navegador.post("/salir")
    assert "Saliste de tu cuenta" in left.text
    assert (await navegador.get("/")).url == "/entrar"


@pytest.mark.parametrize(
    "sigue",
    ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "\\\\x", "/\t/x"],
)
async def test_a_login_leads_to_our_own_pages_only(navegador: Navegador, sigue: str) -> None:
    """Whatever a link to the login says, the password is followed by a page of ours."""
    assert (
        await navegador.get("/entrar?" + "sigue=" + sigue.replace("\\", "%5C").replace("\t", "%09"))
    ).value("sigue") == "/"
    page = await navegador.post("/entrar", rut=str(A), password=PASSWORD, sigue=sigue)
    assert page.url == "/"


async def test_where_one_wanted_to_go(navegador: Navegador) -> None:
    """After the login comes what was asked for before it."""
    page = await navegador.post("/entrar", rut=str(A), password=PASSWORD, sigue="/iva/2026-10?listo=true")
    assert page.url == "/iva/2026-10?listo=true"


async def test_a_wrong_password(navegador: Navegador) -> None:
    """The RUT stays, the password does not, and an unknown RUT is answered alike."""
    told = []
    for rut in (A, Rut.parse("11111111-1")):
        page = await navegador.enter(rut, "no es esta")
        assert page.status == 401
        assert page.value("rut") == rut.pretty
        assert "no es esta" not in page.raw
        told.append(page.raw.replace(rut.pretty, ""))
    assert told[0] == told[1]
    assert (await navegador.post("/entrar", rut="12", password="x")).status == 422


async def test_only_a_form_logs_in(navegador: Navegador) -> None:
    """What no form of ours sends is refused before it is read."""
    answer = await navegador.client.post(
        "/entrar",
        json={"rut": str(A), "password": PASSWORD},
        headers={"Origin": navegador.origin, "Accept": "text/html"},
    )
    assert answer.status == 415


async def test_a_second_step(
    navegador: Navegador, services: Services, phone: FakeMensajero, work: Work
) -> None:
    """Who wants a code at each login is asked for it, and comes in with it."""
    await navegador.enter(A)
    quien = await services.acceso.quien(_cookie(navegador))
    await services.cuentas.segundo_factor(quien, PASSWORD, activo=True)
    asked = await navegador.enter(A)
    assert asked.status == 401
    await work()
    [(telefono, codigo)] = phone.codes
    assert telefono == PHONES[A]
    fields = {"rut": str(A), "password": PASSWORD, "solicitud": asked.value("solicitud")}
    wrong = await navegador.post("/entrar", **fields, codigo="000000" if codigo != "000000" else "111111")
    assert (wrong.status, wrong.value("solicitud")) == (403, fields["solicitud"])
    assert (await navegador.post("/entrar", **fields, codigo=codigo)).url == "/"


async def test_a_code_alone(navegador: Navegador, phone: FakeMensajero, work: Work) -> None:
    """It opens the account where one has come in before; elsewhere the password is asked for too."""
    for known in (False, True):
        asked = await navegador.post("/entrar/codigo/pedir", rut=str(A))
        await work()
        fields = {"rut": str(A), "solicitud": asked.value("solicitud"), "codigo": phone.codes[-1][1]}
        page = await navegador.post("/entrar/codigo", **fields)
        if not known:
            assert "escribe también tu contraseña" in page.text
            assert (await navegador.enter(A)).url == "/"
            await navegador.post("/salir")
        else:
            assert (page.url, page.status) == ("/", 200)


async def test_a_code_for_nobody_looks_the_same(navegador: Navegador) -> None:
    """Whether a RUT is registered cannot be seen."""
    pages = [await navegador.post("/entrar/codigo/pedir", rut=rut) for rut in (str(A), "11111111-1")]
    bare = [re.sub(r'value="[^"]*"', "", page.raw) for page in pages]
    assert bare[0] == bare[1]


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
async def test_another_site_can_send_no_form(navegador: Navegador, services: Services, origin: str) -> None:
    """Each form that changes something, the login too, is refused if another site sends it."""
    await navegador.enter(A)
    await services.vinculacion._link(Remitente("whatsapp", "CL.100"), A)
    for path in map(concrete, WRITES):
        page = await navegador.post(path, origin=origin, rut=str(B), password=PASSWORD, clave="Perro-1234")
        assert page.status == 403, path
    quien = await services.acceso.quien(_cookie(navegador))
    assert quien.rut == A
    assert await services.claves.estado(quien) is None
    assert len(await services.vinculacion.chats(quien)) == 1


async def test_what_browsers_are_told(
    navegador: Navegador, client: Client, libros: Callable[[Rut], Awaitable[None]]
) -> None:
    """No page can be framed (the chat: by others) or kept; none has a script or a style of its own in it."""
    await libros(A)
    await navegador.enter(A)
    for path in [*map(concrete, READS), "/chat", "/entrar/codigo", "/nada"]:
        answer = await client.get(path, headers={"Accept": "text/html"})
        policy = answer.headers["Content-Security-Policy"]
        framed = ("'self'", "SAMEORIGIN") if path == "/chat" else ("'none'", "DENY")
        assert policy.endswith(f"frame-ancestors {framed[0]}")
        assert "unsafe" not in policy
        assert answer.headers["X-Frame-Options"] == framed[1]
        assert answer.headers["Cache-Control"] == "private, no-store"
        page = await navegador.get(path)
        assert all(one.get("src", "").startswith("/static/") for one in page.all("script")), path
        assert not page.all("style")
        assert all("style" not in attrs for _, attrs in page.tags), path
        assert all(not name.startswith(("on", "hx-on")) for _, attrs in page.tags for name in attrs), path


async def test_files_of_a_page_are_light_and_kept(navegador: Navegador, client: Client) -> None:
    """An address with a version may be kept for ever; all that a page names are there, texts compressed."""
    page = await navegador.get("/entrar")
    named = [one["href"] for one in page.all("link")] + [one["src"] for one in page.all("script")]
    assert len(named) >= 4
    for path in named:
        answer = await client.get(path)
        assert answer.status == 200
        kept = "immutable" in answer.headers["Cache-Control"]
        assert kept == ("?v=" in path)
        assert ("Content-Encoding" in answer.headers) == (not path.endswith(".woff2"))


async def test_errors_are_pages_for_people_and_problems_for_programs(
    navegador: Navegador, client: Client, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the trainers' Spanish, with the right status; what asks for a part of a page is led to the login."""
    page = await navegador.get("/nada")
    assert page.status == 404
    assert services.textos.texto("utter_error_no_encontrado") in page.text
    assert (await client.get("/nada")).content_type == "application/problem+json"
    assert (await client.get("/api/cuenta", headers={"Accept": "text/html"})).status == 401
    part = await client.get("/iva", headers={"HX-Request": "true"})
    assert (part.status, part.headers["HX-Redirect"]) == (401, "/entrar")
    await navegador.enter(A)
    assert (await navegador.get("/ventas/2026-13")).status == 422
    assert (await navegador.get("/ventas/2030-01")).status == 422

    async def fail(*_: object, **__: object) -> None:
        raise ServiceUnavailableError()

    monkeypatch.setattr(services.iva, "f29", fail)
    assert (await navegador.get("/")).status == 503


def _cookie(navegador: Navegador) -> str:
    return next(one.value for one in navegador.client.session.cookie_jar if one.key == "tributa_sesion")
