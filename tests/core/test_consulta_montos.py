"""Amounts that limit a question, and what is told about a form 29."""

import pytest

from bot.core.consulta import find_exclusion, find_folio, read_declarados, read_monto
from bot.core.rangos import Rango

MILLON = 10**6


@pytest.mark.parametrize(
    ("texto", "rango"),
    [
        ("facturas sobre 1 millón", Rango(MILLON)),
        ("ventas de octubre de más de 500 lucas", Rango(500_000)),
        ("las que superen los $2.000.000", Rango(2 * MILLON)),
        ("compras de un palo y medio o más", Rango(1_500_000)),
        ("compras de menos de cincuenta mil pesos", Rango(None, 50_000)),
        ("facturas bajo 80k", Rango(None, 80_000)),
        ("facturas entre 100 y 200 lucas", Rango(100_000, 200_000)),
        ("de $1.000.000 a $1.500.000", Rango(MILLON, 1_500_000)),
        ("la factura por $350.000", Rango(350_000, 350_000)),
        ("la factura de 350 lucas", Rango(343_000, 357_000)),
        ("una de como 300 lucas", Rango(270_000, 330_000)),
        ("facturas de 1,5 millones", Rango(1_470_000, 1_530_000)),
    ],
)
def test_amounts(texto: str, rango: Rango) -> None:
    """Bounds include themselves; what is said in lucas or millions was rounded by who said it."""
    assert read_monto(texto)[0] == rango


@pytest.mark.parametrize(
    "texto",
    [
        "ventas de octubre a noviembre",
        "ventas de dos mil veinticinco",
        "cuánto vendí en los últimos 3 meses",
        "top 5 clientes de 2025",
        "la factura 5012",
        "más de 2 facturas",
        "ventas del 1 al 15 de octubre",
        "compras a 76.192.083-9",
    ],
)
def test_no_amounts(texto: str) -> None:
    """Years, days, counts, folios and RUTs are no amounts, and the message stays as it is."""
    assert read_monto(texto) == (None, texto)


def test_what_is_left_without_the_amount() -> None:
    """An amount is neither a folio nor something left out, and the months stay."""
    _, rest = read_monto("facturas de menos de 50 mil en octubre")
    assert rest.split() == ["facturas", "de", "en", "octubre"]
    assert not find_exclusion(rest)
    assert find_folio(rest) is None


@pytest.mark.parametrize(
    "rango", [Rango(1), Rango(None, 5), Rango(3, 3), Rango(1, 2)], ids=["from", "to", "one", "both"]
)
def test_in_a_button(rango: Rango) -> None:
    """An amount comes back from a button as it was."""
    assert Rango.parse(str(rango)) == rango


@pytest.mark.parametrize(
    ("texto", "told"),
    [
        ("mi remanente es 120 lucas", {504: "120000"}),
        ("el remanente del mes anterior era de $45.000", {504: "45000"}),
        ("no tengo remanente", {504: "0"}),
        ("mi PPM es 0,25%", {115: "0.25"}),
        ("pago ppm de 0,125 por ciento", {115: "0.125"}),
        ("ppm 0.25", {115: "0.25"}),
        ("retuve 30 lucas en boletas de honorarios", {151: "30000"}),
        ("tengo remanente de 1 millón y mi ppm es 1 %", {504: "1000000", 115: "1"}),
        ("borra mi remanente", {504: "None"}),
        ("mi ppm es 35 lucas", {115: "None"}),
        ("¿cuánto es mi remanente?", {}),
        ("qué es el ppm", {}),
        ("remanente de octubre 2026", {}),
        ("ppm de octubre", {}),
        ("boletas de honorarios de 300 lucas", {}),
        ("ventas sobre 120 lucas", {}),
    ],
)
def test_what_is_told(texto: str, told: dict[int, str]) -> None:
    """Amounts and rates that a person tells about their own form; questions tell nothing."""
    assert {one.codigo: str(one.valor) for one in read_declarados(texto)} == told
