"""Purchases that wait for acceptance, and how long they can still be claimed."""

from datetime import date, datetime
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.base import heard_party, pressed, words
from actions.consulta import Consulta, with_party
from actions.presentar import common, document, notes
from actions.registro import RegistroAction
from bot.core.consulta import find_folio, read_monto
from bot.core.dinero import format_clp, format_number
from bot.core.documentos import Documento, EstadoCompra, Libro
from bot.core.periodo import Periodo
from bot.core.vencimientos import last_day_to_claim
from bot.services.ports import FiltroDocumentos, Quien
from bot.services.registro import DetalleRegistro

LOOKED_AT, SHOWN = 200, 8


class ActionComprasPendientes(RegistroAction):
    """What is to be accepted or claimed, the most urgent first."""

    libro = Libro.COMPRAS
    intents = ("compras_pendientes",)

    def name(self) -> str:
        return "action_compras_pendientes"

    async def read(self, tracker: Tracker, quien: Quien) -> Consulta:
        """Of these two months only, whatever days are named: what is older cannot wait any more."""
        texto = "" if pressed(tracker) else words(tracker)
        current = Periodo.of(self.services.reloj.hoy())
        monto, texto = read_monto(texto)
        filtro = FiltroDocumentos(
            (current.plus(-1), current), EstadoCompra.PENDIENTE, folio=find_folio(texto), monto=monto
        )
        asked = Consulta(filtro, texto=texto)
        return await with_party(asked, texto, heard_party(tracker), self.registro, quien)

    async def answer(self, dispatcher: CollectingDispatcher, quien: Quien, consulta: Consulta) -> None:
        found = await self.registro.detalle(quien, consulta.filtro, limite=LOOKED_AT)
        await self.require_data(quien, consulta, found)
        total = (await self.registro.resumen(quien, consulta.filtro)).resumen.totales.monto_total
        params = _present(found, total, consulta, self.services.reloj.ahora())
        kind = "pendientes" if found.documentos else "pendientes_ninguna"
        self.utter(dispatcher, kind, found, consulta, params)


def _present(found: DetalleRegistro, total: int, consulta: Consulta, ahora: datetime) -> dict[str, Any]:
    """The parameters of `utter_compras_pendientes` and `…_ninguna`."""
    dated = sorted(((_deadline(one, ahora), one) for one in found.documentos), key=lambda pair: pair[0])
    hidden = found.total_documentos - len(dated[:SHOWN])
    lines = [f"{document(one, ahora.date())} · {_left(day, ahora.date())}" for day, one in dated[:SHOWN]]
    lines += [f"(y {format_number(hidden)} más)"] if hidden else []
    plural = "documento" if found.total_documentos == 1 else "documentos"
    return {
        **common(consulta, found.actualizado, ahora),
        "cuantos": f"{format_number(found.total_documentos)} {plural}",
        "total": format_clp(total),
        "lineas": "\n".join(lines),
        "notas": notes(consulta, found.faltan),
    }


def _deadline(documento: Documento, ahora: datetime) -> date:
    """A document whose reception the register does not tell is counted from its date: sooner, not later."""
    received = documento.fecha_recepcion
    return last_day_to_claim(received.astimezone(ahora.tzinfo).date() if received else documento.fecha)


def _left(day: date, hoy: date) -> str:
    days = (day - hoy).days
    if days < 0:
        return f"el plazo para reclamar venció el {day:%d-%m}"
    return {0: "⏳ vence hoy", 1: "⏳ vence mañana"}.get(days, f"⏳ quedan {days} días, hasta el {day:%d-%m}")
