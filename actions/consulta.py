"""What a turn asks of the register: from the button that was pressed, or from the words."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from rasa_sdk import Tracker

from actions.base import heard_party, inherited, pressed, words
from bot.core.consulta import (
    Asunto,
    find_contraparte,
    find_dias,
    find_estado,
    find_exclusion,
    find_folio,
    find_named,
    find_tipos,
    may_name_somebody,
    names_both_books,
    names_followed_party,
    read_meses,
    read_monto,
    read_tipos,
    told_party,
    unread_words,
    wants_all_parties,
    wants_all_types,
)
from bot.core.documentos import EstadoCompra
from bot.core.errors import (
    DayNotSupportedError,
    ExclusionNotSupportedError,
    OneAtATimeError,
    PeriodoFutureError,
)
from bot.core.mensajes import Contraparte, Pedido
from bot.core.periodo import Periodo
from bot.core.rangos import Dias
from bot.core.rut import FOREIGN, Rut
from bot.services.informes import ultimos_meses
from bot.services.ports import FiltroDocumentos, Quien
from bot.services.registro import RegistroService

EXCEL, GRAFICO, GRAFICO_AMBOS = "excel", "grafico", "grafico_ambos"


@dataclass(frozen=True, slots=True)
class Consulta:
    """A question about one book.

    `texto` is what was written, empty if a button was pressed; `desconocida` is a counterparty as typed that
    is in none of the documents; `sin_leer` are words that the answer does not take into account; `accion` is
    what a button wants made of the answer.
    """

    filtro: FiltroDocumentos
    pagina: int = 1
    contraparte: Contraparte | None = None
    desconocida: str = ""
    sin_leer: tuple[str, ...] = ()
    accion: str = ""
    texto: str = ""
    antes: tuple[Periodo, ...] = ()

    def asunto(self) -> Asunto:
        """What is to be remembered of it."""
        return Asunto(
            periodos=tuple(self.filtro.periodos),
            tipos=tuple(self.filtro.tipos),
            contraparte=self.contraparte.clave if self.contraparte else "",
            estado=self.filtro.estado,
            antes=self.antes,
            dias=self.filtro.dias,
            monto=self.filtro.monto,
        )

    def pedido(self, intent: str, pagina: int = 1, periodos: tuple[Periodo, ...] | None = None) -> Pedido:
        """The button that asks this again, of other (whole) months if they are given."""
        filtro = self.filtro
        return Pedido(
            intent,
            tuple(filtro.periodos) if periodos is None else periodos,
            tuple(filtro.tipos),
            pagina,
            self.contraparte.clave if self.contraparte else "",
            filtro.estado,
            folio=filtro.folio,
            dias=filtro.dias if periodos is None else None,
            monto=filtro.monto,
        )


async def read_consulta(
    tracker: Tracker, registro: RegistroService, quien: Quien, hoy: date, *, ambos: bool = False
) -> Consulta:
    """Read what this turn asks; what it does not say is what was spoken of before, or this month.

    Args:
        ambos: whether both books can be answered at once.

    Raises:
        OneAtATimeError, ExclusionNotSupportedError: if it asks what one total cannot tell.
        BotError: if the words name a day or an impossible month.
    """
    pedido = pressed(tracker)
    if pedido:
        return await _from_button(pedido, registro, quien, hoy)
    asunto, kept = inherited(tracker), inherited(tracker).kept
    monto, texto = read_monto(words(tracker))
    if find_exclusion(texto):
        raise ExclusionNotSupportedError()
    folio, estado = find_folio(texto), find_estado(texto)
    dias, periodos = _when(texto, hoy, asunto)
    if names_both_books(texto) and not ambos:
        raise OneAtATimeError(pedido=str(Pedido("", periodos or (Periodo.of(hoy),), dias=dias)))
    if not periodos and not (folio or estado):
        dias = asunto.dias
    periodos = periodos or _unsaid(asunto, hoy, folio, estado)
    tipos = read_tipos(texto, kept.tipos) if asunto.sigue else find_tipos(texto)
    if wants_all_types(texto):
        tipos = ()
    elif not tipos:
        tipos = kept.tipos
    filtro = FiltroDocumentos(
        periodos, estado or kept.estado, tipos, folio=folio, dias=dias, monto=monto or kept.monto
    )
    consulta = Consulta(filtro, texto=words(tracker))
    consulta = await with_party(consulta, texto, heard_party(tracker), registro, quien)
    consulta = await _same_party(consulta, kept, registro, quien)
    name = consulta.contraparte.nombre if consulta.contraparte else consulta.desconocida or None
    return replace(consulta, sin_leer=unread_words(texto, name))


def _when(texto: str, hoy: date, asunto: Asunto) -> tuple[Dias | None, tuple[Periodo, ...]]:
    """The days that are asked for, and the months that they lie in; or months, if any are named.

    Raises:
        DayNotSupportedError: if it asks for days that cannot be told.
    """
    try:
        return None, read_meses(texto, hoy, asunto.periodos, sigue=asunto.sigue)
    except DayNotSupportedError:
        dias = find_dias(texto, hoy)
        if dias is None:
            raise
        if dias.desde > hoy:
            raise PeriodoFutureError(periodo=f"el {dias.nombre}") from None
        return None if dias.whole else dias, dias.periodos


async def find_party(texto: str, registro: RegistroService, quien: Quien) -> Contraparte | None:
    """The client or supplier that a message names, if there is such a one."""
    known = await registro.contrapartes(quien)
    name = find_contraparte(texto, known)
    return Contraparte(known[name], name) if name is not None else None


async def _from_button(pedido: Pedido, registro: RegistroService, quien: Quien, hoy: date) -> Consulta:
    """A button says everything; without a month it means the current one, or a chart's usual months."""
    usual = ultimos_meses(hoy) if pedido.accion in (GRAFICO, GRAFICO_AMBOS) else (Periodo.of(hoy),)
    periodos = pedido.periodos or (() if pedido.folio is not None else usual)
    filtro = FiltroDocumentos(
        periodos, pedido.estado, pedido.tipos, folio=pedido.folio, dias=pedido.dias, monto=pedido.monto
    )
    asked = Consulta(filtro, pedido.pagina, accion=pedido.accion)
    return await _with_clave(asked, pedido.contraparte, registro, quien)


async def _with_clave(consulta: Consulta, clave: str, registro: RegistroService, quien: Quien) -> Consulta:
    """The same about the client or supplier of a button."""
    if not clave:
        return consulta
    known = await registro.contrapartes(quien)
    parties = (Contraparte(rut, nombre) for nombre, rut in known.items())
    party = next((party for party in parties if party.clave == clave), None)
    if party is None:
        return replace(consulta, desconocida=clave.partition("~")[0])
    return _of_party(consulta, party)


async def _same_party(
    consulta: Consulta, asunto: Asunto, registro: RegistroService, quien: Quien
) -> Consulta:
    """Who was spoken of, unless the message names somebody, known or not."""
    if consulta.contraparte or consulta.desconocida or wants_all_parties(consulta.texto):
        return consulta
    other = names_followed_party(consulta.texto) if asunto.sigue else None
    if other:
        return replace(consulta, desconocida=other)
    return await _with_clave(consulta, asunto.contraparte, registro, quien)


def _unsaid(asunto: Asunto, hoy: date, folio: int | None, estado: EstadoCompra | None) -> tuple[Periodo, ...]:
    """The months meant when none was said."""
    current = Periodo.of(hoy)
    if folio is not None:
        return ()
    if estado is EstadoCompra.PENDIENTE:  # they wait eight days at most
        return (current.plus(-1), current)
    return asunto.periodos or (current,)


async def with_party(
    consulta: Consulta, texto: str, oida: str, registro: RegistroService, quien: Quien
) -> Consulta:
    """The same about the client or supplier that the message names, known or not; `oida` is who was heard."""
    told = told_party(texto, oida)
    if not told and not may_name_somebody(texto):
        return consulta
    known = await registro.contrapartes(quien)
    named = find_named(texto, told, known)
    party = Contraparte(known[named], named) if named else _by_rut(told, known)
    return _of_party(consulta, party) if party else replace(consulta, desconocida=told)


def _of_party(consulta: Consulta, party: Contraparte) -> Consulta:
    only = party.nombre if "~" in party.clave else str(party.rut)
    return replace(consulta, filtro=replace(consulta.filtro, contraparte=only), contraparte=party)


def _by_rut(typed: str, known: Mapping[str, Rut]) -> Contraparte | None:
    """The counterparty of a RUT as typed; the one of all foreign buyers names nobody."""
    plain = "".join(filter(str.isalnum, typed)).upper()
    for nombre, rut in known.items():
        if str(rut).replace("-", "") == plain and rut != FOREIGN:
            return Contraparte(rut, nombre)
    return None
