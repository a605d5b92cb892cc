"""Encryption and keyed hashes with keys that are not in the database.

The secret is one key, or several with commas between them, the newest first: what the older ones encrypted
can still be read, so keys can be changed while everything runs.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Sequence
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.core.errors import ServiceUnavailableError


class Llavero:
    """Implements the ports `Cifrador` and `Sello`; `read` gives the secret as it is now."""

    def __init__(self, read: Callable[[], str]) -> None:
        self._read = read

    @property
    def llave(self) -> str:
        """The fingerprint of the newest key."""
        return fingerprint(self._keys()[0])

    def encrypt(self, texto: str) -> str:
        return _fernet(tuple(self._keys())).encrypt(texto.encode()).decode()

    def decrypt(self, cifrado: str) -> str:
        """Raises ServiceUnavailableError if none of the keys fits."""
        try:
            return _fernet(tuple(self._keys())).decrypt(cifrado.encode()).decode()
        except InvalidToken:
            raise ServiceUnavailableError() from None

    def digest(self, proposito: str, *partes: str) -> str:
        """HMAC-SHA256 with the newest key."""
        return _digest(self._keys()[0], proposito, partes)

    def digests(self, proposito: str, *partes: str) -> Sequence[str]:
        """The same with each key: what was hashed before a change of keys is still recognised."""
        return [_digest(key, proposito, partes) for key in self._keys()]

    def _keys(self) -> list[str]:
        return split_keys(self._read())


def split_keys(secret: str) -> list[str]:
    """The keys of a secret, newest first."""
    return [key.strip() for key in secret.split(",") if key.strip()]


def fingerprint(key: str) -> str:
    """Names a key without telling it."""
    return _derive(key, "huella").hex()[:16]


def _digest(key: str, proposito: str, partes: Sequence[str]) -> str:
    # Lengths keep ("ab", "c") and ("a", "bc") apart.
    message = "".join(f"{len(parte.encode())}:{parte}" for parte in partes).encode()
    return hmac.new(_derive(key, f"sello:{proposito}"), message, hashlib.sha256).hexdigest()


@lru_cache(maxsize=8)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derive(key, "cifrado"))) for key in keys])


@lru_cache(maxsize=64)
def _derive(key: str, proposito: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=f"tributa:{proposito}".encode()).derive(key.encode())
