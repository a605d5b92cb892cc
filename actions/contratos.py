"""The taxpayer's contracts: which there are, how to send one, a page of one, and removing one."""

from collections.abc import Iterable, Sequence

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.base import Events, TributaAction, pressed, tell_errors, words
from bot.bootstrap import Services
from bot.core.errors import ReplyUnknownError
from bot.core.mensajes import Pedido
from bot.core.reparto import short
from bot.core.texto import normalize
from bot.services.adjuntos import MAXIMUM_BYTES
from bot.services.contratos_dichos import estado_dicho
from bot.services.ports import Quien
from bot.services.ports_carpeta import EstadoContrato, Ficha

_LISTED, _ROWS = 15, 10
_ROW_TITLE, _ROW_WORDS, _BUTTON = 24, 72, 20
_CONFIRMED, _RIGHT = "borrar_ya", "confirmar"
_STATES = {EstadoContrato.RECIBIDO: "en espera de lectura", EstadoContrato.LEYENDO: "leyéndolo"}


class ActionContratoListar(TributaAction):
    """Which contracts there are and how each stands, annexes below theirs; or that one was read rightly."""

    intents = ("contrato_listar",)

    def name(self) -> str:
        return "action_contrato_listar"

    @tell_errors
    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        quien, pedido = await self.who(tracker), pressed(tracker)
        if pedido and pedido.accion == _RIGHT:
            ficha = await self.services.contratos.confirmar(quien, pedido.contrato)
            dispatcher.utter_message(response="utter_contrato_confirmado", nombre=ficha.archivo)
            return []
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
    """How to send one."""

    intents = ("contrato_subir",)

    def name(self) -> str:
        return "action_contrato_subir"

    @tell_errors
    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        dispatcher.utter_message(response="utter_contrato_subir", maximo=MAXIMUM_BYTES // 2**20)
        return []


class ActionContratoEliminar(TributaAction):
    """Removes one: asks which, unless there is only one or its name was written, and whether it is sure."""

    intents = ("contrato_eliminar",)

    def name(self) -> str:
        return "action_contrato_eliminar"

    @tell_errors
    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        quien, pedido = await self.who(tracker), pressed(tracker)
        if pedido and pedido.accion == _CONFIRMED:
            name = await self.services.contratos.eliminar(quien, pedido.contrato)
            dispatcher.utter_message(response="utter_contrato_eliminado", nombre=name)
            return []
        if pedido and pedido.accion:
            raise ReplyUnknownError()
        fichas = await self.services.contratos.lista(quien)
        if pedido and pedido.contrato:
            fichas = [await self.services.contratos.ver(quien, pedido.contrato)]
        self._ask(dispatcher, _named(fichas, words(tracker)) or fichas)
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
            dispatcher.utter_message(response="utter_contrato_eliminar_cual", buttons=_choices(fichas))


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


def _named(fichas: Iterable[Ficha], texto: str) -> list[Ficha]:
    """Those whose whole name was written."""
    said = normalize(texto)
    return [one for one in fichas if normalize(one.archivo) in said]


def _choices(fichas: Sequence[Ficha]) -> list[dict[str, str]]:
    """Up to three buttons, or the rows of a list, which have room for more of the name."""
    rows = len(fichas) > 3
    found = []
    for one in fichas[:_ROWS]:
        row = {
            "title": short(one.archivo, _ROW_TITLE if rows else _BUTTON),
            "payload": str(Pedido("contrato_eliminar", contrato=one.id)),
        }
        found.append(row | ({"description": short(one.archivo, _ROW_WORDS)} if rows else {}))
    return found
