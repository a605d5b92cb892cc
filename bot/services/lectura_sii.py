"""Reading one month of a book at the SII: the totals first, documents only where they may have changed."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.core.documentos import Documento, EstadoCompra, Libro, Rechazo
from bot.core.periodo import Periodo
from bot.services.ports_sii import AccesoSii, FilaSii, Sii
from bot.services.ports_sincronizacion import FilaGuardada, ParteSii

# Totals can stay equal though a document changed; of the newest months they are read again once a week. A bit
# less, because a night does not reach everybody at the same hour as a week before.
RENEWED = timedelta(days=6, hours=12)
NEWEST = 2

type Guardadas = Mapping[tuple[EstadoCompra | None, int], FilaGuardada]


async def read_month(
    sii: Sii, acceso: AccesoSii, libro: Libro, periodo: Periodo, guardadas: Guardadas, ahora: datetime
) -> tuple[tuple[ParteSii, ...], tuple[int, ...]]:
    """Everything that is new in a month, and the types whose documents do not add up to their totals.

    The register may move between two calls: then all is read once more.

    Args:
        guardadas: the rows as they came the last time.

    Raises:
        SiiError: whatever `Sii` raises.
    """
    partes = await _read(sii, acceso, libro, periodo, guardadas, ahora)
    if _unequal(partes):
        partes = await _read(sii, acceso, libro, periodo, guardadas, ahora)
    return partes, _unequal(partes)


def states(libro: Libro) -> tuple[EstadoCompra | None, ...]:
    """The parts of a month that are asked for one by one."""
    return (None,) if libro is Libro.VENTAS else tuple(EstadoCompra)


async def _read(
    sii: Sii, acceso: AccesoSii, libro: Libro, periodo: Periodo, guardadas: Guardadas, ahora: datetime
) -> tuple[ParteSii, ...]:
    newest = periodo > Periodo.of(ahora.date()).plus(-NEWEST)
    partes = []
    for estado in states(libro):
        filas = await sii.resumen(acceso, libro, periodo, estado)
        documentos: dict[int, tuple[Documento, ...]] = {}
        incompletos = set()
        for fila in filas:
            tipo = fila.fila.tipo.codigo
            if not _must_read(fila, guardadas.get((estado, tipo)), ahora, newest=newest):
                continue
            found = await sii.detalle(acceso, libro, periodo, estado, tipo)
            documentos[tipo] = tuple(one for one in found if isinstance(one, Documento))
            if any(isinstance(one, Rechazo) for one in found):
                incompletos.add(tipo)
        partes.append(ParteSii(estado, filas, documentos, frozenset(incompletos)))
    return tuple(partes)


def _must_read(fila: FilaSii, guardada: FilaGuardada | None, ahora: datetime, *, newest: bool) -> bool:
    if not fila.con_detalle or not fila.fila.montos.cantidad:
        return False
    if guardada is None or guardada.detalle_al is None or guardada.cruda != fila.cruda:
        return True
    return newest and ahora - guardada.detalle_al >= RENEWED


def _unequal(partes: tuple[ParteSii, ...]) -> tuple[int, ...]:
    return tuple(
        tipo
        for parte in partes
        for fila in parte.filas
        for tipo in (fila.fila.tipo.codigo,)
        if tipo in parte.documentos
        and tipo not in parte.incompletos
        and not _adds_up(fila, parte.documentos[tipo])
    )


def _adds_up(fila: FilaSii, documentos: tuple[Documento, ...]) -> bool:
    montos = fila.fila.montos
    return (montos.cantidad, montos.monto_total) == (
        len(documentos),
        sum(documento.monto_total for documento in documentos),
    )
