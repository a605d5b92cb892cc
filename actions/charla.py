"""Small talk, and what to say when a message was not understood."""

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.base import Events, TributaAction, tell_errors
from bot.core.duda import topics
from bot.core.mensajes import INTENTS, RETOMAR

_PATIENCE = 2
_TITLE = "utter_titulo_"


class ActionDecir(TributaAction):
    """Says `utter_<intent>`; the conversation goes on with what it was about."""

    def name(self) -> str:
        return "action_decir"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        dispatcher.utter_message(response=f"utter_{tracker.latest_message['intent']['name']}")
        return []


class ActionNoEntendi(TributaAction):
    """Asks what was meant, with the likeliest topics as buttons; the second time in a row offers a person."""

    def name(self) -> str:
        return "action_no_entendi"

    @tell_errors
    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        latest = tracker.latest_message
        outside = latest.get("intent", {}).get("name") == "fuera_de_alcance"
        times = int(tracker.get_slot("tropiezos") or 0) + 1
        titles = _titles(domain)
        ranking = [(one["name"], one["confidence"]) for one in latest.get("intent_ranking") or ()]
        offered = topics([one for one in ranking if one[0] in titles], self.services.umbrales)
        if times >= _PATIENCE:
            dispatcher.utter_message(response="utter_no_entendi_otra_vez")
        elif outside or not offered:
            dispatcher.utter_message(response=f"utter_{'fuera_de_alcance' if outside else 'no_entendi'}")
        else:
            asked = "elegir_tema" if len(offered) == 2 else "elegir_entre"
            buttons = [{"title": titles[name], "payload": f"{name}.{RETOMAR}"} for name in offered]
            dispatcher.utter_message(response=f"utter_{asked}", buttons=buttons)
        return [SlotSet("tropiezos", times)]


def _titles(domain: DomainDict) -> dict[str, str]:
    """What each topic is called on a button; those that trainers gave no title are not offered."""
    named = {
        name.removeprefix(_TITLE): said[0]["text"]
        for name, said in domain.get("responses", {}).items()
        if name.startswith(_TITLE)
    }
    return {name: title for name, title in named.items() if name in INTENTS}
