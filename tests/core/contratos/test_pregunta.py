"""Questions as people type them."""

import pytest

from bot.core.contratos.palabras import halla, raices, raiz
from bot.core.contratos.pregunta import read_pregunta
from bot.core.contratos.temas import Clase, Valor


@pytest.mark.parametrize(
    ("texto", "clase"),
    [
        ("sigue vigente lo del galpon?", Clase.VIGENCIA),
        ("hasta cuando tengo el local", Clase.VIGENCIA),
        ("hasta que dia puedo pagar el arriendo", Clase.FECHA),
        ("kuanto es el ariendo", Clase.MONTO),
        ("con cuanta anticipacion aviso q me voy", Clase.AVISO),
        ("que multa me cobran si me atraso", Clase.MULTA),
        ("se renueva solo?", Clase.RENOVACION),
        ("rut de la arrendadora", Clase.PARTES),
        ("en que juzgado se demanda", Clase.JURISDICCION),
        ("puedo subarrendar", Clase.OBLIGACION),
        ("que contratos tengo con los robles", Clase.LISTA),
        ("resumeme el nda", Clase.RESUMEN),
    ],
)
def test_its_kind(texto: str, clase: Clase) -> None:
    """The kind decides how evidence is read."""
    assert read_pregunta(texto).clase is clase


@pytest.mark.parametrize(
    ("texto", "valor"),
    [
        ("a que hora cierra", Valor.HORA),
        ("cuantos usuarios incluye", Valor.NUMERO),
        ("en cuanto tiempo responden", Valor.DURACION),
        ("que dias viene", Valor.DIAS),
    ],
)
def test_what_the_sentence_must_hold(texto: str, valor: Valor) -> None:
    """The question word tells what kind of value answers."""
    assert read_pregunta(texto).valor is valor


def test_nouns_weigh_most() -> None:
    """`el kiosko` is what it is about; `cuanto` and `pago` are in every question."""
    peso = read_pregunta("cuanto pago por el kiosko").peso
    assert peso[raiz("kiosko")] == 1.0
    assert peso[raiz("pago")] < 0.2


def test_words_as_they_sound() -> None:
    """What chats misspell, and what contracts call otherwise, is found."""
    assert raiz("lokal") == raiz("local")
    assert raiz("ariendo") == raiz("arriendo")
    assert halla(raiz("perrito"), raices("un perro pequeño")) == 1.0
    assert 0 < halla(raiz("limpieza"), raices("servicio de aseo")) < 1
    assert halla(raiz("alfombra"), raices("servicio de aseo")) == 0
