"""How fast a bot may write: so many messages a second to one chat, and so many to all."""

from collections.abc import Callable
from datetime import datetime
from math import ceil

from pydantic import BaseModel, ConfigDict, Field

from sandbox.telegram.errors import too_many

Clock = Callable[[], datetime]


class Limits(BaseModel):
    """Messages a second; `rafaga` is how many may come at once to a chat that was silent."""

    model_config = ConfigDict(extra="forbid")

    por_chat: float = Field(1, gt=0)
    rafaga: int = Field(3, ge=1)
    total: float = Field(30, ge=1)


class Limiter:
    """Buckets that fill with time; the one of a chat and the one of all."""

    def __init__(self, clock: Clock, limits: Limits | None) -> None:
        self._clock = clock
        self.limits = limits
        self._buckets: dict[int, tuple[float, datetime]] = {}

    def reset(self, limits: Limits | None) -> None:
        """Begin anew, with full buckets; None is no limit at all."""
        self.limits = limits
        self._buckets.clear()

    def spend(self, chat: int) -> None:
        """One message to that chat.

        Raises:
            ApiError: 429, if it comes too soon; the message is then not counted.
        """
        if self.limits is None:
            return
        wanted = {chat: (self.limits.por_chat, self.limits.rafaga), 0: (self.limits.total, self.limits.total)}
        levels = {key: self._level(key, *rate) for key, rate in wanted.items()}
        missing = max((1 - level) / wanted[key][0] for key, level in levels.items())
        if missing > 0:
            raise too_many(max(1, ceil(missing)))
        now = self._clock()
        self._buckets |= {key: (level - 1, now) for key, level in levels.items()}

    def _level(self, key: int, rate: float, most: float) -> float:
        now = self._clock()
        level, since = self._buckets.get(key, (most, now))
        return min(most, level + max(0.0, (now - since).total_seconds()) * rate)
