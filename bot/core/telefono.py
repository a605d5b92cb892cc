"""Phone numbers as people write them, kept as +56912345678 (E.164)."""

import re

from bot.core.errors import PhoneInvalidError

_CHILEAN_MOBILE = re.compile(r"(?:\+?0{0,2}56)?0?(9\d{8})", re.ASCII)
# No country's mobile phones are +9 and eight digits: that is a Chilean one whose 56 was left out, or a slip.
_FOREIGN = re.compile(r"\+(?!56|9\d{8}\Z)[1-9]\d{7,14}", re.ASCII)


def parse_telefono(texto: str) -> str:
    """`9 1234 5678`, `56912345678` and `+56 9 1234 5678` are the same Chilean mobile phone.

    Numbers of other countries need their `+` and country code.

    Raises:
        PhoneInvalidError: if it is no phone, or a Chilean number that is not a mobile one.
    """
    plain = re.sub(r"[\s().\-]", "", texto.strip())
    mobile = _CHILEAN_MOBILE.fullmatch(plain)
    if mobile:
        return f"+56{mobile[1]}"
    if not _FOREIGN.fullmatch(plain):
        raise PhoneInvalidError()
    return plain


def mask_telefono(telefono: str) -> str:
    """Enough to recognise one's own: `+56 9 •••• 5678`; of short numbers fewer digits at the end."""
    return f"{telefono[:3]} {telefono[3:4]} •••• {telefono[max(8, len(telefono) - 4) :]}"
