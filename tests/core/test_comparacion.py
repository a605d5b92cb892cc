"""Which months stand beside each other, as people ask for it."""

from datetime import date

import pytest

from bot.core.consulta import before, find_comparacion, find_cuantos, find_extremo
from bot.core.periodo import Periodo

HOY = date(2026, 11, 23)


def _months(span: str) -> tuple[Periodo, ...]:
    first, _, last = span.partition("..")
    return tuple(Periodo.parse(first).until(Periodo.parse(last or first)))


@pytest.mark.parametrize(
    ("texto", "antes", "ahora"),
    [
        ("compara octubre con septiembre", "2026-09", "2026-10"),
        ("octubre vs octubre del año pasado", "2025-10", "2026-10"),
        ("ventas de este mes contra el mes pasado", "2026-10", "2026-11"),
        ("compara marzo con el mismo mes del 2025", "2025-03", "2026-03"),
        ("vendi mas que en octubre?", "2026-10", "2026-11"),
        ("como voy con respecto al mes pasado", "2026-10", "2026-11"),
        ("que tanto bajaron las compras en octubre", "2026-09", "2026-10"),
        ("octubre comparado con el mes anterior", "2026-09", "2026-10"),
        ("cuánto subieron mis ventas", "2026-10", "2026-11"),
        ("compara este año con el anterior", "2025-01..2025-11", "2026-01..2026-11"),
        ("vendi mas que el año pasado?", "2025-01..2025-11", "2026-01..2026-11"),
        ("compara 2024 con 2025", "2024-01..2024-12", "2025-01..2025-12"),
        ("compara el primer semestre con el del año pasado", "2025-01..2025-06", "2026-01..2026-06"),
        ("compara el primer trimestre con el segundo", "2026-01..2026-03", "2026-04..2026-06"),
        ("compara el ultimo trimestre con el anterior", "2026-04..2026-06", "2026-07..2026-09"),
        ("este mes voy mejor o peor que el pasado?", "2026-10", "2026-11"),
        ("variación entre el primer y el segundo trimestre", "2026-01..2026-03", "2026-04..2026-06"),
    ],
)
def test_what_is_compared(texto: str, antes: str, ahora: str) -> None:
    """The later months stand beside the earlier ones, however they are named."""
    assert find_comparacion(texto, HOY) == (_months(antes), _months(ahora))


def test_the_months_last_spoken_of() -> None:
    """Without months in the message it is about those spoken of before."""
    august = _months("2026-08")
    assert find_comparacion("¿y comparado?", HOY, august) == (before(august), august)
    assert before(_months("2026-01..2026-03")) == _months("2025-01..2025-03")


@pytest.mark.parametrize(
    ("texto", "extremo"),
    [
        ("cuál fue mi mejor mes", "mejor"),
        ("en q mes vendi mas", "mejor"),
        ("en que mes compré menos", "peor"),
        ("mi mes más flojo", "peor"),
        ("cuánto vendí en el mes", ""),
        ("vendí más que en octubre?", ""),
    ],
)
def test_best_and_worst(texto: str, extremo: str) -> None:
    """A superlative is no comparison of two months."""
    assert find_extremo(texto) == extremo


@pytest.mark.parametrize(
    ("texto", "cuantos"),
    [
        ("top 3 de clientes", 3),
        ("los 10 mejores proveedores de 2025", 10),
        ("los cinco que mas me compran", 5),
        ("mis mejores clientes de 2025", 0),
        ("quien me compra mas", 0),
    ],
)
def test_how_many(texto: str, cuantos: int) -> None:
    """A number beside `top` or an article is how many; a year is not."""
    assert find_cuantos(texto) == cuantos
