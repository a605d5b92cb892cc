"""Buttons' ids go out and come back the same; everything else is refused."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from bot.core.documentos import EstadoCompra
from bot.core.errors import BotError, ReplyUnknownError
from bot.core.mensajes import INTENTS, Contraparte, Pedido, categoria, write_months
from bot.core.periodo import Periodo
from bot.core.rut import FOREIGN, Rut
from bot.settings import ROOT

PERIODOS = st.builds(Periodo, st.integers(2017, 2027), st.integers(1, 12))


@given(
    st.sampled_from(["ventas_resumen", "compras_detalle", "ayuda"]),
    st.lists(PERIODOS, max_size=30, unique=True).map(lambda found: tuple(sorted(found))),
    st.lists(st.sampled_from([33, 34, 39, 61]), max_size=3).map(tuple),
    st.integers(1, 9999),
    st.sampled_from(["", "76192083-9", "55555555-5~a1b2c3"]),
    st.none() | st.sampled_from(EstadoCompra),
    st.integers(0, 2**53),
)
def test_there_and_back(
    intent: str,
    periodos: tuple[Periodo, ...],
    tipos: tuple[int, ...],
    pagina: int,
    contraparte: str,
    estado: EstadoCompra | None,
    contrato: int,
) -> None:
    """Reading what was written gives the same."""
    pedido = Pedido(intent, periodos, tipos, pagina, contraparte, estado, contrato=contrato)
    assert Pedido.parse(str(pedido)) == pedido


def test_it_fits_telegram() -> None:
    """A year of one client's purchases, on a far page and in a state, takes no more than 64 bytes."""
    year = tuple(Periodo(2026, 1).until(Periodo(2026, 12)))
    longest = Pedido("compras_detalle", year, (33, 34), 12, "76192083-9", EstadoCompra.NO_INCLUIR)
    assert len(str(longest)) <= 64


def test_months_with_a_gap_stay_apart() -> None:
    """March and June are not March to June."""
    assert write_months((Periodo(2026, 3), Periodo(2026, 6), Periodo(2026, 7))) == "2026-03,2026-06..2026-07"


def test_foreign_buyers_have_their_own_key() -> None:
    """They share a RUT; their names tell them apart."""
    one, other = Contraparte(FOREIGN, "NORDIC AB"), Contraparte(FOREIGN, "LISBOA LDA")
    assert one.clave != other.clave
    assert Contraparte(Rut.parse("76192083-9"), "X").clave == "76192083-9"


@given(st.text(max_size=80))
def test_anything_else_is_refused_kindly(text: str) -> None:
    """No text whatever raises anything but an error for people."""
    with contextlib.suppress(BotError):
        Pedido.parse(text)


def test_intents_are_those_of_the_domain() -> None:
    """A button may ask for what domain.yml lists, and not for Rasa's own commands or trainers' intents."""
    written = YAML(typ="safe").load(ROOT / "domain.yml")["intents"]
    assert set(written) >= INTENTS


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "restart",
        "session_start",
        ":",
        "/ventas_resumen",
        "ventas_resumen{}",
        "Ventas",
        "ventas_resumen:2026-09:x",
        "ventas_resumen\n",
        "ventas_resumen:1900-01..9999-12",
        "ventas_detalle:2026-09::0",
        "compras_detalle:::::OTRO",
        "a:::::::",
    ],
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
