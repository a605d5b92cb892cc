"""The methods of the Bot API that are here, and those about the bot itself."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from yarl import URL

from sandbox.telegram import editing, sending
from sandbox.telegram.errors import bad_request
from sandbox.telegram.params import Params
from sandbox.telegram.simulator import DOWNLOAD_BYTES, Simulator
from sandbox.telegram.updates import Webhook

LOOPBACK = ("127.0.0.1", "localhost", "::1")
SECRET = 256
DESCRIPTION = 512
COMMANDS = 100
_UPDATE_KINDS = {
    "message", "edited_message", "channel_post", "callback_query", "inline_query", "my_chat_member",
    "chat_member", "poll", "poll_answer", "chat_join_request", "message_reaction", "chosen_inline_result",
}  # fmt: skip
Method = Callable[[Simulator, Params], Awaitable[Any]]


@dataclass(frozen=True)
class Told:
    """A result with the words that come with it."""

    result: Any
    description: str


async def get_me(simulator: Simulator, params: Params) -> dict[str, Any]:
    """getMe."""
    abilities = {
        "can_join_groups": False,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
    return simulator.bot | abilities


async def get_updates(simulator: Simulator, params: Params) -> list[dict[str, Any]]:
    """getUpdates."""
    _allow(simulator, params)
    limit = params.integer("limit", 100)
    return await simulator.updates.poll(
        params.integer("offset"), limit if 1 <= limit <= 100 else 100, params.integer("timeout")
    )


async def set_webhook(simulator: Simulator, params: Params) -> Told:
    """setWebhook: only to this machine, and therefore without TLS too."""
    url = params.text("url").strip()
    if not url:
        return await delete_webhook(simulator, params)
    try:
        parsed = URL(url)
    except ValueError as error:
        raise bad_request("bad webhook: invalid URL specified") from error
    if parsed.scheme not in ("http", "https") or parsed.host not in LOOPBACK:
        raise bad_request("bad webhook: the simulator only delivers to 127.0.0.1")
    secret, connections = params.text("secret_token"), params.integer("max_connections", 40)
    if len(secret) > SECRET:
        raise bad_request("secret token is too long")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
        raise bad_request("secret token contains unallowed characters")
    _allow(simulator, params)
    if params.flag("drop_pending_updates"):
        simulator.updates.clear()
    changed = simulator.updates.set_webhook(Webhook(url, secret, min(max(connections, 1), 100)))
    return Told(True, "Webhook was set" if changed else "Webhook is already set")


async def delete_webhook(simulator: Simulator, params: Params) -> Told:
    """deleteWebhook."""
    if params.flag("drop_pending_updates"):
        simulator.updates.clear()
    changed = simulator.updates.set_webhook(None)
    return Told(True, "Webhook was deleted" if changed else "Webhook is already deleted")


async def get_webhook_info(simulator: Simulator, params: Params) -> dict[str, Any]:
    """getWebhookInfo."""
    updates = simulator.updates
    found: dict[str, Any] = {
        "url": updates.webhook.url if updates.webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(updates.pending()),
    }
    if updates.webhook:
        found |= {"max_connections": updates.webhook.connections, "ip_address": "127.0.0.1"}
    if updates.last_error:
        when, text = updates.last_error
        found |= {"last_error_date": int(when.timestamp()), "last_error_message": text}
    if updates.allowed:
        found["allowed_updates"] = sorted(updates.allowed)
    return found


async def get_file(simulator: Simulator, params: Params) -> dict[str, Any]:
    """getFile."""
    stored = simulator.files.get(params.text("file_id"))
    if stored is None:
        raise bad_request("invalid file_id")
    if len(stored.data) > DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    sizes = {"file_unique_id": stored.unique_id, "file_size": len(stored.data)}
    return {"file_id": stored.id, **sizes, "file_path": stored.path}


async def set_my_commands(simulator: Simulator, params: Params) -> bool:
    """setMyCommands; of the scopes, the last that was set is shown on the page."""
    found = params.json("commands", "commands")
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise bad_request("expected an Array of BotCommand")
    if len(found) > COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    commands = []
    for one in found:
        command, description = str(one.get("command", "")).removeprefix("/"), str(one.get("description", ""))
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(description) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        commands.append({"command": command, "description": description})
    simulator.commands[_scope(params)] = commands
    simulator.changed.send()
    return True


async def get_my_commands(simulator: Simulator, params: Params) -> list[dict[str, str]]:
    """getMyCommands."""
    return simulator.commands.get(_scope(params), [])


async def set_my_description(simulator: Simulator, params: Params) -> bool:
    """setMyDescription: what somebody reads before they press Start."""
    description = params.text("description")
    if len(description) > DESCRIPTION:
        raise bad_request("BOT_DESCRIPTION_TOO_LONG")
    simulator.description = description
    simulator.changed.send()
    return True


async def get_my_description(simulator: Simulator, params: Params) -> dict[str, str]:
    """getMyDescription."""
    return {"description": simulator.description}


def _allow(simulator: Simulator, params: Params) -> None:
    """What is not in the call stays as it was."""
    found = params.json("allowed_updates", "allowed updates")
    if isinstance(found, list):
        simulator.updates.allowed = frozenset(found) & _UPDATE_KINDS


def _scope(params: Params) -> str:
    scope = params.json("scope", "bot command scope") or {"type": "default"}
    return f"{scope}:{params.text('language_code')}"


METHODS: dict[str, Method] = {
    "getme": get_me,
    "getupdates": get_updates,
    "setwebhook": set_webhook,
    "deletewebhook": delete_webhook,
    "getwebhookinfo": get_webhook_info,
    "getfile": get_file,
    "setmycommands": set_my_commands,
    "getmycommands": get_my_commands,
    "setmydescription": set_my_description,
    "getmydescription": get_my_description,
    "sendmessage": sending.send_message,
    "sendphoto": sending.send_photo,
    "senddocument": sending.send_document,
    "sendchataction": sending.send_chat_action,
    "editmessagetext": editing.edit_message_text,
    "editmessagereplymarkup": editing.edit_message_reply_markup,
    "deletemessage": editing.delete_message,
    "answercallbackquery": editing.answer_callback_query,
}
