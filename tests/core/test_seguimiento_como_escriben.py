"""What follow-ups mean in the words that people write them in, whatever the engine took those for."""

from datetime import date

import pytest

from bot.core.consulta import (
    Asunto,
    Oido,
    find_extremo,
    follow,
    names_followed_party,
    read_meses,
    wants_all_parties,
    wants_all_types,
)
from bot.core.consulta.letra import plainly
from bot.core.consulta.reaccion import without_reaction
from bot.core.mensajes import read_months, write_months

HOY = date(2026, 11, 22)
OCT = read_months("2026-10")


@pytest.mark.parametrize(
    ("previo", "texto", "heard", "intent"),
    [
        ("ventas_resumen", "no me acordaba. y septiembre?", "fuera_de_alcance", "ventas_resumen"),
        ("ventas_resumen", "uy qué poco y en junio", "afirmar", "ventas_resumen"),
        ("ventas_resumen", "Excelente. ¿Y durante julio?", "", "ventas_resumen"),
        ("ventas_resumen", "ponle julio", "fuera_de_alcance", "ventas_resumen"),
        ("ventas_resumen", "y el lunes", "fuera_de_alcance", "ventas_resumen"),
        ("ventas_resumen", "a ver los documentos po", "contrato_listar", "ventas_detalle"),
        ("ventas_resumen", "factura por factura xfa", "fuera_de_alcance", "ventas_detalle"),
        ("ventas_resumen", "desglose", "cerrar_sesion", "ventas_detalle"),
        ("ventas_resumen", "me las mandas en excel?", "mis_datos", "ventas_detalle"),
        ("ventas_resumen", "k facturas fueron", "ventas_detalle", "ventas_detalle"),
        ("ventas_resumen", "el detalle de lo emitido, por favor", "ventas_detalle", "ventas_detalle"),
        ("compras_resumen", "quiero verlo en gráfico", "ventas_grafico", "compras_grafico"),
        ("compras_comparar", "mejor dame el gráfico", "ventas_grafico", "compras_grafico"),
        ("compras_resumen", "cuál fue más alto", "fuera_de_alcance", "compras_comparar"),
        ("ventas_resumen", "y el que más me compró?", "ventas_ranking", "ventas_ranking"),
        ("ventas_resumen", "i a todos los clietnes", "ventas_ranking", "ventas_resumen"),
        ("ventas_detalle", "de cualquier tipo", "fuera_de_alcance", "ventas_detalle"),
        ("ventas_detalle", "¿A cuánto ascienden?", "fuera_de_alcance", "ventas_resumen"),
        ("ventas_detalle", "i las q me isieron ami", "fuera_de_alcance", "compras_detalle"),
        ("compras_detalle", "y las q hize yo", "fuera_de_alcance", "ventas_detalle"),
        ("ventas_grafico", "compras", "compras_resumen", "compras_grafico"),
        ("compras_comparar", "ventas ídem", "ventas_resumen", "ventas_comparar"),
        ("iva_f29", "hasta cuándo tengo", "contrato_vigencia", "vencimientos"),
        ("vencimientos", "cuánto me toca", "fuera_de_alcance", "iva_f29"),
    ],
)
def test_it_goes_on_in_any_words(previo: str, texto: str, heard: str, intent: str) -> None:
    """All words of it are of the register, so that it goes on however sure the engine is of another topic."""
    asked = follow(texto, Oido(heard, 0.95), Asunto(previo, OCT), HOY)
    assert (asked.intent, asked.sigue) == (intent, True)


@pytest.mark.parametrize(
    ("previo", "texto", "heard", "intent"),
    [
        ("ventas_resumen", "cuánto vendió mi vecino", "fuera_de_alcance", "fuera_de_alcance"),
        ("ventas_resumen", "y a cuánto está la uf", "fuera_de_alcance", "fuera_de_alcance"),
        ("ventas_resumen", "cuánto gané este mes", "fuera_de_alcance", "fuera_de_alcance"),
        ("ventas_resumen", "¿y el IVA resultante?", "pregunta_tributaria", "iva_f29"),
        ("ventas_resumen", "¿y el IVA sube el próximo año?", "pregunta_tributaria", "pregunta_tributaria"),
        ("iva_f29", "y si lo declaro tarde", "afirmar", "pregunta_tributaria"),
        ("vencimientos", "y si se me pasa la fecha", "vencimientos", "pregunta_tributaria"),
        ("iva_f29", "y si me atraso con el arriendo?", "contrato_pregunta", "contrato_pregunta"),
        ("iva_f29", "cuánto vendí", "fuera_de_alcance", "ventas_resumen"),
    ],
)
def test_a_new_question_in_any_words(previo: str, texto: str, heard: str, intent: str) -> None:
    """What is of somebody else or of no topic stays so; what taxes bring is told from what contracts say."""
    asked = follow(texto, Oido(heard, 0.9), Asunto(previo, OCT), HOY)
    assert (asked.intent, asked.sigue) == (intent, False)


def test_a_ranking_is_of_everybody() -> None:
    """Who comes first is not asked among the one client spoken of."""
    asked = follow(
        "y quién me compró más",
        Oido("ventas_ranking", 0.9),
        Asunto("ventas_resumen", OCT, contraparte="76192083-9"),
        HOY,
    )
    assert (asked.intent, asked.periodos, asked.contraparte) == ("ventas_ranking", OCT, "")


@pytest.mark.parametrize(
    ("texto", "rest"),
    [
        ("chuta, harto. ¿y en agosto?", "y en agosto?"),
        ("pucha que mal, y en mayo?", "y en mayo?"),
        ("ventas de mayo y de junio", "ventas de mayo y de junio"),
        ("cuánto vendí y compré", "cuánto vendí y compré"),
        ("y en mayo?", "y en mayo?"),
    ],
)
def test_a_reaction_asks_nothing(texto: str, rest: str) -> None:
    """What one says of an answer is left aside; what asks for something is not."""
    assert without_reaction(texto) == rest
    assert names_followed_party("uf, qué poco. ¿y a sodimac?") == "sodimac"


@pytest.mark.parametrize(
    ("texto", "meses"),
    [
        ("y en el mismo mes de 2025...", "2025-08"),
        ("ese mismo mes pero el 2025", "2025-08"),
        ("igual mes del año pasado", "2025-08"),
        ("mismo período 2024", "2024-08"),
    ],
)
def test_the_same_month_of_another_year(texto: str, meses: str) -> None:
    """It is the one spoken of, not the one that runs."""
    assert write_months(read_meses(texto, HOY, read_months("2026-08"), sigue=True)) == meses


@pytest.mark.parametrize(
    ("texto", "partes", "tipos"),
    [
        ("No solo las boletas: todos los docs.", False, True),
        ("no solo facturas, también boletas", False, False),
        ("sin filtrar por tipo", False, True),
        ("a todo el mundo", True, False),
        ("ahora todas", True, True),
        ("todas las facturas", False, False),
    ],
)
def test_it_asks_for_more(texto: str, partes: bool, tipos: bool) -> None:
    """More than was spoken of is asked for in many ways, but not by "todas las facturas"."""
    assert (wants_all_parties(texto), wants_all_types(texto)) == (partes, tipos)


def test_better_is_not_always_the_best() -> None:
    """An adverb looks for no best month."""
    for texto in ("para verlo mejor", "mejor dame las facturas", "las facturas mejor", "mi mejor cliente"):
        assert find_extremo(texto) == ""
    for texto in ("y el mejor?", "cuál fue mi mejor mes", "en qué mes me fue mejor"):
        assert find_extremo(texto) == "mejor"


def test_words_cut_short() -> None:
    """They are read whole, and a check digit is none."""
    assert plainly("i las q hize d agosto xfa") == "y las que hice de agosto porfa"
    assert plainly("el rut 76.192.083-k") == "el rut 76.192.083-k"
