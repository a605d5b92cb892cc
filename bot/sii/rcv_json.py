"""The rows of the register as the SII's service gives them: the register's own, and its export as JSON."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from bot.core.documentos import Documento, EstadoCompra, Libro, OtroImpuesto, Rechazo, tipo_documento
from bot.core.periodo import Periodo
from bot.core.resumen import FilaResumen, Montos
from bot.core.rut import Rut
from bot.core.texto import storable
from bot.services.ports_sii import FilaSii
from bot.sii.rcv_values import (
    MAX_FOLIO,
    MAX_IMPUESTO,
    MAX_NAME,
    MAX_TIPO,
    SIN_DATO,
    VACIO,
    RowError,
    field_error,
    identity,
    is_rate,
    to_amount,
    to_day,
    to_moment,
    to_number,
    to_rut,
)

# Role → its names in the register's rows and in those of `rcv_csv`; the first that has a value is read.
# Source: SII, consdcv (getResumen, getDetalleCompra, getDetalleVenta); API Gateway, `tipo=rcv_csv`.
_NAMES = {
    "tipo": ("detTipoDoc", "dte"),
    "rut": ("detRutDoc", "rut"),
    "dv": ("detDvDoc", "dv"),
    "nombre": ("detRznSoc", "razon_social"),
    "folio": ("detNroDoc", "folio"),
    "fecha": ("detFchDoc", "fecha"),
    "recepcion": ("detFecRecepcion", "fecha_recepcion", "fecha_recepcion_sii"),
    "acuse": ("detFecAcuse", "fecha_acuse"),
    "reclamo": ("detFecReclamado", "fecha_reclamo", "fecha_reclamado"),
    "exento": ("detMntExe", "exento", "monto_exento"),
    "neto": ("detMntNeto", "neto", "monto_neto"),
    "iva": ("detMntIVA", "iva", "monto_iva"),
    "total": ("detMntTotal", "total", "monto_total"),
    "no_recuperable": ("detMntIVANoRec", "iva_no_recuperable_monto", "iva_no_recuperable"),
    "uso_comun": ("detIVAUsoComun", "iva_uso_comun"),
    "impuesto": ("impuesto_codigo",),
    "valor": ("impuesto_monto", "impuesto_valor"),
    "tasa": ("impuesto_tasa",),
    "fila_tipo": ("rsmnTipoDocInteger",),
    "fila_cantidad": ("rsmnTotDoc",),
    "fila_exento": ("rsmnMntExe",),
    "fila_neto": ("rsmnMntNeto",),
    "fila_iva": ("rsmnMntIVA",),
    "fila_total": ("rsmnMntTotal",),
}
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.\d+)?)?", re.ASCII)


def read_resumen(filas: Sequence[Any]) -> tuple[FilaSii, ...]:
    """The totals by type; the SII's amounts in whole CLP, positive.

    Documents can be asked for where they came one by one (`DET_ELE`) and the SII links to them: boletas
    come as totals (`RESUMEN`, no link), paper as what the taxpayer typed in.

    Raises:
        RowError: if any row cannot be read, for totals with a row missing are wrong.
    """
    return tuple(_fila(_Row(fila)) for fila in filas)


def _fila(row: "_Row") -> FilaSii:
    cantidad = row.amount("fila_cantidad")
    if cantidad < 0:
        raise row.error("fila_cantidad", "no es una cantidad")
    montos = Montos(cantidad, *(row.amount(f"fila_{monto}") for monto in ("exento", "neto", "iva", "total")))
    crudo = row.values
    detalle = crudo.get("dcvTipoIngresoDoc") == "DET_ELE" and crudo.get("rsmnLink") is not False
    fila = FilaResumen(tipo_documento(row.number("fila_tipo", MAX_TIPO)), montos)
    return FilaSii(fila, detalle and cantidad > 0, {name: _plain(value) for name, value in crudo.items()})


def read_detalle(
    filas: Sequence[Any], libro: Libro, periodo: Periodo, estado: EstadoCompra | None, tipo: int
) -> tuple[Documento | Rechazo, ...]:
    """One document per row that can be used, and a Rechazo (its row's number, from 1) per one that cannot.

    Args:
        filas: in either shape; amounts may be `1000`, `1000.0` or `"1000"`.
        libro: the book that was asked for.
        periodo: the month that was asked for.
        estado: of purchases; None in ventas.
        tipo: the type that was asked for, for rows that tell none.

    Returns:
        Amounts in whole CLP as the register has them. `otros_campos` has what no column takes, by the
        register's names, without what is null, blank or 0, as an import of an export does it.
    """
    seen: dict[int, int] = {}
    return tuple(
        _document(fila, number, seen, libro, periodo, estado, tipo)
        for number, fila in enumerate(filas, start=1)
    )


def _document(
    fila: Any,
    number: int,
    seen: dict[int, int],
    libro: Libro,
    periodo: Periodo,
    estado: EstadoCompra | None,
    tipo: int,
) -> Documento | Rechazo:
    try:
        documento = _Row(fila).documento(libro, periodo, estado, tipo)
        key = documento.tipo, documento.contraparte_rut, documento.folio
        first = seen.setdefault(identity(libro, key), number)
        if first != number:
            raise RowError(f"Folio: «{documento.folio}» está repetido, ya viene en la fila {first}")
    except RowError as error:
        return Rechazo(number, str(error))
    return documento


class _Row:
    """The values of one row by role; remembers which it gave."""

    def __init__(self, fila: Any) -> None:
        if not isinstance(fila, dict):
            raise RowError("La fila no trae los datos de un documento")
        self.values: Mapping[str, Any] = {storable(name): value for name, value in fila.items()}
        self.used: set[str] = set()

    def name(self, role: str) -> str:
        names = _NAMES[role]
        return next((name for name in names if _text(self.values.get(name)) not in VACIO), names[0])

    def text(self, role: str) -> str:
        name = self.name(role)
        self.used.add(name)
        value = _text(self.values.get(name))
        return "" if value in VACIO else value

    def amount(self, role: str) -> int:
        amount = to_amount(self.text(role) or "0")
        if amount is None:
            raise self.error(role, "no es un monto entero en pesos")
        return amount

    def number(self, role: str, maximum: int) -> int:
        number = to_number(self.text(role), maximum)
        if number is None:
            raise self.error(role, "no es un número válido")
        return number

    def rut(self) -> Rut:
        """`76192083` and `9`, or `76192083-9`; never a body alone, whose last digit would pass for a DV."""
        body, dv = self.text("rut"), self.text("dv")
        rut = to_rut(f"{body}-{dv}" if dv and "-" not in body else body) if dv or "-" in body else None
        if rut is None:
            raise field_error(self.name("rut"), f"{body}-{dv}".strip("-"), "no es un RUT válido")
        return rut

    def moment(self, role: str) -> datetime | None:
        written = _day_first(self.text(role))
        if not written:
            return None
        moment = to_moment(written) or to_moment(f"{written} 00:00:00")
        if moment is None:
            raise self.error(role, "no es una fecha y hora válida (día/mes/año hora:minuto:segundo)")
        return moment

    def day(self, role: str) -> date:
        day = to_day(_day_first(self.text(role)).partition(" ")[0])
        if day is None:
            raise self.error(role, "no es una fecha válida (día/mes/año)")
        return day

    def impuesto(self) -> OtroImpuesto | None:
        """The register's rows tell no code, only `totalDtoiMontoImp`, which stays in `otros_campos`."""
        codigo, valor, tasa = self.text("impuesto"), self.amount("valor"), self.text("tasa")
        if codigo in SIN_DATO and not valor:
            return None
        if tasa and not is_rate(tasa):
            raise self.error("tasa", "no es una tasa")
        return OtroImpuesto(self.number("impuesto", MAX_IMPUESTO), valor, tasa or None)

    def error(self, role: str, motivo: str) -> RowError:
        return field_error(self.name(role), self.text(role), motivo)

    def documento(self, libro: Libro, periodo: Periodo, estado: EstadoCompra | None, tipo: int) -> Documento:
        if not self.text("total"):
            raise self.error("total", "")
        impuesto = self.impuesto()
        return Documento(
            libro=libro,
            periodo=periodo,
            tipo=tipo if tipo and self.text("tipo") in SIN_DATO else self.number("tipo", MAX_TIPO),
            folio=self.number("folio", MAX_FOLIO),
            fecha=self.day("fecha"),
            contraparte_rut=self.rut(),
            contraparte=self.text("nombre")[:MAX_NAME],
            monto_exento=self.amount("exento"),
            monto_neto=self.amount("neto"),
            monto_iva=self.amount("iva"),
            monto_total=self.amount("total"),
            estado=estado,
            fecha_recepcion=self.moment("recepcion"),
            fecha_acuse=self.moment("acuse"),
            fecha_reclamo=self.moment("reclamo"),
            iva_no_recuperable=self.amount("no_recuperable"),
            iva_uso_comun=self.amount("uso_comun"),
            otros_impuestos=(impuesto,) if impuesto else (),
            otros_campos=self.otros_campos,
        )

    @property
    def otros_campos(self) -> dict[str, str]:
        """What no role has read."""
        others = ((name, _text(value)) for name, value in self.values.items() if name not in self.used)
        return {name: value for name, value in others if value not in SIN_DATO}


def _plain(value: Any) -> Any:
    """A value of a row that JSONB takes; what is nested becomes its text."""
    return value if value is None or isinstance(value, bool | int | float) else _text(value)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return storable(value).strip()
    if type(value) is int or (isinstance(value, float) and math.isfinite(value) and value.is_integer()):
        return str(int(value))
    try:
        return json.dumps(value)
    except RecursionError:
        raise RowError("La fila trae un valor que no se puede leer") from None


def _day_first(text: str) -> str:
    """`2026-06-23 12:51` as the register would write it: `23/06/2026 12:51`."""
    iso = _ISO.fullmatch(text)
    return f"{iso[3]}/{iso[2]}/{iso[1]} {iso[4] or ''}".strip() if iso else text
