"""The learned models: kinds of questions, rankings and shares."""

import pytest

from bot.core.contratos import modelo
from bot.core.contratos.clase import clasificar
from bot.core.contratos.modelo import Lineal, partes
from bot.core.contratos.pregunta import read_pregunta
from bot.core.contratos.rasgos import NOMBRES
from bot.core.contratos.temas import Clase
from bot.rag.embedder import UseEmbeddings
from bot.services.contratos_rasgos import BASTA_NOMBRES, CONTRATO_NOMBRES

USE = UseEmbeddings()


@pytest.mark.parametrize(
    ("texto", "clase"),
    [
        ("seguimos amarrados con los del gas o ya se acabo", Clase.VIGENCIA),
        ("por cuantos meses lo contrate", Clase.VIGENCIA),
        ("nombrame los contratos que hay", Clase.LISTA),
        ("a grandes rasgos que dice lo del ascensor", Clase.RESUMEN),
        ("cuando se acabe me devuelven el deposito", Clase.OBLIGACION),
    ],
)
def test_kinds_by_meaning(texto: str, clase: Clase) -> None:
    """Words that no pattern names still tell what kind of answer is wanted."""
    assert clasificar(read_pregunta(texto), USE.embed_query(texto)).clase is clase


def test_another_embedder_leaves_the_kind_to_words() -> None:
    """Weights fit one kind of vector; of another nothing is concluded."""
    leida = read_pregunta("hasta cuando tengo el local")
    assert clasificar(leida, [0.1] * 8) == leida


def test_the_weights_fit_the_numbers() -> None:
    """Each model has one weight for each number that is measured, in the same order."""
    assert list(modelo.ORACION.pesos) == NOMBRES
    assert list(modelo.CONTRATO.pesos) == CONTRATO_NOMBRES
    assert list(modelo.BASTA.pesos) == list(modelo.BASTA_ENTERO.pesos) == BASTA_NOMBRES


def test_scores_become_shares() -> None:
    """Shares make one, and keep the order; a probability never overflows."""
    shares = partes([900.0, 899.0, 0.0])
    assert sum(shares) == pytest.approx(1) and shares == sorted(shares, reverse=True)
    assert Lineal({"a": 1e6}).probabilidad([1.0]) == pytest.approx(1)
