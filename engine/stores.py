"""What the engine remembers: recent conversations, in memory, and locks that are handed over at once.

The engine keeps nothing of taxpayers on disk. What a conversation was about is kept by the application
and comes back with the next message, so an engine may die at any time.
"""

from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.lock import TicketLock
from rasa.core.lock_store import LOCK_LIFETIME, InMemoryLockStore
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

MAXIMUM_CONVERSATIONS = 5_000
MAXIMUM_EVENTS = 60


class RecentTrackerStore(InMemoryTrackerStore):
    """The most recent conversations and of each the most recent events: memory is bounded."""

    def __init__(self, domain: Domain, event_broker: EventBroker | None = None, **kwargs: Any) -> None:
        kwargs.pop("host", None)
        super().__init__(domain, event_broker, max_event_history=MAXIMUM_EVENTS, **kwargs)
        self.store: OrderedDict[str, str] = OrderedDict()

    async def save(self, tracker: DialogueStateTracker) -> None:
        await super().save(tracker)
        self.store.move_to_end(tracker.sender_id)
        while len(self.store) > MAXIMUM_CONVERSATIONS:
            self.store.popitem(last=False)


class FastLockStore(InMemoryLockStore):
    """Rasa's lock in memory, asked every 20 ms instead of every second."""

    def __init__(self, endpoint_config: Any | None = None) -> None:
        super().__init__()

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = LOCK_LIFETIME,
        wait_time_in_seconds: float = 0.02,
    ) -> AsyncIterator[TicketLock]:
        async with super().lock(conversation_id, lock_lifetime, wait_time_in_seconds) as lock:
            yield lock
