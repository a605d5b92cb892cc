"""Reads the CSV files that SII's Registro de Compras y Ventas exports, row by row."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import BinaryIO

from bot.core.documentos import Documento, EstadoCompra, Libro, OtroImpuesto, Rechazo
from bot.core.errors import CsvNotCsvError
from bot.core.periodo import Periodo
from bot.core.rut import Rut
from bot.sii.rcv_columns import Columns, find_columns
from bot.sii.rcv_filename import check_file_name, guess_from_name
from bot.sii.rcv_lines import Line, open_lines, split_fields
from bot.sii.rcv_row import Row
from bot.sii.rcv_values import MAX_NAME, Key, RowError, identity

__all__ = ["check_file_name", "guess_from_name", "read_rcv"]

# A DTE carries 20 further taxes at most; a file of only continuation rows must not grow one document.
_MAX_IMPUESTOS = 100
_MAX_BEFORE = 1_000
# Where the counterpart's RUT may be the taxpayer's own.
_TIPOS_PROPIOS = {Libro.COMPRAS: {46}, Libro.VENTAS: {39, 41, 46}}


def read_rcv(
    archivo: BinaryIO, libro: Libro, periodo: Periodo, estado: EstadoCompra | None, dueno: Rut
) -> Iterator[Documento | Rechazo]:
    """Read an export of the register; what is wrong with the whole file raises here, before any row.

    Args:
        archivo: read once, forward, in blocks; closing it is the caller's.
        libro: the book that was exported.
        periodo: the month that was exported; an export does not tell it.
        estado: of purchases (None takes what the headers tell); ignored in ventas.
        dueno: the taxpayer whose register it is.

    Returns:
        One document per row that can be used, with the taxes of its continuation rows, and one Rechazo
        per physical line that cannot. Amounts in whole CLP as the file has them. `otros_campos` has the
        values other than 0 of further columns, by header; not `Nro`, which numbers the listing only.
        Memory is bounded, but for one key per document (about 0,12 KB) to find repeated ones.

    Raises:
        CsvNotCsvError: if it is no `;` separated text; `parece` tells what it seems ("un PDF").
        CsvColumnsError: if it lacks columns (`faltan`).
        CsvOtherBookError: if it is of another book or state (`parece`).

    Source: SII, exports of the "Registro de Compras y Ventas"; cl-sii reads the same files.
    """
    lines = open_lines(archivo)
    header = next((line for line in islice(lines, _MAX_BEFORE) if line.text.strip() or line.problem), None)
    if header is None or header.problem or ";" not in header.text:
        raise CsvNotCsvError(parece="un texto sin columnas separadas por punto y coma")
    columns = find_columns(split_fields(header.text, 0), libro, estado)
    return _Reader(libro, periodo, dueno, columns).read(lines)


class _Reader:
    """Turns lines into documents; keeps one document back until its continuation rows are over."""

    def __init__(self, libro: Libro, periodo: Periodo, dueno: Rut, columns: Columns) -> None:
        self.libro, self.periodo, self.dueno, self.columns = libro, periodo, dueno, columns
        # The SII ends every row with a `;`; files saved again elsewhere may not.
        self.full_width = columns.width + 1
        self.seen: dict[int, int] = {}
        self.pending: tuple[Key, Documento, list[OtroImpuesto]] | None = None

    def read(self, lines: Iterable[Line]) -> Iterator[Documento | Rechazo]:
        for line in lines:
            if not line.problem and not line.text.strip("; \t"):
                continue
            row = self._row(line)
            if isinstance(row, Rechazo) or not row.is_continuation:
                yield from self._release()
            rechazo = row if isinstance(row, Rechazo) else self._take(row, line.number)
            if rechazo is not None:
                yield rechazo
        yield from self._release()

    def _release(self) -> Iterator[Documento]:
        if self.pending is not None:
            _, documento, impuestos = self.pending
            self.pending = None
            if len(impuestos) > len(documento.otros_impuestos):
                documento = replace(documento, otros_impuestos=tuple(impuestos))
            yield documento

    def _row(self, line: Line) -> Row | Rechazo:
        if line.problem:
            return Rechazo(line.number, f"No se pudo leer: {line.problem}")
        width = self.columns.width
        fields = split_fields(line.text, width)
        if len(fields) < width:
            return Rechazo(line.number, f"La línea está cortada: trae {len(fields)} de {width} columnas")
        if not line.complete and len(fields) < self.full_width:
            return Rechazo(line.number, "La línea está cortada: el archivo termina en medio de ella")
        if any(field.strip() for field in fields[width:]):
            return Rechazo(line.number, f"La línea trae más valores que las {width} columnas del archivo")
        if line.complete:
            self.full_width = min(self.full_width, len(fields))
        return Row(fields, self.columns)

    def _take(self, row: Row, number: int) -> Rechazo | None:
        try:
            if row.is_continuation:
                self._add(row)
            else:
                self._start(row, number)
        except RowError as error:
            return Rechazo(number, str(error))
        return None

    def _start(self, row: Row, number: int) -> None:
        if row.is_blank:
            raise RowError("La línea trae solo su número: no tiene datos de un documento")
        key = row.key
        documento = self._documento(row, key)
        if documento.fecha >= self.periodo.plus(1).first_day:
            raise row.error("fecha", f"es posterior a {self.periodo.nombre}")
        self._check_owner(row, key)
        self._check_repeated(key, number)
        self.pending = key, documento, list(documento.otros_impuestos)

    def _add(self, row: Row) -> None:
        if self.pending is None or self.pending[0] != row.key:
            raise RowError("La línea agrega un impuesto a un documento que no es el anterior, o se rechazó")
        impuesto = row.impuesto
        if impuesto is not None:
            if len(self.pending[2]) >= _MAX_IMPUESTOS:
                raise RowError(f"El documento tiene más de {_MAX_IMPUESTOS} impuestos adicionales")
            self.pending[2].append(impuesto)

    def _documento(self, row: Row, key: Key) -> Documento:
        tipo, rut, folio = key
        if not row.text("total"):
            raise row.error("total", "")
        impuesto = row.impuesto
        return Documento(
            libro=self.libro,
            periodo=self.periodo,
            tipo=tipo,
            folio=folio,
            fecha=row.day("fecha"),
            contraparte_rut=rut,
            contraparte=row.text("nombre")[:MAX_NAME],
            monto_exento=row.amount("exento"),
            monto_neto=row.amount("neto"),
            monto_iva=row.amount("iva"),
            monto_total=row.amount("total"),
            estado=self.columns.estado,
            fecha_recepcion=row.moment("recepcion"),
            fecha_acuse=row.moment("acuse"),
            fecha_reclamo=row.moment("reclamo"),
            iva_no_recuperable=row.amount("no_recuperable"),
            iva_uso_comun=row.amount("uso_comun"),
            otros_impuestos=(impuesto,) if impuesto else (),
            otros_campos=row.otros_campos,
        )

    def _check_owner(self, row: Row, key: Key) -> None:
        if key[1] == self.dueno and key[0] not in _TIPOS_PROPIOS[self.libro]:
            raise row.error("rut", "es el propio contribuyente: el archivo puede ser de otro contribuyente")

    def _check_repeated(self, key: Key, number: int) -> None:
        first = self.seen.setdefault(identity(self.libro, key), number)
        if first != number:
            raise RowError(f"Folio: «{key[2]}» está repetido, ya viene en la línea {first}")
