"""One row of an export: its fields by role, read strictly."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.core.documentos import OtroImpuesto
from bot.core.rut import Rut
from bot.sii.rcv_columns import Columns
from bot.sii.rcv_values import (
    MAX_FOLIO,
    MAX_IMPUESTO,
    MAX_TIPO,
    SIN_DATO,
    VACIO,
    Key,
    RowError,
    field_error,
    is_rate,
    to_amount,
    to_day,
    to_moment,
    to_number,
    to_rut,
)


@dataclass(slots=True)
class Row:
    """The fields of one line, by role."""

    fields: list[str]
    columns: Columns

    def text(self, role: str) -> str:
        value = self.fields[self.columns.index[role]].strip() if role in self.columns.index else ""
        return "" if value in VACIO else value

    def amount(self, role: str) -> int:
        """Whole CLP; an empty one is 0."""
        amount = to_amount(self.text(role) or "0")
        if amount is None:
            raise self.error(role, "no es un monto entero en pesos")
        return amount

    def number(self, role: str, maximum: int) -> int:
        number = to_number(self.text(role), maximum)
        if number is None:
            raise self.error(role, "no es un número válido")
        return number

    def rut(self, role: str) -> Rut:
        rut = to_rut(self.text(role))
        if rut is None:
            raise self.error(role, "no es un RUT válido")
        return rut

    def day(self, role: str) -> date:
        day = to_day(self.text(role))
        if day is None:
            raise self.error(role, "no es una fecha válida (día/mes/año)")
        return day

    def moment(self, role: str) -> datetime | None:
        value = self.text(role)
        if not value:
            return None
        moment = to_moment(value)
        if moment is None:
            raise self.error(role, "no es una fecha y hora válida (día/mes/año hora:minuto:segundo)")
        return moment

    def error(self, role: str, motivo: str) -> RowError:
        return field_error(self.columns.header[role], self.text(role), motivo)

    @property
    def key(self) -> Key:
        return self.number("tipo", MAX_TIPO), self.rut("rut"), self.number("folio", MAX_FOLIO)

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
        if codigo in SIN_DATO and not valor and tasa in SIN_DATO:
            return None
        if tasa and not is_rate(tasa):
            raise self.error("tasa", "no es una tasa")
        return OtroImpuesto(self.number("impuesto", MAX_IMPUESTO), valor, tasa or None)

    @property
    def otros_campos(self) -> dict[str, str]:
        values = ((header, self.fields[number].strip()) for number, header in self.columns.otros)
        return {header: value for header, value in values if value not in SIN_DATO}
