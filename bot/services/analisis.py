"""Comparisons, rankings, and what a month's IVA comes from: the register's figures beside each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.analisis import Causa, Diferencia, FilaContraparte, find_causes
from bot.core.documentos import EstadoCompra, Libro, TipoDocumento
from bot.core.iva import CON_IVA, F29, Supuestos
from bot.core.periodo import Periodo
from bot.core.resumen import Resumen
from bot.services.iva import EstimacionF29, IvaService
from bot.services.ports import FiltroDocumentos, Quien, Registro
from bot.services.registro import RegistroService, ResumenRegistro


@dataclass(frozen=True, slots=True)
class Comparacion:
    """The same question of two groups of months."""

    antes: ResumenRegistro
    ahora: ResumenRegistro

    @property
    def total(self) -> Diferencia:
        return Diferencia(self.antes.resumen.totales.monto_total, self.ahora.resumen.totales.monto_total)

    @property
    def faltan(self) -> tuple[Periodo, ...]:
        return (*self.antes.faltan, *self.ahora.faltan)

    @property
    def actualizado(self) -> datetime | None:
        """The oldest moment; None if either side is unknown."""
        moments = [self.antes.actualizado, self.ahora.actualizado]
        return None if None in moments else min(moment for moment in moments if moment)


@dataclass(frozen=True, slots=True)
class Ranking:
    """Clients or suppliers by what they came to, the largest first.

    `total` is of all documents that name a counterparty; `sin_nombre` are the types that name none (boletas),
    `sin_detalle` those of which days or amounts say nothing.
    """

    filtro: FiltroDocumentos
    filas: tuple[FilaContraparte, ...]
    cuantas: int
    total: int
    sin_nombre: Resumen
    faltan: tuple[Periodo, ...]
    actualizado: datetime | None
    sin_detalle: tuple[TipoDocumento, ...]


@dataclass(frozen=True, slots=True)
class IvaExplicado:
    """The estimate of a month beside that of the month before, and what moved it most."""

    antes: EstimacionF29
    ahora: EstimacionF29
    causas: tuple[Causa, ...]

    @property
    def iva(self) -> Diferencia:
        """Débito less crédito of the month alone, without what was carried over."""
        return Diferencia(_own(self.antes.f29), _own(self.ahora.f29))


class AnalisisService:
    """Figures beside each other, always of the taxpayer who asks."""

    def __init__(self, libros: Mapping[Libro, RegistroService], registro: Registro, iva: IvaService) -> None:
        self._libros = libros
        self._registro = registro
        self._iva = iva

    async def comparar(
        self, quien: Quien, libro: Libro, filtro: FiltroDocumentos, antes: Sequence[Periodo]
    ) -> Comparacion:
        """The months of `filtro` beside those of `antes`.

        Raises:
            PeriodoFutureError, PeriodoTooOldError: if the register cannot hold a month.
        """
        book = self._libros[libro]
        earlier = await book.resumen(quien, replace(filtro, periodos=tuple(antes)))
        return Comparacion(earlier, await book.resumen(quien, filtro))

    async def ranking(self, quien: Quien, libro: Libro, filtro: FiltroDocumentos, limite: int) -> Ranking:
        """Who was sold or bought most.

        Raises:
            PeriodoFutureError, PeriodoTooOldError: if the register cannot hold a month.
        """
        found = await self._libros[libro].detalle(quien, filtro, 1, 1)
        filas = await self._registro.por_contraparte(quien.rut, libro, found.filtro)
        return Ranking(
            found.filtro,
            tuple(filas[:limite]),
            len(filas),
            sum(fila.montos.monto_total for fila in filas),
            found.solo_resumen,
            found.faltan,
            found.actualizado,
            found.sin_detalle,
        )

    async def explicar_iva(
        self, quien: Quien, periodo: Periodo, supuestos: Supuestos, limite: int
    ) -> IvaExplicado:
        """Why a month's IVA is not that of the month before: the counterparties that moved it most.

        Raises:
            PeriodoFutureError, PeriodoTooOldError: if the register cannot hold a month.
        """
        antes = await self._iva.f29(quien, periodo.plus(-1), Supuestos())
        ahora = await self._iva.f29(quien, periodo, supuestos, antes)
        causes = [cause for libro in Libro for cause in await self._causes(quien, libro, periodo)]
        causes.sort(key=lambda cause: -abs(cause.iva))
        return IvaExplicado(antes, ahora, tuple(causes[:limite]))

    async def _causes(self, quien: Quien, libro: Libro, periodo: Periodo) -> list[Causa]:
        estado = EstadoCompra.REGISTRO if libro is Libro.COMPRAS else None
        earlier, later = [
            await self._registro.por_contraparte(
                quien.rut, libro, FiltroDocumentos((month,), estado, CON_IVA)
            )
            for month in (periodo.plus(-1), periodo)
        ]
        return find_causes(libro, earlier, later) + await self._unnamed(quien, libro, periodo)

    async def _unnamed(self, quien: Quien, libro: Libro, periodo: Periodo) -> list[Causa]:
        """Boletas name nobody, but move the IVA as well."""
        found = await self._libros[libro].resumen(quien, FiltroDocumentos((periodo.plus(-1), periodo)))
        moved: dict[str, int] = {}
        for month, sign in ((periodo.plus(-1), -1), (periodo, 1)):
            for fila in found.por_periodo[month].filas:
                if fila.tipo.solo_resumen:
                    name = fila.tipo.plural
                    moved[name] = moved.get(name, 0) + sign * fila.tipo.signo * fila.montos.monto_iva
        return [Causa(libro, name, iva) for name, iva in moved.items() if iva]


def _own(f29: F29) -> int:
    return int(f29.valor(538)) - int(f29.valor(511))
