"""What every answer has in common: addresses, headers, limits of size and time."""

import asyncio
import zlib

import pytest

from api import endpoint
from api.client import nearest_untrusted, network
from bot.settings import Settings
from bot.telemetry.metrics import REQUESTS
from tests.api.conftest import Client

OURS = ["10.0.0.0/8", "::1/128"]


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.7", "", "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "1.2.3.4, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "disparate", "disparate"),
    ],
)
def test_only_our_proxies_are_believed(peer: str, forwarded: str, client: str) -> None:
    """The last address that is not ours counts: what comes before it anybody can write."""
    assert nearest_untrusted(peer, forwarded, OURS) == client


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("disparate", "?"),
    ],
)
def test_a_network_is_one_client(address: str, counted: str) -> None:
    """An IPv6 customer has a /64 of addresses to change among."""
    assert network(address) == counted


async def test_malformed_requests_do_not_tell_the_server(client: Client) -> None:
    """What is answered before any of our code runs names no library and no version."""
    for raw in (
        b"GET / HTTP/9.9\r\n\r\n",
        b"disparate\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nA\x00: b\r\n\r\n",
    ):
        reader, writer = await asyncio.open_connection(client.host, client.port)
        writer.write(raw)
        answer = await reader.read(4096)
        writer.close()
        assert b"aiohttp" not in answer.lower()
        assert b"python" not in answer.lower()
        assert b"400" in answer


async def test_a_slow_body_is_cut(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A body that does not come is not waited for for ever."""
    monkeypatch.setattr(endpoint, "BODY_SECONDS", 0.2)
    reader, writer = await asyncio.open_connection(client.host, client.port)
    head = (
        "POST /api/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"
    )
    writer.write(head.encode())
    answer = await asyncio.wait_for(reader.read(4096), 5)
    writer.close()
    assert b" 408 " in answer.split(b"\r\n")[0]


async def test_a_large_body_is_refused(client: Client) -> None:
    """More than a request needs is not read."""
    answer = await client.post("/api/login", json={"rut": "x" * 70_000, "password": "x"})
    assert answer.status == 413


@pytest.mark.parametrize("encoding", ["", "Content-Encoding: deflate\r\n"])
async def test_a_large_body_is_refused_before_its_end(client: Client, encoding: str) -> None:
    """A body of unknown length is read up to the limit and no further; a packed one as it unfolds."""
    reader, writer = await asyncio.open_connection(client.host, client.port)
    head = "POST /api/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    raw = b"x" * (endpoint.MAXIMUM_JSON + 1)
    chunk = zlib.compress(raw) if encoding else raw
    writer.write(
        f"{head}{encoding}Transfer-Encoding: chunked\r\n\r\n{len(chunk):x}\r\n".encode() + chunk + b"\r\n"
    )
    assert b" 413 " in await reader.readline()
    writer.close()


@pytest.mark.parametrize(
    "condition", ["If-None-Match: *", "If-Modified-Since: Tue, 01 Jan 2030 00:00:00 GMT"]
)
async def test_nothing_comes_after_a_file_that_did_not_change(client: Client, condition: str) -> None:
    """On a connection that is used again, a browser would take it for the next answer."""
    reader, writer = await asyncio.open_connection(client.host, client.port)
    ask = "GET /static/chat.js HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip, deflate\r\n"
    writer.write(f"{ask}{condition}\r\n\r\n{ask}Range: bytes=0-9\r\nConnection: close\r\n\r\n".encode())
    heads_and_body = (await reader.read()).split(b"\r\n\r\n")
    writer.close()
    assert [one[:12] for one in heads_and_body[:2]] == [b"HTTP/1.1 304", b"HTTP/1.1 206"]
    assert heads_and_body[2:] == [b"// Tributa"]


async def test_only_the_engine_sends_more(client: Client, settings: Settings) -> None:
    """A whole tracker fits in an action call; whoever has not the secret is refused before it is read."""
    call = {"next_action": "inventada", "tracker": {}, "domain": {"x": "x" * 2**20}}
    for token, status in ((settings.secret("actions_token"), 404), ("x", 401)):
        answer = await client.post("/webhooks/actions", json=call, headers={"X-Actions-Token": token})
        assert answer.status == status


async def test_methods_that_are_not_there(client: Client) -> None:
    """405 with what there is, as a problem."""
    answer = await client.delete("/api/login")
    assert (answer.status, answer.headers["Allow"], answer.content_type) == (
        405,
        "POST",
        "application/problem+json",
    )


async def test_the_document_is_served(client: Client) -> None:
    """OpenAPI 3.1, with the contract's paths and a security scheme for each closed one."""
    document = await (await client.get("/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    assert {"/api/register", "/api/login", "/api/ventas/resumen", "/api/agent/message"} <= set(
        document["paths"]
    )
    page = await client.get("/docs")
    assert page.status == 200
    for asset in ("swagger/swagger-ui-bundle.js", "swagger/swagger-ui.css", "docs.js"):
        assert f"/static/{asset}" in await page.text()
        assert (await client.get(f"/static/{asset}")).status == 200


async def test_metrics_are_for_this_machine_and_admins(
    client: Client, as_a: dict[str, str], as_admin: dict[str, str]
) -> None:
    """Through a proxy a key is needed; routes are counted by their pattern."""
    counted = REQUESTS.labels("GET", "/api/sesiones", "200")._value
    before = counted.get()
    await client.get("/api/sesiones", headers=as_a)
    await client.delete("/api/sesiones/123456", headers=as_a)
    text = await (await client.get("/metrics")).text()
    line = 'tributa_http_requests_total{method="GET",route="/api/sesiones",status="200"}'
    assert f"{line} {before + 1}" in text
    assert 'route="/api/sesiones/{id}",status="404"' in text
    assert "/123456" not in text  # the number alone may be in a measurement
    assert 'tributa_dependency_up{dependency="motor"} 1.0' in text
    assert "tributa_index_bytes" in text
    proxied = {"X-Forwarded-For": "203.0.113.7"}
    assert (await client.get("/metrics", headers=proxied)).status == 401
    assert (await client.get("/metrics", headers={**proxied, **as_a})).status == 401
    assert (await client.get("/metrics", headers={**proxied, **as_admin})).status == 200


async def test_a_request_has_a_name(client: Client) -> None:
    """It is told to whoever asks; a name that somebody outside gave it does not count."""
    given = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}
    own = (await client.get("/health", headers=given)).headers["X-Request-Id"]
    assert own == "0af7651916cd43dd8448eb211c80319c"  # this machine's programs go on with theirs
    for path in ("/health", "/nothing"):
        proxied = {**given, "X-Forwarded-For": "203.0.113.7"}
        other = (await client.get(path, headers=proxied)).headers["X-Request-Id"]
        assert len(other) == 32 and other != own
