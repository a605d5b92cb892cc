"""Passwords of the SII typed into a chat: blotted out, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.claves import BLOT, redact_clave
from tests.costo import TOO_DEAR, dearness

GIVEN = [
    ("mi clave del sii es Perro1234", "Perro1234"),
    ("mi clave es gatito99", "gatito99"),
    ("clave: Alerce.2024", "Alerce.2024"),
    ("Clave tributaria: 8841952", "8841952"),
    ("la clave tributaria es xK9$mm2", "xK9$mm2"),
    ("contraseña sii 12ab34cd", "12ab34cd"),
    ("contrasena: hola.1234", "hola.1234"),
    ("la contraceña es Casa2020", "Casa2020"),
    ("pass: qwe123rty", "qwe123rty"),
    ("psw Temuco77", "Temuco77"),
    ("password = Sur#2211", "Sur#2211"),
    ("te la doy altiro, mi clave es «Pino_45a»", "Pino_45a"),
    ("MI CLAVE DEL SII ES TORO5588", "TORO5588"),
    ("76.192.083-9 / Perro1234", "Perro1234"),
    ("76192083-9, Perro1234", "Perro1234"),
    ("rut 76192083-9\nPerro1234", "Perro1234"),
    ("mi rut es 76.192.083-9 y mi clave es Perro1234", "Perro1234"),
    ("clave del s.i.i. Perro1234", "Perro1234"),
    ("clave de impuestos internos: nube4321", "nube4321"),
    ("clave unica 778812aa", "778812aa"),
    ("hola, quiero que entres al sii, clave Rauli-88x por favor", "Rauli-88x"),
    ("mi clave es chocolate", "chocolate"),
    ("la clave del sii es colocolo", "colocolo"),
    ("mi clave es: 123456", "123456"),
    ("clave\nPerro1234", "Perro1234"),
    ("clave -> Perro1234", "Perro1234"),
    ('la clave es "Perro1234".', "Perro1234"),
    ("es que mi clave sii es Ñandu2025", "Ñandu2025"),
    ("mi contraseña para el sii es perro.negro1", "perro.negro1"),
    ("anota la clave nueva: Lago_Ranco7", "Lago_Ranco7"),
]
HARMLESS = [
    "¿cómo cambio mi clave?",
    "se me olvidó la clave del sii",
    "qué es la clave tributaria",
    "perdí mi clave, qué hago",
    "la clave es vender más",
    "la clave del éxito es ahorrar",
    "quiero darte mi clave del sii",
    "dónde pongo mi clave",
    "borra mi clave",
    "¿es segura mi clave acá?",
    "la clave es importante",
    "mi clave es secreta",
    "mi clave está vencida",
    "mi contraseña es incorrecta",
    "no me acuerdo de la contraseña",
    "cuánto vendí en septiembre",
    "cuánto le compré a 76.192.083-9",
    "la factura 123456 de Palquial",
    "vendí $1.234.567 en octubre",
    "el folio 9988776 está malo",
    "ventas de 2026-09",
    "compras del 01/10/2026",
    "mi rut es 76.192.083-9",
    "76.192.083-9",
    "76.192.083-9 y 77.697.060-3",
    "necesito clave para entrar?",
    "me pide clave y no la tengo",
    "la clave única sirve para el sii?",
    "pásame las compras con contraseña no puedo entrar",
    "quiero cambiar la clave porque la tiene mi contador",
]


@pytest.mark.parametrize(("texto", "clave"), GIVEN)
def test_a_password_is_blotted_out(texto: str, clave: str) -> None:
    """It is gone, and that it was there is known."""
    kept, found = redact_clave(texto)
    assert found
    assert clave not in kept
    assert BLOT in kept


@pytest.mark.parametrize("texto", HARMLESS)
def test_what_is_no_password_stays(texto: str) -> None:
    """Questions about passwords, figures, folios, RUTs and dates are left as they are."""
    assert redact_clave(texto) == (texto, False)


def test_the_rest_of_the_message_stays() -> None:
    """Only the password goes."""
    assert redact_clave("hola, mi clave del SII es Perro1234 gracias") == (
        f"hola, mi clave del SII es {BLOT} gracias",
        True,
    )


def test_a_lone_word_when_it_was_asked_for() -> None:
    """After the link was offered, a strange word alone is the password; an ordinary one is not."""
    assert redact_clave("Perro1234", esperada=True) == (BLOT, True)
    assert redact_clave("septiembre", esperada=True) == ("septiembre", False)
    assert redact_clave("76.192.083-9", esperada=True) == ("76.192.083-9", False)
    assert redact_clave("Perro1234") == ("Perro1234", False)


@pytest.mark.parametrize(
    ("comienzo", "trozo", "fin"),
    [
        ("1.111.111-1 ", "\n", '"'),
        ("1.111.111-1 ", " \n", '"'),
        ("1.111.111-1 -", " - ", '"'),
        ("1.111.111-1 y", " y ", '"'),
        ("1.111.111-1", "/,;:|", ")"),
        ("", "1.111.111-1\n", '"'),
        ("", "1.111.111-1 - ", '"'),
        ("clave", " ", '""'),
        ("clave es", " ", '""'),
        ("clave de l", " ", "x"),
        ("clave del", " ", "x"),
        ("clave de impuestos", "\n", '"'),
        ("clave para entrar", "\t", '"'),
        ("clave", " nueva", '"'),
        ("clave", " , . - ( ", '"'),
        ("", "clave ", '"'),
        ("", "clave:", '"'),
        ("", "clave es  ", '"'),
        ("es" + " " * 2_000, "clave x ", "?"),
        (":" + "\n" * 2_000, "pwd abc ", "?"),
        ("clave", "1.111.111-1 ", '"'),
        ("clave", ".", '"'),
        ("clave ", "a", '"'),
        ("", "1", '"'),
        ("", "1.", '"'),
    ],
)
def test_long_messages_are_read_at_once(comienzo: str, trozo: str, fin: str) -> None:
    """Four thousand characters cost little more than an ordinary text, whatever they repeat."""

    def read(texto: str) -> None:
        redact_clave(texto)
        redact_clave(texto, esperada=True)

    assert dearness(read, (comienzo + trozo * 4_000)[: 4_000 - len(fin)] + fin) < TOO_DEAR


@pytest.mark.parametrize(
    ("texto", "kept"),
    [
        ("76192083-9 / yapa1234", f"76192083-9 / {BLOT}"),
        ("76192083-9 y yapa1234", f"76192083-9 y {BLOT}"),
        ("76192083-9yPerro1234", f"76192083-9y{BLOT}"),
        ("76192083-9 \n\n - Perro1234", f"76192083-9 \n\n - {BLOT}"),
        ("76192083-9 -5 facturas", "76192083-9 -5 facturas"),
    ],
)
def test_what_stands_between_rut_and_password_stays(texto: str, kept: str) -> None:
    """All of the password goes, also a first letter that could join it to the RUT."""
    assert redact_clave(texto)[0] == kept


@given(
    st.sampled_from(["mi clave es {}", "Clave SII: {}", "la contraseña es {}", "pass {}", "76192083-9 / {}"]),
    st.from_regex(r"[A-Za-z]{3,8}[0-9]{2,6}[!#$.]?", fullmatch=True),
)
def test_a_strange_password_never_survives(template: str, clave: str) -> None:
    """Whatever it is, in each of the usual ways of saying it."""
    kept, found = redact_clave(template.format(clave))
    assert found
    assert clave not in kept
