"""Whatever is written: every reader of messages reads it, or says in its own words why not."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core import consulta
from bot.core.errors import BotError

HOY = date(2026, 11, 22)
NOMBRES = ("Constructora Quillay Ltda", "ACME S.A.", "Ñ", "")
PIECES = (
    "ventas", "compras", "iva", "septiembre", "sept", "2026", "0000-00", "2026-13", "31 de febrero",
    "32/13/2026", "ayer", "el mes pasado", "los últimos", "99999999999999", "meses", "entre", "y",
    "hasta", "desde", "sin",
    "más de", "menos de", "$", "1.000.000", "1,5", "millones", "lucas", "palos", "mil", "folio", "n°", "#",
    "facturas", "boletas exentas", "tipo 33", "quillay", "top", "mejor", "peor", "compara", "con", "que",
    "semana", "trimestre", "primer", "99°", "semestre", "quincena", "-", ".", ",", "?", "\n", "²", "٣", "½",
    "76.192.083-9", "remanente", "ppm", "0,25 %", "código 504", "\x00", "🙂", "́",
)  # fmt: skip
TEXTO = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=14).map(" ".join)
READERS: dict[str, Callable[[str], object]] = {
    "periodos": lambda texto: consulta.find_periodos(texto, HOY),
    "dias": lambda texto: consulta.find_dias(texto, HOY),
    "comparacion": lambda texto: consulta.find_comparacion(texto, HOY),
    "desde": lambda texto: consulta.find_desde(texto, HOY),
    "meses": lambda texto: consulta.read_meses(texto, HOY, (), sigue=True),
    "contraparte": lambda texto: consulta.find_contraparte(texto, NOMBRES),
    "por rubro": lambda texto: consulta.find_by_words(texto, NOMBRES),
    **{
        name: getattr(consulta, name)
        for name in (
            "find_cantidad", "find_cuantos", "find_estado", "find_exclusion", "find_extremo", "find_folio",
            "find_libro", "find_tipos", "read_declarados", "read_monto",
        )
    },
}  # fmt: skip


@pytest.mark.parametrize("reader", READERS)
@settings(max_examples=60, deadline=None)
@given(texto=TEXTO)
def test_any_words(reader: str, texto: str) -> None:
    """Nothing is raised but what a person can be told."""
    with suppress(BotError):
        READERS[reader](texto)
