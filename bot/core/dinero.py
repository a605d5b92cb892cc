"""Chilean pesos: whole, shown as `$1.234.567`."""

from decimal import Decimal


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
