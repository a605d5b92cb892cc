"""Sales and purchases: totals and documents."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import presentar
from actions.base import Events, TributaAction, tell, tell_errors
from actions.consulta import Consulta, read_consulta
from bot.core.documentos import Libro
from bot.core.errors import BotError, CounterpartyUnknownError, PeriodoWithoutDataError
from bot.core.mensajes import Pedido
from bot.services.ports import Quien
from bot.services.registro import DetalleRegistro, RegistroService, ResumenRegistro


class _RegistroAction(TributaAction, ABC):
    libro: ClassVar[Libro]

    @property
    def registro(self) -> RegistroService:
        return self.services.libro(self.libro)

    @tell_errors
    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        quien = await self.who(tracker)
        consulta = await read_consulta(tracker, self.registro, quien, self.services.reloj.hoy())
        try:
            self._require_known_party(consulta)
            await self.answer(dispatcher, quien, consulta)
        except BotError as error:
            tell(dispatcher, error, presentar.facts(consulta, self.libro, None))
        spoken = str(Pedido("x", tuple(consulta.filtro.periodos)))[2:] or None
        return [SlotSet("periodo", spoken), SlotSet("tema", self.libro.value)]

    def _require_known_party(self, consulta: Consulta) -> None:
        if not consulta.conocida:
            quienes = "clientes" if self.libro is Libro.VENTAS else "proveedores"
            raise CounterpartyUnknownError(contraparte=consulta.contraparte, quienes=quienes)

    @abstractmethod
    async def answer(self, dispatcher: CollectingDispatcher, quien: Quien, consulta: Consulta) -> None:
        """Say what was asked."""

    async def require_data(
        self, quien: Quien, consulta: Consulta, found: ResumenRegistro | DetalleRegistro
    ) -> None:
        """Be honest about months that nobody imported, and offer the newest that somebody did.

        Raises:
            PeriodoWithoutDataError: if none of the months asked for is known.
        """
        if found.actualizado is not None:
            return
        newest = await self.registro.ultimo_periodo(quien)
        raise PeriodoWithoutDataError(
            libro=self.libro.value,
            periodo=presentar.span(consulta.filtro.periodos),
            ultimo=f"Lo más nuevo que tengo es {newest.nombre}. " if newest else "",
            boton_titulo=f"Ver {newest.mes} {newest.year}" if newest else "",
            boton_pedido=str(Pedido(f"{self.libro}_resumen", (newest,))) if newest else "",
        )

    def utter(
        self,
        dispatcher: CollectingDispatcher,
        kind: str,
        found: ResumenRegistro | DetalleRegistro,
        consulta: Consulta,
        params: dict[str, Any],
    ) -> None:
        """Say `utter_<libro>_<kind>`, with the facts beside it."""
        facts = presentar.facts(consulta, self.libro, found.actualizado)
        dispatcher.utter_message(response=f"utter_{self.libro}_{kind}", json_message=facts, **params)


class _ConsultarResumen(_RegistroAction):
    async def answer(self, dispatcher: CollectingDispatcher, quien: Quien, consulta: Consulta) -> None:
        found = await self.registro.resumen(quien, consulta.filtro)
        await self.require_data(quien, consulta, found)
        params = presentar.resumen(found, consulta, self.libro, self.services.reloj.ahora())
        self.utter(dispatcher, "resumen" if found.resumen.filas else "ninguna", found, consulta, params)


class _DetallarDocumentos(_RegistroAction):
    async def answer(self, dispatcher: CollectingDispatcher, quien: Quien, consulta: Consulta) -> None:
        found = await self.registro.detalle(
            quien, consulta.filtro, consulta.pagina, presentar.DOCUMENTS_SHOWN
        )
        await self.require_data(quien, consulta, found)
        params = presentar.detalle(found, consulta, self.services.reloj.ahora())
        kind = "ninguna" if not found.documentos else "detalle_mas" if found.hay_mas else "detalle"
        self.utter(dispatcher, kind, found, consulta, params)


class ActionConsultarVentas(_ConsultarResumen):
    """How much was sold."""

    libro = Libro.VENTAS

    def name(self) -> str:
        return "action_consultar_ventas"


class ActionConsultarCompras(_ConsultarResumen):
    """How much was bought."""

    libro = Libro.COMPRAS

    def name(self) -> str:
        return "action_consultar_compras"


class ActionDetallarVentas(_DetallarDocumentos):
    """Which documents were issued."""

    libro = Libro.VENTAS

    def name(self) -> str:
        return "action_detallar_ventas"


class ActionDetallarCompras(_DetallarDocumentos):
    """Which documents came from suppliers."""

    libro = Libro.COMPRAS

    def name(self) -> str:
        return "action_detallar_compras"
