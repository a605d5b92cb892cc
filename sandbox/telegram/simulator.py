"""Everything that the simulator knows: people, chats, files and what the bot set."""

import hashlib
import itertools
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sandbox.telegram.errors import ApiError, DriverError, bad_request
from sandbox.telegram.faults import Faults
from sandbox.telegram.keyboards import Markup
from sandbox.telegram.limits import Clock, Limiter
from sandbox.telegram.params import Params
from sandbox.telegram.updates import Signal, Updates, first_id

CALLBACK_LIFE = timedelta(seconds=15)  # observed by others; Telegram does not document it
DOWNLOAD_BYTES = 20 << 20
_ACTION_LIFE = timedelta(seconds=5)
_PEOPLE = {1001: "Elisa Paillamán", 1002: "Tomás Errázuriz Vega", 1003: "Visita"}
Message = dict[str, Any]


@dataclass
class Person:
    """Somebody with Telegram; the bot may write once they have written to it."""

    id: int
    name: str
    started: bool = False
    blocked: bool = False

    def user(self) -> dict[str, Any]:
        """As a User of the Bot API."""
        first, _, last = self.name.partition(" ")
        names = {"first_name": first, "last_name": last} if last else {"first_name": first}
        return {"id": self.id, "is_bot": False, **names, "language_code": "es"}

    def chat(self) -> dict[str, Any]:
        """Their private chat with the bot."""
        return {
            key: value for key, value in self.user().items() if key in ("id", "first_name", "last_name")
        } | {"type": "private"}


@dataclass(frozen=True)
class Stored:
    """A file that was sent by either side."""

    id: str
    unique_id: str
    path: str
    name: str
    mime: str
    data: bytes


@dataclass
class Chat:
    """One person's chat: messages oldest first, and what surrounds them on the screen."""

    person: Person
    messages: dict[int, Message] = field(default_factory=dict)
    keyboard: Markup | None = None  # the one in place of the letters
    keyboard_from: int = 0  # the message that brought it
    notice: dict[str, Any] | None = None  # what answerCallbackQuery showed last
    action: tuple[str, datetime] | None = None


class Simulator:
    """The state; methods are what both sides do to it."""

    def __init__(self, token: str, clock: Clock) -> None:
        self.token, self.clock = token, clock
        name = {"first_name": "Tributa", "username": "tributa_desarrollo_bot"}
        self.bot = {"id": int(token.partition(":")[0]), "is_bot": True, **name}
        self.chats = {id_: Chat(Person(id_, name)) for id_, name in _PEOPLE.items()}
        self.files: dict[str, Stored] = {}
        self.queries: dict[str, tuple[int, datetime]] = {}
        self.commands: dict[str, list[dict[str, str]]] = {}
        self.description = ""
        self.faults = Faults()
        self.limiter = Limiter(clock, self.faults.limites)
        self.updates = Updates(clock)
        self.changed = Signal()
        self._message_ids = itertools.count(first_id())
        self._file_numbers = itertools.count(1)

    def person(self, id_: int, name: str | None = None) -> Chat:
        """Somebody who acts; whoever is new gets a name."""
        chat = self.chats.setdefault(id_, Chat(Person(id_, name or f"Persona {id_}")))
        if name:
            chat.person.name = name
        return chat

    def reachable(self, params: Params) -> Chat:
        """The chat that a call names, if the bot may write to it."""
        if not params.text("chat_id"):
            raise bad_request("chat_id is empty")
        chat = self.chats.get(params.integer("chat_id"))
        if chat is None or not chat.person.started:
            raise bad_request("chat not found")
        if chat.person.blocked:
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        return chat

    def add_message(self, chat: Chat, sender: dict[str, Any], content: dict[str, Any]) -> Message:
        """Somebody said something."""
        message = {
            "message_id": next(self._message_ids),
            "from": sender,
            "chat": chat.person.chat(),
            "date": int(self.clock().timestamp()),
            **content,
        }
        chat.messages[message["message_id"]] = message
        self.changed.send()
        return message

    def receive(self, chat: Chat, content: dict[str, Any]) -> tuple[Message, int | None]:
        """A person writes to the bot; the message and its update."""
        if chat.person.blocked:
            raise DriverError("Tienes bloqueado al bot.")
        chat.person.started = True
        message = self.add_message(chat, chat.person.user(), content)
        return message, self.updates.add("message", message, chat.person.id)

    def press(self, chat: Chat, message: Message, data: str) -> int | None:
        """A person presses a button; the update."""
        if chat.person.blocked:
            raise DriverError("Tienes bloqueado al bot.")
        query: dict[str, Any] = {
            "id": str(secrets.randbits(62)),
            "from": chat.person.user(),
            "message": message,
            "chat_instance": str(chat.person.id * 7919),
            "data": data,
        }
        self.queries[query["id"]] = chat.person.id, self.clock()
        return self.updates.add("callback_query", query, chat.person.id)

    def take_query(self, id_: str) -> Chat | None:
        """The chat of a press that still waits for its answer; it can be answered once."""
        chat, since = self.queries.pop(id_, (0, self.clock()))
        return self.chats[chat] if chat and self.clock() - since <= CALLBACK_LIFE else None

    def block(self, chat: Chat, blocked: bool) -> None:
        """A person blocks the bot, or unblocks it."""
        if chat.person.blocked == blocked:
            return
        chat.person.blocked = blocked
        member = {"status": "member", "user": self.bot}
        kicked = {"status": "kicked", "user": self.bot, "until_date": 0}
        old, new = (member, kicked) if blocked else (kicked, member)
        told = {
            "chat": chat.person.chat(),
            "from": chat.person.user(),
            "date": int(self.clock().timestamp()),
            "old_chat_member": old,
            "new_chat_member": new,
        }
        self.updates.add("my_chat_member", told, chat.person.id)
        self.changed.send()

    def store(self, folder: str, name: str, mime: str, data: bytes) -> Stored:
        """Keep a file; the same bytes have the same unique id, and another file id each time."""
        suffix = f".{name.rsplit('.', 1)[1]}" if "." in name else ""
        path = f"{folder}/file_{next(self._file_numbers)}{suffix if suffix[1:].isalnum() else ''}"
        unique = hashlib.sha256(data).hexdigest()[:16]
        stored = Stored(secrets.token_urlsafe(40), unique, path, name, mime, data)
        self.files[stored.id] = stored
        return stored

    def action(self, chat: Chat) -> str:
        """What the bot seems to be doing now (`typing`), if anything."""
        what, since = chat.action or ("", self.clock())
        return what if self.clock() - since <= _ACTION_LIFE else ""
