"""The rows of the SII's service: what they say, what they hide, and that exports say the same."""

import io
import json
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.documentos import Documento, EstadoCompra, Libro, OtroImpuesto, Rechazo
from bot.core.periodo import Periodo
from bot.core.rut import FOREIGN, Rut
from bot.sii.rcv_csv import read_rcv
from bot.sii.rcv_json import read_detalle, read_resumen
from bot.sii.rcv_values import RowError
from sandbox.rcv_export import export_rcv
from tests.sii.gateway import fila, sample
from tests.sii.test_rcv_properties import PERIODO, book, documentos

ZONE = ZoneInfo("America/Santiago")
REGISTRO = EstadoCompra.REGISTRO


def compras(*filas: Any, tipo: int = 33, estado: EstadoCompra = REGISTRO) -> list[Documento | Rechazo]:
    """Purchases of September 2026."""
    return list(read_detalle(filas, Libro.COMPRAS, Periodo(2026, 9), estado, tipo))


def solo(*filas: Any, **como: Any) -> Documento:
    """The only row, a document."""
    (documento,) = compras(*filas, **como)
    assert isinstance(documento, Documento), documento
    return documento


def motivo(**cambios: Any) -> str:
    """Why the only row was rejected."""
    (rechazo,) = compras(fila(**cambios))
    assert isinstance(rechazo, Rechazo)
    return rechazo.motivo


def test_a_purchase() -> None:
    """Every field of the register's row, in its column or in `otros_campos`."""
    row = fila(detFecAcuse="24/06/2026 08:00:01", detMntIVANoRec=7, detIVAUsoComun=8, totalDtoiMontoImp=50)
    assert solo(row) == Documento(
        libro=Libro.COMPRAS,
        periodo=Periodo(2026, 9),
        tipo=33,
        folio=10,
        fecha=date(2026, 6, 23),
        contraparte_rut=Rut(12345678),
        contraparte="PROVEEDOR EJEMPLO CUATRO SPA",
        monto_exento=0,
        monto_neto=1_000_000,
        monto_iva=190_000,
        monto_total=1_190_000,
        estado=REGISTRO,
        fecha_recepcion=datetime(2026, 6, 23, 12, 51, 37, tzinfo=ZONE),
        fecha_acuse=datetime(2026, 6, 24, 8, 0, 1, tzinfo=ZONE),
        iva_no_recuperable=7,
        iva_uso_comun=8,
        otros_campos={
            "dhdrCodigo": "900000000",
            "dcvCodigo": "900000000",
            "detCodigo": "900000000",
            "detTipoDocRef": "33",
            "detFolioDocRef": "900000000",
            "detTpoImp": "1",
            "detTipoTransaccion": "1",
            "cambiarTipoTran": "true",
            "detPcarga": "202606",
            "descTipoTransaccion": "Del Giro",
            "totalDtoiMontoImp": "50",
            "emisorAgresivo": "false",
        },
    )


def test_a_claim() -> None:
    """A claimed purchase keeps its state and when it was claimed."""
    documento = solo(fila(detFecReclamado="25/06/2026 10:00:00"), estado=EstadoCompra.RECLAMADO)
    assert documento.estado is EstadoCompra.RECLAMADO
    assert documento.fecha_reclamo == datetime(2026, 6, 25, 10, tzinfo=ZONE)


def test_an_export_sale() -> None:
    """Foreign buyers share one RUT; the row's own type goes before the asked one; 0 is no reference."""
    filas = sample("rcv-detalle-venta")["data"]
    (venta,) = read_detalle(filas, Libro.VENTAS, Periodo(2026, 7), None, 33)
    assert isinstance(venta, Documento)
    assert (venta.contraparte_rut, venta.tipo, venta.estado) == (FOREIGN, 110, None)
    assert venta.otros_campos["detExpNacionalidad"] == "218"
    assert not {"detTipoDocRef", "detFolioDocRef", "detFecAcuse"} & venta.otros_campos.keys()


@pytest.mark.parametrize("tipo", [None, 0, "", "0"])
def test_the_type_of_the_request(tipo: Any) -> None:
    """A row without a type is of the type asked for; if none was, it cannot be used."""
    assert solo(fila(detTipoDoc=tipo), tipo=61).tipo == 61
    assert isinstance(compras(fila(detTipoDoc=tipo), tipo=0)[0], Rechazo)


@pytest.mark.parametrize("amount", [1000, 1000.0, "1000", " 1000 "])
def test_amounts(amount: Any) -> None:
    """However a whole amount is written, it is an int."""
    neto = solo(fila(detMntNeto=amount)).monto_neto
    assert neto == 1000 and type(neto) is int
    assert solo(fila(detMntNeto=None)).monto_neto == 0


@pytest.mark.parametrize(
    "amount", [1000.5, "1.000", "mil", True, [], {}, 10**13 + 1, -(10**14), 1e300, "1e3"]
)
def test_amounts_that_are_none(amount: Any) -> None:
    """What is no whole amount within reason rejects its row, and tells which field it was."""
    assert motivo(detMntNeto=amount).startswith("detMntNeto: «")


@pytest.mark.parametrize(
    ("cambios", "dice"),
    [
        ({"detDvDoc": "4"}, "detRutDoc: «12345678-4» no es un RUT válido"),
        ({"detDvDoc": None}, "detRutDoc: «12345678» no es un RUT válido"),
        ({"detRutDoc": 123456785, "detDvDoc": None}, "detRutDoc: «123456785» no es un RUT válido"),
        ({"detRutDoc": None}, "detRutDoc: «5» no es un RUT válido"),
        ({"detRutDoc": None, "detDvDoc": None}, "detRutDoc: falta el valor"),
        ({"detMntTotal": None}, "detMntTotal: falta el valor"),
        ({"detNroDoc": 0}, "detNroDoc: «0» no es un número válido"),
        ({"detNroDoc": 2**63}, f"detNroDoc: «{2**63}» no es un número válido"),
        ({"detFchDoc": "31/02/2026"}, "detFchDoc: «31/02/2026» no es una fecha válida (día/mes/año)"),
        ({"detFchDoc": None}, "detFchDoc: falta el valor"),
        ({"detTipoDoc": 10_000}, "detTipoDoc: «10000» no es un número válido"),
    ],
)
def test_rows_that_cannot_be_used(cambios: dict[str, Any], dice: str) -> None:
    """Each says why, as the rows of an export do."""
    assert motivo(**cambios) == dice


def test_a_bad_row_costs_one_row() -> None:
    """The others are read; a repeated folio is told; rows that are no rows too."""
    filas = compras(fila(detNroDoc=1), fila(detNroDoc="x"), "no", None, fila(detNroDoc=1), fila(detNroDoc=2))
    assert [one.folio if isinstance(one, Documento) else one.linea for one in filas] == [1, 2, 3, 4, 5, 2]
    assert filas[4] == Rechazo(5, "Folio: «1» está repetido, ya viene en la fila 1")


def test_text_that_a_database_takes() -> None:
    """NUL and half characters are left out, what is nested becomes text."""
    documento = solo(fila(detRznSoc=" A\x00B\ud800 ", nuevo={"a": ["\x00"]}, otro="x\x00"))
    assert documento.contraparte == "AB"
    assert documento.otros_campos["nuevo"] == '{"a": ["\\u0000"]}' and documento.otros_campos["otro"] == "x"


def test_the_shape_of_rcv_csv() -> None:
    """All types in one answer, with names of their own."""
    row = {
        "dte": "34", "rut": "12.345.678-5", "razon_social": "ACME ", "folio": "77", "fecha": "2026-09-05",
        "fecha_recepcion": "2026-09-06T10:11:12", "exento": "500", "neto": None, "iva": 0, "total": 500.0,
        "impuesto_codigo": 24, "impuesto_monto": 50, "impuesto_tasa": 31.5, "tipo_transaccion": "Del Giro",
    }  # fmt: skip
    documento = solo(row, tipo=0)
    assert (documento.tipo, documento.contraparte_rut, documento.folio) == (34, Rut(12345678), 77)
    assert (documento.fecha, documento.monto_exento, documento.monto_total) == (date(2026, 9, 5), 500, 500)
    assert documento.fecha_recepcion == datetime(2026, 9, 6, 10, 11, 12, tzinfo=ZONE)
    assert documento.otros_impuestos == (OtroImpuesto(24, 50, "31.5"),)
    assert documento.otros_campos == {"tipo_transaccion": "Del Giro"}
    assert isinstance(compras(row | {"rut": 12345678}, tipo=0)[0], Rechazo)


RESUMEN = {"rsmnTipoDocInteger": 33, "dcvTipoIngresoDoc": "DET_ELE", "rsmnTotDoc": 3, "rsmnLink": True}


@pytest.mark.parametrize(
    ("cambios", "con_detalle"),
    [
        ({}, True),
        ({"rsmnLink": None}, True),
        ({"rsmnLink": False}, False),
        ({"rsmnTotDoc": 0}, False),
        ({"rsmnTotDoc": None}, False),
        ({"dcvTipoIngresoDoc": "DET_PAP"}, False),
        ({"rsmnTipoDocInteger": 39, "dcvTipoIngresoDoc": "RESUMEN", "rsmnLink": False}, False),
    ],
)
def test_where_documents_can_be_asked_for(cambios: dict[str, Any], con_detalle: bool) -> None:
    """Electronic documents one by one; not boletas, not paper, not none."""
    (one,) = read_resumen([RESUMEN | cambios])
    assert one.con_detalle is con_detalle


@pytest.mark.parametrize(
    "bad",
    [None, 5, {}, {"rsmnTipoDocInteger": "x"}, RESUMEN | {"rsmnTotDoc": -1}, RESUMEN | {"rsmnMntIVA": "x"}],
)
def test_a_summary_is_read_whole(bad: Any) -> None:
    """One row that cannot be read spoils the totals."""
    with pytest.raises(RowError):
        read_resumen([RESUMEN, bad])


def as_row(documento: Documento) -> dict[str, Any]:
    """A document as the register's service gives it."""
    moments = ("fecha_recepcion", "fecha_acuse", "fecha_reclamo")
    recepcion, acuse, reclamo = (
        f"{moment.astimezone(ZONE):%d/%m/%Y %H:%M:%S}" if (moment := getattr(documento, name)) else None
        for name in moments
    )
    return {
        "detTipoDoc": None,
        "detRutDoc": documento.contraparte_rut.number,
        "detDvDoc": documento.contraparte_rut.dv,
        "detRznSoc": documento.contraparte,
        "detNroDoc": documento.folio,
        "detFchDoc": f"{documento.fecha:%d/%m/%Y}",
        "detFecRecepcion": recepcion,
        "detFecAcuse": acuse,
        "detFecReclamado": reclamo,
        "detMntExe": documento.monto_exento,
        "detMntNeto": documento.monto_neto,
        "detMntIVA": documento.monto_iva,
        "detMntTotal": documento.monto_total,
        "detMntIVANoRec": documento.iva_no_recuperable,
        "detIVAUsoComun": documento.iva_uso_comun,
    }


@given(data=st.data(), estado=st.sampled_from([None, *EstadoCompra]))
def test_both_ways_tell_the_same(data: st.DataObject, estado: EstadoCompra | None) -> None:
    """A month read from the service is the month read from its export, but for what only one of them tells
    (codes of further taxes, further columns)."""
    drawn = data.draw(documentos(estado))
    wanted = [replace(one, otros_impuestos=(), otros_campos={}) for one in drawn]
    raw = "".join(export_rcv(wanted, book(estado), estado)).encode()
    exported = list(read_rcv(io.BytesIO(raw), book(estado), PERIODO, estado, Rut(76192083)))
    served = [
        read_detalle(json.loads(json.dumps([as_row(one)])), book(estado), PERIODO, estado, one.tipo)[0]
        for one in wanted
    ]
    assert served == exported


ANY = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text(), max_size=2)


@given(cambios=st.dictionaries(st.sampled_from(list(fila())), ANY), tipo=st.integers(0, 9_999))
def test_any_row(cambios: dict[str, Any], tipo: int) -> None:
    """Whatever its values, a row is a document or a rejection, and can be stored."""
    (one,) = compras(fila(**cambios), tipo=tipo)
    if isinstance(one, Documento):
        assert abs(one.monto_total) <= 10**13 and 1 <= one.folio < 2**63
        assert "\x00" not in json.dumps(dict(one.otros_campos), ensure_ascii=False).encode().decode()
