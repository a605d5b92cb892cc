"""What a message tells to do with a contract: facts put right, another name, a newer file, having it back."""

from collections.abc import Sequence
from dataclasses import replace

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Events, inherited
from bot.bootstrap import Services
from bot.core.consulta import Asunto
from bot.core.contratos.afirmaciones import read_datos, write_datos
from bot.core.contratos.ordenes import Accion, Orden, read_orden
from bot.core.errors import ReplyUnknownError
from bot.core.errors_contratos import ContractNotReadyError
from bot.core.mensajes import Pedido
from bot.core.reparto import short
from bot.services.contratos_dichos import en_palabras, lo_leido
from bot.services.contratos_eleccion import leido_de_ficha, nombrados
from bot.services.ports import Quien
from bot.services.ports_carpeta import GRACIA, EstadoContrato, Ficha

ANOTAR, PROPONER, VOLVER, REEMPLAZAR = "anotar", "proponer", "volver", "reemplazar"
RECUPERAR, DESTRUIR = "recuperar", "destruir"
_ROWS = 10
_ROW_TITLE, _ROW_WORDS, _BUTTON = 24, 72, 20


class Cambios:
    """One turn about a contract; `quien` is whose."""

    def __init__(self, services: Services, dispatcher: CollectingDispatcher, quien: Quien) -> None:
        self._services = services
        self._say = dispatcher.utter_message
        self._quien = quien

    def ordered(self, tracker: Tracker, texto: str) -> Orden | None:
        """What a message tells to do, if it does."""
        return read_orden(texto, self._services.reloj.hoy(), hablado=bool(inherited(tracker).contrato))

    async def obey(self, orden: Orden, hablado: str) -> Events:
        """Do it, or ask what has to be asked; `hablado` is the contract that was spoken of."""
        if orden.accion is Accion.RECUPERAR:
            return await self._have_back(orden.sobre)
        fichas = await self.which(orden.sobre, hablado)
        if fichas and orden.accion is Accion.CORREGIR:
            fichas = [one for one in fichas if one.estado is EstadoContrato.INDEXADO and one.anexo is None]
            if not fichas:
                raise ContractNotReadyError()
        if not fichas:
            self._say(response="utter_contrato_ninguno")
        elif orden.accion is Accion.CORREGIR:
            return self._put_right(fichas, orden)
        elif len(fichas) > 1:
            self._say(response="utter_contrato_nombralo", nombres=_names(fichas))
        elif orden.accion is Accion.REEMPLAZAR:
            self._say(response="utter_contrato_reemplazar_como", nombre=fichas[0].archivo)
        else:
            return await self._rename(fichas[0], orden.nombre)
        return []

    def _put_right(self, fichas: Sequence[Ficha], orden: Orden) -> Events:
        if orden.datos:
            return self.propose(fichas, write_datos(orden.datos))
        self._say(response="utter_contrato_corregir_como", nombre=fichas[0].archivo)
        return _about(fichas[0].id) if len(fichas) == 1 else []

    async def press(self, pedido: Pedido) -> Events:
        """A button that was offered here."""
        contratos, papelera = self._services.contratos, self._services.papelera
        if pedido.accion == PROPONER:
            return self.propose([await contratos.ver(self._quien, pedido.contrato)], pedido.dato)
        if pedido.accion == ANOTAR:
            return await self._note(pedido)
        if pedido.accion == VOLVER:
            ficha = await contratos.volver(self._quien, pedido.contrato, pedido.dato.split(";"))
            self._say(response="utter_contrato_vuelto", nombre=ficha.archivo)
        elif pedido.accion == REEMPLAZAR and pedido.dato.isdecimal():
            viejo, nuevo = await papelera.reemplazar(self._quien, int(pedido.dato), pedido.contrato)
            back = str(Pedido("contrato_eliminar", accion=RECUPERAR, contrato=viejo.id))
            self._say(
                response="utter_contrato_reemplazado",
                pedido=back,
                minutos=_minutes(),
                viejo=viejo.archivo,
                nuevo=nuevo.archivo,
            )
        else:
            raise ReplyUnknownError()
        return _about(pedido.contrato)

    async def which(self, texto: str, hablado: str) -> list[Ficha]:
        """The contracts that a message names; else the one spoken of; else all."""
        fichas = await self._services.contratos.lista(self._quien)
        named = nombrados(texto, [leido_de_ficha(one) for one in fichas], self._quien.rut)
        chosen = {one.id for one in named} or {one.id for one in fichas if str(one.id) == hablado}
        return [one for one in fichas if one.id in chosen] or fichas

    def propose(self, fichas: Sequence[Ficha], escritos: str) -> Events:
        """Ask whether a person's word is to be noted, showing what the PDF says; or of which contract."""
        if len(fichas) > 1:
            pedido = Pedido("contrato_listar", accion=PROPONER, dato=escritos)
            self._say(response="utter_contrato_cual", buttons=choices(fichas, pedido))
            return []
        [ficha] = fichas
        datos, textos = read_datos(escritos), self._services.textos
        sure = Pedido("contrato_listar", accion=ANOTAR, contrato=ficha.id, dato=escritos)
        self._say(
            response="utter_contrato_anotar",
            nombre=ficha.archivo,
            dato=en_palabras(datos, textos),
            leido=lo_leido(ficha.leidos or ficha.hechos, datos, textos),
            pedido=str(sure),
        )
        return _about(ficha.id)

    async def _note(self, pedido: Pedido) -> Events:
        datos = read_datos(pedido.dato)
        ficha, written = await self._services.contratos.anotar(self._quien, pedido.contrato, datos)
        back = Pedido("contrato_listar", accion=VOLVER, contrato=ficha.id, dato=";".join(written))
        runs = Pedido("contrato_vigencia", contrato=ficha.id)
        self._say(
            response="utter_contrato_anotado",
            nombre=ficha.archivo,
            dato=en_palabras(datos, self._services.textos),
            pedido=str(back),
            vigencia=str(runs),
        )
        return _about(ficha.id)

    async def _rename(self, ficha: Ficha, nombre: str) -> Events:
        changed = await self._services.contratos.cambiar(self._quien, ficha.id, nombre, {})
        self._say(response="utter_contrato_renombrado", antes=ficha.archivo, nombre=changed.archivo)
        return _about(ficha.id)

    async def _have_back(self, texto: str) -> Events:
        gone = await self._services.contratos.lista(self._quien, apartados=True)
        named = nombrados(texto, [leido_de_ficha(one) for one in gone], self._quien.rut)
        chosen = [one for one in gone if one.id in {each.id for each in named}] or gone
        if not chosen:
            self._say(response="utter_contrato_nada_que_recuperar", minutos=_minutes())
            return []
        if len(chosen) > 1:
            pedido = Pedido("contrato_eliminar", accion=RECUPERAR)
            self._say(response="utter_contrato_cual", buttons=choices(chosen, pedido))
            return []
        return await self.have_back(chosen[0].id)

    async def remove(self, contrato: int) -> Events:
        """Remove one, which can be taken back for some minutes."""
        name = await self._services.papelera.eliminar(self._quien, contrato)
        back, now = (
            Pedido("contrato_eliminar", accion=one, contrato=contrato) for one in (RECUPERAR, DESTRUIR)
        )
        self._say(
            response="utter_contrato_eliminado",
            nombre=name,
            minutos=_minutes(),
            pedido=str(back),
            ya=str(now),
        )
        return _about(contrato)

    async def have_back(self, contrato: int) -> Events:
        """Take it back."""
        ficha = await self._services.papelera.recuperar(self._quien, contrato)
        self._say(response="utter_contrato_recuperado", nombre=ficha.archivo)
        return _about(contrato)

    async def destroy(self, contrato: int) -> Events:
        """Remove one for good at once."""
        await self._services.papelera.destruir(self._quien, contrato)
        self._say(response="utter_contrato_destruido")
        return []


def choices(fichas: Sequence[Ficha], pedido: Pedido) -> list[dict[str, str]]:
    """Contracts to choose from: up to three buttons, or the rows of a list, which have room for more."""
    rows = len(fichas) > 3
    found = []
    for one in fichas[:_ROWS]:
        title = short(one.archivo, _ROW_TITLE if rows else _BUTTON)
        row = {"title": title, "payload": str(replace(pedido, contrato=one.id))}
        found.append(row | ({"description": short(one.archivo, _ROW_WORDS)} if rows else {}))
    return found


def _about(contrato: int) -> Events:
    return [SlotSet("asunto", Asunto(contrato=str(contrato)).write())]


def _names(fichas: Sequence[Ficha]) -> str:
    return "\n".join(f"• {one.archivo}" for one in fichas[:_ROWS])


def _minutes() -> int:
    return int(GRACIA.total_seconds() // 60)
