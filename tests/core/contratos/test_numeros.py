"""Numbers, ordinals, dates, durations and amounts in the words and figures of contracts."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.contratos.duraciones import Duracion, add_months, find_duraciones
from bot.core.contratos.fechas import find_fechas
from bot.core.contratos.montos import find_montos
from bot.core.contratos.numeros import read_numero, read_ordinal, read_romano
from bot.core.contratos.plano import plegar
from bot.core.periodo import MESES

_SUELTOS = (
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince"
    " dieciséis diecisiete"
    " dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis"
    " veintisiete"
    " veintiocho veintinueve"
).split()
_DECENAS = "treinta cuarenta cincuenta sesenta setenta ochenta noventa".split()
_CIENTOS = (
    "ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos"
).split()


def en_palabras(number: int) -> str:
    """A number as a notary writes it."""
    if number < 30:
        return _SUELTOS[number]
    if number < 100:
        tens, unit = divmod(number, 10)
        return _DECENAS[tens - 3] + (f" y {_SUELTOS[unit]}" if unit else "")
    if number < 1000:
        hundreds, rest = divmod(number, 100)
        return "cien" if number == 100 else _CIENTOS[hundreds - 1] + (f" {en_palabras(rest)}" if rest else "")
    for size, one, many in (
        (10**12, "un billón", "billones"),
        (10**6, "un millón", "millones"),
        (1000, "mil", "mil"),
    ):
        if number >= size:
            times, rest = divmod(number, size)
            head = one if times == 1 else f"{_corto(en_palabras(times))} {many}"
            return head + (f" {en_palabras(rest)}" if rest else "")
    raise AssertionError


def _corto(words: str) -> str:
    return words.removesuffix("veintiuno") + "veintiún" if words.endswith("veintiuno") else (
        words.removesuffix("uno") + "un" if words.endswith("uno") else words
    )  # fmt: skip


@given(st.one_of(st.integers(0, 3000), st.integers(0, 10**12)))
def test_words_and_back(number):
    """Every number up to a billón is read from its words, whatever follows."""
    words = plegar(en_palabras(number))

    assert read_numero(words + " pesos") == (number, len(words))
    assert read_numero(plegar(en_palabras(number).upper())) == (number, len(words))


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("veintiún", 21), ("ciento una", 101), ("mil", 1000), ("un millón", 10**6), ("quinientas", 500),
        ("dos mil veinticuatro", 2024), ("mil novecientos noventa y"
        " nueve", 1999), ("treinta y un mil", 31000),
        ("mil doscientos millones", 1_200_000_000), ("un billón", 10**12), ("dos mi1 ve1nte", 2020),
    ],
)  # fmt: skip
def test_numbers(words, number):
    """The forms that people and scanners write."""
    assert read_numero(plegar(words))[0] == number


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("primero", 1), ("Tercera", 3), ("séptima", 7), ("DÉCIMO", 10), ("décima octava", 18),
        ("decimoctavo", 18),
        ("undécimo", 11), ("duodécima", 12), ("décimo segundo", 12), ("vigésimo", 20),
        ("vigésima primera", 21),
        ("cuadragésimo noveno", 49), ("decimotercera", 13), ("PR1MERO", 1), ("SEGUND0", 2),
         ("octav0", 8),
        ("trigésimo quinto", 35),
    ],
)  # fmt: skip
def test_ordinals(words, number):
    """From primero to cuadragésimo noveno, in one word or two, scanned too."""
    assert read_ordinal(plegar(words))[0] == number


def test_roman():
    """Roman numbers and what only looks like one."""
    assert [read_romano(letters)
        for letters in ("i", "iv", "xiv", "xxxix", "xl", "liv", "iiii", "vx", "")] == [
        1, 4, 14, 39, 40, 54, None, None, None,
    ]  # fmt: skip


FECHAS = """
15/03/2024 | 2024-03-15
15-3-24 | 2024-03-15
15.03.2024 | 2024-03-15
2024-03-15 | 2024-03-15
1° de marzo de 2024 | 2024-03-01
1º de marzo del 2024 | 2024-03-01
1ero de marzo del 2024 | 2024-03-01
1ro. de marzo, 2024 | 2024-03-01
primero de marzo del año dos mil veinticuatro | 2024-03-01
quince de marzo de dos mil veinticuatro | 2024-03-15
a 15 días del mes de marzo de 2024 | 2024-03-15
a los quince días del mes de marzo del año dos mil veinticuatro | 2024-03-15
15 (quince) de marzo de 2024 | 2024-03-15
treinta y uno de diciembre de mil novecientos noventa y nueve | 1999-12-31
l5 de MARZ0 de 2O24 | 2024-03-15
28-feb-2025 | 2025-02-28
15 de setiembre de 2.024 | 2024-09-15
29/02/2024 | 2024-02-29
29/02/2023 |
31/04/2024 |
el artículo 1.2.3 y la ley 20.940 |
RUT 12.345.678-5, fono 2-2345-6789 |
del 1 de marzo al 31 de diciembre de 2024 | 2024-03-01 2024-12-31
desde el 1 de noviembre hasta el 28 de febrero de 2025 | 2024-11-01 2025-02-28
entre el uno de marzo de dos mil veinticinco y el treinta de abril del mismo año | 2025-03-01 2025-04-30
"""


@pytest.mark.parametrize("caso", FECHAS.strip().splitlines())
def test_dates(caso):
    """Dates in every way of writing them; days that do not exist are none."""
    texto, _, esperadas = caso.partition("|")

    assert [str(fecha.valor) for fecha in find_fechas(texto)] == esperadas.split()


def test_month_alone():
    """A month with its year is its first day, and says that it is a month."""
    fecha = find_fechas("hasta marzo de 2025 inclusive")[0]

    assert (fecha.valor, fecha.dia) == (date(2025, 3, 1), False)


@given(
    st.dates(date(1990, 1, 1), date(2099, 12, 31)),
    st.sampled_from(["{} de {} de {}", "{} días del mes de {} del año {}"]),
)
def test_dates_in_words(dia, forma):
    """Every day of a century is read from words, and its place is that of the words."""
    texto = "En Santiago, a " + forma.format(
        en_palabras(dia.day), MESES[dia.month - 1], en_palabras(dia.year)
    )
    fecha = find_fechas(texto + ", comparecen")[0]

    assert fecha.valor == dia
    assert texto[fecha.inicio : fecha.fin] == texto.removeprefix("En Santiago, a ")


DURACIONES = """
12 meses | 1 año
un año | 1 año
dos (2) años | 2 años
18 (dieciocho) meses | 18 meses
treinta días corridos | 30 días
30 días hábiles | 30 días hábiles
sesenta días de anticipación | 60 días
noventa (90) dias | 90 días
tres años y seis meses | 42 meses
un año y medio | 18 meses
treinta y seis meses | 3 años
un semestre | 6 meses
2 semanas | 14 días
15 días del mes de marzo |
el mes de marzo |
"""


@pytest.mark.parametrize("caso", DURACIONES.strip().splitlines())
def test_durations(caso):
    """Durations in words and figures; a day of the month is none."""
    texto, esperada = (part.strip() for part in caso.split("|"))

    assert ", ".join(str(found.valor) for found in find_duraciones(texto)) == esperada


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 240))
def test_months(dia, meses):
    """Adding months keeps the day, or takes the last one of a shorter month."""
    later = add_months(dia, meses)

    assert (later.year * 12 + later.month) - (dia.year * 12 + dia.month) == meses
    assert later.day == dia.day or (later.day < dia.day and (later + timedelta(days=1)).day == 1)


def test_end_of_january():
    """31 January plus a month is the last day of February; 60 days before counts days."""
    assert Duracion(1).despues_de(date(2024, 1, 31)) == date(2024, 2, 29)
    assert Duracion(1).despues_de(date(2025, 1, 31)) == date(2025, 2, 28)
    assert Duracion(dias=60).antes_de(date(2026, 3, 31)) == date(2026, 1, 30)
    assert Duracion(dias=10, habiles=True).antes_de(date(2026, 3, 31)) == date(2026, 3, 17)


MONTOS = """
$850.000 | $850.000
850.000 pesos | $850.000
ochocientos cincuenta mil pesos ($850.000.-) | $850.000
$ 850.000.- (ochocientos cincuenta mil pesos) | $850.000
UF 25,5 | UF 25,5
U.F. 25,5 | UF 25,5
25,5 Unidades de Fomento | UF 25,5
UF 25,5 (veinticinco coma cinco Unidades de Fomento) | UF 25,5
veinte (20) Unidades de Fomento | UF 20
3 UTM | UTM 3
diez Unidades Tributarias Mensuales | UTM 10
US$ 1.200 | USD 1.200
USD 1,200.50 | USD 1.200,50
doscientos mil dólares de los Estados Unidos | USD 200.000
1 millón de pesos | $1.000.000
un millón doscientos mil pesos | $1.200.000
$85O.OOO | $850.000
300 lucas | $300.000
$500 mil | $500.000
UF 1.250,75 | UF 1.250,75
renta de $100.000 y garantía de $200.000 | $100.000 $200.000
el artículo 1.545 y 20 metros |
"""


@pytest.mark.parametrize("caso", MONTOS.strip().splitlines())
def test_amounts(caso):
    """Amounts with their currency, words and figures together."""
    texto, esperados = (part.strip() for part in caso.split("|"))

    assert " ".join(str(found.valor) for found in find_montos(texto)) == esperados


def test_words_against_figures():
    """Words and figures that differ are both told."""
    monto = find_montos("la suma de $1.500.000 (un millón cuatrocientos mil pesos)")[0].valor

    assert (monto.cantidad, monto.contradice) == (Decimal(1_500_000), Decimal(1_400_000))


def test_iva():
    """Whether IVA comes on top."""
    found = find_montos("UF 12 más IVA; $100.000 IVA incluido; 5 UTM.")

    assert [monto.valor.iva for monto in found] == ["mas", "incluido", ""]


@given(st.integers(1, 10**9))
def test_amounts_in_words(number):
    """An amount is the same in words, in figures, and in both, and nothing is contradicted."""
    words, figures = en_palabras(number), f"{number:,}".replace(",", ".")

    for texto in (
        f"{words} pesos",
        f"${figures}.-",
        f"{words} pesos (${figures}.-)",
        f"${figures} ({words} pesos)",
    ):
        found = find_montos("la suma de " + texto)
        assert [(one.valor.cantidad, one.valor.contradice) for one in found] == [(number, None)]


@given(st.text(alphabet="15 deábOl0.,/-$UF marzoñº()\n", max_size=200))
def test_places(texto):
    """Folding keeps the length, and whatever is found lies within the text, in order."""
    assert len(plegar(texto)) == len(texto)
    for finder in (find_fechas, find_duraciones, find_montos):
        spans = [(found.inicio, found.fin) for found in finder(texto)]
        assert all(0 <= inicio < fin <= len(texto) for inicio, fin in spans)
        assert all(one[1] <= other[0] for one, other in pairwise(spans))
