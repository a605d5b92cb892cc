"""The least that an action can do, for the bare engine."""

from typing import Any

from rasa_sdk import Action


class Trivial(Action):
    def name(self) -> str:
        return "action_consultar_ventas"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
        dispatcher.utter_message(text="ok")
        return []
