"""The SII password and the taxpayer's own data: links to pages where it is safe, never in the chat."""

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.base import Events, TributaAction, pressed, tell_errors, words
from bot.core.consulta import asks_to_download, asks_to_erase
from bot.core.edad import moment
from bot.core.errors import ReplyUnknownError
from bot.services.ports import Conversacion, Quien
from bot.services.ports_secretos import PropositoEnlace


class ActionClaveSii(TributaAction):
    """Whether the password is kept, the link to give it, and its removal once confirmed."""

    intents = ("clave_sii",)

    def name(self) -> str:
        return "action_clave_sii"

    @tell_errors
    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        conversacion, pedido = await self.conversation(tracker), pressed(tracker)
        accion = pedido.accion if pedido else "borrar" if asks_to_erase(words(tracker)) else ""
        match accion:
            case "":
                await self._offer(dispatcher, conversacion)
            case "borrar":
                await self._confirm(dispatcher, conversacion)
            case "borrar_ya":
                gone = await self.services.claves.revocar(Quien(conversacion.rut), conversacion.canal)
                dispatcher.utter_message(response=f"utter_clave_{'borrada' if gone else 'ninguna'}")
            case _:
                raise ReplyUnknownError()
        return []

    async def _offer(self, dispatcher: CollectingDispatcher, conversacion: Conversacion) -> None:
        quien = Quien(conversacion.rut)
        desde = await self.services.claves.estado(quien)
        enlace = await self.services.enlaces.enlace(quien, PropositoEnlace.CLAVE, conversacion.canal)
        since = moment(desde, self.services.reloj.ahora()) if desde else ""
        response = "utter_clave_guardada" if desde else "utter_clave_pedir"
        dispatcher.utter_message(response=response, enlace=enlace, desde=since)

    async def _confirm(self, dispatcher: CollectingDispatcher, conversacion: Conversacion) -> None:
        known = await self.services.claves.estado(Quien(conversacion.rut))
        dispatcher.utter_message(response="utter_clave_confirmar" if known else "utter_clave_ninguna")


class ActionMisDatos(TributaAction):
    """What is kept, links to take it away or to erase it (which asks for the password), alerts on or off."""

    intents = ("mis_datos",)

    def name(self) -> str:
        return "action_mis_datos"

    @tell_errors
    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        conversacion, pedido, texto = await self.conversation(tracker), pressed(tracker), words(tracker)
        accion = pedido.accion if pedido else _wish(texto)
        match accion:
            case "":
                dispatcher.utter_message(response="utter_mis_datos")
                chosen = await self.services.alertas.ver(Quien(conversacion.rut))
                state = "encendidos" if chosen.activos else "apagados"
                dispatcher.utter_message(response=f"utter_avisos_{state}")
            case "avisos_si" | "avisos_no":
                quien, on = Quien(conversacion.rut), accion == "avisos_si"
                await self.services.alertas.encender(quien, conversacion.canal, encendidos=on)
                dispatcher.utter_message(response=f"utter_{accion}")
            case "descargar" | "borrar":
                proposito = PropositoEnlace.DATOS if accion == "descargar" else PropositoEnlace.BORRAR
                enlace = await self.services.enlaces.enlace(
                    Quien(conversacion.rut), proposito, conversacion.canal
                )
                dispatcher.utter_message(response=f"utter_mis_datos_{accion}", enlace=enlace)
            case _:
                raise ReplyUnknownError()
        return []


def _wish(texto: str) -> str:
    if asks_to_erase(texto):
        return "borrar"
    return "descargar" if asks_to_download(texto) else ""
