"""What the Bot API takes at its limits, and how it refuses one more."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram import (
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
)
from telegram.error import BadRequest, Forbidden, InvalidToken, TelegramError

from tests.sandbox.telegram_stage import ANA, TOKEN, Stage, encoded, png, staged

MB = 1 << 20


@pytest.fixture(scope="module")
async def stage() -> AsyncIterator[Stage]:
    """One simulator for all."""
    async with staged() as stage:
        yield stage


def buttons(*data: str, per_row: int = 8) -> InlineKeyboardMarkup:
    """A keyboard with those callback data."""
    made = [InlineKeyboardButton("Sí", callback_data=one) for one in data]
    return InlineKeyboardMarkup([made[at : at + per_row] for at in range(0, len(made), per_row)])


def text(length: int, **more: Any) -> dict[str, Any]:
    """A message so long."""
    return {"text": "ñ" * length, **more}


def photo(data: bytes, caption: int = 0) -> dict[str, Any]:
    """A photo with a caption so long."""
    return {"photo": data, "caption": "ñ" * caption}


LIMITS = [
    ("sendMessage", text(4096), text(4097), "message is too long"),
    ("sendMessage", text(1), text(0), "message text is empty"),
    ("sendMessage", text(1), {"text": " \n "}, "message text is empty"),
    (
        "sendMessage",
        {"text": f"<b>{'ñ' * 4096}</b>", "parse_mode": "HTML"},
        {"text": f"<b>{'ñ' * 4097}</b>", "parse_mode": "HTML"},
        "message is too long",
    ),
    ("sendPhoto", photo(png(), 1024), photo(png(), 1025), "message caption is too long"),
    ("sendPhoto", photo(png(9000, 1000)), photo(png(9000, 1001)), "PHOTO_INVALID_DIMENSIONS"),
    ("sendPhoto", photo(png(400, 20)), photo(png(401, 20)), "PHOTO_INVALID_DIMENSIONS"),
    ("sendPhoto", photo(png()), photo(b"%PDF-1.4"), "IMAGE_PROCESS_FAILED"),
    (
        "sendPhoto",
        photo(png().ljust(10 * MB, b"\0")),
        photo(png().ljust(10 * MB + 1, b"\0")),
        "file is too big",
    ),
    (
        "sendDocument",
        {"document": b"x", "caption": "a" * 1024},
        {"document": b"x", "caption": "a" * 1025},
        "message caption is too long",
    ),
    ("sendDocument", {"document": b"x" * 50 * MB}, {"document": b"x" * (50 * MB + 1)},
     "Request Entity Too Large"),
    ("sendMessage", text(1, reply_markup=buttons("é" * 32)), text(1, reply_markup=buttons("é" * 32 + "x")),
     "BUTTON_DATA_INVALID"),
    ("sendMessage", text(1, reply_markup=buttons("x")), text(1, reply_markup=buttons("")),
     "BUTTON_DATA_INVALID"),
    (
        "sendMessage",
        text(1, reply_markup=buttons(*map(str, range(100)))),
        text(1, reply_markup=buttons(*map(str, range(101)))),
        "reply markup is too long",
    ),
    (
        "sendMessage",
        text(1, reply_markup=buttons(*map(str, range(8)))),
        text(1, reply_markup=buttons(*map(str, range(9)), per_row=9)),
        "reply markup is too long",
    ),
    (
        "sendMessage",
        text(1, reply_markup=ReplyKeyboardMarkup([[KeyboardButton("Compartir", request_contact=True)]])),
        text(1, reply_markup=ReplyKeyboardMarkup([[KeyboardButton(" ", request_contact=True)]])),
        "keyboard button text must be non-empty",
    ),
    ("sendMessage", text(1, parse_mode="HTML"), text(1, parse_mode="XML"), "unsupported parse_mode"),
    ("sendChatAction", {"action": "typing"}, {"action": "bailar"}, "wrong parameter action in request"),
    ("sendMessage", text(1), text(1, reply_to_message_id=99), "message to be replied not found"),
    ("sendMessage", text(1, chat_id=ANA), text(1, chat_id=999), "chat not found"),
    ("sendMessage", text(1, chat_id=ANA), text(1, chat_id="@nadie"), "chat not found"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "taken", "refused", "error"), LIMITS)
async def test_at_the_limit_and_one_over(
    stage: Stage, method: str, taken: dict[str, Any], refused: dict[str, Any], error: str
) -> None:
    """What just fits is taken; one more is told as Telegram tells it."""
    assert await ask(stage, method, taken)
    with pytest.raises(TelegramError) as caught:
        await ask(stage, method, refused)
    assert caught.value.message.lower() == error.lower()  # the client changes the case


async def ask(stage: Stage, method: str, given: dict[str, Any]) -> Any:
    """A call with the client's own machinery."""
    calls = {
        "sendMessage": stage.bot.send_message,
        "sendPhoto": stage.bot.send_photo,
        "sendDocument": stage.bot.send_document,
        "sendChatAction": stage.bot.send_chat_action,
    }
    return await calls[method](**({"chat_id": ANA} | given))


COMMANDS = [
    ([BotCommand("a" * 32, "b" * 256)] * 100, None),
    ([BotCommand("a", "b")] * 101, "BOT_COMMANDS_TOO_MUCH"),
    ([BotCommand("a" * 33, "b")], "BOT_COMMAND_INVALID"),
    ([BotCommand("Ventas", "b")], "BOT_COMMAND_INVALID"),
    ([BotCommand("a", "b" * 257)], "BOT_COMMAND_DESCRIPTION_INVALID"),
]


@pytest.mark.parametrize(("commands", "error"), COMMANDS)
async def test_commands(stage: Stage, commands: list[BotCommand], error: str | None) -> None:
    """Names are small letters, digits and underscores."""
    if error is None:
        assert await stage.bot.set_my_commands(commands)
        assert await stage.bot.get_my_commands() == tuple(commands)
        return
    with pytest.raises(BadRequest, match=f"(?i){error}"):
        await stage.bot.set_my_commands(commands)


async def test_description(stage: Stage) -> None:
    """512 characters, which a person reads before the first message."""
    assert await stage.bot.set_my_description("d" * 512)
    assert (await stage.screen(ANA))["descripcion"] == "d" * 512
    with pytest.raises(BadRequest):
        await stage.bot.set_my_description("d" * 513)


@pytest.mark.parametrize(
    ("secret", "error"),
    [("s" * 256, None), ("s" * 257, "secret token is too long"), ("a b", "secret token contains unallowed")],
)
async def test_secret_of_the_webhook(stage: Stage, secret: str, error: str | None) -> None:
    """256 letters, digits, underscores and hyphens."""
    if error is None:
        assert await stage.bot.set_webhook("http://127.0.0.1:1/x", secret_token=secret)
        assert await stage.bot.delete_webhook()
        return
    with pytest.raises(BadRequest, match=f"(?i){error}"):
        await stage.bot.set_webhook("http://127.0.0.1:1/x", secret_token=secret)


async def test_a_webhook_elsewhere(stage: Stage) -> None:
    """Nothing is delivered to other machines."""
    with pytest.raises(BadRequest, match=r"(?i)bad webhook"):
        await stage.bot.set_webhook("https://example.com/x")


async def test_download_of_twenty_megabytes(stage: Stage) -> None:
    """The bot learns of a larger file, but cannot have it."""
    for size in (20 * MB, 20 * MB + 1):
        await stage.act(ANA, archivo={"nombre": "libro.csv", "base64": encoded(b"x" * size)})
    fits, over = [
        u.message.document for u in await stage.bot.get_updates() if u.message and u.message.document
    ]
    assert len(await (await fits.get_file()).download_as_bytearray()) == 20 * MB
    assert over.file_size == 20 * MB + 1
    with pytest.raises(BadRequest, match=r"(?i)file is too big"):
        await over.get_file()


ENCODINGS = [
    ({"params": {"chat_id": ANA, "text": "hola"}}, "address"),
    ({"data": {"chat_id": ANA, "text": "hola"}}, "form"),
    ({"json": {"chat_id": ANA, "text": "hola"}}, "json"),
    ({"json": {"chat_id": str(ANA), "text": "hola", "reply_markup": {"remove_keyboard": True}}}, "json"),
    ({"json": {"chat_id": ANA, "text": "hola", "reply_markup": '{"remove_keyboard": true}'}}, "json"),
]


@pytest.mark.parametrize(("given", "_how"), ENCODINGS)
async def test_ways_of_calling(stage: Stage, given: dict[str, Any], _how: str) -> None:
    """Address, form and JSON mean the same, and names of methods have no case."""
    status, body = await stage.call("SENDmessage", **given)
    assert status == 200
    assert body["ok"] is True
    assert body["result"]["text"] == "hola"
    assert body["result"]["chat"] == {"id": ANA, "first_name": "Ana", "last_name": "Rayén", "type": "private"}
    assert "reply_markup" not in body["result"]


async def test_get(stage: Stage) -> None:
    """A bot may ask with GET."""
    async with stage.session.get(f"{stage.url}/bot{TOKEN}/getMe") as answer:
        assert (await answer.json())["result"]["is_bot"] is True


ERRORS = [
    ("getMe", "7000000001:otra", {}, 401, "Unauthorized"),
    ("getMe", "sin-forma", {}, 401, "Unauthorized"),
    ("sendNada", TOKEN, {}, 404, "Not Found: method not found"),
    ("sendMessage", TOKEN, {"json": {"text": "a"}}, 400, "Bad Request: chat_id is empty"),
    ("sendMessage", TOKEN, {"data": b"{", "headers": {"Content-Type": "application/json"}}, 400,
     "Bad Request: can't parse JSON object"),
    ("sendMessage", TOKEN, {"json": {"chat_id": ANA, "text": "a", "reply_markup": "{"}}, 400,
     "Bad Request: can't parse reply keyboard markup JSON object"),
    ("sendMessage", TOKEN, {"json": {"chat_id": ANA, "text": "a", "reply_markup": []}}, 400,
     "Bad Request: object expected as reply markup"),
    ("sendMessage", TOKEN,
     {"json": {"chat_id": ANA, "text": "a", "reply_markup": {"inline_keyboard": [[{"text": "a"}]]}}}, 400,
     "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
    ("sendPhoto", TOKEN, {"json": {"chat_id": ANA}}, 400, "Bad Request: there is no photo in the request"),
    ("sendPhoto", TOKEN, {"json": {"chat_id": ANA, "photo": "nada"}}, 400,
     "Bad Request: wrong file identifier/HTTP URL specified"),
    ("sendDocument", TOKEN, {"json": {"chat_id": ANA, "document": "https://example.com/a.pdf"}}, 400,
     "Bad Request: failed to get HTTP URL content"),
    ("getFile", TOKEN, {"json": {"file_id": "nada"}}, 400, "Bad Request: invalid file_id"),
    ("deleteMessage", TOKEN, {"json": {"chat_id": ANA, "message_id": 1}}, 400,
     "Bad Request: message to delete not found"),
    ("answerCallbackQuery", TOKEN, {"json": {"callback_query_id": "1"}}, 400,
     "Bad Request: query is too old and response timeout expired or query ID is invalid"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "token", "given", "code", "description"), ERRORS)
async def test_errors(
    stage: Stage, method: str, token: str, given: dict[str, Any], code: int, description: str
) -> None:
    """Errors have Telegram's form and words."""
    assert await stage.call(method, token, **given) == (
        code,
        {"ok": False, "error_code": code, "description": description},
    )


async def test_a_wrong_token_in_the_client(stage: Stage) -> None:
    """The client tells it as its own error."""
    other = type(stage.bot)("7000000001:otra", base_url=f"{stage.url}/bot")
    with pytest.raises(InvalidToken):
        await other.initialize()


async def test_blocked(stage: Stage) -> None:
    """Whoever blocks the bot is not written to, until they unblock it."""
    await stage.post("/telegram/bloquear", {"usuario": ANA})
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await stage.bot.send_message(ANA, "hola")
    await stage.act(ANA, 409, texto="hola")
    await stage.post("/telegram/bloquear", {"usuario": ANA, "bloqueado": False})
    assert await stage.bot.send_message(ANA, "hola")
