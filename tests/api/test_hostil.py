"""Requests that no client of ours sends: each is told what is wrong, none of them breaks anything."""

import asyncio
import json

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from api.auth import require_same_origin
from api.keys import SETTINGS
from bot.core.errors import OriginForbiddenError
from bot.settings import Settings
from tests.api.conftest import Client
from tests.api.test_cuenta import NEW
from tests.api.test_registro import VENTA
from tests.conftest import PASSWORD, A

PROBLEM = "application/problem+json"


async def raw(client: Client, *pieces: bytes) -> bytes:
    """Send pieces one by one, and read what is answered."""
    reader, writer = await asyncio.open_connection(client.host, client.port)
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(0.4 if len(pieces) > 1 else 0)
    answer = await asyncio.wait_for(reader.read(8192), 10)
    writer.close()
    return answer


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
@pytest.mark.parametrize(
    ("path", "content_type"),
    [("/api/login", "application/json"), ("/api/rcv/importar", "multipart/form-data; boundary=x")],
)
async def test_a_body_that_is_not_encoded_as_it_says(
    client: Client, as_a: dict[str, str], path: str, content_type: str, encoding: str
) -> None:
    """400 as a problem: the fault is the client's."""
    headers = {**as_a, "Content-Encoding": encoding, "Content-Type": content_type}
    answer = await client.post(path, data=b"{}", headers=headers)
    assert (answer.status, answer.content_type) == (400, PROBLEM)


@pytest.mark.parametrize("conversacion", ['"a\\u0000b"', '"a\\ud800b"', '"\\udfff"'])
async def test_characters_that_cannot_be_stored(
    client: Client, as_agent: dict[str, str], conversacion: str
) -> None:
    """The name of a conversation is text that the database takes."""
    body = f'{{"rut": "{A}", "mensaje": "hola", "conversacion": {conversacion}}}'
    headers = {**as_agent, "Content-Type": "application/json"}
    answer = await client.post("/api/agent/message", data=body.encode(), headers=headers)
    assert answer.status == 422


@pytest.mark.parametrize("name", ["desde", "hasta"])
@pytest.mark.parametrize(
    "momento", ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"]
)
async def test_moments_at_the_ends_of_the_calendar(
    client: Client, as_admin: dict[str, str], name: str, momento: str
) -> None:
    """Moments are those of our times."""
    for path in ("resumen", "messages", "logs"):
        answer = await client.get(f"/api/admin/{path}", params={name: momento}, headers=as_admin)
        assert answer.status == 422
    fine = {name: "2026-09-01T00:00:00-03:00"}
    assert (await client.get("/api/admin/resumen", params=fine, headers=as_admin)).status == 200


async def test_head_makes_no_export(client: Client, as_a: dict[str, str]) -> None:
    """Asking for its headers does not make the file, nor count as one."""
    for _ in range(20):
        answer = await client.head("/api/mis-datos", headers=as_a)
        assert (answer.status, answer.headers["Allow"]) == (405, "DELETE, GET")
    assert (await client.get("/api/mis-datos", headers=as_a)).status == 200


@pytest.mark.parametrize(("rest", "status"), [(b"s", 200), (b"s" + b"x" * 2_000, 400)])
async def test_a_field_that_comes_in_pieces(
    client: Client, as_a: dict[str, str], rest: bytes, status: int
) -> None:
    """A form's field is read to its end, wherever the network cuts it; a long one is not."""
    part = b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n'
    file = b'--x\r\nContent-Disposition: form-data; name="archivo"; filename="a.csv"\r\n\r\n'
    before = part % b"tipo" + b"venta"
    after = rest + b"\r\n" + part % b"periodo" + b"2025-12\r\n" + file + VENTA.read_bytes() + b"\r\n--x--\r\n"
    head = (
        f"POST /api/rcv/importar HTTP/1.1\r\nHost: x\r\nAuthorization: {as_a['Authorization']}\r\n"
        f"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {len(before + after)}\r\n\r\n"
    )
    answer = await raw(client, head.encode() + before, after)
    assert f" {status} ".encode() in answer.split(b"\r\n")[0], answer


@pytest.mark.parametrize("given", ["1", "1.0", '"true"', "null", "[true]"])
async def test_only_true_is_consent(client: Client, given: str) -> None:
    """What merely equals true to a program is nobody's consent."""
    headers = {"Content-Type": "application/json"}
    body = json.dumps({**NEW, "consentimiento": None})
    body = body.replace('"consentimiento": null', f'"consentimiento": {given}')
    assert (await client.post("/api/register", data=body, headers=headers)).status == 422
    body = f'{{"token": "x", "clave": "Perro-1234", "consentimiento": {given}}}'
    assert (await client.post("/api/enlaces/clave", data=body, headers=headers)).status == 422


@pytest.mark.parametrize(
    "request_",
    [
        b"GET /secreto HTTP/9.9\r\n\r\n",
        b"secreto\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nsecreto\x00: b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"secreto" * 5_000 + b"\r\n\r\n",
        b"POST /api/login HTTP/1.1\r\nHost: x\r\nContent-Length: secreto\r\n\r\n",
        b"POST /api/login HTTP/1.1\r\nHost: x\r\nContent-Encoding: br\r\nContent-Length: 2\r\n\r\n{}",
        b"POST /api/login HTTP/1.1\r\nHost: x\r\nExpect: secreto\r\nConnection: close\r\n\r\n",
        b"GET /secreto HTTP/1.1\r\nHost: x\r\nExpect: secreto\r\nConnection: close\r\n\r\n",
    ],
)
async def test_what_is_malformed_gets_fixed_words(client: Client, request_: bytes) -> None:
    """Neither what was sent nor a library is named, and browsers are told what to make of it."""
    answer = (await raw(client, request_)).lower()
    assert answer.split(b" ")[1].startswith(b"4")
    for word in (b"secreto", b"aiohttp", b"python", b"install", b"brotli"):
        assert word not in answer
    for header in (PROBLEM.encode(), b"x-content-type-options: nosniff", b"content-security-policy:"):
        assert header in answer


async def test_a_body_may_wait_to_be_asked_for(client: Client) -> None:
    """`Expect: 100-continue` is answered as ever."""
    login = {"rut": str(A), "password": PASSWORD}
    assert (await client.post("/api/login", json=login, expect100=True)).status == 200


@pytest.mark.parametrize(
    ("env", "forwarded", "host", "origin", "same"),
    [
        ("development", "", "x.cl", "http://x.cl", True),
        ("development", "", "x.cl", "http://x.cl:80", True),
        ("development", "", "x.cl:80", "http://X.cl", True),
        ("development", "", "x.cl", "https://x.cl", False),
        ("development", "", "x.cl", "http://x.cl:8080", False),
        ("development", "", "x.cl", "null", False),
        ("development", "", "x.cl", "http://x.cl:noventa", False),
        ("development", "", "x.cl", "ftp://x.cl", False),
        ("development", "", "x.cl", "", False),
        ("development", "https", "x.cl", "https://x.cl", True),
        ("development", "https", "x.cl", "http://x.cl", False),
        ("development", "https", "x.cl", "http://x.cl:443", False),
        ("production", "", "x.cl", "https://x.cl", True),
        ("production", "", "x.cl", "http://x.cl", False),
    ],
)
async def test_an_origin_is_scheme_host_and_port(
    settings: Settings, env: str, forwarded: str, host: str, origin: str, same: bool
) -> None:
    """The site without encryption at our own address is another one."""
    headers = {"Host": host, "Origin": origin, "X-Forwarded-Proto": forwarded}
    told = make_mocked_request("POST", "/api/chat", headers, app=web.Application()).clone(remote="127.0.0.1")
    told.app[SETTINGS] = settings.model_copy(update={"env": env, "trusted_proxies": ["127.0.0.1/32"]})
    if same:
        require_same_origin(told)
    else:
        with pytest.raises(OriginForbiddenError):
            require_same_origin(told)
