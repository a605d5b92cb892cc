"""Chilean pesos: whole, shown as `$1.234.567`."""

import re
from decimal import Decimal

_MONTO = re.compile(r"\$?([0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+)(?:,0{1,2})?")
_TASA = re.compile(r"([0-9]{1,3}(?:[.,][0-9]{1,6})?)%?")


def format_clp(amount: int) -> str:
    """`1234567` → `$1.234.567`, `-500` → `-$500`."""
    sign = "-" if amount < 0 else ""
    return f"{sign}${format_number(abs(amount))}"


def format_number(number: int) -> str:
    """`1234` → `1.234`, for counts."""
    return f"{number:,}".replace(",", ".")


def format_decimal(number: Decimal) -> str:
    """`12.50` → `12,5`, for percentages."""
    return f"{number.normalize():f}".replace(".", ",")


def parse_clp(text: str) -> int:
    """`$ 1.234.567`, `1.234.567` or `1234567` → `1234567`.

    Raises:
        ValueError: if it is no amount of whole pesos as they are written in Chile.
    """
    found = _MONTO.fullmatch("".join(text.split()))
    if not found:
        raise ValueError("no es un monto en pesos, por ejemplo 1.234.567")
    return int(found[1].replace(".", ""))


def parse_decimal(text: str) -> Decimal:
    """`0,25`, `0.25` or `0,25 %` → `0.25`, for percentages.

    Raises:
        ValueError: if it is no percentage.
    """
    found = _TASA.fullmatch("".join(text.split()))
    if not found:
        raise ValueError("no es un porcentaje, por ejemplo 0,25")
    return Decimal(found[1].replace(",", "."))
