"""Password hashing."""

import asyncio
import threading

import bcrypt
import pytest

from bot.core.errors import ServiceUnavailableError
from bot.crypto import passwords
from bot.crypto.passwords import COST, BcryptHasher


@pytest.mark.parametrize("password", ["corta", "á" * 36, "á" * 37, "x" * 73, "x" * 300])
async def test_long_passwords_are_not_cut(password: str) -> None:
    """Beyond bcrypt's 72 bytes every character still counts."""
    hasher = BcryptHasher(cost=4)
    hashed = await hasher.hash(password)
    assert await hasher.verify(password, hashed)
    assert not await hasher.verify(password + "x", hashed)
    assert not await hasher.verify(password[:-1], hashed)
    assert not await hasher.verify(password, None)


async def test_the_cost_is_twelve_or_more() -> None:
    """As the contract asks; the hash itself says it."""
    assert COST >= 12
    assert (await BcryptHasher().hash("una clave")).startswith(f"$2b${COST}$")


async def test_strangers_keep_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """When too many wait the next stranger is refused; those who are known, and other threads, go on."""
    go, right = threading.Event(), bcrypt.checkpw

    def held(password: bytes, hashed: bytes) -> bool:
        return (password != b"lenta" or go.wait()) and right(password, hashed)

    hasher = BcryptHasher(cost=4)
    hashed = await hasher.hash("x")
    monkeypatch.setattr(bcrypt, "checkpw", held)
    told = [asyncio.create_task(hasher.verify("lenta", hashed)) for _ in range(1000)]
    refused, _ = await asyncio.wait(told, return_when=asyncio.FIRST_COMPLETED)
    try:
        assert {type(one.exception()) for one in refused} == {ServiceUnavailableError}
        with pytest.raises(ServiceUnavailableError):
            await hasher.verify("x", hashed)
        assert await hasher.verify("x", hashed, conocido=True)
        assert await asyncio.to_thread(lambda: True)
    finally:
        go.set()
    assert False in await asyncio.gather(*told, return_exceptions=True)
    assert await hasher.verify("x", hashed)


async def test_the_first_unknown_rut_holds_up_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The hash that it is compared with is made in a thread as well."""
    where: list[threading.Thread] = []
    make = bcrypt.hashpw
    monkeypatch.setattr(
        bcrypt, "hashpw", lambda *args: where.append(threading.current_thread()) or make(*args)
    )
    passwords._hash_of_nobody.cache_clear()
    assert not await BcryptHasher(cost=4).verify("x", None)
    assert where
    assert threading.main_thread() not in where
