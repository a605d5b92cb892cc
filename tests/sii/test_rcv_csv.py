"""The traps of the register's CSV exports, one by one."""

import codecs
import io
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.core.documentos import Documento, EstadoCompra, Libro, OtroImpuesto, Rechazo
from bot.core.periodo import Periodo
from bot.core.rut import Rut
from bot.sii.rcv_csv import read_rcv
from sandbox.rcv_export import headers_of

DATA = Path(__file__).parent / "data"
DUENO = Rut(76192083)
PERIODO = Periodo(2025, 12)
ZONE = ZoneInfo("America/Santiago")
VENTA_OTROS = DATA / "RCV-venta-multiple-dte-referencias.csv"
RECLAMADO = DATA / "RCV-compra-reclamado.csv"
PENDIENTE = DATA / "RCV-compra-pendiente-rz_leading_trailing_whitespace.csv"


def read(
    data: bytes | str, libro: Libro = Libro.COMPRAS, estado: EstadoCompra | None = None
) -> list[Documento | Rechazo]:
    """Everything that a file gives."""
    raw = data.encode() if isinstance(data, str) else data
    return list(read_rcv(io.BytesIO(raw), libro, PERIODO, estado, DUENO))


def compras(*lines: str, end: str = "\n") -> str:
    """A file of compras en registro."""
    return end.join([";".join(headers_of(Libro.COMPRAS, EstadoCompra.REGISTRO)), *lines, ""])


def ventas(*lines: str) -> str:
    """A file of ventas."""
    return "\n".join([";".join(headers_of(Libro.VENTAS, None)), *lines, ""])


BUENA = {
    "Nro": "1",
    "Tipo Doc": "33",
    "Tipo Compra": "Del Giro",
    "RUT Proveedor": "12345678-5",
    "Razon Social": "ACME",
    "Folio": "10",
    "Fecha Docto": "21/06/2019",
    "Fecha Recepcion": "24/06/2019 09:55:53",
    "Monto Exento": "0",
    "Monto Neto": "1000",
    "Monto IVA Recuperable": "190",
    "Monto Total": "1190",
}


def fila(**cambios: str) -> str:
    """A good row of compras en registro, with changes by header (`_` for a space)."""
    values = BUENA | {name.replace("_", " "): value for name, value in cambios.items()}
    return ";".join(values.get(name, "") for name in headers_of(Libro.COMPRAS, EstadoCompra.REGISTRO)) + ";"


def continuacion(folio: str = "10", codigo: str = "24", valor: str = "50", tasa: str = "18") -> str:
    """A row that adds a tax to the good row."""
    blancos = dict.fromkeys(("Nro", "Fecha Recepcion", "Monto Exento", "Monto Neto"), "")
    blancos |= dict.fromkeys(("Monto IVA Recuperable", "Monto Total"), "")
    impuesto = {"Codigo Otro Impuesto": codigo, "Valor Otro Impuesto": valor, "Tasa Otro Impuesto": tasa}
    return fila(**blancos, **impuesto, Folio=folio)


def solo(filas: list[Documento | Rechazo]) -> Documento:
    """The only row, a document."""
    (documento,) = filas
    assert isinstance(documento, Documento), documento
    return documento


def motivo(filas: list[Documento | Rechazo]) -> str:
    """Why the only row was rejected."""
    (rechazo,) = filas
    assert isinstance(rechazo, Rechazo), rechazo
    return rechazo.motivo


def folios(filas: list[Documento | Rechazo]) -> list[int]:
    """The folios of the documents, in their order."""
    return [fila.folio for fila in filas if isinstance(fila, Documento)]


def test_sale_with_further_taxes() -> None:
    """Continuation rows give their taxes to the sale before them, whose total stays the file's own."""
    documento = read(VENTA_OTROS.read_bytes(), Libro.VENTAS)[-1]
    assert documento == Documento(
        libro=Libro.VENTAS,
        periodo=PERIODO,
        tipo=33,
        folio=3210,
        fecha=date(2025, 9, 1),
        contraparte_rut=Rut(54213736),
        contraparte="THE COMPANY SPA",
        monto_exento=0,
        monto_neto=9999,
        monto_iva=3899347,
        monto_total=30471437,
        fecha_recepcion=datetime(2025, 9, 1, 10, 58, 51, tzinfo=ZONE),
        fecha_acuse=datetime(2025, 9, 8, 14, 15, 23, tzinfo=ZONE),
        otros_impuestos=(OtroImpuesto(24, 6049210, "31.5"), OtroImpuesto(271, 701395, "18")),
        otros_campos={
            "Tipo Venta": "Del Giro",
            "Tipo Docto. Referencia": "33",
            "Folio Docto. Referencia": "200-300-400",
            "Indicador Venta sin Costo": "2",
            "Codigo Sucursal": "12354",
        },
    )


def test_reclamado_with_bad_rows() -> None:
    """The sample with deliberate errors gives its good rows and says what is wrong with the others."""
    filas = read(RECLAMADO.read_bytes(), estado=EstadoCompra.RECLAMADO)
    assert folios(filas) == [1000055, 70013, 789456]
    primero, segundo = filas[0], filas[1]
    assert isinstance(primero, Documento) and isinstance(segundo, Documento)
    assert primero.fecha_reclamo == datetime(2019, 6, 12, 9, 47, 23, tzinfo=ZONE)
    assert primero.otros_impuestos == (OtroImpuesto(23, 12000, "2.967999999"),)
    assert segundo.fecha_reclamo is None and segundo.contraparte == "Fake Company S.A."
    assert filas[3:] == [
        Rechazo(5, "La línea trae más valores que las 24 columnas del archivo"),
        Rechazo(6, "La línea trae solo su número: no tiene datos de un documento"),
    ]


def test_amounts_of_compras() -> None:
    """The recoverable IVA is the IVA; the two others have fields of their own; a blank amount is 0."""
    cambios = {"Monto Iva No Recuperable": "7", "IVA uso Comun": "8", "Monto Exento": "", "Monto Total": "9"}
    documento = solo(read(compras(fila(**cambios))))
    assert (documento.monto_iva, documento.iva_no_recuperable, documento.iva_uso_comun) == (190, 7, 8)
    assert (documento.monto_exento, documento.monto_total) == (0, 9)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(end: str) -> None:
    """LF, CRLF and CR files read the same, with the same line numbers."""
    filas = read(compras(fila(Folio="1"), "", fila(Folio="x"), fila(Folio="2"), end=end))
    assert folios(filas) == [1, 2]
    assert [fila.linea for fila in filas if isinstance(fila, Rechazo)] == [4]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16", "utf-16-le-bom", "utf-16-be-bom"]
)
def test_encodings(encoding: str) -> None:
    """Names keep their accents whatever the encoding."""
    text = compras(fila(Razon_Social="Ñandú y Cía."))
    if encoding.endswith("-bom"):
        name = encoding.removesuffix("-bom")
        raw = (codecs.BOM_UTF16_LE if "le" in name else codecs.BOM_UTF16_BE) + text.encode(name)
    else:
        raw = text.encode(encoding)
    assert solo(read(raw)).contraparte == "Ñandú y Cía."


def test_mixed_encodings() -> None:
    """A file joined from two encodings is told apart line by line."""
    latin, utf = fila(Razon_Social="Peña").encode("cp1252"), fila(Razon_Social="Muñoz", Folio="2").encode()
    filas = read(compras().encode() + latin + b"\n" + utf + b"\n")
    assert [fila.contraparte for fila in filas if isinstance(fila, Documento)] == ["Peña", "Muñoz"]


def test_headers_written_otherwise() -> None:
    """Case, accents, dots and spaces of the headers do not matter, nor a trailing `;`."""
    headers = compras().strip().replace("Razon", "RAZÓN ").replace("Monto Total", " monto  total. ") + ";"
    assert solo(read(f"{headers}\n{fila()}\n")).monto_total == 1190


@pytest.mark.parametrize(
    ("escrito", "leido"),
    [
        ('COMERCIAL "EL SOL" LTDA', 'COMERCIAL "EL SOL" LTDA'),
        ('"EL SOL" LTDA', '"EL SOL" LTDA'),
        ('COMERCIAL "EL SOL', 'COMERCIAL "EL SOL'),
        ('"EL SOL', '"EL SOL'),
        ('EL SOL"', 'EL SOL"'),
        ('"', '"'),
        ('"PEREZ; SOTO Y CIA"', "PEREZ; SOTO Y CIA"),
        ('"EL ""SOL"""', 'EL "SOL"'),
        ("  ACME  ", "ACME"),
        ("null", ""),
        ("", ""),
    ],
)
def test_names_with_quotes(escrito: str, leido: str) -> None:
    """A quote is literal unless it quotes a whole field, and never swallows the following lines."""
    filas = read(compras(fila(Razon_Social=escrito), fila(Folio="11")))
    assert folios(filas) == [10, 11]
    assert isinstance(filas[0], Documento) and filas[0].contraparte == leido


def test_bare_separator_in_a_name() -> None:
    """A `;` that nobody quoted shifts the columns: the row is rejected, not misread."""
    assert "no es un número válido" in motivo(read(compras(fila(Razon_Social="A;B"))))


@pytest.mark.parametrize(
    ("cambios", "esperado"),
    [
        ({"Folio": "notanumber"}, "Folio: «notanumber» no es un número válido"),
        ({"Folio": "0"}, "Folio: «0» no es un número válido"),
        ({"Folio": "9223372036854775808"}, "Folio: «9223372036854775808» no es"),
        ({"Folio": "9" * 5000}, f"Folio: «{'9' * 30}» no es"),
        ({"Folio": ""}, "Folio: falta el valor"),
        ({"Folio": "١٢"}, "Folio: «١٢» no es"),
        ({"Tipo_Doc": "x"}, "Tipo Doc: «x» no es"),
        ({"Tipo_Doc": ""}, "Tipo Doc: falta el valor"),
        ({"RUT_Proveedor": "12345678-6"}, "RUT Proveedor: «12345678-6» no es un RUT válido"),
        ({"RUT_Proveedor": "INVALID"}, "RUT Proveedor: «INVALID» no es"),
        ({"Fecha_Docto": "31/02/2019"}, "Fecha Docto: «31/02/2019» no es una fecha"),
        ({"Fecha_Docto": "01/01/1989"}, "Fecha Docto: «01/01/1989» no es"),
        ({"Fecha_Docto": "01/01/2101"}, "Fecha Docto: «01/01/2101» no es"),
        ({"Fecha_Docto": "2019-06-21"}, "Fecha Docto: «2019-06-21» no es"),
        ({"Fecha_Docto": "null"}, "Fecha Docto: falta el valor"),
        ({"Fecha_Recepcion": "24/06/2019 25:00:00"}, "Fecha Recepcion: «24/06/2019 25:00:00» no es"),
        ({"Fecha_Acuse": "ayer"}, "Fecha Acuse: «ayer» no es una fecha y hora"),
        ({"Monto_Neto": "1.234"}, "Monto Neto: «1.234» no es un monto entero"),
        ({"Monto_Neto": "1_000"}, "Monto Neto: «1_000» no es"),
        ({"Monto_Neto": "9223372036854775808"}, "Monto Neto: «9223372036854775808» no es"),
        ({"Monto_Total": ""}, "Monto Total: falta el valor"),
        ({"Codigo_Otro_Impuesto": "x"}, "Codigo Otro Impuesto: «x» no es"),
        ({"Valor_Otro_Impuesto": "5"}, "Codigo Otro Impuesto: falta el valor"),
        ({"Codigo_Otro_Impuesto": "24", "Tasa_Otro_Impuesto": "x"}, "Tasa Otro Impuesto: «x» no es"),
        ({"Folio": "1\x07"}, "Folio: «1?» no es"),
    ],
)
def test_bad_values(cambios: dict[str, str], esperado: str) -> None:
    """What is wrong is told with its column and the value, shortened; the next row is read."""
    filas = read(compras(fila(**cambios), fila(Folio="11")))
    assert motivo(filas[:1]).startswith(esperado)
    assert folios(filas) == [11]


def test_what_the_register_may_hold() -> None:
    """Negative amounts, unknown types, dotted RUTs and times without seconds are kept."""
    cambios = {"Monto Neto": "-5", "Tipo Doc": "777", "RUT Proveedor": "12.345.678-5"}
    documento = solo(read(compras(fila(**cambios, Fecha_Recepcion="24/06/2019 09:55"))))
    assert (documento.monto_neto, documento.tipo, str(documento.contraparte_rut)) == (-5, 777, "12345678-5")
    assert documento.fecha_recepcion == datetime(2019, 6, 24, 9, 55, tzinfo=ZONE)


def test_continuation_of_nothing() -> None:
    """A tax row goes to the document just before it or to none: never to an older one."""
    filas = read(
        compras(
            continuacion(),
            fila(),
            fila(Folio="x"),
            continuacion(),
            fila(Folio="11"),
            "garabato",
            continuacion("11"),
            fila(Folio="12"),
            continuacion("13"),
            continuacion("12"),
        )
    )
    assert [fila.linea for fila in filas if isinstance(fila, Rechazo)] == [2, 4, 5, 7, 8, 10]
    impuestos = {fila.folio: fila.otros_impuestos for fila in filas if isinstance(fila, Documento)}
    assert impuestos == {10: (), 11: (), 12: (OtroImpuesto(24, 50, "18"),)}


def test_bad_continuation() -> None:
    """A tax row that cannot be read is told; the document stays with its other taxes."""
    filas = read(compras(fila(), continuacion(valor="x"), continuacion(codigo="", valor="", tasa="")))
    assert motivo(filas[:1]).startswith("Valor Otro Impuesto: «x»")
    assert solo(filas[1:]).otros_impuestos == ()


def test_endless_continuations() -> None:
    """A document cannot grow without limit."""
    filas = read(compras(fila(), *[continuacion()] * 150))
    assert len(filas) == 51
    assert len(solo(filas[-1:]).otros_impuestos) == 100


def test_blank_rows() -> None:
    """Blank lines are skipped; a line with only its number is told."""
    filas = read(compras("", ";;;;;", "   ", fila(), "9" + ";" * 40))
    assert folios(filas) == [10]
    assert motivo(filas[1:]) == "La línea trae solo su número: no tiene datos de un documento"


@pytest.mark.parametrize("cut", ["1;33;Del Giro;12345678-5;ACME;10;21/06/2019", fila()[:-1]])
def test_cut_last_line(cut: str) -> None:
    """A last line without its end and its last `;` may have lost digits: it is rejected."""
    filas = read(compras(fila(Folio="9")) + cut)
    assert folios(filas) == [9]
    assert motivo(filas[1:]).startswith("La línea está cortada")


def test_file_saved_without_trailing_separator() -> None:
    """Where the other rows lack the trailing `;`, the last one may lack it and its line end."""
    filas = read(compras(fila(Folio="1")[:-1]) + fila(Folio="2")[:-1])
    assert folios(filas) == [1, 2]


def test_repeated_documents() -> None:
    """In compras a document is repeated if type, supplier and folio are, and the message says where."""
    otro = fila(RUT_Proveedor="76354771-K")
    filas = read(compras(fila(), otro, fila(Tipo_Doc="61"), fila(), continuacion()))
    assert folios(filas) == [10, 10, 10]
    assert filas[3:] == [
        Rechazo(5, "Folio: «10» está repetido, ya viene en la línea 2"),
        Rechazo(6, "La línea agrega un impuesto a un documento que no es el anterior, o se rechazó"),
    ]


def venta(tipo: str, rut: str, folio: str = "1") -> str:
    """A row of ventas with little in it."""
    values = {"Nro": "1", "Tipo Doc": tipo, "Rut cliente": rut, "Folio": folio}
    values |= {"Fecha Docto": "1/6/2019", "Monto total": "5"}
    return ";".join(values.get(name, "") for name in headers_of(Libro.VENTAS, None)) + ";"


def test_repeated_sales() -> None:
    """In ventas a folio is given once per type, except facturas de compra, which the client numbers."""
    filas = read(
        ventas(
            venta("33", "12345678-5"),
            venta("33", "76354771-K"),
            venta("46", "12345678-5"),
            venta("46", "76354771-K"),
        ),
        Libro.VENTAS,
    )
    assert [fila.linea for fila in filas if isinstance(fila, Rechazo)] == [3]
    assert folios(filas) == [1, 1, 1]


@pytest.mark.parametrize(
    ("libro", "tipo", "accepted"),
    [
        (Libro.COMPRAS, "33", False),
        (Libro.COMPRAS, "46", True),
        (Libro.VENTAS, "33", False),
        *[(Libro.VENTAS, tipo, True) for tipo in ("39", "41", "46")],
    ],
)
def test_own_rut(libro: Libro, tipo: str, accepted: bool) -> None:
    """Nobody invoices himself: his RUT as the counterpart tells a file of another taxpayer."""
    if libro is Libro.VENTAS:
        filas = read(ventas(venta(tipo, str(DUENO))), libro)
    else:
        filas = read(compras(fila(Tipo_Doc=tipo, RUT_Proveedor=str(DUENO))))
    if accepted:
        assert solo(filas).contraparte_rut == DUENO
    else:
        assert "el archivo puede ser de otro contribuyente" in motivo(filas)


def test_state_from_headers() -> None:
    """Without a state asked for, documents take the one that the headers tell."""
    headers = ";".join(headers_of(Libro.COMPRAS, EstadoCompra.NO_INCLUIR))
    row = [BUENA.get(name, "") for name in headers.split(";")]
    assert solo(read(f"{headers}\n{';'.join(row)};\n")).estado is EstadoCompra.NO_INCLUIR
    assert all(
        fila.estado is EstadoCompra.PENDIENTE
        for fila in read(PENDIENTE.read_bytes())
        if isinstance(fila, Documento)
    )


def test_unreadable_lines() -> None:
    """A NUL or an endless line far into the file is one rejected line, and the rest is read."""
    good = [fila(Folio=str(folio)) for folio in range(1, 1500)]
    raw = compras(*good, "a\0;", "x;" * 200_000, fila(Folio="5000"))
    filas = read(raw)
    assert len(folios(filas)) == 1500
    assert [fila for fila in filas if isinstance(fila, Rechazo)] == [
        Rechazo(1501, "No se pudo leer: la línea tiene caracteres que no son texto"),
        Rechazo(1502, "No se pudo leer: la línea es demasiado larga"),
    ]


class Endless(io.RawIOBase):
    """A register that never ends, a few bytes at a time; counts what was read."""

    def __init__(self) -> None:
        self.lines: Iterator[bytes] = iter([compras().encode()])
        self.folio = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        self.folio += 1
        return next(self.lines, b"") or f"{fila(Folio=str(self.folio))}\r\n".encode()


def test_streams() -> None:
    """Rows come while the file is still being read: nothing needs its end."""
    archivo = Endless()
    rows = read_rcv(archivo, Libro.COMPRAS, PERIODO, None, DUENO)  # type: ignore[arg-type]
    assert isinstance(next(rows), Documento)
    assert archivo.folio < 2000


def test_a_date_after_the_month() -> None:
    """A document of a later month cannot be in this one: the file is of another month."""
    raw = (DATA / "RCV-venta-rz_leading_trailing_whitespace.csv").read_bytes()
    rows = list(read_rcv(io.BytesIO(raw), Libro.VENTAS, Periodo(2019, 5), None, DUENO))
    assert all(isinstance(row, Rechazo) and "posterior a mayo de 2019" in row.motivo for row in rows)
    assert len(rows) == 2
