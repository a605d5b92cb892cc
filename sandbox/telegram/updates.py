"""What the bot has not read yet, for polling and for the webhook."""

import asyncio
import itertools
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sandbox.telegram.errors import ApiError
from sandbox.telegram.limits import Clock

POLL_SECONDS = 50
KEPT = timedelta(hours=24)
_WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active;"
    " use deleteWebhook to delete the webhook first"
)
_OTHER_POLLER = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
)
_WEBHOOK_SET = "Conflict: terminated by setWebhook request"


def first_id() -> int:
    """Where numbers begin: bots remember what they have seen, so numbers go on after the simulator's restart.

    The demo's clock begins anew each time, so that one does not do.
    """
    return int(time.time()) - 1_600_000_000


class Signal:
    """Wakes whoever waits for news."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self.count = 0  # who was busy when it came sees it here

    def send(self) -> None:
        self.count += 1
        self._event.set()
        self._event = asyncio.Event()

    async def wait(self, seconds: float | None = None) -> bool:
        """Whether there was news in time."""
        try:
            await asyncio.wait_for(self._event.wait(), seconds)
        except TimeoutError:
            return False
        return True


@dataclass(frozen=True)
class Pending:
    """An update and whose chat it comes from."""

    update: dict[str, Any]
    chat: int
    since: datetime

    @property
    def id(self) -> int:
        return int(self.update["update_id"])


@dataclass(frozen=True)
class Webhook:
    """Where updates go to."""

    url: str
    secret: str
    connections: int


class Updates:
    """The queue; what was not fetched in a day is lost, as in Telegram."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ids = itertools.count(first_id())
        self._pending: dict[int, Pending] = {}
        self._poller: object | None = None
        self.closed = False
        self.allowed: frozenset[str] = frozenset()
        self.webhook: Webhook | None = None
        self.last_error: tuple[datetime, str] | None = None
        self.news = Signal()

    def add(self, kind: str, payload: dict[str, Any], chat: int) -> int | None:
        """Queue one; None if the bot asked not to be told of its kind."""
        if self.allowed and kind not in self.allowed:
            return None
        pending = Pending({"update_id": next(self._ids), kind: payload}, chat, self._clock())
        self._pending[pending.id] = pending
        self.news.send()
        return pending.id

    def pending(self) -> list[Pending]:
        """Oldest first, without those that are too old."""
        oldest = self._clock() - KEPT
        self._pending = {key: one for key, one in self._pending.items() if one.since > oldest}
        return list(self._pending.values())

    def drop(self, ids: Iterable[int]) -> None:
        """They were read."""
        for one in ids:
            self._pending.pop(one, None)

    def clear(self) -> None:
        """Forget all (`drop_pending_updates`)."""
        self._pending.clear()

    def set_webhook(self, webhook: Webhook | None) -> bool:
        """Use that one from now on; whether it is another than before."""
        changed, self.webhook = self.webhook != webhook, webhook
        if changed:
            self.last_error = None
        self.news.send()
        return changed

    def close(self) -> None:
        """Let those who wait go; the simulator stops."""
        self.closed = True
        self.news.send()

    async def poll(self, offset: int, limit: int, seconds: float) -> list[dict[str, Any]]:
        """What getUpdates answers.

        Raises:
            ApiError: 409, if there is a webhook, or another poller comes while this one waits.
        """
        if self.webhook:
            raise ApiError(409, _WEBHOOK_ACTIVE)
        me = self._poller = object()
        self.news.send()
        self._confirm(offset)
        until = asyncio.get_running_loop().time() + min(max(seconds, 0), POLL_SECONDS)
        while not self.closed:
            if found := self.pending()[:limit]:
                return [one.update for one in found]
            left = until - asyncio.get_running_loop().time()
            if left <= 0 or not await self.news.wait(left):
                return []
            self._check(me)
        return []

    def _check(self, me: object) -> None:
        if self.webhook:
            raise ApiError(409, _WEBHOOK_SET)
        if self._poller is not me:
            raise ApiError(409, _OTHER_POLLER)

    def _confirm(self, offset: int) -> None:
        known = [one.id for one in self.pending()]
        self.drop(known[:offset] if offset < 0 else [one for one in known if one < offset])
