"""Spreadsheets with XlsxWriter: row by row to the disk, so that memory does not grow with the documents."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from bot.core.documentos import Documento, Libro, tipo_documento
from bot.core.periodo import Periodo
from bot.core.resumen import MONTOS, OTROS, FilaResumen, Montos, Resumen
from bot.services.ports_informes import Caratula

_CLP = "$#,##0;[Red]-$#,##0"
_AMOUNTS = ("Exento", "Neto", "IVA", "Total")
_SUMMARIZED = (*MONTOS[:-1], "otros", MONTOS[-1])
_HEAD = {"bold": True, "bg_color": "#DCE9E5", "bottom": 1, "text_wrap": True, "valign": "top"}
_SIGNS = {1: "Suma", -1: "Resta", 0: "No suma"}
# Text is text: a name that starts with = + - @ is nobody's formula, and one with a link opens nothing.
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


@dataclass(frozen=True, slots=True)
class Columna:
    """A column of the detail; amounts come with the sign that the law gives them."""

    titulo: str
    ancho: int
    tipo: str
    valor: Callable[[Documento, int], Any]


def _amount(name: str) -> Callable[[Documento, int], int]:
    return lambda documento, signo: signo * int(getattr(documento, name))


_COLUMNAS = (
    Columna("Periodo", 10, "texto", lambda documento, _: str(documento.periodo)),
    Columna("Tipo", 7, "numero", lambda documento, _: documento.tipo),
    Columna("Documento", 30, "texto", lambda documento, _: tipo_documento(documento.tipo).nombre),
    Columna("Folio", 12, "numero", lambda documento, _: documento.folio),
    Columna("Fecha", 12, "fecha", lambda documento, _: documento.fecha),
    Columna("RUT", 13, "texto", lambda documento, _: documento.contraparte_rut.pretty),
    Columna("Razón social", 38, "texto", lambda documento, _: documento.contraparte),
    *(
        Columna(title, 16, "monto", _amount(name))
        for title, name in zip(_AMOUNTS, MONTOS, strict=True)
    ),
)  # fmt: skip
_SOLO_COMPRAS = (
    Columna("Estado", 13, "texto", lambda documento, _: documento.estado or ""),
    Columna("IVA no recuperable", 18, "monto", _amount("iva_no_recuperable")),
    Columna("IVA uso común", 16, "monto", _amount("iva_uso_comun")),
)


class XlsxPlanillas:
    """Implements the port `Planillas`."""

    def nueva(self, caratula: Caratula, libro: Libro) -> "XlsxPlanilla":
        """A spreadsheet of documents of one book."""
        return XlsxPlanilla(caratula, libro)


@dataclass
class _Hoja:
    """A sheet with documents, and the sums of what is in it."""

    sheet: Worksheet
    row: int
    sums: dict[int, int] = field(default_factory=dict)


class XlsxPlanilla:
    """Implements the port `Planilla`: a summary, the documents, and apart those that add to no total."""

    def __init__(self, caratula: Caratula, libro: Libro) -> None:
        self._caratula = caratula
        self._amounts = (*_AMOUNTS[:-1], OTROS[libro], _AMOUNTS[-1])
        self._columnas = _COLUMNAS + (_SOLO_COMPRAS if libro is Libro.COMPRAS else ())
        self._out = BytesIO()
        self._book = Workbook(self._out, _OPTIONS)
        self._book.set_properties({"title": caratula.que, "company": "Tributa"})
        self._formats = {
            "titulo": self._format(bold=True, font_size=14),
            "nota": self._format(font_color="#555555"),
            "cabeza": self._format(**_HEAD),
            "cabeza de cifras": self._format(**_HEAD, align="right"),
            "texto": self._format(num_format="@"),
            "signo": self._format(align="right"),
            "numero": self._format(num_format="0"),
            "fecha": self._format(num_format="dd-mm-yyyy", align="left"),
            "monto": self._format(num_format=_CLP),
            "suma": self._format(num_format=_CLP, bold=True, top=1),
            "cuenta": self._format(num_format="#,##0", bold=True, top=1),
            "pie": self._format(bold=True, top=1),
        }
        self._resumen = self._book.add_worksheet("Resumen")
        self._detalle = self._begin("Detalle")
        self._aparte: _Hoja | None = None

    def agregar(self, documentos: Sequence[Documento]) -> None:
        """Write documents below those that are there."""
        for documento in documentos:
            signo = tipo_documento(documento.tipo).signo
            if not signo and self._aparte is None:
                self._aparte = self._begin("Aparte (no suman)")
            hoja = self._detalle if signo or self._aparte is None else self._aparte
            self._write(hoja, documento, signo or 1)

    def cerrar(self, resumen: Resumen, por_periodo: Mapping[Periodo, Resumen]) -> bytes:
        """Add the totals and the summary, and give the file."""
        for hoja in filter(None, (self._detalle, self._aparte)):
            self._end(hoja)
        self._summarize(resumen, por_periodo)
        self._book.close()
        return self._out.getvalue()

    def descartar(self) -> None:
        """Remove the rows that wait on the disk; nothing once it is closed."""
        if not self._book.fileclosed:
            self._book.close()

    def _format(self, **properties: Any) -> Format:
        return self._book.add_format(properties)

    def _begin(self, name: str) -> _Hoja:
        """A sheet with its head: what is in it, and the columns, which stay in sight."""
        sheet = self._book.add_worksheet(name)
        head = self._head(sheet)
        for number, columna in enumerate(self._columnas):
            sheet.set_column(number, number, columna.ancho)
            kind = "cabeza de cifras" if columna.tipo == "monto" else "cabeza"
            sheet.write_string(head, number, columna.titulo, self._formats[kind])
        sheet.freeze_panes(head + 1, 0)
        _print_whole(sheet)
        sheet.repeat_rows(head)
        return _Hoja(sheet, head + 1)

    def _head(self, sheet: Worksheet) -> int:
        """Title, taxpayer, source and notes; the row below them."""
        who = self._caratula.contribuyente
        lines = (f"{who.nombre} · RUT {who.rut.pretty}", self._caratula.fuente, *self._caratula.notas)
        sheet.write_string(0, 0, self._caratula.que, self._formats["titulo"])
        for number, line in enumerate(lines, start=1):
            sheet.write_string(number, 0, line, self._formats["nota"])
        return len(lines) + 2

    def _write(self, hoja: _Hoja, documento: Documento, signo: int) -> None:
        writers: dict[str, Callable[..., Any]] = {
            "texto": hoja.sheet.write_string,
            "fecha": hoja.sheet.write_datetime,
        }
        for number, columna in enumerate(self._columnas):
            value = columna.valor(documento, signo)
            write = writers.get(columna.tipo, hoja.sheet.write_number)
            write(hoja.row, number, value, self._formats[columna.tipo])
            if columna.tipo == "monto":
                hoja.sums[number] = hoja.sums.get(number, 0) + value
        hoja.row += 1

    def _end(self, hoja: _Hoja) -> None:
        """Filters, and totals of what they let through."""
        head = len(self._caratula.notas) + 4
        if hoja.row == head + 1:
            hoja.sheet.write_string(hoja.row, 0, "Sin documentos.", self._formats["nota"])
            return
        hoja.sheet.autofilter(head, 0, hoja.row - 1, len(self._columnas) - 1)
        total = hoja.row + 1
        hoja.sheet.write_string(total, 0, "Total de lo que se ve", self._formats["pie"])
        for number, suma in sorted(hoja.sums.items()):
            letter = chr(ord("A") + number)
            formula = f"=SUBTOTAL(109,{letter}{head + 2}:{letter}{hoja.row})"
            hoja.sheet.write_formula(total, number, formula, self._formats["suma"], suma)

    def _summarize(self, resumen: Resumen, por_periodo: Mapping[Periodo, Resumen]) -> None:
        sheet = self._resumen
        for number, width in enumerate((38, 12, 16, 16, 16, 21, 16, 12)):
            sheet.set_column(number, number, width)
        _print_whole(sheet)
        row = self._head(sheet)
        row = self._table(sheet, row, "Tipo de documento", [_by_type(fila) for fila in resumen.filas])
        row = self._line(sheet, row, ("Total", resumen.totales, ""), "suma")
        if len(por_periodo) > 1:
            months = [(periodo.nombre, mes.totales, "") for periodo, mes in por_periodo.items()]
            self._table(sheet, row + 1, "Mes", months)

    def _table(self, sheet: Worksheet, row: int, what: str, lines: list[tuple[str, Montos, str]]) -> int:
        sheet.write_string(row, 0, what, self._formats["cabeza"])
        for number, title in enumerate(("Cantidad", *self._amounts, "En el total"), start=1):
            sheet.write_string(row, number, title, self._formats["cabeza de cifras"])
        row += 1
        for line in lines:
            row = self._line(sheet, row, line, "monto")
        return row

    def _line(self, sheet: Worksheet, row: int, line: tuple[str, Montos, str], kind: str) -> int:
        name, montos, sign = line
        words, count = ("pie", "cuenta") if kind == "suma" else ("texto", "numero")
        sheet.write_string(row, 0, name, self._formats[words])
        sheet.write_number(row, 1, montos.cantidad, self._formats[count])
        for number, amount in enumerate(_SUMMARIZED, start=2):
            sheet.write_number(row, number, getattr(montos, amount), self._formats[kind])
        last = 2 + len(_SUMMARIZED)
        sheet.write_string(row, last, sign, self._formats["pie" if kind == "suma" else "signo"])
        return row + 1


def _print_whole(sheet: Worksheet) -> None:
    """All columns on one page's width."""
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _by_type(fila: FilaResumen) -> tuple[str, Montos, str]:
    """A row with its sign; boletas have no documents in the detail."""
    signo = fila.tipo.signo
    name = fila.tipo.nombre + (" (sin detalle en el SII)" if fila.tipo.solo_resumen else "")
    return name, Montos().plus(fila.montos, signo or 1), _SIGNS[signo]
