"""Messages that the model never saw, asked of the whole system: intent, months, types and figures."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.core.documentos import EstadoCompra, Libro
from sandbox.demo_datos import DEMO, meses_demo
from tests.stack import Stack

HOY = date(2026, 11, 22)
HERE = Path(__file__).parent
# How many of ten may be wrong: about the register, and of the rest. The third set's few questions about the
# register are all written to look like something else.
FILES = {"preguntas.yml": (1, 1.5), "preguntas_nuevas.yml": (1, 1.5), "preguntas_cuenta.yml": (5, 2)}
RESTAN, NO_SUMAN = {60, 61, 106, 112}, {52, 999}


def _total(libro: Libro, periodos: list[str], tipos: list[int]) -> int:
    """The total of the demo's shop, added up here on its own."""
    amount = 0
    for mes in meses_demo(DEMO[0], HOY):
        if str(mes.periodo) not in periodos:
            continue
        rows = [
            (documento.tipo, documento.monto_total)
            for documento in mes.documentos
            if documento.libro is libro and documento.estado in (None, EstadoCompra.REGISTRO)
        ]
        rows += [(fila.tipo.codigo, fila.montos.monto_total) for book, _, fila in mes.filas if book is libro]
        amount += sum(
            -monto if tipo in RESTAN else monto
            for tipo, monto in rows
            if tipo not in NO_SUMAN and (not tipos or tipo in tipos)
        )
    return amount


def _fault(question: dict[str, Any], answer: dict[str, Any]) -> str:
    """What is wrong with an answer; empty if nothing is."""
    if answer["intent"] != question["intent"]:
        return f"intent {answer['intent']}"
    entities = answer["entidades"]
    if not entities:
        return f"sin entidades: {answer['respuesta'][:60]}"
    periodos, tipos = question["periodos"] or ["2026-11"], question.get("tipo_documento", [])
    if entities["periodo"] != periodos:
        return f"periodo {entities['periodo']}"
    if entities["tipo_documento"] != tipos:
        return f"tipo_documento {entities['tipo_documento']}"
    if (
        question["intent"].endswith("_resumen")
        and answer["respuesta"].startswith("*")
        and "con " not in answer["respuesta"]
    ):
        total = f"{_total(Libro(question['intent'].split('_')[0]), periodos, tipos):,}".replace(",", ".")
        if f"*${total}*" not in answer["respuesta"].replace("-$", "$-"):
            return f"total distinto de ${total}"
    return ""


def _questions(name: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """About sales and purchases, and all others."""
    asked: list[dict[str, Any]] = YAML(typ="safe").load(HERE / name)
    registro = [one for one in asked if one["intent"].startswith(("ventas_", "compras_"))]
    return registro, [one for one in asked if one not in registro]


@pytest.mark.parametrize("name", FILES)
def test_the_questions_are_not_in_the_training_data(name: str) -> None:
    """The held-out messages stay held out."""
    trained = "\n".join(path.read_text() for path in Path("data").rglob("*.yml")).casefold()
    assert [one["texto"] for one in _questions(name)[0] if f"- {one['texto']}\n".casefold() in trained] == []


@pytest.mark.engine
@pytest.mark.parametrize("name", FILES)
def test_sales_and_purchases(stack: Stack, name: str) -> None:
    """Nearly all questions get the right answer, figures included."""
    faults = []
    questions, _ = _questions(name)
    for number, question in enumerate(questions):
        answer = stack.ask(question["texto"], conversacion=f"{name}{number}")
        if fault := _fault(question, answer):
            faults.append(f"{question['texto']} → {fault}")
    print(f"\n{len(questions) - len(faults)} de {len(questions)} bien", *faults, sep="\n  ")
    assert len(faults) <= len(questions) * FILES[name][0] / 10


@pytest.mark.engine
@pytest.mark.parametrize("name", FILES)
def test_small_talk_and_everything_else(stack: Stack, name: str) -> None:
    """Small talk and what is out of scope are told apart from questions about the register."""
    wrong = []
    _, questions = _questions(name)
    for number, question in enumerate(questions):
        answer = stack.ask(question["texto"], conversacion=f"otros-{name}{number}", who=1)
        expected = (question["intent"],) + ((None,) if question["intent"] == "fuera_de_alcance" else ())
        if answer["intent"] not in expected:
            wrong.append(f"{question['texto']} → {answer['intent']}")
    print(f"\n{len(questions) - len(wrong)} de {len(questions)} bien", *wrong, sep="\n  ")
    assert len(wrong) <= len(questions) * FILES[name][1] / 10
