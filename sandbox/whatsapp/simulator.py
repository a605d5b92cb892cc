"""Everything together: who there is, what was said, and what is told to whom."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from sandbox.whatsapp.errors import GraphError
from sandbox.whatsapp.media import MediaStore
from sandbox.whatsapp.outgoing import Reader
from sandbox.whatsapp.payloads import Payloads
from sandbox.whatsapp.people import Message, People, Person, State, bsuid_of
from sandbox.whatsapp.rates import Rates
from sandbox.whatsapp.settings import Business, Clock, Faults
from sandbox.whatsapp.templates import Templates
from sandbox.whatsapp.webhook import Deliverer

TYPING_SECONDS = 25
_STATUS_DELAY = 0.02
_EVENTS_KEPT = 1000


@dataclass
class Events:
    """Tells open pages, and tests that wait, what happens."""

    queues: set[asyncio.Queue[dict[str, Any]]] = field(default_factory=set)

    def tell(self, what: dict[str, Any]) -> None:
        """Pass it on; who does not read loses it, and asks for everything again."""
        for queue in self.queues:
            with suppress(asyncio.QueueFull):
                queue.put_nowait(what)

    def subscribe(self) -> asyncio.Queue[dict[str, Any]]:
        """A queue of what happens from now on."""
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue(_EVENTS_KEPT)
        self.queues.add(queue)
        return queue


@dataclass
class Simulator:
    """The state of one simulator."""

    business: Business = field(default_factory=Business)
    clock: Clock = field(default_factory=Clock)
    faults: Faults = field(default_factory=Faults)
    people: People = field(default_factory=People)
    templates: Templates = field(default_factory=Templates)
    events: Events = field(default_factory=Events)

    def __post_init__(self) -> None:
        self.media = MediaStore(self.clock.seconds)
        self.rates = Rates(self.clock, self.faults)
        self.reader = Reader(self.media, self.templates)
        self.payloads = Payloads(self.business, self.faults)
        self.deliverer = Deliverer(self.business, self.faults, self._delivered, self.business.callback_url)

    def add(self, people: Iterable[tuple[str, str]]) -> None:
        """List phones (or nothing) with names beforehand."""
        for phone, name in people:
            self.people.get(phone, "" if phone else bsuid_of(name), name)

    def reset(self) -> None:
        """No faults any more."""
        for name in Faults.model_fields:
            setattr(self.faults, name, getattr(Faults(), name))

    def show(self, person: Person, message: Message) -> None:
        """Add a message to a conversation, and tell it."""
        person.messages.append(message)
        self.tell(person, mensaje=message.as_json())

    def tell(self, person: Person, **what: Any) -> None:
        """Tell open pages something about a person."""
        self.events.tell({"persona": person.as_json(), **what})

    def from_person(self, person: Person, message: Message, body: dict[str, Any]) -> Message:
        """A person sends something."""
        person.last_written = self.clock.seconds()
        self.show(person, message)
        self.deliverer.put(self.payloads.message(person, message, body))
        return message

    def from_business(self, person: Person, message: Message, late: GraphError | None) -> None:
        """The business sends something that was accepted; `late` is why it fails nevertheless."""
        person.typing_until = 0
        self.show(person, message)
        if late is not None:
            message.error = late.in_webhook()
            self._soon(lambda: self.reach(person, message, "failed"))
            return
        states: tuple[State, ...] = ("sent", "delivered")
        if self.faults.lectura_automatica:
            states = (*states, "read")
        self._soon(lambda: self._go_through(person, message, states))

    def _go_through(self, person: Person, message: Message, states: Iterable[State]) -> None:
        for state in states:
            self.reach(person, message, state)

    def reach(self, person: Person, message: Message, state: State) -> None:
        """A message of the business comes so far, and the webhook hears of it."""
        if message.reaches(state) or (state == "sent" and message.state == "sent"):
            now = self.clock.now()
            self.deliverer.put(self.payloads.status(person, message, state, now))
            self.tell(person, estado={"id": message.id, "estado": message.state, "error": message.error})

    def read_by_person(self, person: Person) -> None:
        """The person looks at the conversation."""
        for message in person.messages:
            if message.side == "negocio" and message.state == "delivered":
                self.reach(person, message, "read")

    def read_by_business(self, wamid: str, *, typing: bool) -> None:
        """The business marks a message, and all before it, as read.

        Raises:
            GraphError: if there is no such message.
        """
        found = self.people.holding(wamid)
        if found is None or found[1].side != "persona":
            raise GraphError(131009, "message_id does not exist")
        person, last = found
        for message in person.messages:
            if message.side == "persona" and message.reaches("read"):
                self.tell(person, estado={"id": message.id, "estado": "read", "error": None})
            if message is last:
                break
        if typing:
            person.typing_until = self.clock.seconds() + TYPING_SECONDS
            self.tell(person, escribiendo=TYPING_SECONDS)

    def _delivered(self, wamids: list[str]) -> None:
        """The product took messages of persons."""
        for wamid in wamids:
            found = self.people.holding(wamid)
            if found and found[1].reaches("delivered"):
                state = {"id": wamid, "estado": "delivered", "error": None}
                self.tell(found[0], estado=state)

    def _soon(self, act: Callable[[], object]) -> None:
        """After the answer to the request, as a rule."""
        asyncio.get_running_loop().call_later(_STATUS_DELAY, act)
