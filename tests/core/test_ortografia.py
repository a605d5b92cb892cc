"""Mistyped words are mended, and nothing else is touched."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.consulta import find_contraparte, find_periodos, find_tipos
from bot.core.consulta.letra import as_meant
from bot.core.ortografia import Ortografia, distance
from tests.nlu.particion import HOY

WORDS = {"ventas": 100, "venta": 40, "compras": 90, "factura": 80, "clientes": 60, "cambiar": 20, "vence": 30}
REAL = frozenset("renta rentas vende cobras cobra fractura oyentes".split())
MENDING = Ortografia(WORDS, REAL.__contains__)
# What taxpayers write about and is near to words that are read; none of it may become another word.
UNTOUCHED = """
renta rentas vende venden vence vencen cobra cobro cobrar compro compra compras venta ventas vendo vendi
vale vino vinos bienes lunas mares mayor mayo malo mano marco marcos mazo mesa meses gasto gastos agotado
angosto herrero hierro entero enteros encero junior julia juana juan abrir abrigo abril marta martes
tarde tardes patada posada pasas pesado pesada pescado pescados salado salada helado helados listo lista
listas limitado actuar actual actuales caliente calientes corriente corrientes factor factores fractura
bolita bolitas boleto boletos violeta violetas canto cuento cuentos cuarto cuartos cuanto cuantos cuarta
impuesta impuesto puesto puestos delito debito deuda deudas credito crudo nota notas nata natas gota
gotas exenta exentas extensa extensas afecta afectar comparsa computador contado contador contadora
contrato contratos cobranza sueldo sueldos suelo suelos banco bancos barco barcos carne carnes harina
harinas leche queso quesos pan panes torta tortas palta paltas camion camiones camisa camisas zapato
zapatos madera maderas clavo clavos clave claves llave llaves tabla tablas horno hornos hora horas hoja
hojas oveja ovejas abeja abejas miel papel papeles pincel pinceles flete fletes bencina parafina aceite
aceitunas tinta tintas tienda tiendas taller talleres local locales socio socia socios
""".split()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("vetnas", "ventas"), ("bentas", "ventas"), ("venttas", "ventas"), ("vents", "ventas"),
        ("kompras", "compras"), ("comrpas", "compras"), ("facutra", "factura"), ("fcatura", "factura"),
        ("cleintes", "clientes"), ("cmopras", "compras"), ("canbiar", "cambiar"), ("benze", "vence"),
        ("renta", "renta"), ("vende", "vende"), ("cobras", "cobras"), ("fractura", "fractura"),
        ("vta", "vta"),
        ("76543210", "76543210"), ("lircay", "lircay"), ("mataquito", "mataquito"),
    ],
)  # fmt: skip
def test_slips_are_mended_and_words_are_not(typed: str, meant: str) -> None:
    """Swapped, doubled, missing and letters that sound alike; real words, numbers and names stay."""
    assert MENDING.mend(typed) == meant


def test_what_is_near_to_two_stays() -> None:
    """Of two words equally near and common none is chosen; a much commoner one is."""
    assert Ortografia({"mesas": 5, "misas": 6}, lambda _: False).mend("msas") == "msas"
    assert Ortografia({"mesas": 5, "misas": 60}, lambda _: False).mend("msas") == "misas"


def test_two_slips_only_where_asked() -> None:
    """A small list of words is no ground for mending twice in one word."""
    once = Ortografia({"trimestre": 1}, lambda _: False)
    twice = Ortografia({"trimestre": 1}, lambda _: False, two=8)
    assert (once.mend("tirmestr"), twice.mend("tirmestr")) == ("tirmestr", "trimestre")


def _swap(word: str, at: int) -> str:
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


SLIPS: tuple[Callable[[str, int], str], ...] = (
    _swap,
    lambda word, at: word[:at] + word[at] + word[at:],
    lambda word, at: word[: at + 1] + word[at + 2 :],
)


@given(st.sampled_from(sorted(WORDS)), st.sampled_from(SLIPS), st.data())
def test_a_slip_never_makes_a_third_word(
    word: str, slip: Callable[[str, int], str], data: st.DataObject
) -> None:
    """What is typed with one slip is mended, or is a word itself; mending twice changes nothing more."""
    typed = slip(word, data.draw(st.integers(0, len(word) - 2)))
    mended = MENDING.mend(typed)
    assert MENDING.mend(mended) == mended
    assert mended == typed or distance(typed, mended, 2) <= 1


@given(st.text("abcd", max_size=6), st.text("abcd", max_size=6))
def test_distance_goes_both_ways(one: str, other: str) -> None:
    """As far there as back, nothing only between equals, and never more than it was asked to count."""
    slips = distance(one, other, 2)
    assert slips == distance(other, one, 2) <= 3
    assert (slips == 0) == (one == other)


@pytest.mark.parametrize("word", UNTOUCHED)
def test_words_of_the_trade_stay(word: str) -> None:
    """Real words are read as they are, however near they are to months, books and types."""
    assert as_meant(f"cuanto de {word} hubo") == f"cuanto de {word} hubo"


def test_messages_are_read_as_meant() -> None:
    """Months, days and types are found through slips; capitals in a small message make names."""
    assert as_meant("Cuatno vendí en ocutbre?") == "cuanto vendí en octubre?"
    assert as_meant("lo del señor Otubre") == "lo del señor Otubre"
    assert [str(mes) for mes in find_periodos("comrpas de jnuio y agsoto", HOY)] == ["2026-06", "2026-08"]
    assert [str(mes) for mes in find_periodos("total ete mes", HOY)] == ["2026-11"]
    assert find_tipos("las boeltas") == find_tipos("las boletas")


def test_names_are_found_as_typed() -> None:
    """A counterparty that looks like a slip of a word is still that counterparty."""
    assert find_contraparte("compras a martez ltda", ["COMERCIAL MARTEZ LTDA"]) == "COMERCIAL MARTEZ LTDA"
    assert find_contraparte("vetnas a otubra", ["OTUBRA SPA", "OCTUBRE SPA"]) == "OTUBRA SPA"


@pytest.mark.parametrize("texto", ["N/C del 1S", "notas de credito 1s", "f29 del primer semestre"])
def test_halves_of_a_year(texto: str) -> None:
    """ "1S" is the first half of the year."""
    assert [str(mes) for mes in find_periodos(texto, HOY)] == [f"2026-{mes:02d}" for mes in range(1, 7)]


def test_a_form_in_words_is_no_day() -> None:
    """ "Efe veintinueve de septiembre" asks for a month."""
    assert [str(mes) for mes in find_periodos("el efe veintinueve de septiembre", HOY)] == ["2026-09"]
