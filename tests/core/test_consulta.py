"""Document types, folios and counterparties read from messages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.consulta import find_by_words, find_contraparte, find_folio, find_tipos, told_party
from tests.costo import TOO_DEAR, dearness

TIPOS = [
    ("facturas", (33, 34)),
    ("una factura", (33, 34)),
    ("facturas electrónicas", (33,)),
    ("facturas afectas", (33,)),
    ("factura exenta", (34,)),
    ("facturas exentas electrónicas", (34,)),
    ("facturas no afectas", (34,)),
    ("facturas afectas y exentas", (33, 34)),
    ("boletas", (39, 41)),
    ("boleta electrónica", (39, 41)),
    ("boletas exentas", (41,)),
    ("notas de crédito", (60, 61)),
    ("mis NC", (60, 61)),
    ("n/c de mayo", (60, 61)),
    ("ndc", (60, 61)),
    ("nota credito", (60, 61)),
    ("notas cred", (60, 61)),
    ("notas de credto", (60, 61)),
    ("notas de débito", (56,)),
    ("ND", (56,)),
    ("notas de crédito y débito", (56, 60, 61)),
    ("facturas de compra", (46,)),
    ("facturas de exportación", (110,)),
    ("exportaciones", (110,)),
    ("nota de crédito de exportación", (106, 112)),
    ("nota de débito de exportación", (111,)),
    ("guías", (52,)),
    ("guía de despacho", (52,)),
    ("liquidaciones factura", (43,)),
    ("liquidación-factura", (43,)),
    ("comprobantes de pago", (48,)),
    ("vouchers", (48,)),
    ("DIN", (914,)),
    ("declaración de ingreso", (914,)),
    ("boletas de honorarios", ()),
    ("boleta de honorario", ()),
    ("facturas y boletas de honorarios", (33, 34)),
    ("facturs", (33, 34)),
    ("fctura", (33, 34)),
    ("facutras", (33, 34)),
    ("fact.", (33, 34)),
    ("facts", (33, 34)),
    ("bol.", (39, 41)),
    ("boletaas", (39, 41)),
    ("boleta o factura", (33, 34, 39, 41)),
    ("facturas y boletas", (33, 34, 39, 41)),
    ("cuánto facturé", ()),
    ("cuanto facture en mayo", ()),
    ("facturación de mayo", ()),
    ("me facturaron", ()),
    ("lo facturado", ()),
    ("quiero facturar", ()),
    ("ventas exentas", (34, 41)),
    ("ventas de exportación de octubre", (110,)),
    ("crédito fiscal", ()),
    ("débito fiscal", ()),
    ("cuánto factura la empresa", ()),
    ("documentos tipo 33", (33,)),
    ("exporta mis datos", ()),
    ("hola", ()),
    ("una fractura", ()),
]

FOLIOS = [
    ("factura 1234", 1234),
    ("la N° 1.234", 1234),
    ("la Nº 77", 77),
    ("folio 55", 55),
    ("nro 88", 88),
    ("n 77", 77),
    ("#12", 12),
    ("factura 2025", 2025),
    ("facturas 2025", None),
    ("facturas de 2025", None),
    ("factura electrónica n° 9", 9),
    ("nota de crédito 45", 45),
    ("folio: 1.234.567", 1234567),
    ("septiembre 2025", None),
    ("rut n° 76.192.083-9", None),
    ("mes n° 9", None),
    ("factura 15 de septiembre", None),
    ("boleta 12/09/2026", None),
    ("factura por $2.000", None),
    ("no 88 no", None),
    ("factura 2000 pesos", None),
    ("hola", None),
    ("la factura no. 31", 31),
    ("documento 202309", 202309),
]

NOMBRES = [
    "COMERCIAL LOS AROMOS LTDA",
    "Ferretería El Clavo SpA",
    "COMPAÑIA DE PETROLEOS DE CHILE COPEC S.A.",
    "Servicios y Ventas del Mes SpA",
    "TRANSPORTES LOS ROBLES LTDA",
    "INVERSIONES LOS ROBLES SPA",
    "JUAN PEREZ SOTO",
    "PEDRO GONZALEZ MUÑOZ",
    "Distribuidora Ñuñoa E.I.R.L.",
    "BANCO DE CHILE",
    "3M CHILE S.A.",
    "SOC. COMERCIAL VALENZUELA Y CIA LTDA",
    "Julio Soto Rivas",
]
CONTRAPARTES = [
    ("cuánto le vendí a los aromos", NOMBRES[0]),
    ("ventas a Comercial Los Aromos Limitada", NOMBRES[0]),
    ("compras a el clavo", NOMBRES[1]),
    ("ferreteria el clabo", None),
    ("lo de copec", NOMBRES[2]),
    ("compras a COPEC en mayo", NOMBRES[2]),
    ("le compre a los aromoss", NOMBRES[0]),
    ("los robles", None),
    ("transportes los robles", NOMBRES[4]),
    ("inversiones los robles", NOMBRES[5]),
    ("juan perez", NOMBRES[6]),
    ("ventas a Juan", None),
    ("Pedro Pérez", None),
    ("gonzales", NOMBRES[7]),
    ("distribuidora nunoa", NOMBRES[8]),
    ("compras del banco de chile", NOMBRES[9]),
    ("a 3m", NOMBRES[10]),
    ("balenzuela", NOMBRES[11]),
    ("cuánto vendí en comercial", None),
    ("ventas de servicios", None),
    ("las compras del mes", None),
    ("ventas de julio", None),
    ("ventas en chile", None),
    ("hola", None),
    ("cuánto debo pagar de iva", None),
    ("le vendí a la Ferretería Los Tilos", None),
    ("le vendí a los aromeses", None),
]


@pytest.mark.parametrize(("texto", "esperado"), TIPOS)
def test_types_are_read_from_nouns(texto: str, esperado: tuple[int, ...]) -> None:
    """Nouns name types, also misspelt; verbs and honorarios name none."""
    assert find_tipos(texto) == esperado


@pytest.mark.parametrize(("texto", "esperado"), FOLIOS)
def test_folios_are_told_from_dates_and_amounts(texto: str, esperado: int | None) -> None:
    """The number of one document is read; years, amounts and RUTs are not."""
    assert find_folio(texto) == esperado


@pytest.mark.parametrize(("texto", "esperado"), CONTRAPARTES)
def test_known_parties_need_distinctive_words(texto: str, esperado: str | None) -> None:
    """A party is found by its own words despite typos and legal forms, never by generic ones."""
    assert find_contraparte(texto, NOMBRES) == esperado


@pytest.mark.parametrize(
    ("texto", "oida", "esperado"),
    [
        ("ventas al 76.192.083-9", "", "76.192.083-9"),
        ("le vendí a Juan, 76192083-9, en mayo", "Juan", "76192083-9"),
        ("compras del rut 76192083k", "", "76192083k"),
        ("compras a sodimac", "sodimac", "sodimac"),
        ("ventas de 1.000.000 a 2.000.000", "", ""),
        ("folio 12345678", "", ""),
    ],
)
def test_a_rut_says_best_who_is_meant(texto: str, oida: str, esperado: str) -> None:
    """A RUT as typed goes before a name; amounts and folios are none."""
    assert told_party(texto, oida) == esperado


def test_goods_name_nobody_who_has_a_name_besides() -> None:
    """Whoever is called after what they sell is meant only by the rest of the name."""
    nombres = ["PINTURAS SAN LEMU SPA", "COMBUSTIBLES RUTA PICHIL LTDA", "FERRETERIA EL FIERRO SPA"]
    assert find_contraparte("compras de pinturas en ruta", nombres) is None
    assert find_contraparte("facturas de tinturas", nombres) is None
    assert find_contraparte("compras a pinturas san lemu", nombres) == nombres[0]
    assert find_contraparte("le compré al fierro", nombres) == nombres[2]


def test_a_bare_trade_means_the_only_one_of_it() -> None:
    """ "El liceo" is the one liceo there is, and nobody if there are two or none."""
    nombres = ["LICEO ALTO PUNILLA SPA", "IMPRENTA UNO LTDA", "IMPRENTA DOS LTDA", "LA VIÑA DEL MAR SPA"]
    assert find_by_words("Liceo", nombres) == nombres[0]
    assert find_by_words("la viña", nombres) == nombres[3]
    assert [find_by_words(typed, nombres) for typed in ("imprenta", "molino", "liceo norte", "de la")] == [
        None
    ] * 4


def test_a_party_is_found_among_twenty_thousand() -> None:
    """Of a large taxpayer's list the one that is meant, or none."""
    silabas = [f"{a}{b}{c}" for a in "BCDFGLMNPR" for b in "AEIOU" for c in "LMNRSTVBCD"]
    nombres = [f"COMERCIAL {silaba}ENTE{number} LTDA" for silaba in silabas for number in range(40)]
    nombres.append("FERRETERIA EL CLAVO SPA")
    assert find_contraparte("cuánto le vendí a la ferretería el clavo", nombres) == nombres[-1]
    assert find_contraparte("cuánto le vendí a balente", nombres) is None


@given(st.text(max_size=200))
def test_arbitrary_text_names_something_or_nothing(texto: str) -> None:
    """No text breaks these readers."""
    assert find_folio(texto) is None or find_folio(texto) >= 0  # type: ignore[operator]
    assert find_tipos(texto) == tuple(sorted(set(find_tipos(texto))))
    assert find_contraparte(texto, NOMBRES) in {None, *NOMBRES}
    assert told_party(texto, "") in texto


@pytest.mark.parametrize(
    "trozo", ["factura n° ", "n.", "nota de ", "le vendi a ", "A la ", "Los de ", "1.", "y ", "ABC "]
)
def test_long_messages_are_read_fast(trozo: str) -> None:
    """Ten thousand characters cost little more than an ordinary text, whatever they repeat."""

    def read(texto: str) -> None:
        find_folio(texto), find_tipos(texto), find_contraparte(texto, NOMBRES), told_party(texto, "")

    assert dearness(read, (trozo * 10_000)[:10_000]) < TOO_DEAR
