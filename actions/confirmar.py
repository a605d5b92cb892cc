"""`sí` and `no` as answers to what Tributa just asked."""

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.base import Events, TributaAction, tell_errors, words
from actions.contratos import ActionContratoEliminar, ActionContratoListar
from actions.cuenta import ActionClaveSii
from actions.humano import ActionHumano
from bot.core.consulta import is_plain_yes
from bot.core.mensajes import Pedido
from bot.core.texto import normalize
from bot.services.pasos import PREFIX
from bot.services.ports_canales import Remitente

# What a question with a button "Sí, …" may lead to.
_CONFIRMADAS: Mapping[str, type[TributaAction]] = {
    "clave_sii": ActionClaveSii,
    "contrato_eliminar": ActionContratoEliminar,
    "contrato_listar": ActionContratoListar,
    "humano": ActionHumano,
}


class ActionAfirmar(TributaAction):
    """`sí` presses the button "Sí, …" of the message just before it, and of no older one."""

    def name(self) -> str:
        return "action_afirmar"

    @tell_errors
    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        payload = _offered(tracker, "si") if is_plain_yes(words(tracker)) else ""
        if payload.startswith(PREFIX):
            return await self._press(dispatcher, tracker, payload)
        action = _CONFIRMADAS.get(Pedido.parse(payload).intent) if payload else None
        if action is None:
            dispatcher.utter_message(response="utter_afirmar_nada")
            return []
        tracker.latest_message = {"text": "", "entities": [{"entity": "boton", "value": payload}]}
        events: Events = await action(self.services).run(dispatcher, tracker, domain)
        return events

    async def _press(self, dispatcher: CollectingDispatcher, tracker: Tracker, payload: str) -> Events:
        here = await self.conversation(tracker)
        for said in await self.services.vinculacion.pulsar(Remitente(here.canal, here.canal_id), payload):
            buttons = [{"title": one.titulo, "payload": one.id} for one in said.botones]
            dispatcher.utter_message(text=said.texto, buttons=buttons)
        return []


class ActionNegar(TributaAction):
    """`no` leaves everything as it is."""

    def name(self) -> str:
        return "action_negar"

    @tell_errors
    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        dispatcher.utter_message(response="utter_negar" if _offered(tracker, "no") else "utter_negar_nada")
        return []


def _offered(tracker: Tracker, word: str) -> str:
    """The id of the button that starts with this word in what was said just before this turn, or nothing.

    The engine's own memory of it is used: after a restart of the engine a bare `sí` confirms nothing.
    """
    buttons: list[dict[str, Any]] = []
    for event in reversed(_before_this_turn(tracker.events)):
        if event["event"] == "user":
            break
        if event["event"] == "bot":
            buttons += (event.get("data") or {}).get("buttons") or ()
    titles = {normalize(button["title"]).partition(",")[0]: str(button["payload"]) for button in buttons}
    return titles.get(word, "")


def _before_this_turn(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    last = max((number for number, event in enumerate(events) if event["event"] == "user"), default=0)
    return events[:last]
