"""What goes wrong on purpose, and how fast a bot may write."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from telegram.error import BadRequest, NetworkError, RetryAfter

from tests.sandbox.telegram_stage import ANA, BETO, Stage, staged


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """A fresh simulator."""
    async with staged() as stage:
        yield stage


async def test_too_fast_for_a_chat(stage: Stage) -> None:
    """Three at once, then one a second; another chat is not concerned."""
    await stage.fail()
    for text in "abc":
        await stage.bot.send_message(ANA, text)
    with pytest.raises(RetryAfter) as caught:
        await stage.bot.send_message(ANA, "d")
    assert caught.value.retry_after == 1
    await stage.bot.send_message(BETO, "d")
    stage.clock.move(1)
    await stage.bot.send_message(ANA, "d")
    with pytest.raises(RetryAfter):
        await stage.bot.send_message(ANA, "e")
    assert [one["texto"] for one in await stage.seen(ANA)] == ["/start", "a", "b", "c", "d"]


async def test_how_429_is_told(stage: Stage) -> None:
    """The seconds are in the words and in the parameters."""
    await stage.fail(limites={"por_chat": 0.2, "rafaga": 1, "total": 30})
    await stage.call("sendMessage", json={"chat_id": ANA, "text": "a"})
    assert await stage.call("sendMessage", json={"chat_id": ANA, "text": "b"}) == (
        429,
        {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 5",
            "parameters": {"retry_after": 5},
        },
    )


async def test_too_fast_for_all(stage: Stage) -> None:
    """Thirty in a second, whoever they are for; one more must wait."""
    await stage.fail()
    people = range(600, 631)
    for who in people:
        await stage.act(who, texto="/start")
    for who in people[:30]:
        await stage.bot.send_message(who, "hola")
    with pytest.raises(RetryAfter):
        await stage.bot.send_message(people[30], "hola")
    stage.clock.move(1)
    await stage.bot.send_message(people[30], "hola")


async def test_refused_messages_do_not_count(stage: Stage) -> None:
    """What never went out uses up nothing."""
    await stage.fail(limites={"rafaga": 1})
    with pytest.raises(BadRequest):
        await stage.bot.send_message(ANA, "x" * 4097)
    await stage.bot.send_message(ANA, "x")


async def test_a_switch_for_429(stage: Stage) -> None:
    """So many times, and then no more."""
    await stage.fail(
        limites=None, metodos=[{"metodo": "sendMessage", "codigo": 429, "retry_after": 7, "veces": 2}]
    )
    for _ in range(2):
        with pytest.raises(RetryAfter) as caught:
            await stage.bot.send_message(ANA, "a")
        assert caught.value.retry_after == 7
    assert await stage.bot.send_chat_action(ANA, "typing")
    assert await stage.bot.send_message(ANA, "a")


async def test_other_errors(stage: Stage) -> None:
    """Any code, for one method or all, once or for ever."""
    await stage.fail(metodos=[{"codigo": 502, "veces": None}])
    for _ in range(2):
        with pytest.raises(NetworkError, match="Bad Gateway"):
            await stage.bot.get_me()
    await stage.fail(metodos=[{"codigo": 400, "descripcion": "Bad Request: otra cosa"}])
    with pytest.raises(BadRequest, match=r"(?i)otra cosa"):
        await stage.bot.get_me()
    assert await stage.bot.get_me()


async def test_a_broken_connection(stage: Stage) -> None:
    """Before anything was done, or after."""
    await stage.fail(limites=None, metodos=[{"metodo": "sendMessage", "cortar": True}])
    with pytest.raises(NetworkError):
        await stage.bot.send_message(ANA, "nunca")
    await stage.fail(limites=None, metodos=[{"metodo": "sendMessage", "perder_respuesta": True}])
    with pytest.raises(NetworkError):
        await stage.bot.send_message(ANA, "llegó")
    assert [one["texto"] for one in await stage.seen(ANA)] == ["/start", "llegó"]


async def test_slow(stage: Stage) -> None:
    """An answer that takes its time."""
    await stage.fail(metodos=[{"metodo": "getMe", "demora": 0.3}])
    before = time.monotonic()
    await stage.bot.get_me()
    assert time.monotonic() - before >= 0.3


async def test_typing_ends(stage: Stage) -> None:
    """After five seconds, or with the message."""
    await stage.bot.send_chat_action(ANA, "typing")
    assert (await stage.screen(ANA))["accion"] == "typing"
    stage.clock.move(6)
    assert (await stage.screen(ANA))["accion"] == ""
    await stage.bot.send_chat_action(ANA, "typing")
    await stage.bot.send_message(ANA, "ya")
    assert (await stage.screen(ANA))["accion"] == ""


async def test_stopping_lets_pollers_go() -> None:
    """Nobody who waits holds up the end."""
    async with asyncio.timeout(40):
        async with staged() as stage:
            waiting = asyncio.create_task(stage.call("getUpdates", json={"timeout": 50}))
            watching = await stage.session.get(f"{stage.url}/telegram/eventos")
            await asyncio.sleep(0.3)
            stage.simulator.updates.close()
            stage.simulator.changed.send()
            assert await waiting == (200, {"ok": True, "result": []})
            assert b"cambio" in await watching.read()
