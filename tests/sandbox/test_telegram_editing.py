"""What the bot changes, answers and refers to, and the shapes that its messages may have."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity
from telegram.error import BadRequest

from sandbox.telegram.images import size
from tests.sandbox.telegram_stage import ANA, BETO, Stage, staged


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """A fresh simulator."""
    async with staged() as stage:
        yield stage


async def test_a_press_is_answered_once_and_soon(stage: Stage) -> None:
    """Fifteen seconds, and not twice."""
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Sí", callback_data="si")]])
    await stage.bot.send_message(ANA, "¿Sigo?", reply_markup=keyboard)
    for _ in range(3):
        await stage.act(ANA, boton="si")
    twice, late, long = [one.callback_query for one in await stage.bot.get_updates()]
    assert twice.message.text == "¿Sigo?"
    assert await twice.answer()
    with pytest.raises(BadRequest, match=r"(?i)query is too old"):
        await twice.answer()
    with pytest.raises(BadRequest, match=r"(?i)MESSAGE_TOO_LONG"):
        await long.answer("x" * 201)
    stage.clock.move(15)
    assert await long.answer("x" * 200, show_alert=True)
    stage.clock.move(1)
    with pytest.raises(BadRequest, match=r"(?i)query is too old"):
        await late.answer()
    await stage.act(ANA, 409, boton="no")


async def test_editing(stage: Stage) -> None:
    """Text and keyboard change; the same again is an error, and so is what a person wrote."""
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Sí", callback_data="si")]])
    sent = await stage.bot.send_message(ANA, "a", reply_markup=keyboard)
    with pytest.raises(BadRequest, match=r"(?i)message is not modified"):
        await sent.edit_text("a", reply_markup=keyboard)
    with pytest.raises(BadRequest, match=r"(?i)message is not modified"):
        await sent.edit_reply_markup(keyboard)
    assert (await sent.edit_reply_markup(None)).reply_markup is None
    assert (await sent.edit_text("b")).text == "b"
    assert (await stage.seen(ANA))[-1]["texto"] == "b"
    theirs = (await stage.act(ANA, texto="mío"))["message_id"]
    with pytest.raises(BadRequest, match=r"(?i)message can't be edited"):
        await stage.bot.edit_message_text("x", ANA, theirs)
    with pytest.raises(BadRequest, match=r"(?i)message to edit not found"):
        await stage.bot.edit_message_text("x", BETO, theirs)
    assert await sent.delete()
    assert [one["texto"] for one in await stage.seen(ANA)] == ["/start", "mío"]


async def test_replying(stage: Stage) -> None:
    """The message that is replied to comes along; one that is gone is an error, unless it may be."""
    theirs = (await stage.act(ANA, texto="hola"))["message_id"]
    sent = await stage.bot.send_message(ANA, "buenas", reply_to_message_id=theirs)
    assert sent.reply_to_message.text == "hola"
    gone = {"reply_to_message_id": 1, "allow_sending_without_reply": True}
    assert (await stage.bot.send_message(ANA, "igual", **gone)).reply_to_message is None


async def test_given_entities(stage: Stage) -> None:
    """Where they are after the spaces at both ends are gone."""
    bold = MessageEntity(MessageEntity.BOLD, offset=2, length=4)
    sent = await stage.bot.send_message(ANA, "  hola  ", entities=[bold])
    assert (sent.text, sent.entities[0].offset, sent.entities[0].length) == ("hola", 0, 4)
    for wrong in ("{", '{"a": 1}', '[{"type": "bold"}]'):
        status, _ = await stage.call("sendMessage", json={"chat_id": ANA, "text": "a", "entities": wrong})
        assert status == 400


MARKUPS = [
    ({"inline_keyboard": [[{"text": "a", "url": "https://www.sii.cl/"}]]}, None),
    ({"inline_keyboard": [[{"text": "a", "url": "sin punto"}]]}, "is invalid: Wrong HTTP URL"),
    ({"inline_keyboard": [[{"text": "a", "url": "javascript:alert(1)"}]]}, "is invalid: Wrong HTTP URL"),
    ({"inline_keyboard": [{"text": "a"}]}, "must be an Array of Arrays"),
    ({"inline_keyboard": [["a"]]}, "can't parse inline keyboard button: Object expected"),
    ({"inline_keyboard": [[{"callback_data": "a"}]]}, "Can't find field"),
    ({"inline_keyboard": [[{"text": " ", "callback_data": "a"}]]}, "text must be non-empty"),
    ({"keyboard": [["a", {"text": "b"}]]}, None),
    ({"keyboard": [[3]]}, "can't parse keyboard button: Object expected"),
    ({"force_reply": True}, None),
    ({}, None),
]


@pytest.mark.parametrize(("markup", "error"), MARKUPS)
async def test_keyboards(stage: Stage, markup: dict[str, Any], error: str | None) -> None:
    """Their shapes."""
    given = {"chat_id": ANA, "text": "a", "reply_markup": markup}
    status, body = await stage.call("sendMessage", json=given)
    assert status == (400 if error else 200)
    assert (error or "") in body.get("description", "")


async def test_only_inline_keyboards_in_edits(stage: Stage) -> None:
    """Others belong to a chat, not to a message."""
    sent = await stage.bot.send_message(ANA, "a")
    given = {"chat_id": ANA, "message_id": sent.message_id, "reply_markup": {"keyboard": [["a"]]}}
    _, body = await stage.call("editMessageReplyMarkup", json=given)
    assert body["description"] == "Bad Request: inline keyboard expected"


def test_size_of_a_jpeg() -> None:
    """After whatever stands before its frame."""
    frame = bytes.fromhex("ffd8 ffe0 0004 0000 ffc0 0011 08 01e0 0280 03 000000 000000")
    assert size(frame) == (640, 480)
    assert size(frame[:8]) is None
    assert size(b"GIF89a") is None
