"""Methods with which the bot changes what it said, and answers buttons."""

from sandbox.telegram import keyboards
from sandbox.telegram.errors import bad_request
from sandbox.telegram.params import Params
from sandbox.telegram.sending import read_text
from sandbox.telegram.simulator import Chat, Message, Simulator

NOTICE = 200
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)


async def edit_message_text(simulator: Simulator, params: Params) -> Message:
    """editMessageText; without a keyboard in the call, the message loses its own."""
    said, markup = read_text(params), keyboards.read(params, only_inline=True)
    chat = simulator.reachable(params)
    message = _own(simulator, chat, params)
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    kept = {key: value for key, value in message.items() if key not in ("text", "entities", "reply_markup")}
    return _replace(simulator, chat, message, kept | said, markup)


async def edit_message_reply_markup(simulator: Simulator, params: Params) -> Message:
    """editMessageReplyMarkup; without a keyboard in the call, the message loses its own."""
    markup, chat = keyboards.read(params, only_inline=True), simulator.reachable(params)
    message = _own(simulator, chat, params)
    kept = {key: value for key, value in message.items() if key != "reply_markup"}
    return _replace(simulator, chat, message, kept, markup)


async def delete_message(simulator: Simulator, params: Params) -> bool:
    """deleteMessage: in a private chat, also what the person wrote."""
    chat = simulator.reachable(params)
    if chat.messages.pop(params.integer("message_id"), None) is None:
        raise bad_request("message to delete not found")
    simulator.changed.send()
    return True


async def answer_callback_query(simulator: Simulator, params: Params) -> bool:
    """answerCallbackQuery: once, and soon."""
    text = params.text("text")
    if len(text) > NOTICE:
        raise bad_request("MESSAGE_TOO_LONG")
    chat = simulator.take_query(params.text("callback_query_id"))
    if chat is None:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if text:
        shown = (chat.notice or {"id": 0})["id"] + 1
        chat.notice = {"id": shown, "texto": text, "alerta": params.flag("show_alert")}
    simulator.changed.send()
    return True


def _own(simulator: Simulator, chat: Chat, params: Params) -> Message:
    message = chat.messages.get(params.integer("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if message["from"] != simulator.bot:
        raise bad_request("message can't be edited")
    return message


def _replace(
    simulator: Simulator, chat: Chat, message: Message, new: Message, markup: keyboards.Markup | None
) -> Message:
    if markup and markup["inline_keyboard"]:
        new["reply_markup"] = markup
    if new == message:
        raise bad_request(_NOT_MODIFIED)
    simulator.limiter.spend(chat.person.id)
    new["edit_date"] = int(simulator.clock().timestamp())
    chat.messages[new["message_id"]] = new
    simulator.changed.send()
    return new
