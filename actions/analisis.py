"""Sales and purchases beside each other: comparisons, best and worst months, rankings."""

from dataclasses import replace
from datetime import date

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import presentar_analisis as presentar
from actions.archivos import chart
from actions.base import inherited
from actions.consulta import GRAFICO, GRAFICO_AMBOS, Consulta
from actions.presentar import resumen
from actions.registro import RegistroAction
from bot.core.consulta import (
    EXTREMOS,
    before,
    find_cuantos,
    find_extremo,
    find_periodos,
    follow_comparacion,
    names_both_books,
    names_days,
    names_iva,
)
from bot.core.documentos import Libro
from bot.core.errors import DayNotSupportedError
from bot.core.periodo import Periodo
from bot.services.ports import Quien

MONTHS_LOOKED_AT = 12
_TOTALS = "⚠️ El gráfico es del total de los documentos, no del IVA.\n"
PARTIES_SHOWN, PARTIES_AT_MOST = 5, 15


class Comparar(RegistroAction):
    """Months beside others, or the best and the worst of them."""

    leidas = EXTREMOS | frozenset("crecimiento evolucion variacion comparativo diferencia".split())

    async def read(self, tracker: Tracker, quien: Quien) -> Consulta:
        """The months that are compared with stand apart.

        Raises:
            DayNotSupportedError: if days or weeks are to be compared.
        """
        consulta = await super().read(tracker, quien)
        if names_days(consulta.texto) and not find_periodos(consulta.texto, self.services.reloj.hoy()):
            raise by_month(consulta)
        if not consulta.texto or find_extremo(consulta.texto):
            return consulta
        antes, ahora = follow_comparacion(consulta.texto, self.services.reloj.hoy(), inherited(tracker))
        return replace(consulta, antes=antes, filtro=replace(consulta.filtro, periodos=ahora))

    async def answer(self, dispatcher: CollectingDispatcher, quien: Quien, consulta: Consulta) -> Consulta:
        if find_extremo(consulta.texto):
            return await self._extremes(dispatcher, quien, consulta)
        antes = consulta.antes or before(tuple(consulta.filtro.periodos))
        found = await self.services.analisis.comparar(quien, self.libro, consulta.filtro, antes)
        await self.require_data(quien, consulta, found.ahora)
        params = presentar.comparacion(found, consulta, self.services.reloj.ahora())
        both = tuple(sorted({*antes, *consulta.filtro.periodos}))
        consulta = replace(consulta, antes=antes, filtro=replace(consulta.filtro, periodos=both))
        self.utter(dispatcher, "comparar", found.ahora, consulta, params)
        return consulta

    async def _extremes(self, dispatcher: CollectingDispatcher, quien: Quien, consulta: Consulta) -> Consulta:
        consulta = _over_months(consulta, self.services.reloj.hoy())
        found = await self.registro.resumen(quien, consulta.filtro)
        await self.require_data(quien, consulta, found)
        which = find_extremo(consulta.texto)
        params = presentar.extremos(found, consulta, which, self.services.reloj.ahora())
        self.utter(dispatcher, f"{which}_mes", found, consulta, params)
        return consulta


class Rankear(RegistroAction):
    """Who was sold or bought most."""

    leidas = EXTREMOS | frozenset("top ranking principal principales importante importantes grandes".split())

    async def answer(self, dispatcher: CollectingDispatcher, quien: Quien, consulta: Consulta) -> None:
        limite = min(find_cuantos(consulta.texto) or PARTIES_SHOWN, PARTIES_AT_MOST)
        found = await self.services.analisis.ranking(quien, self.libro, consulta.filtro, limite)
        await self.require_data(quien, consulta, found)
        params = presentar.ranking(found, consulta, self.services.reloj.ahora())
        self.utter(dispatcher, "ranking" if found.filas else "ninguna", found, consulta, params)


class Graficar(RegistroAction):
    """Months as a picture, of both books if both are named; twelve if fewer than two are asked for."""

    acciones = ("", GRAFICO_AMBOS)
    ambos = True

    async def read(self, tracker: Tracker, quien: Quien) -> Consulta:
        """Both books are no two questions here."""
        consulta = await super().read(tracker, quien)
        both = GRAFICO_AMBOS if names_both_books(consulta.texto) else ""
        return replace(consulta, accion=consulta.accion or both)

    async def answer(self, dispatcher: CollectingDispatcher, quien: Quien, consulta: Consulta) -> Consulta:
        consulta = _over_months(consulta, self.services.reloj.hoy())
        found = await self.registro.resumen(quien, consulta.filtro)
        await self.require_data(quien, consulta, found)
        file = await chart(self.services, quien, self.libro, consulta)
        params = resumen(found, consulta, self.libro, self.services.reloj.ahora())
        if names_iva(consulta.texto):
            params["notas"] += _TOTALS
        self.utter(dispatcher, consulta.accion or GRAFICO, found, consulta, params, file)
        return replace(consulta, accion="")


def by_month(consulta: Consulta) -> DayNotSupportedError:
    """That this is answered by month, and which month is near."""
    month = consulta.filtro.periodos[-1]
    return DayNotSupportedError(periodo=month.nombre, mes=str(month))


def _over_months(consulta: Consulta, hoy: date) -> Consulta:
    """The months of a chart or of the best and worst ones.

    Raises:
        DayNotSupportedError: if days are asked for.
    """
    if consulta.filtro.dias:
        raise by_month(consulta)
    if len(consulta.filtro.periodos) > 1:
        return consulta
    last = consulta.filtro.periodos[0] if consulta.filtro.periodos else Periodo.of(hoy)
    months = tuple(last.plus(1 - MONTHS_LOOKED_AT).until(last))
    return replace(consulta, filtro=replace(consulta.filtro, periodos=months))


class ActionCompararVentas(Comparar):
    """How sales changed."""

    libro = Libro.VENTAS
    intents = ("ventas_comparar",)

    def name(self) -> str:
        return "action_comparar_ventas"


class ActionCompararCompras(Comparar):
    """How purchases changed."""

    libro = Libro.COMPRAS
    intents = ("compras_comparar",)

    def name(self) -> str:
        return "action_comparar_compras"


class ActionRankearVentas(Rankear):
    """The largest clients."""

    libro = Libro.VENTAS
    intents = ("ventas_ranking",)

    def name(self) -> str:
        return "action_rankear_ventas"


class ActionRankearCompras(Rankear):
    """The largest suppliers."""

    libro = Libro.COMPRAS
    intents = ("compras_ranking",)

    def name(self) -> str:
        return "action_rankear_compras"


class ActionGraficarVentas(Graficar):
    """Sales as a picture."""

    libro = Libro.VENTAS
    intents = ("ventas_grafico",)

    def name(self) -> str:
        return "action_graficar_ventas"


class ActionGraficarCompras(Graficar):
    """Purchases as a picture."""

    libro = Libro.COMPRAS
    intents = ("compras_grafico",)

    def name(self) -> str:
        return "action_graficar_compras"
