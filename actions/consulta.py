"""What a turn asks of the register: from the button that was pressed, or from the words."""

from dataclasses import dataclass, replace
from datetime import date

from rasa_sdk import Tracker

from bot.core.consulta import (
    find_contraparte,
    find_estado,
    find_folio,
    find_periodos,
    find_tipos,
    may_name_somebody,
    names_unknown_party,
)
from bot.core.documentos import EstadoCompra
from bot.core.mensajes import Pedido
from bot.core.periodo import Periodo
from bot.core.rut import FOREIGN, Rut
from bot.services.ports import FiltroDocumentos, Quien
from bot.services.registro import RegistroService


@dataclass(frozen=True, slots=True)
class Consulta:
    """A question about one book: its filter, the page, and the counterparty as people call it.

    `conocida` is false if the counterparty is in none of the taxpayer's documents.
    """

    filtro: FiltroDocumentos
    pagina: int = 1
    contraparte: str = ""
    conocida: bool = True

    def pedido(self, intent: str, pagina: int = 1) -> Pedido:
        """The button that asks this again."""
        party = self.filtro.contraparte or ""
        # A counterparty without a RUT of its own (foreign buyers) cannot be named in a button.
        rut = Rut.parse(party) if party[:1].isdigit() and "-" in party else None
        return Pedido(intent, tuple(self.filtro.periodos), tuple(self.filtro.tipos), pagina, rut)


async def read_consulta(tracker: Tracker, registro: RegistroService, quien: Quien, hoy: date) -> Consulta:
    """Read what this turn asks; a month that was not said is the last one talked about, or this month.

    Raises:
        BotError: if the words name a day or an impossible month.
    """
    pressed = next(tracker.get_latest_entity_values("boton"), None)
    if pressed:
        return await _from_button(Pedido.parse(pressed), registro, quien, hoy)
    texto = tracker.latest_message.get("text") or ""
    folio, estado = find_folio(texto), find_estado(texto)
    periodos = find_periodos(texto, hoy) or _unsaid(tracker, hoy, folio, estado)
    filtro = FiltroDocumentos(periodos, estado, find_tipos(texto), folio=folio)
    return await _with_party(Consulta(filtro), texto, registro, quien)


async def _from_button(pedido: Pedido, registro: RegistroService, quien: Quien, hoy: date) -> Consulta:
    """A button says everything; without a month it means the current one."""
    filtro = FiltroDocumentos(pedido.periodos or (Periodo.of(hoy),), None, pedido.tipos)
    if pedido.contraparte is None:
        return Consulta(filtro, pedido.pagina)
    known = await registro.contrapartes(quien)
    party = str(pedido.contraparte)
    name = next((nombre for nombre, rut in known.items() if rut == pedido.contraparte), party)
    return Consulta(replace(filtro, contraparte=party), pedido.pagina, name)


def _unsaid(
    tracker: Tracker, hoy: date, folio: int | None, estado: EstadoCompra | None
) -> tuple[Periodo, ...]:
    """The months meant when none was said."""
    current = Periodo.of(hoy)
    if folio is not None:
        return ()
    if estado is EstadoCompra.PENDIENTE:  # they wait eight days at most
        return (current.plus(-1), current)
    said = tracker.get_slot("periodo")
    return Pedido.parse(f"periodo:{said}").periodos if said else (current,)


async def _with_party(consulta: Consulta, texto: str, registro: RegistroService, quien: Quien) -> Consulta:
    if not may_name_somebody(texto):
        return consulta
    known = await registro.contrapartes(quien)
    name = find_contraparte(texto, known)
    if name is not None:
        rut = known[name]
        party = name if rut == FOREIGN else str(rut)
        return replace(consulta, filtro=replace(consulta.filtro, contraparte=party), contraparte=name)
    unknown = names_unknown_party(texto)
    if unknown is None:
        return consulta
    by_rut = next((nombre for nombre, rut in known.items() if _same_rut(unknown, rut)), None)
    if by_rut is None:
        return replace(consulta, contraparte=unknown, conocida=False)
    filtro = replace(consulta.filtro, contraparte=str(known[by_rut]))
    return replace(consulta, filtro=filtro, contraparte=by_rut)


def _same_rut(typed: str, rut: Rut) -> bool:
    return "".join(filter(str.isalnum, typed)).upper() == str(rut).replace("-", "")
