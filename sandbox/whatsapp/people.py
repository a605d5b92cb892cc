"""The people who hold the phones, and what was said with each."""

import hashlib
import re
import secrets
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

_KEPT = 500
BSUID = re.compile(r"[A-Z]{2}\.(ENT\.)?\d{6,24}")


def bsuid_of(text: str) -> str:
    """The same person has the same id after a restart, as the product remembers them."""
    return f"CL.{int(hashlib.sha256(text.encode()).hexdigest(), 16) % 10**17:017}"


def new_wamid() -> str:
    """An id of a message."""
    return f"wamid.{secrets.token_urlsafe(24)}"


type Side = Literal["persona", "negocio"]
type State = Literal["sent", "delivered", "read", "failed"]
_RANK: dict[State, int] = {"sent": 0, "delivered": 1, "read": 2, "failed": 3}


@dataclass
class Message:
    """One message of a conversation; `content` has what depends on its kind, as the page shows it."""

    side: Side
    kind: str
    at: datetime
    text: str = ""
    content: dict[str, Any] = field(default_factory=dict)
    reply_to: str = ""
    tracker: str | None = None
    category: str = "service"
    state: State = "sent"
    error: dict[str, Any] | None = None
    id: str = field(default_factory=new_wamid)

    def reaches(self, state: State) -> bool:
        """Go on to a state; no way leads back."""
        if _RANK[state] <= _RANK[self.state]:
            return False
        self.state = state
        return True

    def as_json(self) -> dict[str, Any]:
        """As tests and the page read it."""
        empty: dict[str, Any] = {"botones": [], "lista": None, "plantilla": "", "codigo": ""}
        return {
            "id": self.id,
            "de": self.side,
            "tipo": self.kind,
            "texto": self.text,
            **empty,
            **self.content,
            "respuesta_a": self.reply_to,
            "estado": self.state,
            "error": self.error,
            "hora": self.at.isoformat(timespec="milliseconds"),
        }


@dataclass
class Person:
    """Who holds one phone. `phone` is `+569…`, or empty if WhatsApp does not show it."""

    name: str
    phone: str = ""
    bsuid: str = ""
    messages: deque[Message] = field(default_factory=lambda: deque(maxlen=_KEPT))
    last_written: float | None = None
    typing_until: float = 0
    changes: int = 0

    def __post_init__(self) -> None:
        self.bsuid = self.bsuid or bsuid_of(self.phone or self.name)

    @property
    def wa_id(self) -> str:
        return self.phone.removeprefix("+")

    @property
    def identity(self) -> str:
        """A hash that changes with the device."""
        return hashlib.sha256(f"{self.bsuid}:{self.changes}".encode()).hexdigest()[:12]

    def find(self, wamid: str) -> Message | None:
        """A message of this conversation."""
        return next((one for one in reversed(self.messages) if one.id == wamid), None)

    def as_json(self) -> dict[str, Any]:
        """As the page lists it."""
        return {"telefono": self.phone, "bsuid": self.bsuid, "nombre": self.name}


@dataclass
class People:
    """Everybody, in the order in which they came."""

    known: list[Person] = field(default_factory=list)

    def find(self, who: str) -> Person | None:
        """By phone, with or without its plus, or by BSUID."""
        name = who.strip()
        if BSUID.fullmatch(name):
            return next((one for one in self.known if one.bsuid == name), None)
        digits = re.sub(r"[+\-\s()]", "", name)
        return next((one for one in self.known if digits and one.wa_id == digits), None)

    def get(self, phone: str = "", bsuid: str = "", name: str = "") -> Person:
        """Whoever it is; a new person if nobody is."""
        digits = re.sub(r"\D", "", phone)
        found = self.find(bsuid or digits) or (self.find(digits) if digits else None)
        if found is None:
            shown = f"+{digits}" if digits else ""
            found = Person(name or shown or "Sin número", shown, bsuid)
            self.known.append(found)
        elif name:
            found.name = name
        return found

    def holding(self, wamid: str) -> tuple[Person, Message] | None:
        """A message and with whom it was exchanged."""
        for person in self.known:
            if message := person.find(wamid):
                return person, message
        return None
