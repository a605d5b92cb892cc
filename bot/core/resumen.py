"""Totals of the register, with the signs that the law gives them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.core.documentos import Documento, Libro, TipoDocumento, tipo_documento
from bot.core.errors import PeriodoMixedError

# The amounts of a document, a row or a total, as the register's tables and our answers name them.
MONTOS = ("monto_exento", "monto_neto", "monto_iva", "monto_total")
# What people read of `Montos.otros`.
OTROS = {Libro.VENTAS: "Otros impuestos", Libro.COMPRAS: "Otros impuestos o IVA no recuperable"}


@dataclass(frozen=True, slots=True)
class Montos:
    """A count of documents and their amounts in whole CLP."""

    cantidad: int = 0
    monto_exento: int = 0
    monto_neto: int = 0
    monto_iva: int = 0
    monto_total: int = 0

    def plus(self, other: "Montos", signo: int = 1) -> "Montos":
        """Add the amounts of `other` times `signo`; its documents are always counted."""
        return Montos(
            self.cantidad + other.cantidad,
            self.monto_exento + signo * other.monto_exento,
            self.monto_neto + signo * other.monto_neto,
            self.monto_iva + signo * other.monto_iva,
            self.monto_total + signo * other.monto_total,
        )

    @property
    def otros(self) -> int:
        """What the total has beside these: other taxes and, of purchases, IVA that cannot be recovered."""
        return self.monto_total - self.monto_exento - self.monto_neto - self.monto_iva


@dataclass(frozen=True, slots=True)
class FilaResumen:
    """One document type of one month, positive as the register gives it."""

    tipo: TipoDocumento
    montos: Montos


@dataclass(frozen=True, slots=True)
class Resumen:
    """Rows by type and their total, where credit notes subtract.

    Types of unknown sign are in `filas`, and in no amount of `totales` (see `aparte`).
    """

    filas: tuple[FilaResumen, ...]
    totales: Montos

    @property
    def aparte(self) -> tuple[FilaResumen, ...]:
        """The rows that `totales` leaves out."""
        return tuple(fila for fila in self.filas if fila.tipo.signo == 0)


def total(filas: Iterable[FilaResumen]) -> Resumen:
    """Total rows by type, of one or several months; rows of the same type are joined.

    Args:
        filas: in any order; may be empty.

    Returns:
        Rows ordered by code and the signed totals in whole CLP.

    Source: SII, "Registro de Compras y Ventas", codes 60, 61, 106, 112 subtract.
    """
    por_tipo: dict[int, FilaResumen] = {}
    totales = Montos()
    for fila in filas:
        codigo = fila.tipo.codigo
        junta = por_tipo.get(codigo)
        por_tipo[codigo] = replace(fila, montos=junta.montos.plus(fila.montos)) if junta else fila
        if fila.tipo.signo:
            totales = totales.plus(fila.montos, fila.tipo.signo)
    return Resumen(tuple(por_tipo[codigo] for codigo in sorted(por_tipo)), totales)


def summarize(documentos: Iterable[Documento]) -> Resumen:
    """Total the documents of one book and one month; credit notes subtract.

    Args:
        documentos: in any order; may be empty.

    Returns:
        Count and exento, neto, iva, total in whole CLP, by type and signed in all.

    Raises:
        PeriodoMixedError: if two documents belong to different months or books.

    Source: SII, "Registro de Compras y Ventas", codes 60, 61, 106, 112.
    """
    por_tipo: defaultdict[int, Montos] = defaultdict(Montos)
    origen = None
    for documento in documentos:
        propio = (documento.libro, documento.periodo)
        if origen not in (None, propio):
            raise PeriodoMixedError()
        origen = propio
        por_tipo[documento.tipo] = por_tipo[documento.tipo].plus(
            Montos(
                1,
                documento.monto_exento,
                documento.monto_neto,
                documento.monto_iva,
                documento.monto_total,
            )
        )
    return total(FilaResumen(tipo_documento(codigo), montos) for codigo, montos in por_tipo.items())
