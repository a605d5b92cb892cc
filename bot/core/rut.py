"""RUT: Chile's tax id, a number and a check digit."""

import re
from dataclasses import dataclass
from itertools import cycle
from typing import Self

from bot.core.errors import RutInvalidError

_TYPED = re.compile(r"(\d{1,8}|\d{1,3}[.,]\d{3}|\d{1,2}(?:[.,]\d{3}){2})[-–—]?([\dkK])", re.ASCII)


def check_digit(number: int) -> str:
    """DV of a RUT body: mod 11 with weights 2..7 from the right; 11 is 0 and 10 is K."""
    total = sum(int(digit) * weight for digit, weight in zip(reversed(str(number)), cycle(range(2, 8))))
    return "0123456789K"[-total % 11]


@dataclass(frozen=True, slots=True, order=True)
class Rut:
    """A valid RUT. `str()` is the canonical `76192083-9`."""

    number: int

    @property
    def dv(self) -> str:
        return check_digit(self.number)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a RUT as people type it: dots, spaces, no dash, lower-case k.

        Raises:
            RutInvalidError: if it is no RUT or its check digit does not match.
        """
        typed = _TYPED.fullmatch(re.sub(r"\s", "", text).lstrip("0")) if text.isprintable() else None
        if typed is None:
            raise RutInvalidError(rut=text[:20])
        number = int(re.sub(r"[.,]", "", typed[1]))
        if check_digit(number) != typed[2].upper():
            raise RutInvalidError(rut=text[:20])
        return cls(number)

    @property
    def pretty(self) -> str:
        """As shown to people: `76.192.083-9`."""
        return f"{self.number:,}".replace(",", ".") + f"-{self.dv}"

    def __str__(self) -> str:
        return f"{self.number}-{self.dv}"


_IN_TEXT = re.compile(r"(?<![\d.])\d{1,2}[.,]?\d{3}[.,]?\d{3}\s?[-–—]?\s?[\dkK](?![\dA-Za-z])", re.ASCII)


def find_rut(text: str) -> Rut | None:
    """The first valid RUT of a company or person in a message: `es el 76.192.083-9, gracias`."""
    for found in _IN_TEXT.finditer(text):
        try:
            return Rut.parse(found[0])
        except RutInvalidError:
            continue
    return None


# All foreign buyers share this RUT.
FOREIGN = Rut(55_555_555)
