"""Turns in context, through the executor as the engine calls it, on the real database."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from actions import ACTIONS, make_executor
from bot.bootstrap import Services
from bot.core.consulta import Asunto
from bot.core.documentos import Libro
from bot.core.mensajes import INTENTS
from bot.core.periodo import Periodo
from tests.conftest import HOY, A
from tests.storage.test_importacion import compra, documento, store

AGO = Periodo(2026, 8)
TITULOS = {
    "utter_titulo_iva_f29": [{"text": "IVA y F29"}],
    "utter_titulo_ventas_resumen": [{"text": "Ventas"}],
}


class Charla:
    """One conversation: what the engine would keep between its turns is kept here."""

    def __init__(self, services: Services, sender: str) -> None:
        self._executor, self._sender = make_executor(services), sender
        self.slots: dict[str, Any] = {}
        self.titles = dict(TITULOS)

    async def says(
        self, action: str, texto: str, intent: str, *ranking: tuple[str, float], boton: str = ""
    ) -> dict[str, Any]:
        """What is answered if the engine hears that intent and calls that action."""
        entities = [{"entity": "boton", "value": boton}] if boton else []
        latest = {
            "text": texto,
            "entities": entities,
            "intent": {"name": intent, "confidence": 0.5},
            "intent_ranking": [{"name": name, "confidence": sure} for name, sure in ranking],
        }
        tracker = {
            "sender_id": self._sender,
            "slots": dict(self.slots),
            "latest_message": latest,
            "events": [],
        }
        domain = {"responses": self.titles}
        result = await self._executor.run({"next_action": action, "tracker": tracker, "domain": domain})
        assert result is not None
        answer = result.model_dump()
        for event in answer["events"]:
            self.slots = {**self.slots, event["name"]: event["value"]}
        [said] = answer["responses"]
        return dict(said)


@pytest.fixture
async def charla(services: Services) -> Charla:
    """With a sale in August and one in September, a purchase in September."""
    await store(services, documento(1, contraparte="COMERCIAL LOS AROMOS LTDA"))
    august = replace(documento(2), periodo=AGO, fecha=AGO.first_day)
    await store(services, august, periodo=AGO)
    await store(services, compra(1), libro=Libro.COMPRAS)
    conversacion = await services.conversacion._mensajes.conversacion("web", str(A), A)
    return Charla(services, conversacion.id)


async def test_a_follow_up_is_answered_by_its_topic(charla: Charla) -> None:
    """The API is told the topic's intent and the values that were carried."""
    await charla.says("action_consultar_ventas", "facturas de septiembre, total", "ventas_resumen")
    said = await charla.says("action_no_entendi", "y en agosto?", "nlu_fallback")
    assert said["response"] == "utter_ventas_resumen"
    assert said["custom"]["intent"] == "ventas_resumen"
    assert said["custom"]["entidades"] == {"periodo": ["2026-08"], "tipo_documento": [33, 34]}
    said = await charla.says(
        "action_consultar_compras", "y las compras del mes siguiente?", "compras_resumen"
    )
    assert said["custom"]["entidades"]["periodo"] == ["2026-09"]


async def test_small_talk_leaves_the_topic(charla: Charla) -> None:
    """Thanks in the middle change nothing, and are answered as thanks."""
    await charla.says("action_detallar_ventas", "mis facturas de septiembre", "ventas_detalle")
    said = await charla.says("action_decir", "gracias", "gracias")
    assert said["response"] == "utter_gracias"
    said = await charla.says("action_decir", "y en agosto gracias", "gracias")
    assert (said["response"], said["custom"]["intent"]) == ("utter_ventas_detalle", "ventas_detalle")


async def test_an_unknown_party_gets_nobodys_figures(charla: Charla) -> None:
    """After one client, `y a sodimac?` is neither that client's total nor everybody's."""
    first = await charla.says(
        "action_consultar_ventas", "ventas a los aromos en septiembre", "ventas_resumen"
    )
    assert first["custom"]["entidades"].get("contraparte")
    said = await charla.says("action_no_entendi", "y a sodimac?", "fuera_de_alcance")
    assert said["response"] == "utter_error_contraparte_desconocida"
    assert said["contraparte"] == "sodimac"


async def test_the_book_is_that_of_who_is_named(charla: Charla, services: Services) -> None:
    """A message that says no book is of the one with somebody of that name; one that says it stays there."""
    await store(services, compra(1, contraparte="MOLINOS CAUQUENES LTDA"), libro=Libro.COMPRAS)
    said = await charla.says("action_detallar_ventas", "factura de cauquenes, septiembre", "ventas_detalle")
    assert said["custom"]["intent"] == "compras_detalle"
    assert said["custom"]["entidades"]["contraparte"] == "MOLINOS CAUQUENES LTDA"
    said = await charla.says("action_detallar_ventas", "qué le vendí a cauquenes", "ventas_detalle")
    assert said["response"] == "utter_error_contraparte_desconocida"


async def test_when_the_tax_just_told_is_due(charla: Charla) -> None:
    """The due date of that month, not the next one of the calendar."""
    charla.slots["asunto"] = Asunto("iva_f29", (AGO,)).after(Asunto(), HOY).write()
    said = await charla.says("action_vencimientos", "y hasta cuándo tengo para pagarlo", "vencimientos")
    assert said["custom"]["entidades"]["periodo"] == ["2026-08"]
    assert said["lineas"].startswith("• F29 de agosto de 2026")


async def test_what_is_old_is_forgotten(charla: Charla) -> None:
    """After an hour there is nothing to go on with, whoever brings the slot back."""
    await charla.says("action_consultar_ventas", "ventas de septiembre", "ventas_resumen")
    charla.slots["asunto"]["hora"] = (HOY - timedelta(minutes=61)).isoformat()
    said = await charla.says("action_no_entendi", "y en agosto?", "nlu_fallback")
    assert said["response"] == "utter_no_entendi"


async def test_an_old_button_does_what_it_says(charla: Charla) -> None:
    """Nothing of what was spoken of since gets into it, and it is what is gone on with."""
    await charla.says("action_consultar_compras", "compras de septiembre", "compras_resumen")
    said = await charla.says(
        "action_consultar_ventas", "Ver agosto", "ventas_resumen", boton="ventas_resumen:2026-08"
    )
    assert said["custom"]["entidades"] == {"periodo": ["2026-08"], "tipo_documento": []}
    said = await charla.says("action_no_entendi", "muéstramelas", "nlu_fallback")
    assert (said["response"], said["custom"]["intent"]) == ("utter_ventas_detalle", "ventas_detalle")


async def test_a_person_after_the_second_time(charla: Charla) -> None:
    """Not understood once: other topics; twice in a row: a person; understood in between: from the start."""
    lost = ("action_no_entendi", "asdf", "nlu_fallback")
    assert (await charla.says(*lost))["response"] == "utter_no_entendi"
    assert (await charla.says(*lost))["response"] == "utter_no_entendi_otra_vez"
    await charla.says("action_decir", "hola", "saludo")
    assert (await charla.says(*lost))["response"] == "utter_no_entendi"


@pytest.mark.parametrize(("second", "response"), [(0.3, "utter_elegir_tema"), (0.01, "utter_no_entendi")])
async def test_topics_to_choose_from(charla: Charla, second: float, response: str) -> None:
    """Between two guesses it asks which; what is hardly likely is not offered."""
    ranking = (("nlu_fallback", 0.6), ("iva_f29", 0.4), ("ventas_resumen", second))
    said = await charla.says("action_no_entendi", "cuanto da eso", "nlu_fallback", *ranking)
    assert said["response"] == response
    asked = [button["payload"] for button in said["buttons"]]
    assert asked == ([] if second < 0.05 else ["iva_f29.retomar", "ventas_resumen.retomar"])


def test_every_intent_is_gone_on_with_by_one_action() -> None:
    """Two actions that serve one intent would hide each other."""
    serving = [intent for action in ACTIONS for intent in action.intents]
    assert len(serving) == len(set(serving))
    assert set(serving) <= INTENTS
