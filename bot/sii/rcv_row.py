"""One row of an export: its fields by role, read strictly."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.core.documentos import OtroImpuesto
from bot.core.errors import RutInvalidError
from bot.core.rut import Rut
from bot.sii.rcv_columns import Columns

_ZONE = ZoneInfo("America/Santiago")
_BIGINT = 2**63 - 1
_MAX_AMOUNT = 10**13  # a hundred times the yearly sales of the largest company; sums of them fit
_YEARS = range(1990, 2101)
_MAX_TIPO = 9_999
_MAX_IMPUESTO = 999_999
_VACIO = {"", "null", "-"}
_SIN_DATO = {*_VACIO, "0"}
_INTEGER = re.compile(r"-?\d{1,19}", re.ASCII)
_TASA = re.compile(r"\d{1,3}(?:[.,]\d{1,20})?", re.ASCII)
_FECHA = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_MOMENTO = re.compile(r"(\d{1,2}/\d{1,2}/\d{4}) +(\d{1,2}):(\d{2})(?::(\d{2}))?", re.ASCII)

type Key = tuple[int, Rut, int]


class RowError(Exception):
    """A row that cannot be used; its text is the motive that the person reads."""


@dataclass(slots=True)
class Row:
    """The fields of one line, by role."""

    fields: list[str]
    columns: Columns

    def text(self, role: str) -> str:
        value = self.fields[self.columns.index[role]].strip() if role in self.columns.index else ""
        return "" if value in _VACIO else value

    def amount(self, role: str) -> int:
        """Whole CLP; an empty one is 0."""
        value = self.text(role)
        if not value:
            return 0
        if _INTEGER.fullmatch(value) and abs(number := int(value)) <= _MAX_AMOUNT:
            return number
        raise self.error(role, "no es un monto entero en pesos")

    def number(self, role: str, maximum: int) -> int:
        value = self.text(role)
        if _INTEGER.fullmatch(value) and 1 <= (number := int(value)) <= maximum:
            return number
        raise self.error(role, "no es un número válido")

    def rut(self, role: str) -> Rut:
        rut = _rut(self.text(role))
        if rut is None:
            raise self.error(role, "no es un RUT válido")
        return rut

    def day(self, role: str) -> date:
        day = _day(self.text(role))
        if day is None:
            raise self.error(role, "no es una fecha válida (día/mes/año)")
        return day

    def moment(self, role: str) -> datetime | None:
        value = self.text(role)
        if not value:
            return None
        moment = _moment(value)
        if moment is None:
            raise self.error(role, "no es una fecha y hora válida (día/mes/año hora:minuto:segundo)")
        return moment

    def error(self, role: str, motivo: str) -> RowError:
        header, value = self.columns.header[role], self.text(role)[:30]
        shown = "".join(letter if letter.isprintable() else "?" for letter in value)
        return RowError(f"{header}: «{shown}» {motivo}" if value else f"{header}: falta el valor")

    @property
    def key(self) -> Key:
        return self.number("tipo", _MAX_TIPO), self.rut("rut"), self.number("folio", _BIGINT)

    @property
    def is_blank(self) -> bool:
        """Nothing but its number."""
        nro = self.columns.index["nro"]
        if self.text("tipo"):
            return False
        return not any(field.strip() for number, field in enumerate(self.fields) if number != nro)

    @property
    def is_continuation(self) -> bool:
        """A row that only adds a tax to the document before it."""
        return not (self.text("nro") or self.text("total") or self.text("recepcion"))

    @property
    def impuesto(self) -> OtroImpuesto | None:
        """The further tax of this row."""
        codigo, tasa = self.text("impuesto"), self.text("tasa")
        valor = self.amount("valor")
        if codigo in _SIN_DATO and not valor and tasa in _SIN_DATO:
            return None
        if tasa and not _TASA.fullmatch(tasa):
            raise self.error("tasa", "no es una tasa")
        return OtroImpuesto(self.number("impuesto", _MAX_IMPUESTO), valor, tasa or None)

    @property
    def otros_campos(self) -> dict[str, str]:
        values = ((header, self.fields[number].strip()) for number, header in self.columns.otros)
        return {header: value for header, value in values if value not in _SIN_DATO}


@lru_cache(maxsize=8192)
def _rut(text: str) -> Rut | None:
    try:
        return Rut.parse(text)
    except RutInvalidError:
        return None


@lru_cache(maxsize=8192)
def _day(text: str) -> date | None:
    written = _FECHA.fullmatch(text)
    if written is None or int(written[3]) not in _YEARS:
        return None
    try:
        return date(int(written[3]), int(written[2]), int(written[1]))
    except ValueError:
        return None


def _moment(text: str) -> datetime | None:
    written = _MOMENTO.fullmatch(text)
    day = _day(written[1]) if written else None
    if written is None or day is None:
        return None
    try:
        return datetime(
            day.year,
            day.month,
            day.day,
            int(written[2]),
            int(written[3]),
            int(written[4] or 0),
            tzinfo=_ZONE,
        )
    except ValueError:
        return None
