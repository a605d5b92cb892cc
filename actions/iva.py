"""The month's IVA: the estimate of form 29, line by line, and why it changed."""

from collections.abc import Sequence
from datetime import date

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import presentar_iva as presentar
from actions.base import Events, TributaAction, inherited, pressed, tell_errors, words
from bot.core.consulta import (
    Asunto,
    Declarado,
    asks_for_lines,
    asks_why,
    leaves_over,
    read_declarados,
    read_meses,
    without_previous_month,
)
from bot.core.errors import OneMonthError, PeriodoWithoutDataError, ReplyUnknownError
from bot.core.errors_consulta import RateExpectedError
from bot.core.iva import REMANENTE, Supuestos
from bot.core.mensajes import Pedido
from bot.core.periodo import Periodo
from bot.services.ports import Quien

# By the 20th what people ask for is the month that they are about to declare.
LAST_DAY_TO_DECLARE = 20
CAUSES_SHOWN = 5
_ACCIONES = ("", "lineas", "causas", "olvidar")


class ActionIvaF29(TributaAction):
    """How much IVA a month comes to."""

    intents = ("iva_f29",)

    def name(self) -> str:
        return "action_iva_f29"

    @tell_errors
    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        quien, pedido = await self.who(tracker), pressed(tracker)
        told = () if pedido else read_declarados(words(tracker))
        if told:
            periodo = _told_month(tracker, told, self.services.reloj.hoy())
            await self._keep(dispatcher, quien, periodo, told)
            return [SlotSet("asunto", Asunto(periodos=(periodo,)).write())]
        accion = pedido.accion if pedido else _wish(words(tracker))
        if accion not in _ACCIONES:
            raise ReplyUnknownError()
        periodo = _month(tracker, pedido, self.services.reloj.hoy(), accion)
        if accion == "olvidar":
            await self._forget(dispatcher, quien, periodo)
        elif accion == "causas":
            await self._causes(dispatcher, quien, periodo)
        else:
            await self._estimate(dispatcher, quien, periodo, accion)
        return [SlotSet("asunto", Asunto(periodos=(periodo,)).write())]

    async def _keep(
        self, dispatcher: CollectingDispatcher, quien: Quien, periodo: Periodo, told: Sequence[Declarado]
    ) -> None:
        """Keep what was told, or forget it, and give the estimate that follows from it.

        Raises:
            RateExpectedError: if an amount of PPM was told.
        """
        if any(one.monto for one in told):
            raise RateExpectedError()
        if told[0].valor is None:
            await self._forget(dispatcher, quien, periodo, told[0].codigo)
            return
        for one in told:
            if one.valor is not None:
                await self.services.iva.contar(quien, periodo, one.codigo, one.valor)
        found = await self.services.iva.f29(quien, periodo, Supuestos())
        dispatcher.utter_message(
            response="utter_iva_anotado" if found.actualizado else "utter_iva_anotado_sin_datos",
            json_message=presentar.facts(found),
            **presentar.anotado(found, told, self.services.reloj.ahora()),
        )

    async def _forget(
        self, dispatcher: CollectingDispatcher, quien: Quien, periodo: Periodo, codigo: int | None = None
    ) -> None:
        gone = await self.services.iva.olvidar(quien, periodo, codigo)
        dispatcher.utter_message(
            response="utter_iva_olvidado" if gone else "utter_iva_olvidado_nada",
            periodo=periodo.nombre,
            pedido=f":{periodo}",
        )

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


def _told_month(tracker: Tracker, told: Sequence[Declarado], hoy: date) -> Periodo:
    """The form that something was told about: `el remanente de octubre` is what noviembre begins with."""
    texto = without_previous_month(words(tracker))
    said = read_meses(texto, hoy, (), sigue=False)
    if len(said) == 1 and told[0].codigo == REMANENTE and leaves_over(texto):
        return said[0].plus(1)
    spoken = said or inherited(tracker).periodos
    return spoken[-1] if spoken else _to_declare(hoy)


def _to_declare(hoy: date) -> Periodo:
    """The month that people speak of when they name none: the one that is to be declared next."""
    current = Periodo.of(hoy)
    return current.plus(-1) if hoy.day <= LAST_DAY_TO_DECLARE else current


def _month(tracker: Tracker, pedido: Pedido | None, hoy: date, accion: str) -> Periodo:
    """The month meant; the form is one month's, and one that runs explains no change.

    Raises:
        OneMonthError: if several are asked for.
    """
    asunto = inherited(tracker)
    said = read_meses(words(tracker), hoy, asunto.periodos, sigue=asunto.sigue) if not pedido else ()
    periodos = pedido.periodos if pedido else said or asunto.periodos[-1:]
    if len(periodos) > 1:
        raise OneMonthError(mes=periodos[-1].nombre, pedido=f":{periodos[-1]}")
    if periodos:
        return periodos[0]
    return Periodo.of(hoy).plus(-1) if accion == "causas" else _to_declare(hoy)
