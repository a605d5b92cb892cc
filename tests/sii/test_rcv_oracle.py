"""Our reader against cl-sii's, on its own samples and on our exports."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from cl_sii.rcv import parse_csv
from cl_sii.rut import Rut as ClSiiRut

from bot.core.documentos import Documento, EstadoCompra, Libro, OtroImpuesto, Rechazo
from bot.core.periodo import Periodo
from bot.core.resumen import summarize
from bot.core.rut import Rut
from bot.sii.rcv_csv import read_rcv
from sandbox.rcv_export import export_rcv

DATA = Path(__file__).parent / "data"
DUENO = Rut(76192083)
PERIODO = Periodo(2025, 12)
ZONE = ZoneInfo("America/Santiago")
PARSERS = {
    None: parse_csv.parse_rcv_venta_csv_file,
    EstadoCompra.REGISTRO: parse_csv.parse_rcv_compra_registro_csv_file,
    EstadoCompra.NO_INCLUIR: parse_csv.parse_rcv_compra_no_incluir_csv_file,
    EstadoCompra.RECLAMADO: parse_csv.parse_rcv_compra_reclamado_csv_file,
    EstadoCompra.PENDIENTE: parse_csv.parse_rcv_compra_pendiente_csv_file,
}
SAMPLES = [
    ("RCV-venta-rz_leading_trailing_whitespace.csv", None),
    ("RCV-venta-multiple-dte-referencias.csv", None),
    ("RCV-compra-registro-rz_leading_trailing_whitespace.csv", EstadoCompra.REGISTRO),
    ("RCV-compra-pendiente-rz_leading_trailing_whitespace.csv", EstadoCompra.PENDIENTE),
    ("RCV-compra-reclamado.csv", EstadoCompra.RECLAMADO),
]


def book(estado: EstadoCompra | None) -> Libro:
    """Only purchases have a state."""
    return Libro.COMPRAS if estado else Libro.VENTAS


def ours(path: Path, estado: EstadoCompra | None) -> list[Documento | Rechazo]:
    """Everything that our reader gives."""
    with path.open("rb") as archivo:
        return list(read_rcv(archivo, book(estado), PERIODO, estado, DUENO))


def theirs(path: Path, estado: EstadoCompra | None) -> Iterator[Any]:
    """The rows that cl-sii accepts."""
    rows = PARSERS[estado](ClSiiRut(str(DUENO)), str(path))
    return (entry for entry, _, _, _ in rows if entry is not None)


def translate(entry: Any, estado: EstadoCompra | None) -> dict[str, Any]:
    """A row of cl-sii in our names; it has None for a blank amount, we have 0."""
    party = "proveedor" if estado else "cliente"
    iva = entry.monto_iva_recuperable if estado else entry.monto_iva
    return {
        "tipo": int(entry.tipo_docto),
        "folio": entry.folio,
        "fecha": entry.fecha_emision_date,
        "contraparte_rut": str(getattr(entry, f"{party}_rut")),
        "contraparte": getattr(entry, f"{party}_razon_social"),
        "monto_exento": entry.monto_exento or 0,
        "monto_neto": entry.monto_neto or 0,
        "monto_iva": iva or 0,
        "monto_total": entry.monto_total,
        "fecha_recepcion": entry.fecha_recepcion_dt,
        "fecha_acuse": getattr(entry, "fecha_acuse_dt", None),
        "fecha_reclamo": getattr(entry, "fecha_reclamo_dt", None),
        "iva_no_recuperable": getattr(entry, "monto_iva_no_recuperable", None) or 0,
        "iva_uso_comun": getattr(entry, "iva_uso_comun", None) or 0,
        "otros_impuestos": [
            (int(str(otro["codigo_otro_impuesto"])), int(otro["valor_otro_impuesto"]), _decimal(otro))
            for otro in entry.otros_impuestos or ()
        ],
    }


def _decimal(otro: Any) -> Decimal:
    return Decimal(otro["tasa_otro_impuesto"])


def shown(documento: Documento) -> dict[str, Any]:
    """A document of ours as `translate` gives theirs."""
    names = (
        "tipo folio fecha contraparte monto_exento monto_neto monto_iva monto_total fecha_recepcion"
        " fecha_acuse fecha_reclamo iva_no_recuperable iva_uso_comun"
    ).split()
    return {name: getattr(documento, name) for name in names} | {
        "contraparte_rut": str(documento.contraparte_rut),
        "otros_impuestos": [
            (otro.codigo, otro.valor, Decimal(otro.tasa or "")) for otro in documento.otros_impuestos
        ],
    }


@pytest.mark.parametrize(("name", "estado"), SAMPLES)
def test_same_documents(name: str, estado: EstadoCompra | None) -> None:
    """On every sample, documents, amounts and totals are those of the rows that cl-sii accepts."""
    path = DATA / name
    documentos = [fila for fila in ours(path, estado) if isinstance(fila, Documento)]
    entries = list(theirs(path, estado))
    assert [shown(documento) for documento in documentos] == [translate(entry, estado) for entry in entries]
    totals = [fila.montos.monto_total for fila in summarize(documentos).filas]
    assert sum(totals) == sum(entry.monto_total for entry in entries)


def documentos(estado: EstadoCompra | None) -> list[Documento]:
    """Documents as the register would have them, one with several further taxes."""
    recepcion = datetime(2019, 6, 24, 9, 55, 53, tzinfo=ZONE)
    acuse = recepcion if estado in (None, EstadoCompra.REGISTRO, EstadoCompra.NO_INCLUIR) else None
    return [
        Documento(
            libro=book(estado),
            periodo=PERIODO,
            tipo=tipo,
            folio=folio,
            fecha=date(2019, 6, 21),
            contraparte_rut=Rut(12345678),
            contraparte=f'Ñuñoa "{folio}" & Cía.',
            monto_exento=5,
            monto_neto=1000,
            monto_iva=190,
            monto_total=1195 + 10 * folio,
            estado=estado,
            fecha_recepcion=recepcion,
            fecha_acuse=acuse,
            fecha_reclamo=recepcion if estado is EstadoCompra.RECLAMADO else None,
            iva_no_recuperable=3 if estado else 0,
            iva_uso_comun=4 if estado else 0,
            otros_impuestos=tuple(OtroImpuesto(24 + n, 10, "31.5") for n in range(folio)),
            otros_campos={"Tipo Compra" if estado else "Tipo Venta": "Del Giro"},
        )
        for folio, tipo in enumerate((33, 34, 61, 56), start=1)
    ]


@pytest.mark.parametrize("estado", PARSERS)
def test_exports_are_the_registers(estado: EstadoCompra | None, tmp_path: Path) -> None:
    """cl-sii, which wants the SII's exact columns, reads what we export, and so do we."""
    wanted = documentos(estado)
    path = tmp_path / "rcv.csv"
    path.write_text("".join(export_rcv(wanted, book(estado), estado)), encoding="utf-8")
    assert [translate(entry, estado) for entry in theirs(path, estado)] == [shown(one) for one in wanted]
    assert ours(path, estado) == wanted


def test_where_we_differ_on_suppliers(tmp_path: Path) -> None:
    """Two suppliers may use one folio: cl-sii groups purchases by `Rut Proveedor`, a header that the
    files do not have, so it keeps only the last one; we keep both."""
    first = documentos(EstadoCompra.PENDIENTE)[0]
    row = "".join(export_rcv([first], Libro.COMPRAS, EstadoCompra.PENDIENTE))
    path = tmp_path / "rcv.csv"
    path.write_text(row + row.splitlines(keepends=True)[1].replace("12345678-5", "76354771-K"))
    assert len(list(theirs(path, EstadoCompra.PENDIENTE))) == 1
    assert len(ours(path, EstadoCompra.PENDIENTE)) == 2


def test_where_we_differ_on_quotes(tmp_path: Path) -> None:
    """A name that starts with a quote makes cl-sii's reader swallow the following lines; ours does not."""
    lines = list(export_rcv(documentos(EstadoCompra.PENDIENTE), Libro.COMPRAS, EstadoCompra.PENDIENTE))
    path = tmp_path / "rcv.csv"
    lines[1] = lines[1].replace('Ñuñoa "1" & Cía.', '"EL SOL')
    path.write_text("".join(lines), encoding="utf-8")
    assert len(list(theirs(path, EstadoCompra.PENDIENTE))) < 4
    assert len(ours(path, EstadoCompra.PENDIENTE)) == 4


@pytest.mark.parametrize("column", ["Fecha Recepcion", "Razon Social", "Tipo Compra"])
def test_where_we_differ_on_blanks(column: str, tmp_path: Path) -> None:
    """cl-sii refuses a row without reception, name or kind of purchase; its money counts, so we keep it."""
    (headers, row, *_) = export_rcv(documentos(EstadoCompra.PENDIENTE), Libro.COMPRAS, EstadoCompra.PENDIENTE)
    fields = row.split(";")
    fields[headers.split(";").index(column)] = ""
    path = tmp_path / "rcv.csv"
    path.write_text(headers + ";".join(fields), encoding="utf-8")
    assert list(theirs(path, EstadoCompra.PENDIENTE)) == []
    (documento,) = ours(path, EstadoCompra.PENDIENTE)
    assert isinstance(documento, Documento) and documento.monto_total == 1205
