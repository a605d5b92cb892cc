"""Updates reach the bot, polled or at its webhook, with what Telegram promises about them and no more."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import Conflict
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes

from tests.sandbox.telegram_stage import ANA, BETO, TOKEN, Hook, Stage, listening, staged

Context = ContextTypes.DEFAULT_TYPE
SECRET = "un-secreto"


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """A fresh simulator."""
    async with staged() as stage:
        yield stage


async def until(true: Callable[[], object]) -> None:
    """Wait for it, not for long."""
    for _ in range(500):
        if true():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not happen")


async def last(stage: Stage, what: str) -> dict[str, Any]:
    """The newest message of Ana's chat, as soon as it is that."""
    for _ in range(500):
        message = (await stage.seen(ANA))[-1]
        if message[what]:
            return message
        await asyncio.sleep(0.01)
    raise AssertionError(message)


async def say(stage: Stage, who: int, *texts: str) -> list[int]:
    """A person writes; the ids of the updates."""
    return [(await stage.act(who, texto=text))["update_id"] for text in texts]


async def test_confirming(stage: Stage) -> None:
    """An update comes again until a higher offset is asked for."""
    first, second = await say(stage, ANA, "uno", "dos")
    assert [one.update_id for one in await stage.bot.get_updates()] == [first, second]
    assert [one.update_id for one in await stage.bot.get_updates(limit=1)] == [first]
    assert [one.update_id for one in await stage.bot.get_updates(offset=second)] == [second]
    assert await stage.bot.get_updates(offset=second + 1) == ()
    newest = (await say(stage, ANA, "tres", "cuatro"))[-1]
    assert [one.update_id for one in await stage.bot.get_updates(offset=-1)] == [newest]
    assert len(await stage.bot.get_updates()) == 1


async def test_long_polling(stage: Stage) -> None:
    """A waiting bot hears at once; an idle one is told so when its time is over."""
    waiting = asyncio.create_task(stage.bot.get_updates(timeout=50))
    await asyncio.sleep(0.3)
    await say(stage, ANA, "hola")
    async with asyncio.timeout(40):
        assert (await waiting)[0].message.text == "hola"
    stage.simulator.updates.clear()
    assert await stage.bot.get_updates(timeout=1) == ()


async def test_two_pollers(stage: Stage) -> None:
    """The second one throws the first out."""
    first = asyncio.create_task(stage.bot.get_updates(timeout=50))
    await asyncio.sleep(0.3)
    second = asyncio.create_task(stage.call("getUpdates", json={"timeout": 50}))
    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await first
    await say(stage, ANA, "hola")
    status, body = await second
    assert (status, len(body["result"])) == (200, 1)


async def test_polling_beside_a_webhook(stage: Stage) -> None:
    """Not possible, and setting a webhook ends a poll."""
    waiting = asyncio.create_task(stage.bot.get_updates(timeout=50))
    await asyncio.sleep(0.3)
    await stage.bot.set_webhook("http://127.0.0.1:1/x")
    with pytest.raises(Conflict, match="terminated by setWebhook request"):
        await waiting
    with pytest.raises(Conflict, match="webhook is active"):
        await stage.bot.get_updates()
    await stage.bot.delete_webhook()
    assert await stage.bot.get_updates() == ()


async def test_only_what_was_asked_for(stage: Stage) -> None:
    """`allowed_updates` stays until it is changed."""
    await stage.bot.get_updates(allowed_updates=["callback_query"])
    assert (await stage.act(ANA, texto="hola"))["update_id"] is None
    assert await stage.bot.get_updates() == ()
    await stage.bot.get_updates(allowed_updates=[])
    assert (await stage.act(ANA, texto="hola"))["update_id"]


async def test_after_a_day(stage: Stage) -> None:
    """Updates that nobody fetched are lost."""
    await say(stage, ANA, "hola")
    stage.clock.move(24 * 3600 + 1)
    assert await stage.bot.get_updates() == ()


async def test_kinds_of_messages(stage: Stage) -> None:
    """Each reads as the client expects it."""
    await stage.act(ANA, contacto={"telefono": "+56900000001", "usuario": ANA})
    await stage.act(ANA, contacto={"telefono": "+56900000002", "nombre": "Otro"})
    await stage.act(ANA, voz={"segundos": 4})
    await stage.act(ANA, sticker={"emoji": "🧾"})
    await stage.act(ANA, ubicacion={"latitud": -33.4, "longitud": -70.6})
    await stage.post("/telegram/bloquear", {"usuario": ANA})
    own, other, voice, sticker, place, blocked = await stage.bot.get_updates()
    assert own.message.contact.user_id == own.effective_user.id == ANA
    assert own.message.contact.first_name == "Ana Rayén"
    assert other.message.contact.user_id is None
    assert voice.message.voice.duration == 4
    assert sticker.message.sticker.emoji == "🧾"
    assert place.message.location.latitude == -33.4
    assert blocked.my_chat_member.new_chat_member.status == "kicked"
    assert [one["tipo"] for one in await stage.seen(ANA)][1:] == [
        "contacto", "contacto", "voz", "sticker", "ubicacion",
    ]  # fmt: skip


async def test_webhook(stage: Stage) -> None:
    """What waited and what comes is posted, with the secret."""
    await say(stage, ANA, "antes")
    hook = Hook()
    async with listening(hook) as url:
        await stage.bot.set_webhook(url, secret_token=SECRET, max_connections=2)
        await say(stage, ANA, "después")
        await until(lambda: len(hook.taken) == 2)
        await until(lambda: not stage.simulator.updates.pending())
        info = await stage.bot.get_webhook_info()
    assert hook.texts == ["antes", "después"]
    assert hook.secrets == {SECRET}
    assert (info.url, info.max_connections, info.pending_update_count) == (url, 2, 0)
    assert Update.de_json(hook.taken[0], stage.bot).effective_user.id == ANA


async def test_a_webhook_that_refuses(stage: Stage) -> None:
    """Posted again until taken; what comes later waits, and the error can be read."""
    hook = Hook(500, 404, 302, 503)
    async with listening(hook) as url:
        await stage.bot.set_webhook(url)
        await say(stage, ANA, "uno", "dos")
        await until(lambda: len(hook.taken) == 2)
        info = await stage.bot.get_webhook_info()
    assert hook.texts == ["uno", "dos"]
    assert info.last_error_message.startswith("Wrong response from the webhook: 503")
    assert info.last_error_date == stage.clock()


async def test_a_webhook_that_is_not_there(stage: Stage) -> None:
    """Updates wait for the bot to come back, or to poll."""
    await stage.bot.set_webhook("http://127.0.0.1:1/x")
    await say(stage, ANA, "hola")
    await until(lambda: stage.simulator.updates.last_error)
    assert (await stage.bot.get_webhook_info()).pending_update_count == 1
    await stage.bot.delete_webhook()
    assert (await stage.bot.get_updates())[0].message.text == "hola"
    await stage.bot.set_webhook("http://127.0.0.1:1/x", drop_pending_updates=True)
    assert (await stage.bot.get_webhook_info()).pending_update_count == 0


async def test_one_chat_does_not_hold_up_another(stage: Stage) -> None:
    """Each chat has its own order; with one connection there is one for all."""
    hook, ids = Hook(), []
    async with listening(hook) as url:
        for round_ in range(5):
            ids += await say(stage, ANA, f"a{round_}") + await say(stage, BETO, f"b{round_}")
        await stage.bot.set_webhook(url, max_connections=1)
        await until(lambda: len(hook.taken) == 10)
    assert [one["update_id"] for one in hook.taken] == ids


async def test_duplicates(stage: Stage) -> None:
    """The same update, as often as asked for."""
    hook = Hook()
    await stage.fail(limites=None, duplicar=2)
    async with listening(hook) as url:
        await stage.bot.set_webhook(url)
        (id_,) = await say(stage, ANA, "hola")
        await until(lambda: len(hook.taken) == 3)
    assert {one["update_id"] for one in hook.taken} == {id_}


async def test_out_of_order(stage: Stage) -> None:
    """Newest first."""
    hook = Hook()
    await stage.fail(limites=None, desorden=True)
    async with listening(hook) as url:
        await stage.bot.set_webhook(url)
        await say(stage, ANA, "uno", "dos", "tres")
        await until(lambda: len(hook.taken) == 3)
    assert hook.texts == ["tres", "dos", "uno"]


def application(stage: Stage) -> Application:
    """A bot of three lines: a question with a button, and what follows when it is pressed."""
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Ventas", callback_data="ventas")]])

    async def start(update: Update, _context: Context) -> None:
        await update.message.reply_text("¿Qué quieres ver?", reply_markup=keyboard)

    async def pressed(update: Update, _context: Context) -> None:
        await update.callback_query.answer("Un momento")
        await update.callback_query.edit_message_text("Ventas: $1.000")

    made = (
        Application.builder()
        .token(TOKEN)
        .base_url(f"{stage.url}/bot")
        .base_file_url(f"{stage.url}/file/bot")
        .build()
    )
    made.add_handler(CommandHandler("start", start))
    made.add_handler(CallbackQueryHandler(pressed))
    return made


async def talk(stage: Stage) -> None:
    """Ask, press, read."""
    await stage.act(ANA, texto="/start")
    assert (await last(stage, "botones"))["botones"] == [{"titulo": "Ventas", "id": "ventas"}]
    await stage.act(ANA, boton="ventas")
    said = await last(stage, "editado")
    assert (said["de"], said["texto"], said["botones"]) == ("bot", "Ventas: $1.000", [])
    assert (await stage.screen(ANA))["aviso"] == {"id": 1, "texto": "Un momento", "alerta": False}


async def test_round_trip_by_polling(stage: Stage) -> None:
    """The client's own updater, from a command to a pressed button."""
    bot = application(stage)
    async with bot:
        await bot.start()
        await bot.updater.start_polling()
        await talk(stage)
        await bot.updater.stop()
        await bot.stop()


async def test_round_trip_by_webhook(stage: Stage) -> None:
    """Updates come to a route of ours, and are fed to the client."""
    bot, hook = application(stage), Hook()
    async with bot, listening(hook) as url:
        await bot.start()
        await bot.bot.set_webhook(url, secret_token=SECRET)
        talking = asyncio.create_task(talk(stage))
        while not talking.done():
            await asyncio.sleep(0.01)
            while hook.taken:
                await bot.process_update(Update.de_json(hook.taken.pop(0), bot.bot))
        await talking
        await bot.stop()
