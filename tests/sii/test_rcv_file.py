"""Files that are refused as a whole, before any row."""

import codecs
import io
from pathlib import Path

import pytest

from bot.core.documentos import EstadoCompra, Libro
from bot.core.errors import CsvColumnsError, CsvNotCsvError, CsvOtherBookError
from bot.core.periodo import Periodo
from bot.core.rut import Rut
from bot.sii.rcv_csv import read_rcv
from bot.sii.rcv_lines import open_lines

DATA = Path(__file__).parent / "data"
DUENO = Rut(76192083)
PERIODO = Periodo(2025, 12)
VENTA_OTROS = DATA / "RCV-venta-multiple-dte-referencias.csv"
REGISTRO = DATA / "RCV-compra-registro-rz_leading_trailing_whitespace.csv"
RECLAMADO = DATA / "RCV-compra-reclamado.csv"
PENDIENTE = DATA / "RCV-compra-pendiente-rz_leading_trailing_whitespace.csv"

SIN_COLUMNAS = "un texto sin columnas separadas por punto y coma"


@pytest.mark.parametrize(
    ("raw", "parece"),
    [
        (b"", "un archivo vacío"),
        (b"\n \r\n", "un archivo vacío"),
        (codecs.BOM_UTF8, "un archivo vacío"),
        (codecs.BOM_UTF16_LE, "un archivo vacío"),
        (b"%PDF-1.7\n;", "un PDF"),
        (b"PK\x03\x04;", "una planilla de Excel o un archivo comprimido"),
        (b"\xd0\xcf\x11\xe0;", "una planilla de Excel"),
        (b"\x1f\x8b\x08;", "un archivo comprimido"),
        (b"  <!DOCTYPE html><html>;", "una página web"),
        (b"Nro;Tipo\0 Doc\n", "un archivo binario"),
        (codecs.BOM_UTF32_LE + "a;b".encode("utf-32-le"), "un archivo binario"),
        (b"Nro,Tipo Doc,Folio\n", SIN_COLUMNAS),
        (b"hola", SIN_COLUMNAS),
        (b"a;" * 100_000, SIN_COLUMNAS),
    ],
)
def test_not_csv(raw: bytes, parece: str) -> None:
    """A file that is no `;` separated text is refused before any row, and told what it seems to be."""
    with pytest.raises(CsvNotCsvError) as error:
        read_rcv(io.BytesIO(raw), Libro.COMPRAS, PERIODO, None, DUENO)
    assert error.value.params == {"parece": parece}


@pytest.mark.parametrize(
    ("path", "libro", "estado", "parece"),
    [
        (VENTA_OTROS, Libro.COMPRAS, EstadoCompra.REGISTRO, "ventas"),
        (REGISTRO, Libro.VENTAS, None, "compras"),
        (REGISTRO, Libro.COMPRAS, EstadoCompra.PENDIENTE, "compras en registro"),
        (REGISTRO, Libro.COMPRAS, EstadoCompra.NO_INCLUIR, "compras en registro"),
        (RECLAMADO, Libro.COMPRAS, EstadoCompra.REGISTRO, "compras reclamadas"),
        (PENDIENTE, Libro.COMPRAS, EstadoCompra.RECLAMADO, "compras pendientes"),
    ],
)
def test_other_book(path: Path, libro: Libro, estado: EstadoCompra | None, parece: str) -> None:
    """A file of the other book or of another state is refused by its headers."""
    with path.open("rb") as archivo, pytest.raises(CsvOtherBookError) as error:
        read_rcv(archivo, libro, PERIODO, estado, DUENO)
    assert error.value.params == {"parece": parece}


def test_missing_columns() -> None:
    """What is missing is named as the SII writes it."""
    headers = REGISTRO.read_bytes().replace(b"Folio;", b"").replace(b"Monto Total;", b"")
    with pytest.raises(CsvColumnsError) as error:
        read_rcv(io.BytesIO(headers), Libro.COMPRAS, PERIODO, EstadoCompra.REGISTRO, DUENO)
    assert error.value.params == {"faltan": "Folio, Monto Total"}


def test_headers_only() -> None:
    """A register without documents is a file with headers only: nothing is wrong with it."""
    headers = REGISTRO.read_bytes().splitlines()[0]
    rows = read_rcv(io.BytesIO(headers), Libro.COMPRAS, PERIODO, EstadoCompra.REGISTRO, DUENO)
    assert list(rows) == []


def test_headers_of_no_state() -> None:
    """Headers that tell no single state pass if the state was asked for, and are refused if not."""
    headers = REGISTRO.read_bytes().splitlines()[0] + b";Fecha Reclamo\n"
    rows = read_rcv(io.BytesIO(headers), Libro.COMPRAS, PERIODO, EstadoCompra.RECLAMADO, DUENO)
    assert list(rows) == []
    with pytest.raises(CsvColumnsError) as error:
        read_rcv(io.BytesIO(headers), Libro.COMPRAS, PERIODO, None, DUENO)
    assert error.value.params == {"faltan": "Fecha Acuse o Fecha Reclamo, una sola de las dos"}


@pytest.mark.parametrize("blank", [b"\n", b"\r", b"\r\n", b";;;\n", b" \t\r\n", b"\n;\r\n"])
def test_blank_lines_are_only_counted(blank: bytes) -> None:
    """A spreadsheet's million empty rows cost no work of ours; the lines after them keep their numbers."""
    ends = len(blank.splitlines())
    found = list(open_lines(io.BytesIO(b"a;b\n" + blank * 300_000 + b"c;d\n" + blank * 70_000 + b"e")))
    assert [(line.text, line.number) for line in found] == [
        ("a;b", 1),
        ("c;d", 2 + 300_000 * ends),
        ("e", 3 + 370_000 * ends),
    ]
