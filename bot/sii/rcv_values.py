"""What the register writes in one field, read strictly; for its exports and its service alike."""

import re
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.core.documentos import Libro
from bot.core.errors import RutInvalidError
from bot.core.rut import Rut

ZONE = ZoneInfo("America/Santiago")
MAX_AMOUNT = 10**13  # a hundred times the yearly sales of the largest company; sums of them fit
MAX_FOLIO = 2**63 - 1
MAX_TIPO = 9_999
MAX_IMPUESTO = 999_999
MAX_NAME = 200
# What the register writes where there is nothing to say.
VACIO = {"", "null", "-"}
SIN_DATO = {*VACIO, "0"}
_EMITE_EL_CLIENTE = {45, 46}
_YEARS = range(1990, 2101)
_INTEGER = re.compile(r"-?\d{1,19}", re.ASCII)
_TASA = re.compile(r"\d{1,3}(?:[.,]\d{1,20})?", re.ASCII)
_FECHA = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_MOMENTO = re.compile(r"(\d{1,2}/\d{1,2}/\d{4}) +(\d{1,2}):(\d{2})(?::(\d{2}))?", re.ASCII)

type Key = tuple[int, Rut, int]


class RowError(Exception):
    """A row that cannot be used; its text is the motive that the person reads."""


def field_error(name: str, value: str, motivo: str) -> RowError:
    """`Folio: «x» no es un número válido`, or that the value is missing."""
    shown = "".join(letter if letter.isprintable() else "?" for letter in value[:30])
    return RowError(f"{name}: «{shown}» {motivo}" if value else f"{name}: falta el valor")


def to_amount(text: str) -> int | None:
    """Whole CLP within what an amount can be."""
    return number if _INTEGER.fullmatch(text) and abs(number := int(text)) <= MAX_AMOUNT else None


def to_number(text: str, maximum: int) -> int | None:
    """A number from 1 to `maximum`."""
    return number if _INTEGER.fullmatch(text) and 1 <= (number := int(text)) <= maximum else None


def is_rate(text: str) -> bool:
    """A percentage as the SII writes it: `18`, `31.5`."""
    return _TASA.fullmatch(text) is not None


@lru_cache(maxsize=8192)
def to_rut(text: str) -> Rut | None:
    """A RUT whose check digit is right."""
    try:
        return Rut.parse(text)
    except RutInvalidError:
        return None


@lru_cache(maxsize=8192)
def to_day(text: str) -> date | None:
    """`23/06/2026`."""
    written = _FECHA.fullmatch(text)
    if written is None or int(written[3]) not in _YEARS:
        return None
    try:
        return date(int(written[3]), int(written[2]), int(written[1]))
    except ValueError:
        return None


def to_moment(text: str) -> datetime | None:
    """`23/06/2026 12:51:37`, Chile's legal time."""
    written = _MOMENTO.fullmatch(text)
    day = to_day(written[1]) if written else None
    if written is None or day is None:
        return None
    hour, minute, second = int(written[2]), int(written[3]), int(written[4] or 0)
    try:
        return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=ZONE)
    except ValueError:
        return None


def identity(libro: Libro, key: Key) -> int:
    """One number per document: a folio is unique per type and issuer, who is the supplier, or in sales
    the taxpayer or the client of a factura de compra."""
    tipo, rut, folio = key
    emisor = rut.number if libro is Libro.COMPRAS or tipo in _EMITE_EL_CLIENTE else 0
    return ((emisor << 14) + tipo << 63) + folio
