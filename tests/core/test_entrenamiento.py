"""Which edits a trainer may make."""

import pytest

from bot.core.entrenamiento import Acto, Edicion, clean_example, fault_of, mark_party, nameless, unmarked

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
    assert clean_example("a [ doña Ana ](contraparte) [x]") == "a [doña Ana](contraparte) x"


def test_who_an_example_names_is_marked() -> None:
    """The words that are typed, whole and whatever their case, once; others are left as they are."""
    assert mark_party("le vendí a ana y a Ana", "Ana") == "le vendí a [ana](contraparte) y a Ana"
    assert mark_party("la semana de Ana", "Ana") == "la semana de [Ana](contraparte)"
    for same in ("le vendí a Anabel", "le vendí a [Ana](contraparte), Ana"):
        assert mark_party(same, "Ana") == same
    assert unmarked("a [Ana](contraparte) hoy") == "a Ana hoy"
    assert nameless("a [Ana](contraparte) hoy").split() == ["a", "hoy"]


def test_an_example_is_the_same_with_and_without_its_mark() -> None:
    """It is not taken in twice, and can be taken out as it was written."""
    known = {"ventas_resumen": ["ventas a [Ana](contraparte)", "ventas"]}
    again = Edicion(1, Acto.EJEMPLO, "ventas_resumen", ("Ventas a Ana",))
    assert "ya es un ejemplo" in fault_of(again, known)
    assert fault_of(Edicion(1, Acto.QUITAR, "ventas_resumen", ("ventas a Ana",)), known) == ""
