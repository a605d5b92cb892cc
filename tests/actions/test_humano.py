"""Asking for a person, and choosing among topics, through the executor on the real database."""

from typing import Any

import pytest

from bot.bootstrap import Services
from bot.core.mensajes import Incoming, Pedido
from bot.services.ports import Quien
from tests.actions.test_contexto import Charla, charla  # noqa: F401  (a fixture)
from tests.conftest import A

RANKING = (("ventas_resumen", 0.3), ("iva_f29", 0.28), ("compras_resumen", 0.25), ("fuera_de_alcance", 0.1))


def payloads(said: dict[str, Any]) -> list[str]:
    """What the buttons ask for."""
    return [button["payload"] for button in said["buttons"]]


async def test_what_happens_next_is_told_and_passed_on(charla: Charla) -> None:  # noqa: F811
    """On a Sunday the case is kept; the application learns it beside the answer, and opens it with that."""
    said = await charla.says("action_humano", "", "humano", boton="humano")
    assert (said["response"], said["custom"]) == ("utter_humano_fuera", {"paso": "guarda"})
    assert said["cuando"] == "mañana a las 09:00"


async def test_not_sure_that_it_is_that(charla: Charla) -> None:  # noqa: F811
    """Nobody is called, and the assistant does not fall silent, because of a guess."""
    said = await charla.says("action_humano", "mi cliente es una persona", "humano")
    assert (said["response"], said["custom"]) == ("utter_humano_confirmar", {})


async def test_three_topics(charla: Charla) -> None:  # noqa: F811
    """Of those that have a title, the likeliest; each takes the message up again."""
    charla.titles["utter_titulo_compras_resumen"] = [{"text": "Compras"}]
    said = await charla.says("action_no_entendi", "cuánto es", "nlu_fallback", *RANKING)
    assert said["response"] == "utter_elegir_entre"
    assert payloads(said) == ["ventas_resumen.retomar", "iva_f29.retomar", "compras_resumen.retomar"]


async def test_out_of_scope_twice(charla: Charla) -> None:  # noqa: F811
    """Two answers in a row that are none offer a person, whichever kind they were."""
    said = await charla.says("action_no_entendi", "quién ganó", "fuera_de_alcance", *RANKING)
    assert said["response"] == "utter_fuera_de_alcance"
    said = await charla.says("action_no_entendi", "asdf", "nlu_fallback", *RANKING)
    assert said["response"] == "utter_no_entendi_otra_vez"


@pytest.mark.parametrize("of_mine", [True, False])
async def test_the_chosen_topic_answers_what_was_asked(
    charla: Charla,  # noqa: F811
    services: Services,
    of_mine: bool,
) -> None:
    """However old the button is, the month of the message that it was about counts; nobody else's does."""
    turno = await services.conversacion.hablar(
        Quien(A), "web", str(A) if of_mine else "otra", Incoming("m1", "cuánto fue en agosto", None)
    )
    boton = str(Pedido("ventas_resumen", accion=f"m{turno.recibido.id}"))
    said = await charla.says("action_consultar_ventas", "", "ventas_resumen", boton=boton)
    assert (said["custom"]["entidades"]["periodo"] == ["2026-08"]) is of_mine
