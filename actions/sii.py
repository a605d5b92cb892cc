"""The sync with the SII, asked for in the chat: to do one, how it stands, what it changed."""

from datetime import datetime, time

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.base import Events, TributaAction, pressed, tell_errors, words
from bot.core.consulta import (
    asks_how_it_stands,
    asks_what_changed,
    find_desde,
    find_libro,
    find_periodos,
)
from bot.core.edad import moment, until
from bot.core.errors import DayNotSupportedError, ReplyUnknownError
from bot.core.errors_sii import SiiClaveMissingError, SiiClaveWrongError
from bot.core.mensajes import read_months
from bot.core.periodo import Periodo
from bot.services.noticias_sync import describe
from bot.services.ports import Quien
from bot.services.ports_sincronizacion import EstadoLibro, EstadoSii
from bot.services.titulos import span


class ActionActualizarSii(TributaAction):
    """Queues a sync and says so at once; what it brought is told when it is done."""

    intents = ("actualizar_sii",)

    def name(self) -> str:
        return "action_actualizar_sii"

    @tell_errors
    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        quien, pedido, texto = await self.who(tracker), pressed(tracker), words(tracker)
        match pedido.accion if pedido else _wish(texto):
            case "":
                periodos = pedido.periodos if pedido else self._periodos(texto)
                await self._ask(dispatcher, quien, texto, periodos)
            case "cambios":
                await self._changes(dispatcher, quien, texto)
            case "estado":
                await self._state(dispatcher, quien)
            case _:
                raise ReplyUnknownError()
        return []

    def _periodos(self, texto: str) -> tuple[Periodo, ...]:
        """A day means its month: nothing smaller can be fetched."""
        try:
            return find_periodos(texto, self.services.reloj.hoy())
        except DayNotSupportedError as error:
            return read_months(error.params["mes"])

    async def _ask(
        self, dispatcher: CollectingDispatcher, quien: Quien, texto: str, periodos: tuple[Periodo, ...]
    ) -> None:
        libro, ahora = find_libro(texto), self.services.reloj.ahora()
        pedida = await self.services.sincronizacion.pedir(quien, libro, periodos)
        estado = await self.services.sincronizacion.estado(quien)
        name = "espera" if pedida.pausa else "en_camino" if pedida.ya_estaba else ""
        dispatcher.utter_message(
            response="_".join(filter(None, ("utter_actualizar_sii", name))),
            que=f"tus {libro or 'ventas y compras'}{_months(periodos)}",
            cuando=until(pedida.pausa.hasta, ahora) if pedida.pausa else "",
            edad=_age(estado, ahora),
        )

    async def _changes(self, dispatcher: CollectingDispatcher, quien: Quien, texto: str) -> None:
        ahora = self.services.reloj.ahora()
        desde = datetime.combine(find_desde(texto, ahora.date()), time(), ahora.tzinfo)
        estado = await self.services.sincronizacion.estado(quien)
        cambios = await self.services.sincronizacion.cambios(quien, desde)
        known = any(libro.exito for libro in estado.libros)
        name = "" if cambios else "_ninguno" if known else "_sin_datos"
        dispatcher.utter_message(
            response=f"utter_sii_cambios{name}",
            cambios=describe(cambios),
            desde=moment(desde, ahora).removesuffix(" a las 00:00"),
            edad=_age(estado, ahora),
        )

    async def _state(self, dispatcher: CollectingDispatcher, quien: Quien) -> None:
        """How each book stands; who has no usable clave is told what to do about it."""
        ahora = self.services.reloj.ahora()
        estado = await self.services.sincronizacion.estado(quien)
        if estado.clave_desde is None:
            raise SiiClaveMissingError()
        if estado.clave_rechazada:
            raise SiiClaveWrongError()
        lines = [_line(libro, ahora) for libro in estado.libros]
        if estado.pausa:
            lines.append(f"El SII nos pidió esperar hasta {until(estado.pausa.hasta, ahora)}.")
        dispatcher.utter_message(response="utter_sii_estado", lineas="\n".join(lines))


def _wish(texto: str) -> str:
    if asks_what_changed(texto):
        return "cambios"
    return "estado" if asks_how_it_stands(texto) else ""


def _months(periodos: tuple[Periodo, ...]) -> str:
    return f" de {span(periodos)}" if periodos else ""


def _age(estado: EstadoSii, ahora: datetime) -> str:
    """How old the older book is."""
    known = [libro.exito for libro in estado.libros if libro.exito]
    return f"Lo que tengo se actualizó {moment(min(known), ahora)}." if known else ""


def _line(libro: EstadoLibro, ahora: datetime) -> str:
    name = libro.libro.value.capitalize()
    parts = [f"al día {moment(libro.exito, ahora)}" if libro.exito else "todavía sin leer"]
    if libro.trabajo:
        parts.append("la estoy leyendo" if libro.trabajo == "doing" else "en la fila")
    if libro.fallando:
        parts.append(f"el SII falla desde {moment(libro.fallando, ahora)}")
    if libro.llega_a and not libro.completa:
        parts.append(f"voy en {libro.llega_a.nombre}, hacia atrás")
    return f"• {name}: {', '.join(parts)}"
