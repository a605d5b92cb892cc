"""Password hashing with bcrypt."""

import asyncio
import base64
import hashlib
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from threading import BoundedSemaphore

import bcrypt

from bot.core.errors import ServiceUnavailableError

COST = 12
# Per thread: whoever comes when so many wait would wait for more than four seconds.
WAITING = 16


class BcryptHasher:
    """Implements the port `Hasher`.

    The work takes a quarter of a second, so it has threads of its own, half of them for those who are known:
    strangers can fill up neither the other half nor the threads of everything else.
    """

    def __init__(self, cost: int = COST) -> None:
        self._cost = cost
        self._lanes = {conocido: _Lane() for conocido in (False, True)}

    async def hash(self, password: str, *, conocido: bool = False) -> str:
        return await self._lanes[conocido].run(
            lambda: bcrypt.hashpw(_fitting(password), bcrypt.gensalt(self._cost)).decode()
        )

    async def verify(self, password: str, hashed: str | None, *, conocido: bool = False) -> bool:
        def matches() -> bool:
            # An unknown RUT costs the same time as a wrong password.
            known = hashed.encode() if hashed else _hash_of_nobody(self._cost)
            return bcrypt.checkpw(_fitting(password), known) and hashed is not None

        return await self._lanes[conocido].run(matches)


class _Lane:
    """Some threads, and a queue that is short enough to be worth waiting in."""

    def __init__(self) -> None:
        threads = max(1, (os.cpu_count() or 1) // 2)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="bcrypt")
        self._room = BoundedSemaphore(threads * (1 + WAITING))

    async def run[T](self, work: Callable[[], T]) -> T:
        """Do it in a thread.

        Raises:
            ServiceUnavailableError: if too many wait already.
        """
        if not self._room.acquire(blocking=False):
            raise ServiceUnavailableError()
        done = self._threads.submit(work)
        # Whoever goes away makes no room for another before the thread is free.
        done.add_done_callback(lambda _: self._room.release())
        return await asyncio.wrap_future(done)


@cache
def _hash_of_nobody(cost: int) -> bytes:
    return bcrypt.hashpw(b"", bcrypt.gensalt(cost))


def _fitting(password: str) -> bytes:
    """Bcrypt reads 72 bytes: longer passwords are hashed to 44 first, never cut."""
    raw = password.encode()
    return raw if len(raw) <= 72 else base64.b64encode(hashlib.sha256(raw).digest())
