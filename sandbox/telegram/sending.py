"""Methods with which the bot says something."""

from typing import Any

from sandbox.telegram import content, images, keyboards
from sandbox.telegram.entities import Entity, parse, utf16
from sandbox.telegram.errors import bad_request
from sandbox.telegram.params import Params, Upload
from sandbox.telegram.simulator import Chat, Message, Simulator, Stored

TEXT = 4096
CAPTION = 1024
_ACTIONS = (
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
    "upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note",
)  # fmt: skip


async def send_message(simulator: Simulator, params: Params) -> Message:
    """sendMessage."""
    said = read_text(params)
    return _send(simulator, params, simulator.reachable(params), said)


async def send_photo(simulator: Simulator, params: Params) -> Message:
    """sendPhoto."""
    caption, chat = _caption(params), simulator.reachable(params)
    stored = _file(simulator, params, "photo", "photos")
    images.check_photo(stored.data)
    return _send(simulator, params, chat, content.photo(stored) | caption)


async def send_document(simulator: Simulator, params: Params) -> Message:
    """sendDocument."""
    caption, chat = _caption(params), simulator.reachable(params)
    stored = _file(simulator, params, "document", "documents")
    return _send(simulator, params, chat, content.document(stored) | caption)


async def send_chat_action(simulator: Simulator, params: Params) -> bool:
    """sendChatAction: shown for five seconds, or until the next message."""
    chat, action = simulator.reachable(params), params.text("action").lower()
    if action not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat.action = action, simulator.clock()
    simulator.changed.send()
    return True


def read_text(params: Params) -> dict[str, Any]:
    """The text of a message, with its entities."""
    text, entities = _formatted(params, "text", "entities")
    if not text:
        raise bad_request("message text is empty")
    if len(text) > TEXT:
        raise bad_request("message is too long")
    return {"text": text, "entities": entities} if entities else {"text": text}


def _caption(params: Params) -> dict[str, Any]:
    text, entities = _formatted(params, "caption", "caption_entities")
    if len(text) > CAPTION:
        raise bad_request("message caption is too long")
    if not text:
        return {}
    return {"caption": text, "caption_entities": entities} if entities else {"caption": text}


def _formatted(params: Params, name: str, entities: str) -> tuple[str, list[Entity]]:
    """Without spaces at both ends, and entities where they are then."""
    shown, found = parse(params.text(name), params.text("parse_mode"))
    if not params.text("parse_mode"):
        found = _given(params, entities)
    text = shown.strip()
    shift, length = utf16(shown[: len(shown) - len(shown.lstrip())]), utf16(text)
    kept = []
    for one in found:
        start, end = max(one["offset"] - shift, 0), min(one["offset"] - shift + one["length"], length)
        if start < end:
            kept.append(one | {"offset": start, "length": end - start})
    return text, kept


def _given(params: Params, name: str) -> list[Entity]:
    found = params.json(name, "message entities") or []
    if not isinstance(found, list):
        raise bad_request("expected an Array of MessageEntity")
    for one in found:
        if not isinstance(one, dict) or {type(one.get("offset")), type(one.get("length"))} != {int}:
            raise bad_request("can't parse MessageEntity")
    return found


def _file(simulator: Simulator, params: Params, name: str, folder: str) -> Stored:
    """An upload, or a file that was sent before."""
    upload = params.upload(name)
    if upload:
        return _store(simulator, upload, folder)
    id_ = params.text(name)
    if not id_:
        raise bad_request(f"there is no {name} in the request")
    if id_.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")  # nothing leaves this machine
    stored = simulator.files.get(id_)
    if stored is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if not stored.path.startswith(folder):
        raise bad_request(
            f"can't use file of type {stored.path.split('/')[0][:-1].title()} as {name.title()}"
        )
    return stored


def _store(simulator: Simulator, upload: Upload, folder: str) -> Stored:
    if not upload.data:
        raise bad_request("file must be non-empty")
    if folder == "photos":
        images.check_photo(upload.data)
    return simulator.store(folder, upload.name, upload.mime, upload.data)


def _send(simulator: Simulator, params: Params, chat: Chat, said: dict[str, Any]) -> Message:
    markup = keyboards.read(params)
    reply = _replied(params, chat)
    simulator.limiter.spend(chat.person.id)
    chat.action = None
    if markup and "inline_keyboard" in markup:
        said = said | {"reply_markup": markup}
    if params.flag("protect_content"):
        said = said | {"has_protected_content": True}
    message = simulator.add_message(chat, simulator.bot, reply | said)
    if markup and "inline_keyboard" not in markup:
        chat.keyboard, chat.keyboard_from = markup if "keyboard" in markup else None, message["message_id"]
    return message


def _replied(params: Params, chat: Chat) -> dict[str, Any]:
    wanted = params.json("reply_parameters", "reply parameters") or {}
    if not isinstance(wanted, dict):
        raise bad_request("can't parse reply parameters JSON object")
    id_ = wanted.get("message_id") or params.integer("reply_to_message_id")
    if not id_:
        return {}
    if id_ in chat.messages:
        original = {key: value for key, value in chat.messages[id_].items() if key != "reply_to_message"}
        return {"reply_to_message": original}
    if wanted.get("allow_sending_without_reply") or params.flag("allow_sending_without_reply"):
        return {}
    raise bad_request("message to be replied not found")
