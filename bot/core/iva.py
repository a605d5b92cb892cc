"""An estimate of form 29 from the register's rows of one month.

Source of the codes: SII, form 29; rules in the SII's "Registro de Compras y Ventas".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from bot.core.dinero import format_clp
from bot.core.resumen import FilaResumen, Resumen

_FACTURAS = frozenset({29, 30, 33, 40, 43})
_BOLETAS = frozenset({35, 39})
_COMPROBANTES = frozenset({48})
_DEBITO = frozenset({55, 56})
_CREDITO = frozenset({60, 61})
_EXENTAS = frozenset({32, 34, 38, 41})
_EXPORTACION = frozenset({101, 104, 106, 110, 111, 112})
_IMPORTACION = frozenset({914})
# In a factura de compra the buyer keeps the IVA: who declares how much, the register does not tell.
_RETENIDO = frozenset({45, 46})
# What only the taxpayer knows: the code of what is carried over, of the rate, of what was withheld.
REMANENTE, PPM, RETENCIONES = 504, 115, 151
_NOMBRES = {
    REMANENTE: "tu remanente del mes anterior (código 504)",
    PPM: "tu tasa de PPM (código 115)",
    RETENCIONES: "lo que retuviste en boletas de honorarios (código 151)",
}
# The documents that make the month's débito and crédito and name a counterparty.
CON_IVA = tuple(sorted(_FACTURAS | _DEBITO | _CREDITO | _IMPORTACION))


@dataclass(frozen=True, slots=True)
class Linea:
    """A line of the form: its code, what it is, and its value in whole CLP (a count, or for 115 percent)."""

    codigo: int
    glosa: str
    valor: int | Decimal


@dataclass(frozen=True, slots=True)
class F29:
    """The estimate, line by line, and what it leaves out or takes for granted."""

    lineas: tuple[Linea, ...]
    notas: tuple[str, ...]

    def valor(self, codigo: int) -> int | Decimal:
        """The value of a line; 0 if the form has none."""
        return next((linea.valor for linea in self.lineas if linea.codigo == codigo), 0)


@dataclass(frozen=True, slots=True)
class Supuestos:
    """What the register does not know, from the taxpayer; whole CLP, the rate in percent.

    `retenciones` is what was withheld from fees (BHE). `uso_comun` is the IVA of purchases for taxed and
    exempt sales alike, of which a part is credit.
    """

    remanente: int | None = None
    tasa_ppm: Decimal | None = None
    retenciones: int | None = None
    uso_comun: int = 0

    @property
    def desconocidos(self) -> tuple[int, ...]:
        """The codes that nobody has told."""
        known = ((REMANENTE, self.remanente), (PPM, self.tasa_ppm), (RETENCIONES, self.retenciones))
        return tuple(codigo for codigo, value in known if value is None)

    def or_else(self, contado: Mapping[int, Decimal]) -> "Supuestos":
        """The same, with what was told before (by code) where this says nothing."""
        remanente, tasa, retenciones = (contado.get(codigo) for codigo in _NOMBRES)
        return replace(
            self,
            remanente=_whole(remanente) if self.remanente is None else self.remanente,
            tasa_ppm=tasa if self.tasa_ppm is None else self.tasa_ppm,
            retenciones=_whole(retenciones) if self.retenciones is None else self.retenciones,
        )


def estimate_f29(ventas: Resumen, compras: Resumen, supuestos: Supuestos) -> F29:
    """Estimate form 29 of one month.

    Args:
        ventas, compras: rows of the same month; of purchases only those in REGISTRO.

    Returns:
        Lines with their codes. 89 (IVA to pay) and 77 (carried over) are never both positive.
    """
    debes = _debits(ventas)
    haberes = _credits(compras, supuestos.remanente or 0)
    debe = _value(debes, 538)
    haber = _value(haberes, 537)
    determinado, remanente = max(0, debe - haber), max(0, haber - debe)
    taxed = frozenset(_all(ventas)) - _RETENIDO
    base = _signed(ventas.filas, "monto_neto", taxed) + _signed(ventas.filas, "monto_exento", taxed)
    result = [
        Linea(89, "IVA determinado", determinado),
        Linea(77, "Remanente para el mes siguiente", remanente),
        Linea(563, "Base de PPM (ventas netas y exentas)", base),
    ]
    ppm = 0
    if supuestos.tasa_ppm is not None:
        ppm = int((max(0, base) * supuestos.tasa_ppm / 100).quantize(Decimal(1), ROUND_HALF_UP))
        result.append(Linea(115, "Tasa de PPM (%)", supuestos.tasa_ppm))
        result.append(Linea(62, f"PPM ({supuestos.tasa_ppm.normalize():f} %)".replace(".", ","), ppm))
    retenido = supuestos.retenciones or 0
    if supuestos.retenciones is not None:
        result.append(Linea(151, "Retención de boletas de honorarios", retenido))
    result.append(Linea(91, "Total a pagar (estimado)", determinado + ppm + retenido))
    return F29((*debes, *haberes, *result), _notes(ventas, compras, supuestos))


def _debits(ventas: Resumen) -> list[Linea]:
    exempt = _signed(ventas.filas, "monto_exento", frozenset(_all(ventas)) - _EXPORTACION - _RETENIDO)
    lines = [
        Linea(585, "Exportaciones: documentos", _count(ventas, _EXPORTACION)),
        Linea(20, "Exportaciones: monto", _signed(ventas.filas, "monto_total", _EXPORTACION)),
        Linea(586, "Ventas exentas: documentos", _count(ventas, _EXENTAS)),
        Linea(142, "Ventas exentas: monto", exempt),
        Linea(503, "Facturas emitidas", _count(ventas, _FACTURAS)),
        Linea(502, "Facturas: débito", _iva(ventas, _FACTURAS)),
        Linea(110, "Boletas", _count(ventas, _BOLETAS)),
        Linea(111, "Boletas: débito", _iva(ventas, _BOLETAS)),
        Linea(758, "Comprobantes de pago electrónico", _count(ventas, _COMPROBANTES)),
        Linea(759, "Comprobantes: débito", _iva(ventas, _COMPROBANTES)),
        Linea(512, "Notas de débito emitidas", _count(ventas, _DEBITO)),
        Linea(513, "Notas de débito: débito", _iva(ventas, _DEBITO)),
        Linea(509, "Notas de crédito emitidas", _count(ventas, _CREDITO)),
        Linea(510, "Notas de crédito: rebaja del débito", _iva(ventas, _CREDITO)),
    ]
    debit = sum(_value(lines, code) for code in (502, 111, 759, 513)) - _value(lines, 510)
    return [*lines, Linea(538, "Total débitos", debit)]


def _credits(compras: Resumen, remanente: int) -> list[Linea]:
    lines = [
        Linea(519, "Facturas recibidas", _count(compras, _FACTURAS)),
        Linea(520, "Facturas recibidas: crédito", _iva(compras, _FACTURAS)),
        Linea(527, "Notas de crédito recibidas", _count(compras, _CREDITO)),
        Linea(528, "Notas de crédito: rebaja del crédito", _iva(compras, _CREDITO)),
        Linea(531, "Notas de débito recibidas", _count(compras, _DEBITO)),
        Linea(532, "Notas de débito: crédito", _iva(compras, _DEBITO)),
        Linea(534, "Declaraciones de ingreso", _count(compras, _IMPORTACION)),
        Linea(535, "Importaciones: crédito", _iva(compras, _IMPORTACION)),
    ]
    net = sum(_value(lines, code) for code in (520, 532, 535)) - _value(lines, 528)
    return [
        *lines,
        Linea(511, "Crédito neto del mes", net),
        Linea(504, "Remanente del mes anterior", remanente),
        Linea(537, "Total créditos", net + remanente),
    ]


def _notes(ventas: Resumen, compras: Resumen, supuestos: Supuestos) -> tuple[str, ...]:
    notes = ["Es una estimación con tu registro: revísala con la propuesta del SII antes de declarar."]
    if supuestos.remanente:
        notes.append("El remanente va sin reajustar: la ley lo reajusta (art. 27 DL 825).")
    if unknown := [_NOMBRES[codigo] for codigo in supuestos.desconocidos]:
        names = f"{', '.join(unknown[:-1])} ni {unknown[-1]}" if len(unknown) > 1 else unknown[0]
        notes.append(f"No sé {names}: el total no lo considera.")
    notes.append("El total tampoco incluye otros impuestos ni otras retenciones, como el Impuesto Único.")
    if supuestos.uso_comun:
        amount = format_clp(supuestos.uso_comun)
        notes.append(f"Hay {amount} de IVA de uso común: solo una parte es crédito y no la sumé.")
    for resumen, libro in ((ventas, "ventas"), (compras, "compras")):
        kept = [fila for fila in resumen.filas if fila.tipo.codigo in _RETENIDO]
        kept += resumen.aparte
        notes += [
            f"En {libro} dejé fuera {fila.tipo.contado(fila.montos.cantidad)}"
            f" (IVA {format_clp(fila.montos.monto_iva)}): su trato depende del caso."
            for fila in kept
        ]
    return tuple(notes)


def _whole(value: Decimal | None) -> int | None:
    return None if value is None else int(value)


def _all(resumen: Resumen) -> Sequence[int]:
    return [fila.tipo.codigo for fila in resumen.filas]


def _value(lines: Sequence[Linea], code: int) -> int:
    return int(next(line.valor for line in lines if line.codigo == code))


def _count(resumen: Resumen, tipos: frozenset[int]) -> int:
    return sum(fila.montos.cantidad for fila in resumen.filas if fila.tipo.codigo in tipos)


def _iva(resumen: Resumen, tipos: frozenset[int]) -> int:
    """Positive, credit notes too: the form has a line of its own for them."""
    return sum(fila.montos.monto_iva for fila in resumen.filas if fila.tipo.codigo in tipos)


def _signed(filas: Sequence[FilaResumen], monto: str, tipos: frozenset[int]) -> int:
    return sum(
        fila.tipo.signo * int(getattr(fila.montos, monto)) for fila in filas if fila.tipo.codigo in tipos
    )
