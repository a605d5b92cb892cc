"""Questions about the person's contracts."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.base import Events, TributaAction, inherited, pressed, tell_errors, words
from actions.contratos import show_page
from bot.core.consulta import Asunto
from bot.core.mensajes import Pedido
from bot.services.contratos_redaccion import RespuestaContratos


class ActionContratoPregunta(TributaAction):
    """What a contract says; contracts to choose from if two fit, and then what was asked first."""

    intents = ("contrato_pregunta",)

    def name(self) -> str:
        return "action_contrato_pregunta"

    @tell_errors
    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        quien, pedido = await self.who(tracker), pressed(tracker)
        if pedido and pedido.accion == "pagina":
            await show_page(self.services, dispatcher, quien, pedido)
            return [SlotSet("asunto", Asunto(contrato=str(pedido.contrato)).write())]
        asked = (tracker.get_slot("contrato_duda") if pedido else None) or words(tracker)
        talked = pedido.contrato if pedido else int(inherited(tracker).contrato or 0)
        answer = await self.services.respuestas.responder(quien, asked, talked or None)
        dispatcher.utter_message(
            response="utter_contrato_texto",
            buttons=_buttons(answer),
            json_message=facts(answer),
            texto=answer.texto,
        )
        contrato = str(answer.contrato_id or talked or "")
        return [
            SlotSet("asunto", Asunto(contrato=contrato).write()),
            SlotSet("contrato_duda", asked if answer.opciones else None),
        ]


class ActionContratoVigencia(ActionContratoPregunta):
    """Whether a contract is in force, and until when: a question like any other."""

    intents = ("contrato_vigencia",)

    def name(self) -> str:
        return "action_contrato_vigencia"


def facts(answer: RespuestaContratos) -> dict[str, Any]:
    """What the API tells beside the text."""
    return {
        "entidades": {"clase": answer.clase.value},
        "fuentes": [
            {
                "contrato_id": one.contrato_id,
                "archivo": one.archivo,
                "pagina": one.pagina,
                "fragmento": one.fragmento,
            }
            for one in answer.fuentes
        ],
    }


def _buttons(answer: RespuestaContratos) -> list[dict[str, str]]:
    """The contracts to choose from, or the page that the answer is on."""
    if answer.fuentes and not answer.opciones:
        first = answer.fuentes[0]
        page = Pedido("contrato_pregunta", accion="pagina", pagina=first.pagina, contrato=first.contrato_id)
        return [{"title": "Ver página", "payload": str(page)}]
    return [
        {"title": one.titulo, "payload": str(Pedido("contrato_pregunta", contrato=one.contrato_id))}
        for one in answer.opciones
    ]
