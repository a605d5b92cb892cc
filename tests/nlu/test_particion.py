"""The held-out split is what it says, and its measures can tell right from wrong."""

from collections import Counter
from typing import Any

import pytest

from bot.core.documentos import TIPOS
from bot.core.periodo import Periodo
from bot.core.texto import normalize
from tests.nlu import particion
from tests.nlu.particion import NOMBRES

MENSAJES, DIALOGOS = particion.read("particion.yml"), particion.read("dialogos.yml")
TURNOS = [turno for dialogo in DIALOGOS for turno in dialogo["turnos"]]
PRINCIPALES = {
    "ventas_resumen", "ventas_detalle", "compras_resumen", "compras_detalle", "iva_f29",
    "contrato_pregunta", "contrato_vigencia", "pregunta_tributaria", "fuera_de_alcance",
}  # fmt: skip


def test_the_split_is_large_and_varied_enough() -> None:
    """640 messages, 12 voices, 15 of each intent and 30 of the main ones, none of them twice."""
    per_intent = Counter(one["intent"] for one in MENSAJES)
    assert len(MENSAJES) >= 640
    assert len({one["voz"] for one in MENSAJES}) == 12
    assert {intent for intent, many in per_intent.items() if many < 15} == set()
    assert {intent for intent in PRINCIPALES if per_intent[intent] < 30} == set()
    assert [
        text for text, many in Counter(normalize(one["texto"]) for one in MENSAJES).items() if many > 1
    ] == []


def test_forty_dialogues_of_three_to_seven_turns() -> None:
    """Context is asked for in forty dialogues."""
    assert len(DIALOGOS) == 40
    assert {len(dialogo["turnos"]) for dialogo in DIALOGOS} <= {3, 4, 5, 6, 7}


def test_the_long_messages_are_no_training_examples() -> None:
    """Nobody made training data of the split: a coincidence may happen, a copy would show."""
    trained = particion.trained()
    long = [one["texto"] for one in (*MENSAJES, *TURNOS) if len(one["texto"].split()) >= 6]
    assert len([text for text in long if normalize(text) in trained]) <= len(long) / 50


def _label_faults(one: dict[str, Any]) -> list[bool]:
    periodos, party = one.get("periodo", []), one.get("oficial", "")
    return [
        not {one["intent"], *one.get("tambien", ())} <= {mensaje["intent"] for mensaje in MENSAJES},
        one["intent"] in one.get("tambien", ()),
        not set(one.get("tipo_documento", ())) <= set(TIPOS),
        periodos != "dia" and [str(Periodo.parse(one)) for one in periodos] != sorted(set(periodos)),
        bool(party) and sum(normalize(party) in normalize(nombre) for nombre in NOMBRES) != 1,
        bool(party) and one["contraparte"] not in one["texto"],
    ]


def test_labels_are_well_formed() -> None:
    """A label that says nothing real would make a right answer wrong."""
    assert [one["texto"] for one in (*MENSAJES, *TURNOS) if any(_label_faults(one))] == []


def test_an_unsure_engine_is_right_only_about_what_is_out_of_scope() -> None:
    """Not to answer is no way to a good figure."""
    fuera = {"texto": "xd", "intent": "fuera_de_alcance"}
    ventas = {"texto": "ventas julio", "intent": "ventas_resumen", "tambien": ["ventas_detalle"]}
    assert particion.heard_right(fuera, "nlu_fallback")
    assert particion.heard_right(ventas, "ventas_detalle")
    assert not particion.heard_right(ventas, None)
    assert not particion.heard_right(ventas, "compras_resumen")


def test_a_value_that_is_wrong_is_counted() -> None:
    """Months, types and parties that are missing, wrong or invented are faults."""
    right = {"texto": "facturas a Palquial en octubre", "intent": "ventas_detalle", "periodo": ["2026-10"],
             "tipo_documento": [33, 34], "contraparte": "Palquial", "oficial": "PALQUIAL"}  # fmt: skip
    wrong = {"texto": right["texto"], "intent": "ventas_detalle", "periodo": ["2026-09"]}
    both = [right, wrong]
    assert len(particion.periodos(both).faltas) == 1
    assert len(particion.tipos(both).faltas) == 1
    named, unnamed = particion.contrapartes(both, ["Palquial", ""])
    assert (named.todos, named.faltas) == (1, [])
    assert (unnamed.todos, len(unnamed.faltas)) == (1, 1)


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ({"periodo": ["2026-10"], "contraparte": "OBRAS MENORES PALQUIAL LTDA"}, ""),
        ({"periodo": ["2026-11"], "contraparte": "OBRAS MENORES PALQUIAL LTDA"}, "periodo ['2026-11']"),
        ({"periodo": ["2026-10"]}, "contraparte ninguna"),
        ({"periodo": ["2026-10"], "tipo_documento": [33], "contraparte": "PALQUIAL"}, "tipo_documento [33]"),
    ],
)
def test_a_turn_is_right_with_all_its_values(answer: dict[str, Any], fault: str) -> None:
    """A turn keeps what was said before it, and nothing else."""
    turno = {
        "texto": "¿y en octubre?",
        "intent": "ventas_resumen",
        "periodo": ["2026-10"],
        "contraparte": "Palquial",
    }
    assert particion.turn_fault(turno, {"intent": "ventas_resumen", "entidades": answer}) == fault
    assert (
        particion.turn_fault(turno, {"intent": "saludo", "entidades": answer}) == "saludo, no ventas_resumen"
    )
