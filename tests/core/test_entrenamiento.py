"""Which edits a trainer may make."""

import pytest

from bot.core.entrenamiento import Acto, Edicion, clean_example, fault_of

INTENTS = {"saludo": ["hola", "buenas"], "gracias": ["muchas gracias"]}
CINCO = ("uno", "dos", "tres", "cuatro", "cinco")


def fault(acto: Acto, intent: str, *ejemplos: str, respuesta: str = "") -> str:
    """What is said of an edit."""
    return fault_of(Edicion(1, acto, intent, ejemplos, respuesta), INTENTS)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (fault(Acto.EJEMPLO, "saludo", "HOLA"), "ya es un ejemplo de saludo"),
        (
            fault(Acto.EJEMPLO, "gracias", "hola", "de nada", "buenas"),
            "«buenas» ya es un ejemplo de saludo. No lo rep",
        ),
        (fault(Acto.EJEMPLO, "nada", "qué tal"), "No hay ninguna intención"),
        (fault(Acto.EJEMPLO, "saludo", "¿?"), "vacío"),
        (fault(Acto.EJEMPLO, "saludo", "a" * 201), "hasta 200"),
        (fault(Acto.QUITAR, "saludo", "chao"), "no está"),
        (fault(Acto.QUITAR, "gracias", "muchas gracias"), "único ejemplo"),
        (fault(Acto.INTENCION, "Horario", *CINCO, respuesta="x"), "minúsculas"),
        (fault(Acto.INTENCION, "saludo", *CINCO, respuesta="x"), "Ya hay"),
        (fault(Acto.INTENCION, "nlu_fallback", *CINCO, respuesta="x"), "Ya hay"),
        (fault(Acto.INTENCION, "horario", *CINCO[:4], respuesta="x"), "al menos 5"),
        (fault(Acto.INTENCION, "horario", *CINCO), "Escribe la respuesta"),
        (fault(Acto.INTENCION, "horario", *CINCO, respuesta="{clave}"), "llaves"),
    ],
)
def test_a_faulty_edit_is_told(told: str, said: str) -> None:
    """In a sentence that says what to do."""
    assert said in told


def test_a_good_edit_is_not_complained_about() -> None:
    """One of each kind."""
    assert fault(Acto.EJEMPLO, "saludo", "qué tal") == ""
    assert fault(Acto.QUITAR, "saludo", "hola") == ""
    assert fault(Acto.INTENCION, "horario", *CINCO, respuesta="Todo el día.") == ""


def test_an_example_cannot_be_more_than_a_line_of_text() -> None:
    """No command, no entity, no second line of a file."""
    assert clean_example("/restart\n- intent: x [Ana](nombre){a|b}") == "restart - intent: x Ana (nombre) a b"
