"""Webhooks as WhatsApp writes them.

Source: "Webhooks: payload examples" and "Business-scoped user IDs" (developers.facebook.com).
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sandbox.whatsapp.errors import GraphError
from sandbox.whatsapp.people import Message, Person, new_wamid
from sandbox.whatsapp.settings import DISPLAY_NUMBER, Business, Faults

type Form = Literal["entradas", "cambios", "valores"]


@dataclass(frozen=True, slots=True)
class Update:
    """One thing that happened: the `value` of a change, and the person's message that it carries, if any."""

    value: dict[str, Any]
    wamid: str = ""


@dataclass(frozen=True, slots=True)
class Payloads:
    """Makes updates."""

    business: Business
    faults: Faults

    def message(self, person: Person, message: Message, body: dict[str, Any]) -> Update:
        """Something that a person sent; `body` has the type and what it holds."""
        head = {**self._sender(person), "id": message.id, "timestamp": stamp(message.at), **body}
        if message.reply_to:
            head["context"] = {"from": DISPLAY_NUMBER, "id": message.reply_to}
        return Update({**self._value(), "contacts": [self._contact(person)], "messages": [head]}, message.id)

    def status(self, person: Person, message: Message, state: str, at: datetime) -> Update:
        """What became of a message of the business."""
        status: dict[str, Any] = {"id": message.id, "status": state, "timestamp": stamp(at)}
        if person.phone:
            status["recipient_id"] = person.wa_id
        status["recipient_user_id"] = person.bsuid
        if message.tracker is not None:
            status["biz_opaque_callback_data"] = message.tracker
        contact = self._contact(person)
        if state == "failed":
            status["errors"] = [message.error]
            if message.error and message.error["code"] == 131026:
                contact.pop("user_id", None)  # nobody with that number is at WhatsApp
        else:
            status |= _price(person, message, state, at)
        return Update({**self._value(), "contacts": [contact], "statuses": [status]})

    def changed_number(self, person: Person, old: str, at: datetime) -> Update:
        """A person has another number, and with it another BSUID."""
        body = f"{person.name} changed from {old} to {person.wa_id}"
        system = {
            "body": body,
            "wa_id": person.wa_id,
            "user_id": person.bsuid,
            "type": "user_changed_number",
        }
        message = {"from": old, "id": new_wamid(), "timestamp": stamp(at), "type": "system", "system": system}
        return Update({**self._value(), "messages": [message]})

    def changed_identity(self, person: Person, at: datetime) -> Update:
        """A person's number moved to another device, perhaps to another hand."""
        system = {
            "body": f"{person.name}'s security code changed",
            "identity": person.identity,
            "customer": person.wa_id,
            "type": "customer_identity_changed",
        }
        identity = {"acknowledged": False, "created_timestamp": stamp(at), "hash": person.identity}
        message = {
            **self._sender(person),
            "id": new_wamid(),
            "timestamp": stamp(at),
            "type": "system",
            "system": system,
            "identity": identity,
        }
        return Update({**self._value(), "contacts": [self._contact(person)], "messages": [message]})

    def _value(self) -> dict[str, Any]:
        metadata = {"display_phone_number": DISPLAY_NUMBER, "phone_number_id": self.business.phone_id}
        return {"messaging_product": "whatsapp", "metadata": metadata}

    def _shows_phone(self, person: Person) -> bool:
        return bool(person.phone) and not self.faults.sin_telefono

    def _shows_id(self, person: Person) -> bool:
        return not (self.faults.sin_user_id and self._shows_phone(person))

    def _contact(self, person: Person) -> dict[str, Any]:
        contact: dict[str, Any] = {"profile": {"name": person.name}}
        if self._shows_phone(person):
            contact["wa_id"] = person.wa_id
        if self._shows_id(person):
            contact["user_id"] = person.bsuid
        return contact

    def _sender(self, person: Person) -> dict[str, Any]:
        sender = {"from": person.wa_id} if self._shows_phone(person) else {}
        return {**sender, "from_user_id": person.bsuid} if self._shows_id(person) else sender


def stamp(at: datetime) -> str:
    """A moment as webhooks write it."""
    return str(int(at.timestamp()))


def _price(person: Person, message: Message, state: str, at: datetime) -> dict[str, Any]:
    free = message.category == "service"
    pricing = {
        "billable": not free,
        "pricing_model": "PMP",
        "category": message.category,
        "type": "free_customer_service" if free else "regular",
    }
    opened = f"{person.bsuid}:{message.category}:{at.date()}"
    conversation: dict[str, Any] = {
        "id": hashlib.sha256(opened.encode()).hexdigest()[:32],
        "origin": {"type": message.category},
    }
    if state == "sent":
        conversation["expiration_timestamp"] = stamp(at + timedelta(days=1))
    return {"conversation": conversation, "pricing": pricing}


def bodies(
    updates: list[Update], waba_id: str, size: int, form: Form
) -> list[tuple[dict[str, Any], list[str]]]:
    """The POSTs for these updates, `size` in each, and the persons' messages that each carries."""
    made = []
    for start in range(0, len(updates), size):
        chunk = updates[start : start + size]
        values = [one.value for one in chunk]
        if form == "valores":
            values = _merged(values)
        changes = [{"value": value, "field": "messages"} for value in values]
        groups = [[one] for one in changes] if form == "entradas" else [changes]
        body = {
            "object": "whatsapp_business_account",
            "entry": [{"id": waba_id, "changes": group} for group in groups],
        }
        made.append((body, [one.wamid for one in chunk if one.wamid]))
    return made


def _merged(values: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One value with all messages, and one with all statuses."""
    merged = []
    for what in ("messages", "statuses"):
        same = [value for value in values if what in value]
        if same:
            contacts: list[dict[str, Any]] = []
            for value in same:
                contacts += [one for one in value.get("contacts", []) if one not in contacts]
            items = [item for value in same for item in value[what]]
            merged.append({**same[0], "contacts": contacts, what: items})
    return merged


def unsupported(kind: str) -> dict[str, Any]:
    """What comes for a message that the service does not pass on."""
    error = GraphError(131051, "Message type is currently not supported.", "Message type unknown")
    body: dict[str, Any] = {"type": "unsupported" if kind else "unknown", "errors": [error.in_webhook()]}
    if kind:
        body["unsupported"] = {"type": kind}
    return body
