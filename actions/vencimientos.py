"""What is due, and until when."""

from datetime import date
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.base import Events, TributaAction, inherited, pressed, tell_errors, words
from bot.core.consulta import Asunto, read_meses
from bot.core.errors import DayNotSupportedError
from bot.core.periodo import Periodo
from bot.core.vencimientos import day_name, days_left
from bot.services.vencimientos import Vencimientos

MOST_MONTHS = 12


class ActionVencimientos(TributaAction):
    """The next due dates, or those of the months that are named."""

    intents = ("vencimientos",)

    def name(self) -> str:
        return "action_vencimientos"

    @tell_errors
    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        quien, hoy = await self.who(tracker), self.services.reloj.hoy()
        asked = pressed(tracker)
        named = asked.periodos if asked else _months(words(tracker), hoy, inherited(tracker).kept)
        found = await self.services.vencimientos.proximos(quien, named[:MOST_MONTHS])
        periodo = [str(month) for month in named]
        dispatcher.utter_message(
            response="utter_vencimientos",
            json_message={"entidades": {"periodo": periodo, "tipo_documento": []}, "fuentes": []},
            **_params(found, hoy),
        )
        return [SlotSet("asunto", Asunto(periodos=named).write())]


def _months(texto: str, hoy: date, asunto: Asunto) -> tuple[Periodo, ...]:
    """Those named, or those of the tax just told; `hasta el 20` is no day that is asked for."""
    try:
        return read_meses(texto, hoy, asunto.periodos, sigue=asunto.sigue) or asunto.periodos
    except DayNotSupportedError:
        return asunto.periodos


def _params(found: Vencimientos, hoy: date) -> dict[str, Any]:
    lines = [
        f"• F29 de {periodo.nombre}: {_day(due, hoy)} ({_left(due, hoy)})"
        for periodo, due in found.formularios
    ]
    if found.reclamo:
        count = "1 compra" if found.pendientes == 1 else f"{found.pendientes} compras"
        lines.append(f"• {count} por aceptar o reclamar: la primera, hasta el {_day(found.reclamo, hoy)}")
    for one in found.contratos:
        what = "plazo para avisar en el contrato" if one.aviso else "termina el contrato"
        lines.append(f"• {_day(one.dia, hoy).capitalize()}: {what} {one.nombre}")
    why = "emites documentos electrónicos" if found.electronico else "no veo documentos electrónicos tuyos"
    return {"lineas": "\n".join(lines), "porque": why}


def _day(dia: date, hoy: date) -> str:
    return day_name(dia) + (f" de {dia.year}" if dia.year != hoy.year else "")


def _left(dia: date, hoy: date) -> str:
    days = (dia - hoy).days
    if days < 0:
        return "ya pasó"
    return days_left(days)
