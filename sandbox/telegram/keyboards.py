"""Keyboards: what Telegram takes, and what it says when it does not."""

from typing import Any
from urllib.parse import urlsplit

from sandbox.telegram.errors import ApiError, bad_request
from sandbox.telegram.params import Params

DATA_BYTES = 64
BUTTONS = 100
BUTTONS_PER_ROW = 8
_INLINE_KINDS = ("callback_data", "url", "copy_text", "web_app", "switch_inline_query", "login_url")
Markup = dict[str, Any]


def read(params: Params, only_inline: bool = False) -> Markup | None:
    """The `reply_markup` of a call, checked; None if there is none."""
    markup = params.json("reply_markup", "reply keyboard markup")
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in markup:
        return {"inline_keyboard": _inline(markup["inline_keyboard"])}
    if only_inline:
        raise bad_request("inline keyboard expected")
    if "keyboard" in markup:
        return markup | {"keyboard": _reply(markup["keyboard"])}
    if markup.get("remove_keyboard") or markup.get("force_reply"):
        return markup
    return None


def find_button(markup: Markup, data: str) -> bool:
    """Whether a button with that data is on the keyboard."""
    return any(button.get("callback_data") == data for row in markup["inline_keyboard"] for button in row)


def _inline(rows: object) -> list[list[Markup]]:
    return [
        [_inline_button(one) for one in row] for row in _rows(rows, "inline_keyboard", "InlineKeyboardButton")
    ]


def _rows(rows: object, name: str, kind: str) -> list[list[Any]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request(f'field "{name}" of the reply markup must be an Array of Arrays of {kind}')
    if max(map(len, rows), default=0) > BUTTONS_PER_ROW or sum(map(len, rows)) > BUTTONS:
        raise bad_request("reply markup is too long")
    return [row for row in rows if row]


def _inline_button(button: object) -> Markup:
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: Object expected")
    if not isinstance(button.get("text"), str):
        raise bad_request("can't parse inline keyboard button: Can't find field \"text\"")
    if not button["text"].strip():
        raise bad_request("inline keyboard button text must be non-empty")
    if not any(kind in button for kind in _INLINE_KINDS):
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if "callback_data" in button and not 1 <= len(str(button["callback_data"]).encode()) <= DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in button and (fault := _url_fault(str(button["url"]))):
        raise fault
    return button


def _url_fault(url: str) -> ApiError | None:
    parts = urlsplit(url if "://" in url else f"http://{url}")
    if parts.scheme in ("http", "https", "tg") and (parts.scheme == "tg" or "." in (parts.hostname or "")):
        return None
    return bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


def _reply(rows: object) -> list[list[Markup]]:
    return [[_reply_button(one) for one in row] for row in _rows(rows, "keyboard", "KeyboardButton")]


def _reply_button(button: object) -> Markup:
    found = {"text": button} if isinstance(button, str) else button
    if not isinstance(found, dict):
        raise bad_request("can't parse keyboard button: Object expected")
    if not isinstance(found.get("text"), str) or not found["text"].strip():
        raise bad_request("keyboard button text must be non-empty")
    return found
