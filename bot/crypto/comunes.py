"""Passwords that everybody tries first: the list of zxcvbn (30,000 of the most used)."""

from functools import cache

from zxcvbn.frequency_lists import FREQUENCY_LISTS


class CommonPasswords:
    """Implements the port `Comunes`."""

    def is_common(self, password: str) -> bool:
        """Whether it is on the list, in capitals or not, with spaces around it or not."""
        return password.strip().lower() in _listed()


@cache
def _listed() -> frozenset[str]:
    return frozenset(FREQUENCY_LISTS["passwords"])
