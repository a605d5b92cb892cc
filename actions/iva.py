"""The month's IVA: the estimate of form 29, line by line, and why it changed."""

from datetime import date

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import presentar_iva as presentar
from actions.base import Events, TributaAction, inherited, pressed, tell_errors, words
from bot.core.consulta import Asunto, asks_for_lines, asks_why, read_meses
from bot.core.errors import OneMonthError, PeriodoWithoutDataError, ReplyUnknownError
from bot.core.iva import Supuestos
from bot.core.mensajes import Pedido
from bot.core.periodo import Periodo
from bot.services.ports import Quien

# By the 20th what people ask for is the month that they are about to declare.
LAST_DAY_TO_DECLARE = 20
CAUSES_SHOWN = 5
_ACCIONES = ("", "lineas", "causas")


class ActionIvaF29(TributaAction):
    """How much IVA a month comes to."""

    intents = ("iva_f29",)

    def name(self) -> str:
        return "action_iva_f29"

    @tell_errors
    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        quien, pedido = await self.who(tracker), pressed(tracker)
        accion = pedido.accion if pedido else _wish(words(tracker))
        if accion not in _ACCIONES:
            raise ReplyUnknownError()
        periodo = _month(tracker, pedido, self.services.reloj.hoy())
        if accion == "causas":
            await self._causes(dispatcher, quien, periodo)
        else:
            await self._estimate(dispatcher, quien, periodo, accion)
        return [SlotSet("asunto", Asunto(periodos=(periodo,)).write())]

    async def _estimate(
        self, dispatcher: CollectingDispatcher, quien: Quien, periodo: Periodo, accion: str
    ) -> None:
        found = await self.services.iva.f29(quien, periodo, Supuestos())
        if found.actualizado is None:
            raise PeriodoWithoutDataError(
                libro="ventas y compras", periodo=periodo.nombre, ultimo="", boton_titulo="", boton_pedido=""
            )
        render = presentar.lineas if accion else presentar.estimacion
        dispatcher.utter_message(
            response="utter_iva_lineas" if accion else "utter_iva_f29",
            json_message=presentar.facts(found),
            **render(found, self.services.reloj.ahora()),
        )

    async def _causes(self, dispatcher: CollectingDispatcher, quien: Quien, periodo: Periodo) -> None:
        found = await self.services.analisis.explicar_iva(quien, periodo, Supuestos(), CAUSES_SHOWN)
        known = found.ahora.faltan == found.antes.faltan == []
        dispatcher.utter_message(
            response="utter_iva_causas" if known else "utter_iva_sin_comparar",
            json_message=presentar.facts(found.ahora),
            **presentar.causas(found, self.services.reloj.ahora()),
        )


def _wish(texto: str) -> str:
    if asks_why(texto):
        return "causas"
    return "lineas" if asks_for_lines(texto) else ""


def _month(tracker: Tracker, pedido: Pedido | None, hoy: date) -> Periodo:
    """The month meant; the form is one month's.

    Raises:
        OneMonthError: if several are asked for.
    """
    asunto = inherited(tracker)
    said = read_meses(words(tracker), hoy, asunto.periodos, sigue=asunto.sigue) if not pedido else ()
    periodos = pedido.periodos if pedido else said or asunto.periodos[-1:]
    if len(periodos) > 1:
        raise OneMonthError(mes=periodos[-1].nombre, pedido=f":{periodos[-1]}")
    current = Periodo.of(hoy)
    return periodos[0] if periodos else current.plus(-1) if hoy.day <= LAST_DAY_TO_DECLARE else current
