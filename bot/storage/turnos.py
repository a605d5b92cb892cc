"""Whose turn it is: what concerns one person on one channel happens one thing after another."""

import hashlib


def turn(canal: str, canal_id: str) -> str:
    """The lock of somebody's jobs; it names nobody."""
    return _hash(f"{canal}:{canal_id}")


def fingerprint(canal: str, mensaje_id: str) -> str:
    """What tells a message that came before; channels' own ids hold phone numbers."""
    return _hash(f"{canal}/{mensaje_id}")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:40]
