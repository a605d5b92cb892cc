"""The taxpayer's contracts: which there are, how to send one, a page of one, and removing one."""

from collections.abc import Iterable, Sequence

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.base import Events, TributaAction, inherited, pressed, tell_errors, words
from actions.contratos_cambios import DESTRUIR, RECUPERAR, Cambios, choices
from bot.bootstrap import Services
from bot.core.errors import ReplyUnknownError
from bot.core.mensajes import Pedido
from bot.services.adjuntos import MAXIMUM_BYTES
from bot.services.contratos_dichos import estado_dicho
from bot.services.ports import Quien
from bot.services.ports_carpeta import EstadoContrato, Ficha

_LISTED = 15
_CONFIRMED, _RIGHT = "borrar_ya", "confirmar"
_STATES = {EstadoContrato.RECIBIDO: "en espera de lectura", EstadoContrato.LEYENDO: "leyéndolo"}


class ActionContratoListar(TributaAction):
    """Which contracts there are and how each stands, annexes below theirs; and what is told about one."""

    intents = ("contrato_listar",)

    def name(self) -> str:
        return "action_contrato_listar"

    @tell_errors
    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        quien, pedido = await self.who(tracker), pressed(tracker)
        cambios = Cambios(self.services, dispatcher, quien)
        if pedido and pedido.accion == _RIGHT:
            ficha = await self.services.contratos.confirmar(quien, pedido.contrato)
            dispatcher.utter_message(response="utter_contrato_confirmado", nombre=ficha.archivo)
            return []
        if pedido and pedido.accion:
            return await cambios.press(pedido)
        if not pedido and (orden := cambios.ordered(tracker, words(tracker))):
            return await cambios.obey(orden, inherited(tracker).contrato)
        fichas = await self.services.contratos.lista(quien)
        if not fichas:
            dispatcher.utter_message(response="utter_contrato_ninguno")
            return []
        lines = [await self._line(quien, one) for one in _in_order(fichas)[:_LISTED]]
        more = len(fichas) - _LISTED
        dispatcher.utter_message(
            response="utter_contrato_lista",
            cuantos=f"{len(fichas)} contratos" if len(fichas) > 1 else "un contrato",
            lineas="\n".join([*lines, f"(y otros {more})"] if more > 0 else lines),
        )
        return []

    async def _line(self, quien: Quien, ficha: Ficha) -> str:
        if ficha.estado is EstadoContrato.CON_ERROR:
            how = f"no lo pude leer: {ficha.motivo}"
        elif ficha.estado is EstadoContrato.INDEXADO:
            how = estado_dicho(ficha, await self.services.contratos.vigencia(quien, ficha))
        else:
            how = _STATES[ficha.estado]
        return f"{'   ↳' if ficha.de else '•'} {ficha.archivo} ({how})"


class ActionContratoSubir(TributaAction):
    """How to send one, or a newer version of one."""

    intents = ("contrato_subir",)

    def name(self) -> str:
        return "action_contrato_subir"

    @tell_errors
    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        cambios = Cambios(self.services, dispatcher, await self.who(tracker))
        if not pressed(tracker) and (orden := cambios.ordered(tracker, words(tracker))):
            return await cambios.obey(orden, inherited(tracker).contrato)
        dispatcher.utter_message(response="utter_contrato_subir", maximo=MAXIMUM_BYTES // 2**20)
        return []


class ActionContratoEliminar(TributaAction):
    """Removes one: asks which, unless there is one or it was named, and whether it is sure. Takes it back."""

    intents = ("contrato_eliminar",)

    def name(self) -> str:
        return "action_contrato_eliminar"

    @tell_errors
    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        quien, pedido = await self.who(tracker), pressed(tracker)
        cambios = Cambios(self.services, dispatcher, quien)
        acts = {_CONFIRMED: cambios.remove, RECUPERAR: cambios.have_back, DESTRUIR: cambios.destroy}
        if pedido and pedido.accion:
            if pedido.accion not in acts:
                raise ReplyUnknownError()
            return await acts[pedido.accion](pedido.contrato)
        if not pedido and (orden := cambios.ordered(tracker, words(tracker))):
            return await cambios.obey(orden, inherited(tracker).contrato)
        if pedido and pedido.contrato:
            fichas = [await self.services.contratos.ver(quien, pedido.contrato)]
        else:
            fichas = await cambios.which(words(tracker), "")
        self._ask(dispatcher, fichas)
        return []

    def _ask(self, dispatcher: CollectingDispatcher, fichas: Sequence[Ficha]) -> None:
        if not fichas:
            dispatcher.utter_message(response="utter_contrato_ninguno")
        elif len(fichas) == 1:
            sure = Pedido("contrato_eliminar", accion=_CONFIRMED, contrato=fichas[0].id)
            dispatcher.utter_message(
                response="utter_contrato_eliminar_confirmar", nombre=fichas[0].archivo, pedido=str(sure)
            )
        else:
            buttons = choices(fichas, Pedido("contrato_eliminar"))
            dispatcher.utter_message(response="utter_contrato_eliminar_cual", buttons=buttons)


async def show_page(
    services: Services, dispatcher: CollectingDispatcher, quien: Quien, pedido: Pedido
) -> None:
    """Answer the button `contrato_pregunta.pagina`, which names contract and page, with the page itself.

    Raises:
        NotFoundError, PdfError, TooManyRequestsError, ServiceUnavailableError
    """
    ficha = await services.contratos.ver(quien, pedido.contrato)
    archivo, contenido = await services.contratos.pagina(quien, ficha.id, pedido.pagina)
    dispatcher.utter_message(
        response="utter_contrato_pagina",
        image=f"{archivo}/{contenido.nombre}",
        nombre=ficha.archivo,
        pagina=pedido.pagina,
        paginas=ficha.paginas,
    )


def _in_order(fichas: Iterable[Ficha]) -> list[Ficha]:
    """The newest first, each with its annexes behind it."""
    found = list(fichas)
    return [
        one
        for body in found
        if body.de is None
        for one in (body, *(annex for annex in found if annex.de == body.id))
    ]
