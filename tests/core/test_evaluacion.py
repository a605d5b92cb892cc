"""The measures of understanding."""

import pytest

from bot.core.evaluacion import Caso, accuracy, calibration, calibration_error, confusions, risky

BIEN = Caso("cuánto vendí", ("ventas_resumen",), "ventas_resumen", 0.95, segura=True)
OTRO = Caso("facturas de julio", ("compras_detalle", "ventas_detalle"), "ventas_detalle", 0.85, segura=True)
MAL = Caso("y lo gastado", ("compras_resumen",), "ventas_resumen", 0.85, segura=True)
DUDA = Caso("asdf", ("fuera_de_alcance",), "saludo", 0.3, segura=False)
CONFIADO = Caso("xyz", ("fuera_de_alcance",), "afirmar", 0.95, segura=True)


def test_what_is_right() -> None:
    """Any of the expected intents is right, and so is asking about what is out of scope."""
    assert [caso.acertado for caso in (BIEN, OTRO, MAL, DUDA, CONFIADO)] == [True, True, False, True, False]
    assert accuracy([BIEN, OTRO, MAL, DUDA]) == 0.75
    assert accuracy([]) == 0


def test_asking_instead_of_answering_is_no_answer() -> None:
    """A question of ours is wrong where an answer was possible, and shows among the confusions."""
    asked = Caso("cuánto vendí", ("ventas_resumen",), "ventas_resumen", 0.3, segura=False)
    assert not asked.acertado
    assert confusions([asked, MAL, MAL, BIEN]) == [
        ("compras_resumen", "ventas_resumen", 2),
        ("ventas_resumen", "", 1),
    ]


def test_the_part_of_the_product_may_be_right_though_the_intent_is_not() -> None:
    """Ventas for ventas counts; ventas for compras does not."""
    near = Caso("lista de ventas", ("ventas_detalle",), "ventas_resumen", 0.9, segura=True)
    assert near.misma_categoria
    assert not MAL.misma_categoria


def test_only_confident_actions_out_of_scope_are_risky() -> None:
    """Gibberish that is acted upon is what nobody wants."""
    assert risky([BIEN, DUDA, CONFIADO]) == [CONFIADO]


def test_calibration_compares_confidence_with_accuracy() -> None:
    """Two messages at .85 of which one is right are .35 off, weighed by how many there are."""
    tramos = calibration([BIEN, OTRO, MAL])
    assert [(tramo.casos, tramo.acierto) for tramo in tramos] == [(2, 0.5), (1, 1.0)]
    assert calibration_error(tramos) == pytest.approx((2 * 0.35 + 0.05) / 3)
    assert calibration_error([]) == 0
