"""Asking for a person."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.base import Events, TributaAction, pressed, tell_errors


class ActionHumano(TributaAction):
    """Tells what happens next; the case itself is opened with the answer, in one transaction."""

    def name(self) -> str:
        return "action_humano"

    @tell_errors
    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        confidence = tracker.latest_message.get("intent", {}).get("confidence") or 0.0
        if not pressed(tracker) and confidence < self.services.umbrales.persona:
            dispatcher.utter_message(response="utter_humano_confirmar")
            return []
        anuncio = await self.services.casos.anunciar(await self.conversation(tracker))
        facts: dict[str, Any] | None = {"paso": anuncio.paso.value} if anuncio.paso else None
        dispatcher.utter_message(response=f"utter_{anuncio.texto}", json_message=facts, **anuncio.params)
        return []
