"""The month's IVA, from both books."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from bot.core.dinero import format_clp
from bot.core.documentos import EstadoCompra
from bot.core.iva import F29, Supuestos, estimate_f29
from bot.core.periodo import FIRST_PERIODO, Periodo, check_in_register
from bot.services.ports import FiltroDocumentos, Quien, Registro, Reloj
from bot.services.ports_iva import Declarados
from bot.services.registro import RegistroService


@dataclass(frozen=True, slots=True)
class EstimacionF29:
    """The estimate; `faltan` are books that nobody has imported for that month.

    `contado` is what the taxpayer told, by code; `arrastre` what the estimate of the month before carries
    over, if nobody told.
    """

    periodo: Periodo
    f29: F29
    faltan: Sequence[str]
    actualizado: datetime | None
    contado: Mapping[int, Decimal] = field(default_factory=dict)
    arrastre: int = 0


class IvaService:
    """Form 29, estimated."""

    def __init__(
        self,
        ventas: RegistroService,
        compras: RegistroService,
        registro: Registro,
        declarados: Declarados,
        reloj: Reloj,
    ) -> None:
        self._ventas = ventas
        self._compras = compras
        self._registro = registro
        self._declarados = declarados
        self._reloj = reloj

    async def f29(
        self,
        quien: Quien,
        periodo: Periodo,
        supuestos: Supuestos,
        anterior: EstimacionF29 | None = None,
    ) -> EstimacionF29:
        """Estimate the form of one month; what `supuestos` leave open is what the taxpayer told.

        Args:
            anterior: that of the month before, with what the taxpayer told, if it was made already.

        Raises:
            PeriodoFutureError, PeriodoTooOldError: if the register cannot hold the month.
        """
        contado = await self._declarados.de(quien.rut, periodo)
        supuestos, before = supuestos.or_else(contado), periodo.plus(-1)
        found = await self._estimate(quien, periodo, supuestos)
        if supuestos.remanente is not None or before < FIRST_PERIODO:
            return replace(found, contado=contado)
        if (earlier := anterior) is None:
            told_before = Supuestos().or_else(await self._declarados.de(quien.rut, before))
            earlier = await self._estimate(quien, before, told_before)
        left = 0 if earlier.faltan else int(earlier.f29.valor(77))
        return replace(found, contado=contado, arrastre=left)

    async def contar(self, quien: Quien, periodo: Periodo, codigo: int, valor: Decimal) -> None:
        """Keep what a taxpayer tells about a month's form; a rate holds until another one is told.

        Raises:
            PeriodoFutureError, PeriodoTooOldError: if there is no such form yet.
        """
        check_in_register(periodo, self._reloj.hoy())
        await self._declarados.poner(quien.rut, periodo, codigo, valor, self._reloj.ahora())

    async def olvidar(self, quien: Quien, periodo: Periodo, codigo: int | None = None) -> int:
        """Forget what was told about a month's form, of one code or all; how many values there were."""
        return await self._declarados.quitar(quien.rut, periodo, codigo)

    async def _estimate(self, quien: Quien, periodo: Periodo, supuestos: Supuestos) -> EstimacionF29:
        wanted = FiltroDocumentos((periodo,))
        ventas = await self._ventas.resumen(quien, wanted)
        compras = await self._compras.resumen(quien, wanted)
        common = await self._registro.iva_uso_comun(quien.rut, periodo)
        f29 = estimate_f29(ventas.resumen, compras.resumen, replace(supuestos, uso_comun=common))
        missing = [
            libro for libro, found in (("ventas", ventas), ("compras", compras)) if found.actualizado is None
        ]
        notes = [f"Falta importar tus {libro} de {periodo.nombre}: cuentan como $0." for libro in missing]
        boletas = any(fila.tipo.solo_resumen for fila in ventas.resumen.filas)
        if ventas.actualizado and not boletas:
            notes.append(
                f"No tengo boletas ni comprobantes de pago de {periodo.nombre}: el CSV de detalle no trae."
                " Si los emitiste, faltan en las ventas y en el débito."
            )
        waiting = await self._compras.resumen(quien, FiltroDocumentos((periodo,), EstadoCompra.PENDIENTE))
        if waiting.resumen.totales.cantidad:
            amount = format_clp(waiting.resumen.totales.monto_iva)
            notes.append(f"Hay compras pendientes de aceptar con IVA {amount}: no están sumadas.")
        moments = [one.actualizado for one in (ventas, compras) if one.actualizado]
        return EstimacionF29(
            periodo,
            replace(f29, notas=(*notes, *f29.notas)),
            missing,
            min(moments, default=None),
        )
