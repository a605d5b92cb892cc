"""Passwords and sessions."""

import pytest

from bot.bootstrap import Services
from bot.core.errors import CredentialsError, NotAuthenticatedError
from bot.services.ports import Quien
from bot.storage.passwords import BcryptHasher
from tests.conftest import PASSWORD, A


async def test_a_new_password_ends_all_sessions(services: Services) -> None:
    """Who had come in with the old one is out; the same password again changes nothing."""
    token, _ = await services.acceso.login(A, PASSWORD)
    await services.acceso.add(A, "Comercial Alerce SpA", PASSWORD)
    assert await services.acceso.quien(token) == Quien(A)
    await services.acceso.add(A, "Comercial Alerce SpA", "otra clave")
    with pytest.raises(NotAuthenticatedError):
        await services.acceso.quien(token)
    with pytest.raises(CredentialsError):
        await services.acceso.login(A, PASSWORD)
    await services.acceso.login(A, "otra clave")


async def test_tokens_are_stored_hashed_and_never_repeat(services: Services) -> None:
    """Two logins give two long tokens, and neither is in the database."""
    tokens = {(await services.acceso.login(A, PASSWORD))[0] for _ in range(2)}
    assert len(tokens) == 2
    async with services.database.scope(A) as connection:
        stored = (
            await connection.exec_driver_sql("SELECT string_agg(sessions::text, '') FROM sessions")
        ).scalar_one()
    assert not any(token in stored for token in tokens)


@pytest.mark.parametrize("password", ["corta", "á" * 36, "á" * 37, "x" * 73, "x" * 300])
async def test_long_passwords_are_not_cut(password: str) -> None:
    """Beyond bcrypt's 72 bytes every character still counts."""
    hasher = BcryptHasher(cost=4)
    hashed = await hasher.hash(password)
    assert await hasher.verify(password, hashed)
    assert not await hasher.verify(password + "x", hashed)
    assert not await hasher.verify(password[:-1], hashed)
    assert not await hasher.verify(password, None)
