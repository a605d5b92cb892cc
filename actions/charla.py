"""Small talk, and what to say when a message was not understood."""

from collections.abc import Mapping, Sequence
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.base import Events, TributaAction, tell_errors

# The engine's second guess counts beside its first if it is at least this much of it.
_CLOSE, _LEAST = 0.6, 0.15
_PATIENCE = 2


class ActionDecir(TributaAction):
    """Says `utter_<intent>`; the conversation goes on with what it was about."""

    def name(self) -> str:
        return "action_decir"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        dispatcher.utter_message(response=f"utter_{tracker.latest_message['intent']['name']}")
        return []


class ActionNoEntendi(TributaAction):
    """Asks which of two topics was meant; after the second message in a row offers a person."""

    def name(self) -> str:
        return "action_no_entendi"

    @tell_errors
    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        if tracker.latest_message.get("intent", {}).get("name") == "fuera_de_alcance":
            dispatcher.utter_message(response="utter_fuera_de_alcance")
            return []
        times = int(tracker.get_slot("tropiezos") or 0) + 1
        buttons = _topics(tracker.latest_message.get("intent_ranking") or (), domain)
        if times >= _PATIENCE:
            dispatcher.utter_message(response="utter_no_entendi_otra_vez")
        elif buttons:
            dispatcher.utter_message(response="utter_elegir_tema", buttons=buttons)
        else:
            dispatcher.utter_message(response="utter_no_entendi")
        return [SlotSet("tropiezos", times)]


def _topics(ranking: Sequence[Mapping[str, Any]], domain: DomainDict) -> list[dict[str, str]]:
    """Buttons for the two best guesses, if the trainers gave both a title and neither is far better."""
    first, second = ([*(one for one in ranking if one["name"] != "nlu_fallback"), None, None])[:2]
    if not first or not second or second["confidence"] < max(_LEAST, _CLOSE * first["confidence"]):
        return []
    responses = domain.get("responses", {})
    titles = [responses.get(f"utter_titulo_{one['name']}") for one in (first, second)]
    if not all(titles):
        return []
    return [
        {"title": title[0]["text"], "payload": one["name"]}
        for one, title in zip((first, second), titles, strict=True)
        if title
    ]
