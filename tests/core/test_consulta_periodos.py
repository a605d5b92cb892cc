"""Months read from messages."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.consulta import find_periodos
from bot.core.errors import BotError, DayNotSupportedError, PeriodoInvalidError
from bot.core.periodo import MESES, Periodo
from tests.costo import TOO_DEAR, dearness

HOY = date(2026, 11, 22)

# message | months, written as 2026-09, 2026-01..2026-03, or several with spaces; empty for none
FRASES = """
ventas de septiembre | 2026-09
cuánto vendí en diciembre | 2025-12
noviembre | 2026-11
y octubre? | 2026-10
este mes | 2026-11
resumen del mes actual | 2026-11
lo que va del mes | 2026-11
cuánto llevo en lo que va de mes | 2026-11
compras del mes en curso | 2026-11
las compras del mes | 2026-11
cómo va el mes? | 2026-11
el mes pasado | 2026-10
ventas mes anterior | 2026-10
cuanto vendi el mes q paso | 2026-10
el mes que recién pasó | 2026-10
último mes | 2026-10
el mes antepasado | 2026-09
y el antepasado? | 2026-09
el mes antes pasado | 2026-09
hace dos meses | 2026-09
dos meses atrás | 2026-09
hace un mes | 2026-10
hace un año | 2025-11
hace 3 meses cuánto compré | 2026-08
este año | 2026-01..2026-11
lo que va del año | 2026-01..2026-11
cuánto he vendido en el año | 2026-01..2026-11
año en curso | 2026-01..2026-11
a la fecha este año | 2026-01..2026-11
en lo que llevamos de año | 2026-01..2026-11
el año pasado | 2025-01..2025-12
ventas 2025 | 2025-01..2025-12
año 2025 | 2025-01..2025-12
todo el 2025 | 2025-01..2025-12
facturas 2025 | 2025-01..2025-12
el año 25 | 2025-01..2025-12
año antepasado | 2024-01..2024-12
cuánto vendí el 2026 | 2026-01..2026-11
dos mil veinticuatro | 2024-01..2024-12
marzo del dos mil veinticinco | 2025-03
marzo de dos mil veintitrés | 2023-03
septiembre del veintitrés | 2023-09
primer trimestre | 2026-01..2026-03
1er trimestre | 2026-01..2026-03
1º trimestre | 2026-01..2026-03
III trimestre 2025 | 2025-07..2025-09
segundo trimestre de 2025 | 2025-04..2025-06
primer y segundo trimestre del año pasado | 2025-01..2025-06
último trimestre del año pasado | 2025-10..2025-12
último trimestre | 2026-07..2026-09
Q3 2025 | 2025-07..2025-09
q1 | 2026-01..2026-03
trimestre 2 del 2025 | 2025-04..2025-06
este trimestre | 2026-10..2026-11
cuarto trimestre | 2026-10..2026-11
trimestre pasado | 2026-07..2026-09
primer semestre | 2026-01..2026-06
segundo semestre del año pasado | 2025-07..2025-12
este semestre | 2026-07..2026-11
semestre anterior | 2026-01..2026-06
primer bimestre 2026 | 2026-01..2026-02
2do sem | 2026-07..2026-11
1er sem vs 1er sem del año pasado | 2025-01..2025-06 2026-01..2026-06
la segunda mitad del año. | 2026-07..2026-11
el segundo trimestre o el tercero | 2026-04..2026-09
primer bimestre de 2025 contra el segundo | 2025-01..2025-04
julio en comparación con el mes anterior | 2026-06..2026-07
este marzo fue mejor que el marzo pasado | 2025-03 2026-03
noviembre en compras? el 2023 | 2023-11
margen YTD | 2026-01..2026-11
de marzo asta aora | 2026-03..2026-11
segundo cuatrimestre | 2026-05..2026-08
últimos 3 meses | 2026-08..2026-10
ultimos tres meses | 2026-08..2026-10
los tres últimos meses | 2026-08..2026-10
últimos doce meses | 2025-11..2026-10
últimos cuatro meses contando este | 2026-08..2026-11
ult. 5 meses | 2026-06..2026-10
los últimos dos trimestres | 2026-04..2026-09
el último año | 2025-11..2026-10
los 6 meses anteriores | 2026-05..2026-10
primeros tres meses del año | 2026-01..2026-03
primer mes del año | 2026-01
último mes del año pasado | 2025-12
desde julio | 2026-07..2026-11
desde agosto del año pasado hasta marzo | 2025-08..2026-03
hasta marzo | 2026-01..2026-03
a partir de abril | 2026-04..2026-11
desde marzo hasta hoy | 2026-03..2026-11
de enero a la fecha | 2026-01..2026-11
desde el mes pasado | 2026-10..2026-11
desde enero hasta el mes pasado | 2026-01..2026-10
de enero a marzo | 2026-01..2026-03
ene a mar | 2026-01..2026-03
ene-mar | 2026-01..2026-03
ene - mar 2025 | 2025-01..2025-03
entre marzo y junio | 2026-03..2026-06
entre los meses de marzo y junio | 2026-03..2026-06
enero hasta abril 2025 | 2025-01..2025-04
de nov 2025 a feb 2026 | 2025-11..2026-02
nov 2025 - feb 2026 | 2025-11..2026-02
noviembre a febrero | 2025-11..2026-02
noviembre a febrero 2025 | 2024-11..2025-02
agosto y septiembre | 2026-08 2026-09
julio, agosto y sept | 2026-07..2026-09
mayo y junio del 2025 | 2025-05 2025-06
marzo 2025 y marzo 2026 | 2025-03 2026-03
marzo 2025 y 2026 | 2025-03 2026-03
marzo de este año y del año pasado | 2025-03 2026-03
compara marzo con el año pasado | 2025-03 2026-03
este mes vs el mismo mes del año pasado | 2025-11 2026-11
septiembre y el mismo mes del año pasado | 2025-09 2026-09
este mes y el pasado | 2026-10 2026-11
compara septiembre con el mes anterior | 2026-08 2026-09
compárame este mes con el mes pasado | 2026-10 2026-11
el mes pasado y el antepasado | 2026-09 2026-10
diferencia entre marzo y junio | 2026-03 2026-06
ventas de abril vs compras de mayo | 2026-04 2026-05
el mismo mes del año pasado | 2025-11
marzo del año pasado | 2025-03
marzo de este año | 2026-03
marzo pero del año pasado | 2025-03
septiembre del 23 | 2023-09
sept 23 | 2023-09
sept '23 | 2023-09
sep/23 | 2023-09
sep-2023 | 2023-09
sept.2023 | 2023-09
sept. 2023 | 2023-09
sept23 | 2023-09
septiembre, 2023 | 2023-09
septiembre año 2023 | 2023-09
09/2023 | 2023-09
9-2023 | 2023-09
2023-09 | 2023-09
2023/09 | 2023-09
09/23 | 2023-09
periodo 202309 | 2023-09
9 del 2025 | 2025-09
mes 9 | 2026-09
mes de 09 | 2026-09
el mes 3 del 2025 | 2025-03
meses 3, 4 y 5 de 2025 | 2025-03..2025-05
2025 marzo | 2025-03
año 2025 mes de marzo | 2025-03
ventas septimbre | 2026-09
ventas setiembre | 2026-09
sepitembre | 2026-09
setpiembre | 2026-09
novienbre | 2026-11
nobiembre | 2026-11
ocubre | 2026-10
octuvre | 2026-10
fevrero | 2026-02
febreo | 2026-02
para el mes de marso | 2026-03
avril 2025 | 2025-04
agoto | 2026-08
disiembre | 2025-12
dicienbre | 2025-12
jullio | 2026-07
enro | 2026-01
mes de sept | 2026-09
SEPTIEMBREEE | 2026-09
VENTAS DE MARZO 2024 | 2024-03
necesito hoy las ventas de septiembre | 2026-09
ayer me pidieron las compras de agosto | 2026-08
necesito para el lunes las ventas de septiembre | 2026-09
buenos días, cuánto vendí en octubre | 2026-10
el próximo mes | 2026-12
ventas de diciembre 2026 | 2026-12
enero 2015 | 2015-01
del 1 al 30 de septiembre | 2026-09
del 1 al 31 de agosto de 2025 | 2025-08
01/09/2026 al 30/09/2026 | 2026-09
del 1 de enero al 31 de marzo de 2025 | 2025-01..2025-03
desde el 1 de marzo hasta hoy | 2026-03..2026-11
detalle de mar | 2026-03
set 2025 | 2025-09
ventas may 2025 | 2025-05
oct, nov y dic | 2025-12 2026-10 2026-11
2024 y 2025 | 2024-01..2025-12
2024-2025 | 2024-01..2025-12
desde 2025 | 2025-01..2026-11
tengo que declarar antes del 20 de noviembre el iva de octubre | 2026-10
factura 1234 de septiembre | 2026-09
cuánto vendí en marzo, 3 facturas? | 2026-03
F29 de agosto | 2026-08
le vendí a Julio Pérez en mayo | 2026-05
compras a Comercial Agosto en junio | 2026-06
ventas de julio | 2026-07
Julio | 2026-07
año tributario 2026 | 2025-01..2025-12
últimos 2 años | 2024-11..2026-10
este año vs el año pasado | 2025-01..2026-11
el total de nov del 25 | 2025-11
xfa las vtas d oct | 2026-10
marzo 2025 y abril | 2025-03 2025-04
hola |
buenos días |
que tenga buena semana |
hasta mañana |
llamé por la mañana |
el documento del día |
cuánto he vendido hasta hoy |
necesito hoy las ventas |
factura 2025 |
la factura 1234 |
folio 202309 |
me cobraron $2.025 |
2025 pesos |
2.000 lucas |
rut 76.192.083-9 |
15 facturas |
mes a mes |
ventas por mes |
cuánto vendo al mes |
ventas a la fecha |
en qué mes vendí más |
la marca que más vendo |
menos ventas |
la mayor parte |
el martes te aviso |
ventas junto a Julia |
gasto general |
un set de facturas |
ventas en viña del mar |
dice que no |
qué día vence el iva |
gracias, feliz semana |
estoy al día con el iva? |
8 días para reclamar |
nos vemos el lunes |
hoy en día |
el 19% de iva |
te hablé ayer |
factura a 30 días |
el entero de la caja |
quiero la 2 |
vendí 2000 en mayo | 2026-05
feliz año |
"""

POR_DIA = """
cuánto vendí hoy | noviembre de 2026
ventas de ayer | noviembre de 2026
esta semana | noviembre de 2026
cuánto vendí la semana pasada | noviembre de 2026
ventas de la semana | noviembre de 2026
el 15 de septiembre | septiembre de 2026
15 septiembre 2025 | septiembre de 2025
septiembre 15 | septiembre de 2026
15/09/2026 | septiembre de 2026
15-09-26 | septiembre de 2026
2026-09-15 | septiembre de 2026
ventas del 15/09 | septiembre de 2026
la primera quincena | noviembre de 2026
la primera quincena de septiembre | septiembre de 2026
primera semana de marzo | marzo de 2026
lunes pasado | noviembre de 2026
ventas del lunes | noviembre de 2026
hace 15 días | noviembre de 2026
hace un par... hace 30 dias | octubre de 2026
hace 2 semanas | noviembre de 2026
ventas diarias | noviembre de 2026
ventas por día de octubre | octubre de 2026
resumen de ventas semanal | noviembre de 2026
últimos 7 días | noviembre de 2026
los primeros 10 días de agosto | agosto de 2026
del 1 al 15 de septiembre | septiembre de 2026
desde el 15 de marzo hasta junio | marzo de 2026
cuánto vendí el 15 | noviembre de 2026
ventas del dia | noviembre de 2026
y ayer? | noviembre de 2026
lo de hoy | noviembre de 2026
anteayer | noviembre de 2026
ventas del día 15 | noviembre de 2026
cuánto facturé este fin de semana | noviembre de 2026
cuánto vendimos la última semana de octubre | octubre de 2026
1ro de mayo | mayo de 2026
la semana del 15 de septiembre | septiembre de 2026
"""

INVALIDAS = [
    "ventas 13/2025",
    "2025-13",
    "mes 13",
    "quinto trimestre",
    "tercer semestre",
    "31/02/2025",
    "00/2024",
]


def _rows(table: str) -> list[tuple[str, str]]:
    return [
        (frase.strip(), esperado.strip())
        for frase, _, esperado in (line.partition("|") for line in table.strip().splitlines())
    ]


def _expand(esperado: str) -> tuple[Periodo, ...]:
    found: list[Periodo] = []
    for part in esperado.split():
        first, _, last = part.partition("..")
        found += Periodo.parse(first).until(Periodo.parse(last or first))
    return tuple(found)


@pytest.mark.parametrize(("frase", "esperado"), _rows(FRASES))
def test_months_are_read_as_people_write_them(frase: str, esperado: str) -> None:
    """Each way of naming months gives exactly those months, and ordinary talk gives none."""
    assert find_periodos(frase, HOY) == _expand(esperado)


@pytest.mark.parametrize(("frase", "periodo"), _rows(POR_DIA))
def test_days_and_weeks_are_refused(frase: str, periodo: str) -> None:
    """Figures are only given by month: a day or week names the nearest whole month instead."""
    with pytest.raises(DayNotSupportedError) as refused:
        find_periodos(frase, HOY)
    assert refused.value.params["periodo"] == periodo


@pytest.mark.parametrize("frase", INVALIDAS)
def test_months_that_do_not_exist_are_refused(frase: str) -> None:
    """A thirteenth month or a fifth quarter is told, not guessed."""
    with pytest.raises(PeriodoInvalidError):
        find_periodos(frase, HOY)


@pytest.mark.parametrize(
    ("frase", "esperado"),
    [
        ("el mes pasado", "2025-12"),
        ("últimos 3 meses", "2025-10..2025-12"),
        ("trimestre pasado", "2025-10..2025-12"),
        ("este año", "2026-01"),
        ("segundo trimestre", "2025-04..2025-06"),
        ("semestre pasado", "2025-07..2025-12"),
        ("el antepasado", "2025-11"),
        ("diciembre y enero", "2025-12 2026-01"),
    ],
)
def test_january_looks_back_into_last_year(frase: str, esperado: str) -> None:
    """Relative months cross the turn of the year."""
    assert find_periodos(frase, date(2026, 1, 31)) == _expand(esperado)


_FORMAS = [
    "{mes} de {year}",
    "{mes} {year}",
    "{mes} del {year}",
    "{corto} {year}",
    "{corto}. {year}",
    "{corto}-{yy:02d}",
    "{corto}/{year}",
    "{mes} del {yy:02d}",
    "{mes} '{yy:02d}",
    "{month:02d}/{year}",
    "{month}-{year}",
    "{year}-{month:02d}",
    "{year}/{month:02d}",
    "{year}{month:02d}",
    "{month} del {year}",
    "mes {month} del {year}",
    "{mes}, {year}",
    "{mes} año {year}",
    "MES DE {mes} {year}",
    "{month:02d}.{year}",
    "{year} {mes}",
]
_MARCOS = [
    "{}",
    "ventas de {}",
    "cuánto vendí en {}?",
    "y {}",
    "el iva del periodo {} por favor",
    "compras {}",
]
periodos = st.integers(0, 114).map(lambda months: Periodo(2017, 5).plus(months))


@given(periodos, st.sampled_from(_FORMAS), st.sampled_from(_MARCOS))
def test_any_written_form_is_read_back(periodo: Periodo, forma: str, marco: str) -> None:
    """Whatever the form and the sentence around it, a month with its year is that month."""
    escrito = forma.format(
        mes=periodo.mes, corto=periodo.mes[:3], year=periodo.year, yy=periodo.year % 100, month=periodo.month
    )
    assert find_periodos(marco.format(escrito), HOY) == (periodo,)


@given(periodos, periodos)
def test_a_range_holds_every_month_between(one: Periodo, other: Periodo) -> None:
    """Both ends are included, whichever is said first."""
    first, last = sorted((one, other))
    assert find_periodos(f"desde {first.nombre} hasta {last.nombre}", HOY) == tuple(first.until(last))


_PALABRAS = st.sampled_from(
    [
        *MESES,
        "mar",
        "set",
        "de",
        "del",
        "a",
        "al",
        "hasta",
        "desde",
        "y",
        ",",
        "-",
        "/",
        "'",
        "el",
        "mes",
        "año",
        "pasado",
        "anterior",
        "este",
        "último",
        "últimos",
        "trimestre",
        "semestre",
        "primer",
        "2025",
        "25",
        "15",
        "3",
        "hace",
        "meses",
        "días",
        "hoy",
        "ayer",
        "semana",
        "entre",
        "mismo",
        "dos",
        "mil",
        "veinticinco",
        "09/2023",
        "15/09/2026",
        "q3",
        "factura",
        "quincena",
        "lunes",
        "compara",
        "con",
        "vs",
        "todo",
        "99",
        "2099",
        "1990",
    ]
)
_TEXTOS = st.one_of(st.text(max_size=80), st.lists(_PALABRAS, max_size=14).map(" ".join))


@given(_TEXTOS, st.dates(date(2017, 5, 1), date(2050, 12, 31)))
def test_arbitrary_text_never_breaks_it(texto: str, hoy: date) -> None:
    """Nonsense gives months in order, none, or an error that can be told; nothing else."""
    try:
        found = find_periodos(texto, hoy)
    except BotError:
        return
    assert list(found) == sorted(set(found))


@pytest.mark.parametrize(
    "trozo",
    [
        "enero ",
        "del ",
        "9",
        "1.",
        "factura n° ",
        "a ",
        "15/09/",
        "de enero a ",
        "marzo y ",
        "últimos ",
        "-",
        "n.",
        " ",
    ],
)
def test_long_messages_are_read_fast(trozo: str) -> None:
    """Ten thousand characters cost little more than an ordinary text, whatever they repeat."""
    assert dearness(lambda texto: find_periodos(texto, HOY), (trozo * 10_000)[:10_000]) < TOO_DEAR


@pytest.mark.parametrize("text", ["compras del año calendario 2024", "ventas año contable 2024"])
def test_a_year_by_its_full_name(text: str) -> None:
    """The word between "año" and its number does not make it this year as well."""
    assert find_periodos(text, HOY) == tuple(Periodo(2024, 1).until(Periodo(2024, 12)))
