"""Logging in and out, and what a browser's cookie may and may not do."""

import pytest

from bot.services.reloj import SANTIAGO
from tests.api.conftest import Client
from tests.conftest import HOY, PASSWORD, A
from tests.fakes import FixedReloj

CHAT = "/api/chat"


async def test_login_gives_a_token_and_a_cookie(client: Client) -> None:
    """The token works as a bearer; the cookie is out of reach of scripts and of other sites."""
    answer = await client.post("/api/login", json={"rut": "76.192.083-9", "password": PASSWORD})
    body = await answer.json()
    cookie = answer.headers["Set-Cookie"]
    assert set(body) == {"token", "expira"}
    assert len(body["token"]) >= 22
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    client.session.cookie_jar.clear()
    assert (await client.get(CHAT)).status == 401
    found = await client.get(CHAT, headers={"Authorization": f"Bearer {body['token']}"})
    assert (await found.json())["contribuyente"] == {"rut": str(A), "nombre": "Comercial Alerce SpA"}


@pytest.mark.parametrize(
    ("rut", "password"), [(str(A), "otra"), ("1-9", PASSWORD), (str(A), ""), (str(A), PASSWORD + "\0")]
)
async def test_wrong_credentials_do_not_tell_which(client: Client, rut: str, password: str) -> None:
    """An unknown RUT and a wrong password get the same answer, without what was sent."""
    answer = await client.post("/api/login", json={"rut": rut, "password": password})
    assert answer.status == 401
    assert answer.content_type == "application/problem+json"
    body = await answer.json()
    assert body["type"] == "/problemas/credenciales"
    assert body["detail"] == "El RUT o la contraseña no son correctos."


async def test_invalid_login_never_echoes_the_password(client: Client) -> None:
    """A malformed request names the field that is wrong, not its value."""
    answer = await client.post("/api/login", json={"rut": "76.192.083-0", "password": ["secreto-mio"]})
    text = await answer.text()
    assert answer.status == 422
    assert "secreto-mio" not in text
    assert {tuple(error["loc"]) for error in (await answer.json())["errors"]} == {("rut",), ("password",)}


async def test_logout_ends_the_session(client: Client, as_a: dict[str, str]) -> None:
    """After logging out the token opens nothing."""
    assert (await client.post("/api/logout", headers=as_a)).status == 204
    assert (await client.get(CHAT, headers=as_a)).status == 401


async def test_a_session_ends_after_a_day(client: Client, as_a: dict[str, str], services) -> None:  # type: ignore[no-untyped-def]
    """A token of yesterday opens nothing."""
    reloj: FixedReloj = services.reloj
    reloj.now = HOY.replace(day=23, hour=12, minute=1).astimezone(SANTIAGO)
    assert (await client.get(CHAT, headers=as_a)).status == 401


async def test_another_site_cannot_use_the_cookie(client: Client) -> None:
    """A request with the cookie that comes from elsewhere, or does not say from where, is refused."""
    await client.post("/api/login", json={"rut": str(A), "password": PASSWORD})
    own = f"http://{client.host}:{client.port}"
    message = {"mensaje": "hola"}
    assert (await client.post(CHAT, json=message, headers={"Origin": own})).status == 200
    assert (await client.post(CHAT, json=message, headers={"Origin": "https://evil.example"})).status == 403
    assert (await client.post(CHAT, json=message)).status == 403


async def test_security_headers(client: Client) -> None:
    """Every answer forbids foreign scripts and frames, and does not say what serves it."""
    for path in ("/entrar", "/api/chat", "/static/chat.js", "/nada"):
        headers = (await client.get(path)).headers
        assert "default-src 'self'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Server"] == "Tributa"
