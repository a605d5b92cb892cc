"""What messages leave out, join, or ask for that no reader takes: exclusions, both books, unread words."""

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.consulta import (
    find_estado,
    find_exclusion,
    find_folio,
    find_periodos,
    find_tipos,
    names_both_books,
    told_party,
    unread_words,
)
from bot.core.documentos import EstadoCompra
from bot.core.errors import BotError
from tests.costo import TOO_DEAR, dearness

HOY = date(2026, 11, 22)

EXCLUYEN = """
lo de marzo sin las boletas
todo salvo las guías
el total menos las NC
compras excepto las exentas
total de abril sin considerar a quillay
descontando notas de débito
quítale las boletas
excluye las facturas exentas
las que no sean boletas
aparte de las facturas, qué más hay
facturas sí, pero no boletas
no incluyas notas de crédito
sin sodimac, cuánto compré
todo menos copec
dejando fuera las exentas
compras sin facturas exentas
""".strip().splitlines()

NO_EXCLUYEN = """
ventas de marzo sin iva
el neto, o sea sin el iva
excluyendo el iva
sin contar el impuesto
dame el total sin detalle
más o menos cuánto vendí
al menos dime el total
por lo menos las ventas
sin embargo vendí poco
sin falta mándame abril
sin problema, ventas de mayo
menos mal vendí harto, cuánto fue
vendí menos el mes pasado
compré menos que en junio
menos ventas que en mayo
a no ser que falte algo
facturas sin aceptar
sin apuro, el resumen
aparte de eso, cuánto compré
no las que emití, las que recibí
gasté menos en octubre
""".strip().splitlines()

AMBOS = """
compras y ventas de octubre
cuánto compré y cuánto he vendido
las ventas de abril y también las compras de mayo
mis vtas vs mis cpras
conpre y bendi en junio
facturas emitidas y recibidas de mayo
cuánto me vendieron y cuánto me compraron
ventas menos compras
""".strip().splitlines()

UN_LIBRO = """
del registro de compras y ventas, cuánto vendí
rcv compras y ventas
facturas de compra de abril
ventas con factura de compra
un contrato de compraventa
cuánto me compraron en mayo
lo que me compraron, o sea mis ventas
no lo que compré, lo que vendí
aparte de lo que vendí, cuánto compré
vendí harto para comprarme algo
el cliente que más me compra en ventas
compras de mayo
hola
""".strip().splitlines()

# message | words told, with commas
SIN_LEER = """
facturas de la luz de junio | luz
cuánto gasté en cemento | cemento
ventas con tarjeta en mayo | tarjeta
cuánto vendí en efectivo | efectivo
boletas de honorarios de mayo | honorarios
compras sodimac octubre | sodimac
cuánto vendí en el verano | verano
facturas impagas de abril | impagas
ventas a clientes nuevos | nuevos
ventas por productos | productos
facturas por cobrar | cobrar
cuánto me deben los clientes | deben
la mayor venta de mayo | mayor
la factura más grande | grande
promedio de ventas | promedio
ventas de Fin de Año | Fin de Año
ventas históricas desde siempre | históricas, desde siempre
ventas de fiestas patrias | fiestas, patrias
ventas a crédito | a crédito
cuánto vendí de motos | motos
compras de ventanas | ventanas
ventas en efectivo y en efectivo | efectivo
agua, luz, gas y cemento | agua, luz, gas
ventas en línea | línea
ventas en Temuco | Temuco
""".strip().splitlines()

CORRIENTES = """
hola, me ayudas con las ventas de mayo porfis?
conpre arto este mes?
kiero saver kuanto bendi en otuvre
facutras de octubre xfa
ventaas de mayoo
compars de junio
wena po, cuánta plata entró por boletas en abril
buenas noches, quisiera conocer el total neto facturado en el primer semestre
me equivoqué, era septiembre
mi contador necesita el iva de las compras de julio para declarar
muéstramelas de nuevo
tírame el resumen nomás
Estimados: agradeceré remitirme el detalle de documentos emitidos. Atentamente
facturas pendientes por aceptar
cuántas lucas llevo comprado jajaja
pucha, se me olvidó cuánto vendí en marzo
cómo anduvo el mes?
no me arrojó nada, las compras de enero
¿y las notas de crédito del año pasado?
todo menos las boletas
ventas 09/2023
""".strip().splitlines()

ESTADOS = [
    ("las que me faltan por aceptar", EstadoCompra.PENDIENTE),
    ("compras sin aceptar", EstadoCompra.PENDIENTE),
    ("facturas por acusar recibo", EstadoCompra.PENDIENTE),
    ("facturas pendientes", EstadoCompra.PENDIENTE),
    ("las que rechacé en mayo", EstadoCompra.RECLAMADO),
    ("cuáles reclamé", EstadoCompra.RECLAMADO),
    ("facturas rechazadas", EstadoCompra.RECLAMADO),
    ("compras que no se incluyen", EstadoCompra.NO_INCLUIR),
    ("las que no incluí", EstadoCompra.NO_INCLUIR),
    ("no incluidas", EstadoCompra.NO_INCLUIR),
    ("facturas pendientes de pago", None),
    ("pagos pendientes", None),
    ("facturas impagas", None),
    ("no incluyas las boletas", None),
    ("gracias por aceptar", None),
]

TIPOS = [
    ("facturas de papel", (30, 32)),
    ("facturas en papel", (30, 32)),
    ("ventas tipo 999", (999,)),
    ("código 33", (33,)),
    ("documento tipo 61", (61,)),
    ("mis exportaciones", (110,)),
    ("cuánto he exportado", (110,)),
    ("cuánta plata exporté", (110,)),
    ("lo que exportamos", (110,)),
    ("exporté mis datos", ()),
    ("quiero que exporte mis datos", ()),
]


def _rows(lines: list[str]) -> list[tuple[str, str]]:
    return [
        (texto.strip(), esperado.strip()) for texto, _, esperado in (line.partition("|") for line in lines)
    ]


@pytest.mark.parametrize("texto", EXCLUYEN)
def test_what_is_to_be_left_out_is_noticed(texto: str) -> None:
    """A wish to leave types or parties out is seen in all its wordings."""
    assert find_exclusion(texto)


@pytest.mark.parametrize("texto", NO_EXCLUYEN)
def test_sin_and_menos_are_not_always_exclusions(texto: str) -> None:
    """Set phrases, comparisons and the neto leave nothing out."""
    assert not find_exclusion(texto)


@pytest.mark.parametrize("texto", AMBOS)
def test_a_question_for_both_books_is_noticed(texto: str) -> None:
    """Sales and purchases in one message are both asked for."""
    assert names_both_books(texto)


@pytest.mark.parametrize("texto", UN_LIBRO)
def test_the_other_book_may_only_be_mentioned(texto: str) -> None:
    """Names of registers and documents, clients who buy and denials ask for one book."""
    assert not names_both_books(texto)


@pytest.mark.parametrize(("texto", "esperado"), _rows(SIN_LEER))
def test_words_that_no_reader_takes_are_told(texto: str, esperado: str) -> None:
    """Words that change the question are given back as typed, in order, three at most."""
    assert unread_words(texto, None) == tuple(filter(None, esperado.split(", ")))


@pytest.mark.parametrize("texto", CORRIENTES)
def test_ordinary_messages_leave_nothing_unread(texto: str) -> None:
    """Greetings, courtesy, typos and whatever the readers take are not told."""
    assert unread_words(texto, None) == ()


@pytest.mark.parametrize(
    ("texto", "nombre", "esperado"),
    [
        ("compras a los aromoss en mayo", "COMERCIAL LOS AROMOS LTDA", ()),
        ("ferretería los aromos", "COMERCIAL LOS AROMOS LTDA", ()),
        ("aromos limitada, cemento", "COMERCIAL LOS AROMOS LTDA", ("cemento",)),
        ("ventas a balenzuela", "SOC. COMERCIAL VALENZUELA Y CIA LTDA", ()),
        ("ventas a valenz", "SOC. COMERCIAL VALENZUELA Y CIA LTDA", ()),
        ("compras a sodimac y easy", "SODIMAC S.A.", ("easy",)),
    ],
)
def test_the_counterparty_counts_as_read(texto: str, nombre: str, esperado: tuple[str, ...]) -> None:
    """Its words, misspelt or cut short, are taken into account."""
    assert unread_words(texto, nombre) == esperado


@pytest.mark.parametrize(("texto", "esperado"), ESTADOS)
def test_states_are_told_from_what_is_unpaid(texto: str, esperado: EstadoCompra | None) -> None:
    """The register's states are read from verbs too; unpaid is none of them."""
    assert find_estado(texto) is esperado


@pytest.mark.parametrize(("texto", "esperado"), TIPOS)
def test_codes_paper_and_exports(texto: str, esperado: tuple[int, ...]) -> None:
    """A code is taken as written, known or not."""
    assert find_tipos(texto) == esperado


@given(st.text(max_size=200), st.none() | st.text(max_size=40))
def test_any_text_is_read(texto: str, nombre: str | None) -> None:
    """No text breaks these readers, and what is told was typed."""
    assert find_exclusion(texto) in {True, False}
    assert names_both_books(texto) in {True, False}
    found = unread_words(texto, nombre)
    assert len(found) <= 3
    assert all(word in texto for word in found)


@pytest.mark.parametrize(
    "trozo",
    [
        "de ", "factura 1 ", "a b c ", "sin ", "sin contar ", "menos las ", "ventas a ", "compras en xyzzy ",
        "no ", "antes de marzo ", "don julio ", "aaaaab ", "ventas y compras ", "fin de año ", "9-26 ",
        "qwrt", "a crédito ", "cuanto exporte ", "no se inclu ", "liquidaciones factura 2026 ",
        "le vendi a la ", "1-", "1 / ", "s.p.a ", "aei", "aas", "\n", "«", "\ufdfa", "folio 1. ", "A.a.",
    ],
)  # fmt: skip
def test_long_messages_are_read_at_once(trozo: str) -> None:
    """Four thousand characters cost every reader little more than an ordinary text, whatever they repeat."""

    def read(texto: str) -> None:
        with contextlib.suppress(BotError):
            find_periodos(texto, HOY)
        find_exclusion(texto), names_both_books(texto), unread_words(texto, "COMERCIAL LOS AROMOS LTDA")
        find_estado(texto), find_tipos(texto), find_folio(texto), told_party(texto, "")

    assert dearness(read, (trozo * 4_000)[:4_000]) < TOO_DEAR
