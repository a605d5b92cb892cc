"""Buttons' ids go out and come back the same; everything else is refused."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import BotError, ReplyUnknownError
from bot.core.mensajes import MAXIMUM_MONTHS, Pedido, categoria
from bot.core.periodo import Periodo
from bot.core.rut import Rut

PERIODOS = st.builds(Periodo, st.integers(2017, 2027), st.integers(1, 12))


@given(
    st.sampled_from(["ventas_resumen", "compras_detalle", "ayuda"]),
    st.none() | st.tuples(PERIODOS, st.integers(0, MAXIMUM_MONTHS)),
    st.lists(st.sampled_from([33, 34, 39, 61]), max_size=3),
    st.integers(1, 9999),
    st.none() | st.builds(Rut, st.integers(1, 99_999_999)),
)
def test_there_and_back(
    intent: str, span: tuple[Periodo, int] | None, tipos: list[int], pagina: int, rut: Rut | None
) -> None:
    """Reading what was written gives the same, and fits Telegram's 64 bytes with a single type."""
    periodos = tuple(span[0].until(span[0].plus(span[1]))) if span else ()
    if not periodos:
        tipos, pagina, rut = [], 1, None
    pedido = Pedido(intent, periodos, tuple(tipos), pagina, rut)
    assert Pedido.parse(str(pedido)) == pedido
    assert len(str(pedido)) <= 64


@given(st.text(max_size=80))
def test_anything_else_is_refused_kindly(text: str) -> None:
    """No text whatever raises anything but an error for people."""
    with contextlib.suppress(BotError):
        Pedido.parse(text)


@pytest.mark.parametrize(
    "payload",
    ["", "/ventas_resumen", "ventas_resumen{}", "Ventas", "ventas_resumen:2026-09:x", "ventas_resumen\n"],
)
def test_not_ours(payload: str) -> None:
    """Commands, JSON and half of ours are not buttons."""
    with pytest.raises(ReplyUnknownError):
        Pedido.parse(payload)


@pytest.mark.parametrize(
    ("intent", "expected"),
    [
        ("ventas_resumen", "ventas"),
        ("compras_detalle", "compras"),
        ("contrato_vigencia", "contrato"),
        ("saludo", "general"),
        (None, "general"),
    ],
)
def test_categoria(intent: str | None, expected: str) -> None:
    """The part before the dash, or general."""
    assert categoria(intent) == expected
