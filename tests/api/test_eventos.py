"""The web chat live: resumed without gap or double, nobody else's, ended with the session, bounded."""

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable

import psycopg
import pytest
from aiohttp.test_utils import TestClient, TestServer

from api import streams
from api.app import make_app
from api.keys import STREAMS
from api.routes import eventos
from bot.bootstrap import Services
from bot.core.rut import Rut
from bot.settings import Settings
from bot.storage.embedded import Urls
from tests.api.conftest import Client
from tests.api.eventos import CHAT, EVENTOS, PATIENCE, history, say, stream, until
from tests.conftest import A, B, Work
from tests.fakes import FakeMotor, FixedReloj


async def test_both_sides_as_in_the_history(client: Client, as_a: dict[str, str]) -> None:
    """What is said appears by itself, as the history shows it, with the id that it was sent with."""
    uuid = "6f1c1f5e-8f6e-4a39-9d6b-0c1b7a1f0002"
    async with stream(client, as_a) as live:
        await client.post(CHAT, json={"mensaje": "hola\r\nuno", "id_mensaje": uuid}, headers=as_a)
        asked, answered = await live.take(2)
    assert (asked["de"], asked["id_mensaje"], asked["responde_a"]) == ("persona", uuid, None)
    assert (answered["de"], answered["responde_a"], answered["pendiente"]) == ("tributa", asked["id"], False)
    assert [{**asked, "pendiente": False}, answered] == await history(client, as_a)


async def test_from_one_on(client: Client, as_a: dict[str, str]) -> None:
    """`despues` gives what came after; the browser's header counts more; without both it begins now."""
    for number in range(3):
        await say(client, as_a, f"m{number}")
    ids = [one["id"] for one in await history(client, as_a)]
    async with stream(client, as_a, f"?despues={ids[1]}") as live:
        assert [one["id"] for one in await live.take(4)] == ids[2:]
    async with stream(client, as_a, "?despues=0", last=str(ids[3])) as live:
        assert [one["id"] for one in await live.take(2)] == ids[4:]
    async with stream(client, as_a) as live:
        await say(client, as_a, "nuevo")
        assert (await live.take(1))[0]["texto"] == "nuevo"


async def test_more_than_a_page(client: Client, as_a: dict[str, str], clean: Urls) -> None:
    """A client that was away for long gets all of it, in order."""
    await say(client, as_a, "hola")
    _fill(clean, 120, "x")
    async with stream(client, as_a, "?despues=0") as live:
        ids = [one["id"] for one in await live.take(122)]
    assert ids == sorted(set(ids))


async def test_no_gap_and_no_double(
    client: Client, as_a: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many who write at once, and a stream that is cut again and again: each message once, in order."""
    monkeypatch.setattr(eventos, "LIFE_SECONDS", 0.05)
    writers = [asyncio.create_task(say(client, as_a, f"m{number}")) for number in range(30)]
    seen: list[int] = []
    last = "0"
    async with asyncio.timeout(60):
        while len(seen) < 60:
            async with stream(client, as_a, last=last) as live:
                while message := await live.next():
                    seen.append(message["id"])
                last = live.last or last
    await asyncio.gather(*writers)
    assert seen == [one["id"] for one in await history(client, as_a)]


async def test_nothing_of_another(client: Client, as_a: dict[str, str], as_b: dict[str, str]) -> None:
    """B's stream tells B's messages only, though A is talking, and whatever number B asks to go on from."""
    await say(client, as_a, "de Alerce")
    async with stream(client, as_a) as of_a, stream(client, as_b, "?despues=0") as of_b:
        assert (of_a.rut, of_b.rut) == (str(A), str(B))
        await say(client, as_a, "de Alerce otra vez")
        await of_a.take(2)
        await say(client, as_b, "de Boldo")
        assert [one["texto"] for one in await of_b.take(2)] == ["de Boldo", "eco: de Boldo"]


async def test_late_answers_come_by_themselves(
    client: Client, as_a: dict[str, str], motor: FakeMotor, services: Services, work: Work
) -> None:
    """With the engine down the question stays pending, until the worker's answer arrives."""
    motor.down = True
    async with stream(client, as_a) as live:
        await say(client, as_a, "cuánto vendí")
        asked, apology = await live.take(2)
        assert (asked["pendiente"], apology["pendiente"]) == (True, True)
        motor.down = False
        async with services.database.scope() as connection:
            await connection.exec_driver_sql("UPDATE procrastinate_jobs SET scheduled_at = now()")
        await work()
        late = await live.next()
    assert late
    assert (late["texto"], late["responde_a"], late["pendiente"]) == (
        "eco: cuánto vendí", asked["id"], False,
    )  # fmt: skip
    assert not any(one["pendiente"] for one in await history(client, as_a))


async def test_a_revoked_session_hears_no_more(
    client: Client,
    as_a: dict[str, str],
    login: Callable[[Rut], Awaitable[dict[str, str]]],
) -> None:
    """Its stream ends, and what is said afterwards is not told."""
    other = await login(A)
    async with stream(client, as_a) as live:
        assert (await client.post("/api/logout", headers=as_a)).status == 204
        await say(client, other, "secreto")
        assert await live.next() is None
    assert (await client.get(EVENTOS, headers=as_a)).status == 401


async def test_it_ends_without_news_too(
    client: Client, as_a: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A session that ends while nobody says anything takes its stream with it; until then hearts beat."""
    monkeypatch.setattr(eventos, "HEARTBEAT_SECONDS", 0.05)
    async with stream(client, as_a) as live:
        assert await live.block() == ":\n"
        await client.post("/api/logout", headers=as_a)
        assert await live.next() is None


async def test_an_open_page_is_no_use_of_the_session(
    client: Client, as_a: dict[str, str], services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit of idleness counts although the stream is open and connects again and again."""
    monkeypatch.setattr(eventos, "HEARTBEAT_SECONDS", 0.05)
    clock = services.reloj
    assert isinstance(clock, FixedReloj)
    for _ in range(3):
        clock.now = clock.now.replace(hour=clock.now.hour + 1)
        answer = await client.get(EVENTOS, headers=as_a)
        answer.close()
        if answer.status == 401:
            break
    assert (answer.status, clock.now.hour) == (401, 14)


async def test_as_many_as_a_session_may_have(client: Client, as_a: dict[str, str]) -> None:
    """One more is refused with the seconds to wait; a page that is closed makes room at once."""
    opened = [await client.get(EVENTOS, headers=as_a) for _ in range(streams.PER_SESSION)]
    refused = await client.get(EVENTOS, headers=as_a)
    assert (refused.status, (await refused.json())["type"]) == (429, "/problemas/muchas_ventanas")
    assert int(refused.headers["Retry-After"]) > 0
    opened.pop().close()

    async def room() -> bool:
        answer = await client.get(EVENTOS, headers=as_a)
        answer.close()
        return answer.status == 200

    await until(room)
    for one in opened:
        one.close()


async def test_as_many_as_a_taxpayer_may_have(
    client: Client,
    as_b: dict[str, str],
    login: Callable[[Rut], Awaitable[dict[str, str]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """More sessions do not get more in all; another taxpayer is not touched, up to what the program bears."""
    monkeypatch.setattr(streams, "PER_TAXPAYER", 3)
    monkeypatch.setattr(streams, "PER_PROGRAM", 4)
    sessions = [await login(A) for _ in range(4)]
    opened = [await client.get(EVENTOS, headers=one) for one in (*sessions, as_b, as_b)]
    assert [one.status for one in opened] == [200, 200, 200, 429, 200, 503]
    for one in opened:
        one.close()


async def test_a_client_that_does_not_read(
    client: Client, as_a: dict[str, str], clean: Urls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It holds nobody else, takes a bounded part of the memory, and is let go after a while."""
    monkeypatch.setattr(eventos, "SLOW_SECONDS", 1.0)
    await say(client, as_a, "hola")
    _fill(clean, 5_000, "x" * 4_000)
    with socket.create_connection((client.host, client.port)) as lazy:
        head = (
            f"GET {EVENTOS}?despues=0 HTTP/1.1\r\nHost: x\r\nAuthorization: {as_a['Authorization']}\r\n\r\n"
        )
        lazy.sendall(head.encode())
        running = client.app[STREAMS]
        await until(lambda: _is(lambda: len(running) == 1))
        async with stream(client, as_a) as live:
            await say(client, as_a, "sigo")
            assert (await live.take(1))[0]["texto"] == "sigo"
            await until(lambda: _is(lambda: len(running) == 1))


async def test_a_listener_that_is_cut_off(client: Client, as_a: dict[str, str], clean: Urls) -> None:
    """With the connection that listens gone, what was said meanwhile and afterwards still arrives."""
    async with stream(client, as_a) as live:
        await until(lambda: _is(lambda: len(_listeners(clean)) == 1))
        [old] = _listeners(clean)
        with psycopg.connect(clean.owner, autocommit=True) as owner:
            owner.execute("SELECT pg_terminate_backend(%s)", (old,))
        await say(client, as_a, "mientras")
        assert (await live.take(2))[1]["texto"] == "eco: mientras"
        await until(lambda: _is(lambda: _listeners(clean) not in ([], [old])))
        await say(client, as_a, "después")
        assert (await live.take(2))[1]["texto"] == "eco: después"


async def test_the_server_does_not_wait_for_streams(
    settings: Settings, services: Services, as_a: dict[str, str]
) -> None:
    """It stops at once though pages are open."""
    async with TestClient(TestServer(make_app(settings, services))) as client, stream(client, as_a):
        async with asyncio.timeout(PATIENCE):
            await client.server.close()


@pytest.mark.parametrize(
    ("query", "header", "where"),
    [("?despues=-1", {}, "query"), ("?despues=x", {}, "query"), ("", {"Last-Event-ID": "x"}, "header")],
)
async def test_numbers_only(
    client: Client, as_a: dict[str, str], query: str, header: dict[str, str], where: str
) -> None:
    """What is no message's number is refused, not guessed."""
    answer = await client.get(EVENTOS + query, headers={**as_a, **header})
    assert (answer.status, (await answer.json())["errors"][0]["in"]) == (422, where)


async def _is(condition: Callable[[], bool]) -> bool:
    return condition()


def _fill(urls: Urls, count: int, text: str) -> None:
    """As many messages as somebody has who talks for years."""
    with psycopg.connect(urls.owner) as owner:
        owner.execute(
            "INSERT INTO messages (rut, conversacion, direccion, texto, estado)"
            " SELECT rut, conversacion, 'salida', %s, 'enviado' FROM identities, generate_series(1, %s)"
            " WHERE rut = %s",
            (text, count, str(A)),
        )


def _listeners(urls: Urls) -> list[int]:
    with psycopg.connect(urls.owner) as owner:
        return [
            pid
            for (pid,) in owner.execute(
                "SELECT pid FROM pg_stat_activity WHERE query LIKE 'LISTEN %' AND state = 'idle'"
            )
        ]


async def test_the_document_tells_of_it(client: Client) -> None:
    """With its parameters, the header among them, and as a stream."""
    document = json.loads(await (await client.get("/openapi.json")).read())
    told = document["paths"][EVENTOS]["get"]
    assert {(one["in"], one["name"]) for one in told["parameters"]} == {
        ("query", "despues"), ("header", "Last-Event-ID"),
    }  # fmt: skip
    assert "text/event-stream" in told["responses"]["200"]["content"]
