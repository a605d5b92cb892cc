"""What a taxpayer has to do, and until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.core.periodo import Periodo
from bot.core.vencimientos import CLAIM_DAYS, f29_due, last_day_to_claim
from bot.services.ports import Quien, Reloj
from bot.services.ports_noticias import FechaContrato, FechasContratos, Feriados, PreferenciasAvisos

CONTRACT_DAYS = 60
_FORMS = 3


@dataclass(frozen=True, slots=True)
class Vencimientos:
    """The next days that count.

    `formularios` are months and the last day to declare each; `reclamo` is the last day to claim the most
    urgent of `pendientes` purchases; `electronico` tells whether the later date of form 29 holds.
    """

    formularios: tuple[tuple[Periodo, date], ...]
    electronico: bool
    pendientes: int
    reclamo: date | None
    contratos: Sequence[FechaContrato]


class VencimientosService:
    """The dates of one taxpayer."""

    def __init__(
        self,
        preferencias: PreferenciasAvisos,
        feriados: Feriados,
        reloj: Reloj,
        contratos: FechasContratos | None = None,
    ) -> None:
        self._preferencias = preferencias
        self._feriados = feriados
        self._reloj = reloj
        self._contratos = contratos

    async def proximos(self, quien: Quien, periodos: Sequence[Periodo] = ()) -> Vencimientos:
        """The next dates; of form 29 those of `periodos`, if any are named."""
        ahora = self._reloj.ahora()
        hoy = ahora.date()
        electronico = await self._preferencias.emite_electronico(quien.rut)
        since = datetime.combine(hoy - timedelta(days=CLAIM_DAYS), datetime.min.time(), ahora.tzinfo)
        waiting = await self._preferencias.pendientes(quien.rut, since)
        claims = [last_day_to_claim(one.recepcion.astimezone(ahora.tzinfo).date()) for one in waiting]
        soon = hoy + timedelta(days=CONTRACT_DAYS)
        contracts = await self._contratos.fechas(quien.rut, hoy, soon) if self._contratos else ()
        return Vencimientos(
            tuple(self._forms(tuple(periodos), hoy, electronico=electronico)),
            electronico,
            len(waiting),
            min(claims, default=None),
            contracts,
        )

    def _forms(
        self, periodos: tuple[Periodo, ...], hoy: date, *, electronico: bool
    ) -> list[tuple[Periodo, date]]:
        previous = Periodo.of(hoy).plus(-1)
        months = periodos or tuple(previous.until(previous.plus(_FORMS)))
        due = [
            (month, f29_due(month, self._feriados.es_feriado, electronico=electronico)) for month in months
        ]
        return due if periodos else [one for one in due if one[1] >= hoy][:_FORMS]
