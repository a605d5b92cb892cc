"""General questions about taxes, answered from the knowledge base."""

from collections.abc import Sequence

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.base import Events, TributaAction, pressed, tell_errors, words
from bot.core.errors import TopicNotFoundError
from bot.core.mensajes import Pedido
from bot.services.saber import Relacionado, RespuestaSaber


class ActionPreguntaTributaria(TributaAction):
    """A topic's answer; topics to choose from if none answers for certain."""

    intents = ("pregunta_tributaria",)

    def name(self) -> str:
        return "action_pregunta_tributaria"

    @tell_errors
    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        quien, pedido = await self.who(tracker), pressed(tracker)
        try:
            if pedido:
                found = self.services.saber.tema(pedido.accion)
            else:
                found = await self.services.saber.responder(quien, words(tracker))
        except TopicNotFoundError:
            near = () if pedido else await self.services.saber.sugerir(words(tracker))
            if not near:
                raise
            dispatcher.utter_message(response="utter_saber_elegir", buttons=_buttons(near))
            return []
        _say(dispatcher, found)
        return []


def _say(dispatcher: CollectingDispatcher, found: RespuestaSaber) -> None:
    source = {"tipo": "saber", "tema": found.tema, "fuente": found.fuente, "fecha": found.fecha.isoformat()}
    dispatcher.utter_message(
        response="utter_saber",
        buttons=_buttons(found.relacionados),
        json_message={"entidades": {}, "fuentes": [source]},
        texto=found.texto,
    )


def _buttons(temas: Sequence[Relacionado]) -> list[dict[str, str]]:
    return [
        {"title": one.titulo, "payload": str(Pedido("pregunta_tributaria", accion=one.slug))} for one in temas
    ]
