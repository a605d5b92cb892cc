"""The columns of the register's exports, by book and state."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.core.documentos import EstadoCompra, Libro
from bot.core.errors import CsvColumnsError, CsvOtherBookError

# Source: SII, exports of the "Registro de Compras y Ventas"; cl-sii 0.79 expects the same.
_COMUNES = {
    "nro": "Nro",
    "tipo": "Tipo Doc",
    "nombre": "Razon Social",
    "folio": "Folio",
    "fecha": "Fecha Docto",
    "recepcion": "Fecha Recepcion",
    "exento": "Monto Exento",
    "neto": "Monto Neto",
}
_VENTAS = _COMUNES | {
    "rut": "Rut cliente",
    "acuse": "Fecha Acuse Recibo",
    "reclamo": "Fecha Reclamo",
    "iva": "Monto IVA",
    "total": "Monto total",
    "impuesto": "Codigo Otro Imp.",
    "valor": "Valor Otro Imp.",
    "tasa": "Tasa Otro Imp.",
}
_COMPRAS = _COMUNES | {
    "rut": "RUT Proveedor",
    "iva": "Monto IVA Recuperable",
    "no_recuperable": "Monto Iva No Recuperable",
    "uso_comun": "IVA uso Comun",
    "total": "Monto Total",
    "impuesto": "Codigo Otro Impuesto",
    "valor": "Valor Otro Impuesto",
    "tasa": "Tasa Otro Impuesto",
}
_POR_ESTADO = {
    EstadoCompra.REGISTRO: {"acuse": "Fecha Acuse"},
    EstadoCompra.NO_INCLUIR: {"acuse": "Fecha Acuse"},
    EstadoCompra.RECLAMADO: {"reclamo": "Fecha Reclamo"},
    EstadoCompra.PENDIENTE: {},
}
ESTADO_EN_PALABRAS = {
    EstadoCompra.REGISTRO: "en registro",
    EstadoCompra.PENDIENTE: "pendientes",
    EstadoCompra.NO_INCLUIR: "marcadas como no incluir",
    EstadoCompra.RECLAMADO: "reclamadas",
}


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each role is in a row, under which header, and the further columns (index, header)."""

    index: Mapping[str, int]
    header: Mapping[str, str]
    otros: Sequence[tuple[int, str]]
    width: int
    estado: EstadoCompra | None


def find_columns(headers: Sequence[str], libro: Libro, estado: EstadoCompra | None) -> Columns:
    """Find the columns of a book and state; case, accents, dots and spaces do not matter.

    Args:
        headers: the first line's fields; empty ones at its end do not count.
        libro: the book that the file should be.
        estado: of purchases; None takes the one that the headers tell.

    Raises:
        CsvOtherBookError: `parece` says of which book or state the file seems to be.
        CsvColumnsError: `faltan` names what is missing.
    """
    width = max((number for number, name in enumerate(headers, start=1) if name.strip()), default=0)
    found: dict[str, int] = {}
    for number, name in enumerate(headers[:width]):
        found.setdefault(plain(name), number)
    propio = estado_of(found) if libro is Libro.COMPRAS else None
    asked = (estado or propio) if libro is Libro.COMPRAS else None
    wanted = (
        _VENTAS if libro is Libro.VENTAS else _COMPRAS | _POR_ESTADO.get(asked or EstadoCompra.PENDIENTE, {})
    )
    _check(found, wanted, libro, asked, propio)
    index = {role: found[plain(name)] for role, name in wanted.items()}
    used = set(index.values())
    otros = [
        (number, name.strip() or f"Columna {number + 1}")
        for number, name in enumerate(headers[:width])
        if number not in used
    ]
    header = {role: headers[number].strip() for role, number in index.items()}
    return Columns(index, header, otros, width, asked)


def plain(name: str) -> str:
    """`Monto Total`, ` MONTO  TOTAL.` → `montototal`."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    return "".join(letter for letter in letters if letter.isalnum())


def estado_of(found: Mapping[str, int]) -> EstadoCompra | None:
    """The state of purchases that the headers tell: only REGISTRO and NO_INCLUIR have an acuse, and of
    those only REGISTRO has the columns of tobacco."""
    acuse, reclamo = "fechaacuse" in found, "fechareclamo" in found
    if acuse and reclamo:
        return None
    if acuse:
        return EstadoCompra.REGISTRO if "tabacospuros" in found else EstadoCompra.NO_INCLUIR
    return EstadoCompra.RECLAMADO if reclamo else EstadoCompra.PENDIENTE


def _check(
    found: Mapping[str, int],
    wanted: Mapping[str, str],
    libro: Libro,
    asked: EstadoCompra | None,
    propio: EstadoCompra | None,
) -> None:
    faltan = ", ".join(name for name in wanted.values() if plain(name) not in found)
    otro = Libro.COMPRAS if libro is Libro.VENTAS else Libro.VENTAS
    if faltan and _looks_like(otro, found) and not _looks_like(libro, found):
        raise CsvOtherBookError(parece=otro.value)
    if propio is not None and propio is not asked and _looks_like(libro, found):
        raise CsvOtherBookError(parece=f"{libro} {ESTADO_EN_PALABRAS[propio]}")
    if faltan or (libro is Libro.COMPRAS and asked is None):
        raise CsvColumnsError(faltan=faltan or "Fecha Acuse o Fecha Reclamo, una sola de las dos")


def _looks_like(libro: Libro, found: Mapping[str, int]) -> bool:
    return ("rutcliente" if libro is Libro.VENTAS else "rutproveedor") in found
