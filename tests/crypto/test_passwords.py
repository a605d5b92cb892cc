"""Password hashing."""

import pytest

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
