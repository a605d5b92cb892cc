"""What a question about the register was about, in words."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.core.documentos import EstadoCompra, tipo_documento
from bot.core.edad import moment, months
from bot.core.periodo import Periodo
from bot.services.ports import FiltroDocumentos

_TOGETHER: Mapping[tuple[int, ...], str] = {
    (33, 34): "facturas",
    (39, 41): "boletas",
    (60, 61): "notas de crédito",
    (30, 32): "facturas en papel",
}
ESTADOS: Mapping[EstadoCompra | None, str] = {
    EstadoCompra.REGISTRO: "",
    EstadoCompra.PENDIENTE: " pendientes",
    EstadoCompra.NO_INCLUIR: " no incluidas",
    EstadoCompra.RECLAMADO: " reclamadas",
}


def span(periodos: Sequence[Periodo]) -> str:
    """`septiembre de 2026`, `enero a marzo de 2026`, `agosto de 2026 y octubre de 2026`, `2025`."""
    if not periodos:
        return "todos los meses"
    first, last = periodos[0], periodos[-1]
    if len(periodos) == 1:
        return first.nombre
    if tuple(first.until(last)) != tuple(periodos):
        return months([periodo.nombre for periodo in periodos])
    if (first.month, last.month, first.year) == (1, 12, last.year):
        return str(first.year)
    start = first.mes if first.year == last.year else first.nombre
    return f"{start} a {last.nombre}"


def about(filtro: FiltroDocumentos, contraparte: str | None) -> str:
    """` de septiembre de 2026, solo notas de crédito, con ACME SpA`."""
    when = f" del {filtro.dias.nombre}" if filtro.dias else f" de {span(filtro.periodos)}"
    if filtro.folio is not None and not filtro.periodos:
        when = ""
    parts = [ESTADOS.get(filtro.estado, ""), when]
    if filtro.tipos:
        parts.append(", solo " + months(_names(filtro.tipos)))
    if filtro.folio is not None:
        parts.append(f", folio {filtro.folio}")
    if filtro.monto:
        parts.append(f", {filtro.monto.nombre}")
    if contraparte:
        parts.append(f", con {contraparte}")
    return "".join(parts)


def source(actualizado: datetime | None, ahora: datetime) -> str:
    """Where the figures come from and how old they are; for files, which travel without their chat."""
    told = f", actualizado {moment(actualizado, ahora)}" if actualizado else ""
    return f"Fuente: SII, Registro de Compras y Ventas{told}. Archivo hecho el {ahora:%d-%m-%Y}."


def _names(tipos: Sequence[int]) -> list[str]:
    """What people call these types: both kinds of boleta are "boletas" to them."""
    if name := _TOGETHER.get(tuple(tipos)):
        return [name]
    return [tipo_documento(tipo).plural for tipo in tipos]
