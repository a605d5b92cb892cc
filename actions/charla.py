"""When a message was not understood: perhaps it goes on with what was just spoken of."""

from collections.abc import Mapping

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.base import Events, TributaAction, tell_errors, words
from actions.registro import ActionConsultarCompras, ActionConsultarVentas, RegistroAction
from bot.core.consulta import find_periodos

_LONGEST_FOLLOW_UP = 8
_TEMAS: Mapping[str, type[RegistroAction]] = {
    "ventas": ActionConsultarVentas,
    "compras": ActionConsultarCompras,
}


class ActionSeguir(TributaAction):
    """After sales or purchases "y en octubre?" asks the same of October; anything else gets an apology."""

    def name(self) -> str:
        return "action_seguir"

    @tell_errors
    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        texto = words(tracker)
        tema = _TEMAS.get(tracker.get_slot("tema") or "")
        short = len(texto.split()) <= _LONGEST_FOLLOW_UP
        if tema is not None and short and find_periodos(texto, self.services.reloj.hoy()):
            return await tema(self.services).run(dispatcher, tracker, domain)
        understood = tracker.latest_message.get("intent", {}).get("name") == "fuera_de_alcance"
        dispatcher.utter_message(response="utter_fuera_de_alcance" if understood else "utter_no_entendi")
        return []
