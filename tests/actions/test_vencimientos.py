"""What is due and general questions, on the real database."""

from dataclasses import replace
from datetime import datetime

import pytest

from actions.saber import ActionPreguntaTributaria
from actions.vencimientos import ActionVencimientos
from bot.bootstrap import Services
from bot.core.documentos import EstadoCompra, Libro
from bot.services.reloj import SANTIAGO
from tests.actions.test_registro import ask
from tests.storage.test_importacion import compra, documento, store


async def test_the_next_dates(services: Services) -> None:
    """The form's next dates by the calendar of who issues electronically, and purchases to be claimed."""
    await store(services, documento(1))
    received = datetime(2026, 11, 20, 9, tzinfo=SANTIAGO)
    waiting = replace(compra(2), estado=EstadoCompra.PENDIENTE, fecha_recepcion=received)
    await store(services, waiting, libro=Libro.COMPRAS, estado=EstadoCompra.PENDIENTE)
    name, said, _ = await ask(services, ActionVencimientos, "que se me viene")
    assert name == "utter_vencimientos"
    first, *_, last = said["lineas"].splitlines()
    assert first == "• F29 de noviembre de 2026: lunes 21 de diciembre (en 29 días)"
    assert last == "• 1 compra por aceptar o reclamar: la primera, hasta el sábado 28 de noviembre"
    assert "electrónicos" in said["porque"]


@pytest.mark.parametrize(
    ("texto", "line"),
    [
        ("cuando vencia el iva de octubre", "• F29 de octubre de 2026: jueves 12 de noviembre (ya pasó)"),
        ("hasta el 20 tengo plazo?", "• F29 de noviembre de 2026: lunes 14 de diciembre (en 22 días)"),
    ],
)
async def test_the_dates_of_a_month(services: Services, texto: str, line: str) -> None:
    """A month that is named; without electronic documents it is the 12th. A day is no month asked for."""
    _, said, _ = await ask(services, ActionVencimientos, texto)
    assert said["lineas"].splitlines()[0] == line


async def test_a_general_question(services: Services) -> None:
    """Answered with its source, related topics as buttons, and a button leads to its topic."""
    name, said, _ = await ask(services, ActionPreguntaTributaria, "qué son los ppm")
    assert name == "utter_saber"
    assert "Fuente: " in said["texto"]
    assert said["custom"]["fuentes"][0]["tema"] == "ppm"
    payload = said["buttons"][0]["payload"]
    name, said, _ = await ask(services, ActionPreguntaTributaria, boton=payload)
    assert (name, payload) == ("utter_saber", f"pregunta_tributaria.{said['custom']['fuentes'][0]['tema']}")


async def test_what_no_topic_answers(services: Services) -> None:
    """Nothing is made up: topics to choose from, or that there is none."""
    name, _, _ = await ask(services, ActionPreguntaTributaria, boton="pregunta_tributaria.nada")
    assert name == "utter_error_tema_desconocido"
    name, said, _ = await ask(services, ActionPreguntaTributaria, "receta de cazuela de vacuno")
    assert name == "utter_error_tema_desconocido"
    name, said, _ = await ask(services, ActionPreguntaTributaria, "duda con un documento y el plazo")
    assert name == "utter_saber_elegir"
    assert 1 <= len(said["buttons"]) <= 3
