"""What trainers read: hostile ways to write who one is, and plain questions that must stay readable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.anonimo import STAND_INS, Anonimizador, rellenar

PALABRAS = frozenset(
    """hola cuanto vendi ventas compras factura facturas boletas semana pasada le rut clave nueva arriendo
    contrato dice llamame escribeme proveedor cliente plata folio codigo compro ferreteria comercial me debe
    iva periodo pesos ultimo trimestre necesito saber nota credito""".split()
)
OCULTADOR = Anonimizador(PALABRAS, frozenset("ventas compras factura cliente arriendo contrato".split()))
NOMBRES = ("Comercial Alerce SpA", "Ventas y Servicios Ltda", "El Clavo")


@pytest.mark.parametrize(
    ("texto", "secretos"),
    [
        ("mi rut es 76.192.083-9", ["76", "192", "083"]),
        ("76 192 083 - 9", ["76", "192", "083"]),
        ("7.6.1.9.2.0.8.3.9", ["7", "6"]),
        ("rut 12345678k", ["1234", "678"]),
        ("12.345.678-K", ["345", "678"]),
        ("７６１９２０８３９", ["7", "９"]),
        ("7️⃣6️⃣1️⃣9️⃣2️⃣0️⃣8️⃣3️⃣9️⃣", ["7", "6"]),
        ("٧٦١٩٢٠٨٣٩", ["7", "٧"]),
        ("rut setenta y seis millones ciento noventa y dos mil", ["setenta", "noventa"]),
        ("siete seis uno nueve dos cero", ["siete", "nueve"]),
        ("cuanto le vendi a Juan Pérez", ["Juan", "rez"]),
        ("cuanto le vendi a rosa", ["rosa"]),
        ("CUANTO LE VENDI A FERRETERIA EL CLAVO", ["CLAVO"]),
        ("factura de Transportes La Estrella Ltda.", ["Transportes", "Estrella"]),
        ("le vendi a Pé\u200brez", ["rez"]),
        ("contrato con Huenchullán y Cía", ["Huenchull"]),
        ("xn Rojas_Muñoz", ["Rojas", "oz"]),
        ("Pérez & Hijos", ["rez", "Hijos"]),
        ("me llamo ventas lucero", ["lucero"]),
        ("compras a comercial alerce", ["alerce"]),
        ("hola [rut](boton)", ["(boton", "[rut]("]),
        ("escribeme a juan.perez@gmail.com", ["juan", "gmail"]),
        ("escribeme a jp arroba gmail punto com", ["jp", "gmail"]),
        ("llamame al +56 9 8765 4321", ["8765", "4321"]),
        ("me debe 1.250.000", ["250"]),
        ("me debe $ 45", ["45"]),
        ("vendi 3 palos", ["3"]),
        ("vendi 3,5 millones de pesos", ["3", "5"]),
        ("vendi doscientos cincuenta mil", ["cincuenta"]),
        ("arriendo UF 25,5", ["25"]),
        ("factura folio 45213", ["452"]),
        ("mi clave es Perro-1234 gracias", ["Perro", "1234"]),
        ("clave: hola mama", ["mama"]),
        ("clave nueva Gato5678", ["Gato", "5678"]),
        ("www.miempresa.cl/pagar", ["miempresa"]),
    ],
)
def test_hides_who_it_is(texto: str, secretos: list[str]) -> None:
    """Nothing that tells whose message it is comes through, however it is written."""
    hidden = OCULTADOR.ocultar(texto, NOMBRES)
    assert not [secreto for secreto in secretos if secreto in hidden], hidden
    assert "[" in hidden or "(" in hidden


@pytest.mark.parametrize(
    "texto",
    [
        "hola cuanto vendi la semana pasada",
        "cuanto vendi en octubre de 2025",
        "ventas del 12 al 19 de mayo",
        "facturas 33 y 61 del ultimo trimestre",
        "f29 de noviembre",
        "cuanto le vendi a mi cliente",
        "necesito saber la facutra",
    ],
)
def test_leaves_the_question(texto: str) -> None:
    """What was asked stays as it was asked, slips of the finger too."""
    assert OCULTADOR.ocultar(texto, NOMBRES) == texto


def test_common_words_of_a_name_stay() -> None:
    """Somebody called «Ventas y Servicios» hides no word of every question; the whole name is hidden."""
    assert OCULTADOR.ocultar("ventas de la semana", NOMBRES) == "ventas de la semana"
    assert OCULTADOR.ocultar("hola ventas y servicios ltda", NOMBRES) == "hola [nombre]"


@given(st.text(max_size=60), st.integers(1_000_000, 99_999_999))
def test_no_rut_comes_through(around: str, number: int) -> None:
    """Whatever stands around it, a number of seven digits or more is never shown."""
    hidden = OCULTADOR.ocultar(f"{around} {number}-5 {around}")
    assert str(number) not in hidden


def test_examples_have_no_marks() -> None:
    """What was hidden becomes something invented, so that the model does not learn brackets."""
    assert rellenar("le vendi a [nombre] por [monto]") == "le vendi a Quillentue por $150.000"
    assert "[" not in rellenar(" ".join(STAND_INS))
