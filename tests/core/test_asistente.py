"""What is said about the assistant itself."""

import pytest

from bot.core.asistente import asks_for_person, is_complaint, wants_assistant


@pytest.mark.parametrize(
    "texto",
    [
        "👎",
        " 👎🏽 ",
        "👎👎",
        "Eso está mal",
        "eso esta malo po",
        "Te equivocaste",
        "no es lo que pregunté",
        "no, eso está mal!",
        "La respuesta no es correcta",
        "ese total está equivocado",
        "no me sirve",
        "mala respuesta",
    ],
)
def test_a_complaint(texto: str) -> None:
    """That the answer was wrong, and nothing else."""
    assert is_complaint(texto)


@pytest.mark.parametrize(
    "texto",
    [
        "no, de 2025",
        "está mal la factura 123 de Sodimac?",
        "👍",
        "no",
        "mal",
        "cuánto vendí mal",
        "no sirve mi clave",
        "el total de octubre",
        "una nota de crédito mal hecha",
        "está malo el negocio este mes, cuánto vendí?",
    ],
)
def test_no_complaint(texto: str) -> None:
    """A question that goes on, or says what else it wants, is answered."""
    assert not is_complaint(texto)


@pytest.mark.parametrize(
    ("texto", "wanted"),
    [
        ("Volver al asistente", True),
        ("quiero volver al bot", True),
        ("volver", True),
        ("sigo con el asistente.", True),
        ("ya no necesito a la persona", True),
        ("¿vas a volver a llamarme?", False),
        ("volver a septiembre", False),
        ("cuándo vuelve la persona", False),
    ],
)
def test_wanting_the_assistant_back(texto: str, wanted: bool) -> None:
    """In so many words; nothing that one would say to a person."""
    assert wants_assistant(texto) is wanted


@pytest.mark.parametrize(
    ("texto", "asks"),
    [
        ("quiero hablar con una persona", True),
        ("HUMANO", True),
        ("me comunica con un ejecutivo?", True),
        ("Con una persona", True),
        ("hola", False),
        ("soy persona natural", False),
        ("76.192.083-9", False),
    ],
)
def test_asking_for_a_person(texto: str, asks: bool) -> None:
    """By those whom the engine does not hear."""
    assert asks_for_person(texto) is asks
