"""The month's IVA, from both books."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.dinero import format_clp
from bot.core.documentos import EstadoCompra
from bot.core.iva import F29, Supuestos, estimate_f29
from bot.core.periodo import Periodo
from bot.services.ports import FiltroDocumentos, Quien, Registro
from bot.services.registro import RegistroService


@dataclass(frozen=True, slots=True)
class EstimacionF29:
    """The estimate; `faltan` are books that nobody has imported for that month."""

    periodo: Periodo
    f29: F29
    faltan: Sequence[str]
    actualizado: datetime | None


class IvaService:
    """Form 29, estimated."""

    def __init__(self, ventas: RegistroService, compras: RegistroService, registro: Registro) -> None:
        self._ventas = ventas
        self._compras = compras
        self._registro = registro

    async def f29(self, quien: Quien, periodo: Periodo, supuestos: Supuestos) -> EstimacionF29:
        """Estimate the form of one month.

        Raises:
            PeriodoFutureError, PeriodoTooOldError: if the register cannot hold the month.
        """
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
