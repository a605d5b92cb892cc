"""Sales and purchases: totals and documents."""

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import Any, ClassVar

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import presentar
from actions.archivos import chart, spreadsheet
from actions.base import Events, TributaAction, tell, tell_errors, words
from actions.consulta import EXCEL, GRAFICO, GRAFICO_AMBOS, Consulta, find_party, read_consulta
from bot.core.consulta import asks_for_excel
from bot.core.documentos import EstadoCompra, Libro
from bot.core.errors import (
    BotError,
    CounterpartyUnknownError,
    InputError,
    PeriodoWithoutDataError,
    ReplyUnknownError,
)
from bot.core.errors_consulta import CounterpartyAlikeError
from bot.core.mensajes import Contraparte, Pedido
from bot.core.texto import normalize
from bot.services.analisis import Ranking
from bot.services.parecidos import button_name, similar_names
from bot.services.ports import Quien
from bot.services.registro import DetalleRegistro, RegistroService, ResumenRegistro
from bot.services.titulos import ESTADOS, span

_QUIENES = {Libro.VENTAS: "clientes", Libro.COMPRAS: "proveedores"}
ALIKE_SHOWN = 2
_OTRO = {Libro.VENTAS: Libro.COMPRAS, Libro.COMPRAS: Libro.VENTAS}


class RegistroAction(TributaAction, ABC):
    """A question about one book of the register."""

    libro: ClassVar[Libro]
    acciones: ClassVar[tuple[str, ...]] = ("",)
    ambos: ClassVar[bool] = False  # whether both books are answered at once
    leidas: ClassVar[frozenset[str]] = frozenset()  # words that only this kind of answer takes into account

    @property
    def registro(self) -> RegistroService:
        return self.services.libro(self.libro)

    @tell_errors
    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        quien = await self.who(tracker)
        consulta = await self.read(tracker, quien)
        if consulta.accion not in self.acciones:
            raise ReplyUnknownError()
        try:
            await self._require_known_party(quien, consulta, tracker)
            consulta = await self.answer(dispatcher, quien, consulta) or consulta
        except BotError as error:
            tell(dispatcher, error, presentar.facts(consulta, self.libro, None))
            if isinstance(error, InputError):  # a month that cannot be is not to be remembered
                return []
        return [SlotSet("asunto", consulta.asunto().write())]

    async def read(self, tracker: Tracker, quien: Quien) -> Consulta:
        """What this turn asks."""
        hoy = self.services.reloj.hoy()
        consulta = await read_consulta(tracker, self.registro, quien, hoy, ambos=self.ambos)
        left = tuple(word for word in consulta.sin_leer if normalize(word) not in self.leidas)
        return replace(consulta, sin_leer=left)

    @abstractmethod
    async def answer(
        self, dispatcher: CollectingDispatcher, quien: Quien, consulta: Consulta
    ) -> Consulta | None:
        """Say what was asked; gives it back as answered if that is of other months."""

    async def _require_known_party(self, quien: Quien, consulta: Consulta, tracker: Tracker) -> None:
        """Nobody's figures rather than everybody's; a client asked for as a supplier is offered as such.

        Raises:
            CounterpartyUnknownError: if the message names somebody who is not in this book.
        """
        if consulta.contraparte is not None or not (consulta.desconocida or consulta.sin_leer):
            return
        otro = _OTRO[self.libro]
        texto = words(tracker)
        party = await find_party(texto, self.services.libro(otro), quien)
        if party is None and not consulta.desconocida:
            return
        if party is None:
            await self._suggest(quien, consulta)
        there = replace(consulta, contraparte=party)
        raise CounterpartyUnknownError(
            contraparte=party.nombre if party else consulta.desconocida,
            quienes=_QUIENES[self.libro],
            pista=f"Sí está entre tus {_QUIENES[otro]}." if party else "Revisa el nombre o escribe su RUT.",
            boton_titulo=f"Ver sus {'compras' if otro is Libro.COMPRAS else 'ventas'}" if party else "",
            boton_pedido=str(there.pedido(f"{otro}_resumen")) if party else "",
            periodos=presentar.payload(
                Pedido("x", tuple(consulta.filtro.periodos), dias=consulta.filtro.dias)
            ),
            libro=self.libro.value,
        )

    async def _suggest(self, quien: Quien, consulta: Consulta) -> None:
        """Offer the clients or suppliers whose names sound like the one that was typed.

        Raises:
            CounterpartyAlikeError: if there are such.
        """
        known = await self.registro.contrapartes(quien)
        alike = similar_names(consulta.desconocida, known, ALIKE_SHOWN)
        if not alike:
            return
        asked = [replace(consulta, contraparte=Contraparte(known[nombre], nombre)) for nombre in alike]
        titles = [button_name(nombre) for nombre in alike] + [""]
        pedidos = [str(one.pedido(self.intents[0])) for one in asked] + [""]
        raise CounterpartyAlikeError(
            contraparte=consulta.desconocida,
            quienes=_QUIENES[self.libro],
            parecidos=" o ".join(f"«{nombre}»" for nombre in alike),
            uno_titulo=titles[0],
            uno_pedido=pedidos[0],
            otro_titulo=titles[1],
            otro_pedido=pedidos[1],
            libro=self.libro.value,
            periodos=presentar.payload(
                Pedido("x", tuple(consulta.filtro.periodos), dias=consulta.filtro.dias)
            ),
        )

    async def require_data(
        self, quien: Quien, consulta: Consulta, found: ResumenRegistro | DetalleRegistro | Ranking
    ) -> None:
        """Be honest about months that nobody imported, and offer the newest that somebody did.

        Raises:
            PeriodoWithoutDataError: if none of the months asked for is known.
        """
        if found.actualizado is not None:
            return
        newest = await self.registro.ultimo_periodo(quien)
        raise PeriodoWithoutDataError(
            libro=self.libro.value + ESTADOS.get(consulta.filtro.estado, ""),
            periodo=span(consulta.filtro.periodos),
            ultimo=f"Lo más nuevo que tengo es {newest.nombre}. " if newest else "",
            boton_titulo=f"Ver {newest.mes} {newest.year}" if newest else "",
            boton_pedido=str(Pedido(f"{self.libro}_resumen", (newest,))) if newest else "",
        )

    def utter(
        self,
        dispatcher: CollectingDispatcher,
        kind: str,
        found: ResumenRegistro | DetalleRegistro | Ranking,
        consulta: Consulta,
        params: dict[str, Any],
        file: dict[str, str] | None = None,
    ) -> None:
        """Say `utter_<libro>_<kind>`, with the facts beside it, and perhaps a file."""
        facts = presentar.facts(consulta, self.libro, found.actualizado)
        params = {**params, **(file or {})}
        dispatcher.utter_message(response=f"utter_{self.libro}_{kind}", json_message=facts, **params)


class ConsultarResumen(RegistroAction):
    """Totals, or a chart of them."""

    acciones = ("", GRAFICO, GRAFICO_AMBOS)

    async def answer(self, dispatcher: CollectingDispatcher, quien: Quien, consulta: Consulta) -> None:
        found = await self.registro.resumen(quien, consulta.filtro)
        await self.require_data(quien, consulta, found)
        params = presentar.resumen(found, consulta, self.libro, self.services.reloj.ahora())
        if consulta.accion:
            file = await chart(self.services, quien, self.libro, consulta)
            self.utter(dispatcher, consulta.accion, found, consulta, params, file)
            return
        params["notas"] += await self._pending(quien, consulta)
        self.utter(dispatcher, "resumen" if found.resumen.filas else "ninguna", found, consulta, params)

    async def _pending(self, quien: Quien, consulta: Consulta) -> str:
        """Purchases that wait for acceptance are in no total, so that they are there must be said."""
        if self.libro is Libro.VENTAS or consulta.filtro.estado not in (None, EstadoCompra.REGISTRO):
            return ""
        filtro = replace(consulta.filtro, estado=EstadoCompra.PENDIENTE)
        return presentar.pending(await self.registro.resumen(quien, filtro))


class DetallarDocumentos(RegistroAction):
    """Documents, some at a time, or all in a spreadsheet."""

    acciones = ("", EXCEL)

    async def read(self, tracker: Tracker, quien: Quien) -> Consulta:
        """A spreadsheet, if the words ask for one."""
        consulta = await super().read(tracker, quien)
        return replace(consulta, accion=EXCEL) if asks_for_excel(consulta.texto) else consulta

    async def answer(self, dispatcher: CollectingDispatcher, quien: Quien, consulta: Consulta) -> None:
        found = await self.registro.detalle(
            quien, consulta.filtro, consulta.pagina, presentar.DOCUMENTS_SHOWN
        )
        await self.require_data(quien, consulta, found)
        params = presentar.detalle(found, consulta, self.services.reloj.ahora())
        if consulta.accion:
            file = await spreadsheet(self.services, quien, self.libro, consulta)
            self.utter(dispatcher, EXCEL, found, consulta, params, file)
            return
        kind = "ninguna" if not found.documentos else "detalle_mas" if found.hay_mas else "detalle"
        self.utter(dispatcher, kind, found, consulta, params)


class ActionConsultarVentas(ConsultarResumen):
    """How much was sold."""

    libro = Libro.VENTAS
    intents = ("ventas_resumen",)

    def name(self) -> str:
        return "action_consultar_ventas"


class ActionConsultarCompras(ConsultarResumen):
    """How much was bought."""

    libro = Libro.COMPRAS
    intents = ("compras_resumen",)

    def name(self) -> str:
        return "action_consultar_compras"


class ActionDetallarVentas(DetallarDocumentos):
    """Which documents were issued."""

    libro = Libro.VENTAS
    intents = ("ventas_detalle",)

    def name(self) -> str:
        return "action_detallar_ventas"


class ActionDetallarCompras(DetallarDocumentos):
    """Which documents came from suppliers."""

    libro = Libro.COMPRAS
    intents = ("compras_detalle",)

    def name(self) -> str:
        return "action_detallar_compras"
