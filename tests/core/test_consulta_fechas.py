"""Days and weeks that a message asks for. Today is Sunday, 22 November 2026."""

from datetime import date

import pytest

from bot.core.consulta import find_dias, find_periodos
from bot.core.errors import DayNotSupportedError
from bot.core.mensajes import Pedido
from bot.core.rangos import Dias

HOY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("texto", "dias"),
    [
        ("cuánto vendí ayer", "2026-11-21"),
        ("ventas de ayer y hoy", "2026-11-21..2026-11-22"),
        ("ventas de esta semana", "2026-11-16..2026-11-22"),
        ("ventas de la semana pasada", "2026-11-09..2026-11-15"),
        ("cuánto vendí el viernes de la semana pasada", "2026-11-13"),
        ("ventas del lunes", "2026-11-16"),
        ("cuánto vendí el finde", "2026-11-21..2026-11-22"),
        ("ventas de los últimos 7 días", "2026-11-16..2026-11-22"),
        ("compras de hace dos semanas", "2026-11-02..2026-11-08"),
        ("compras del 15 de octubre", "2026-10-15"),
        ("ventas del 15/10/2026", "2026-10-15"),
        ("ventas del 1 al 15 de octubre", "2026-10-01..2026-10-15"),
        ("ventas del 1 al 10 del mes pasado", "2026-10-01..2026-10-10"),
        ("ventas del 20 de septiembre al 10 de octubre", "2026-09-20..2026-10-10"),
        ("ventas desde el 10 de octubre", "2026-10-10..2026-11-22"),
        ("ventas de la primera quincena de octubre", "2026-10-01..2026-10-15"),
        ("ventas de la última semana de octubre", "2026-10-25..2026-10-31"),
        ("cuánto vendí el 28", "2026-10-28"),
        ("compras a la agrupación de tejedoras rayén del lago esta semana", "2026-11-16..2026-11-22"),
    ],
)
def test_days(texto: str, dias: str) -> None:
    """The latest days that have begun; weeks begin on Mondays."""
    with pytest.raises(DayNotSupportedError):
        find_periodos(texto, HOY)
    assert str(find_dias(texto, HOY)) == dias


@pytest.mark.parametrize(
    "texto", ["ventas diarias de octubre", "ventas por semana", "esta semana vs la pasada"]
)
def test_days_one_by_one(texto: str) -> None:
    """A list of days is not one answer."""
    assert find_dias(texto, HOY) is None


def test_names() -> None:
    """Short where both ends share a month or a year."""
    assert Dias(HOY, HOY).nombre == "22 de noviembre de 2026"
    assert Dias.parse("2026-11-01..2026-11-22").nombre == "1 al 22 de noviembre de 2026"
    assert Dias.parse("2026-09-28..2026-10-04").nombre == "28 de septiembre al 4 de octubre de 2026"
    assert Dias.parse("2025-12-28..2026-01-04").nombre == "28 de diciembre de 2025 al 4 de enero de 2026"


def test_in_a_button() -> None:
    """Days, folio and amounts come back from a button as they were."""
    payload = "ventas_detalle:2026-11::2:76192083-9:::7:2026-11-16..2026-11-22:1000000.."
    assert str(Pedido.parse(payload)) == payload
