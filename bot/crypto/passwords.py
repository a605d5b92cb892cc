"""Password hashing with bcrypt."""

import asyncio
import base64
import hashlib
from functools import cache

import bcrypt

COST = 12


class BcryptHasher:
    """Implements the port `Hasher`; the work is done in a thread, for it takes a quarter of a second."""

    def __init__(self, cost: int = COST) -> None:
        self._cost = cost

    async def hash(self, password: str) -> str:
        salt = bcrypt.gensalt(self._cost)
        return (await asyncio.to_thread(bcrypt.hashpw, _fitting(password), salt)).decode()

    async def verify(self, password: str, hashed: str | None) -> bool:
        # An unknown RUT costs the same time as a wrong password.
        known = hashed.encode() if hashed else _hash_of_nobody(self._cost)
        matches = await asyncio.to_thread(bcrypt.checkpw, _fitting(password), known)
        return matches and hashed is not None


@cache
def _hash_of_nobody(cost: int) -> bytes:
    return bcrypt.hashpw(b"", bcrypt.gensalt(cost))


def _fitting(password: str) -> bytes:
    """Bcrypt reads 72 bytes: longer passwords are hashed to 44 first, never cut."""
    raw = password.encode()
    return raw if len(raw) <= 72 else base64.b64encode(hashlib.sha256(raw).digest())
