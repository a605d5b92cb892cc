"""From figures to the lines that the trainers' texts hold."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from actions.consulta import Consulta
from bot.core.consulta import asks_who_owes
from bot.core.dinero import format_clp, format_number
from bot.core.documentos import Documento, Libro, TipoDocumento, tipo_documento
from bot.core.edad import moment, months
from bot.core.mensajes import Pedido
from bot.core.periodo import Periodo
from bot.core.resumen import OTROS, FilaResumen, Montos, Resumen
from bot.services.registro import DetalleRegistro, ResumenRegistro
from bot.services.titulos import about

DOCUMENTS_SHOWN = 8
_MONTHS_SHOWN = 12


def resumen(found: ResumenRegistro, consulta: Consulta, libro: Libro, ahora: datetime) -> dict[str, Any]:
    """The parameters of `utter_<libro>_resumen`."""
    filas = found.resumen.filas
    lines = [_amounts(found.resumen.totales, libro)] if filas else []
    several = len(found.filtro.periodos) > 1 and not found.filtro.dias
    if several:
        lines += _by_month(found.por_periodo, found.faltan)
    else:
        lines += [f"• {_row(fila)}" for fila in filas if fila.tipo.signo]
    lines += [f"Aparte, sin sumar: {_row(fila)}" for fila in found.resumen.aparte]
    shared = common(consulta, found.actualizado, ahora)
    return {
        # Of boletas there are no documents to see.
        "detalle_titulo": "" if all(fila.tipo.solo_resumen for fila in filas) else "Ver documentos",
        "otro": f".grafico{shared['pedido']}" if several else shared["antes"],
        "otro_titulo": "Ver gráfico" if several else shared["antes_titulo"],
        "total": format_clp(found.resumen.totales.monto_total),
        "lineas": "\n".join(lines),
        "notas": notes(consulta, found.faltan) + untold(found.sin_detalle),
        **shared,
    }


def detalle(found: DetalleRegistro, consulta: Consulta, ahora: datetime) -> dict[str, Any]:
    """The parameters of `utter_<libro>_detalle` and `utter_<libro>_detalle_mas`."""
    lines = [document(documento, ahora.date()) for documento in found.documentos]
    lines += [f"Además, sin detalle en el SII: {_row(fila)}" for fila in found.solo_resumen.filas]
    first = (found.pagina - 1) * found.limite + 1
    last = first + len(found.documentos) - 1
    of = f"del {first} al {last} de " if found.total_documentos > found.limite else ""
    every = f"{format_number(found.total_documentos)} documento{'' if found.total_documentos == 1 else 's'}"
    return {
        "cuantos": f"{of}{every}",
        "todos": every,
        "lineas": "\n".join(lines),
        "notas": notes(consulta, found.faltan) + untold(found.sin_detalle),
        "siguiente": payload(consulta.pedido("x", found.pagina + 1)),
        **common(consulta, found.actualizado, ahora),
    }


def facts(consulta: Consulta, libro: Libro, actualizado: datetime | None) -> dict[str, Any]:
    """What the API tells beside the text: what was understood, and where the figures come from."""
    filtro = consulta.filtro
    periodos = [str(periodo) for periodo in filtro.periodos]
    days = {"desde": str(filtro.dias.desde), "hasta": str(filtro.dias.hasta)} if filtro.dias else None
    entities: dict[str, Any] = {"periodo": days or periodos, "tipo_documento": list(filtro.tipos)}
    if consulta.contraparte:
        entities["contraparte"] = consulta.contraparte.nombre
    elif consulta.desconocida:
        entities["contraparte"] = consulta.desconocida
    if filtro.folio is not None:
        entities["folio"] = filtro.folio
    if filtro.monto:
        entities["monto"] = {"desde": filtro.monto.minimo, "hasta": filtro.monto.maximo}
    source = {
        "tipo": "rcv",
        "libro": libro.value,
        "periodos": periodos,
        "actualizado": actualizado.isoformat() if actualizado else None,
    }
    return {"entidades": entities, "fuentes": [source]}


def pending(found: ResumenRegistro) -> str:
    """A note on purchases that wait for acceptance; empty if there are none."""
    waiting = found.resumen.totales
    if not waiting.cantidad:
        return ""
    many = "documento pendiente" if waiting.cantidad == 1 else "documentos pendientes"
    amount = format_clp(waiting.monto_total)
    return f"⏳ Además hay {format_number(waiting.cantidad)} {many} de aceptar por {amount}, sin sumar.\n"


def notes(consulta: Consulta, faltan: Sequence[Periodo]) -> str:
    """What the person must know about the figure, each on its line."""
    told = []
    if asks_who_owes(consulta.texto):
        told.append("⚠️ El registro del SII no dice qué está pagado: esto es lo facturado.\n")
    if faltan:
        names = months([periodo.nombre for periodo in faltan])
        told.append(f"⚠️ Sin datos de {names}: no están en el total.\n")
    if consulta.sin_leer:
        words = months([f"«{word}»" for word in consulta.sin_leer])
        told.append(f"⚠️ No tomé en cuenta {words}.\n")
    return "".join(told)


def untold(tipos: Sequence[TipoDocumento]) -> str:
    """A note on types that days and amounts say nothing of."""
    if not tipos:
        return ""
    names = months([tipo.plural for tipo in tipos])
    return f"⚠️ Sin contar {names}: el SII las informa solo como total del mes.\n"


def common(consulta: Consulta, actualizado: datetime | None, ahora: datetime) -> dict[str, Any]:
    """What every answer holds: what it is about, its source and age, and the tails of its buttons."""
    filtro, periodos = consulta.filtro, tuple(consulta.filtro.periodos)
    name = consulta.contraparte.nombre if consulta.contraparte else None
    single = len(periodos) == 1
    back = 0 if filtro.dias else -1 if single else -12
    earlier = tuple(periodo.plus(back) for periodo in periodos)
    year_before = tuple(periodo.plus(-12) for periodo in periodos)
    current = periodos == (Periodo.of(ahora.date()),) and not filtro.dias
    return {
        "de": about(filtro, name) + (" (mes en curso)" if current else ""),
        "fuente": f"_{source(actualizado, ahora)}_",
        "pedido": payload(consulta.pedido("x")),
        "periodos": payload(Pedido("x", periodos, folio=filtro.folio, dias=filtro.dias, monto=filtro.monto)),
        "anio_antes": payload(consulta.pedido("x", periodos=year_before)),
        "antes": payload(consulta.pedido("x", periodos=earlier)),
        "antes_titulo": _earlier(consulta, earlier),
    }


def _earlier(consulta: Consulta, earlier: Sequence[Periodo]) -> str:
    """What the button of `antes` says: other months, or all of the months that days are of."""
    if consulta.filtro.dias:
        return f"Todo {earlier[0].mes}" if len(earlier) == 1 else "Los meses enteros"
    if len(earlier) == 1:
        return f"Ver {earlier[0].mes}"
    return "Un año antes" if earlier else ""


def source(actualizado: datetime | None, ahora: datetime) -> str:
    """Where figures come from and how old they are."""
    if actualizado is None:
        return "Fuente: registro del SII."
    return f"Fuente: registro del SII, actualizado {moment(actualizado, ahora)}."


def _amounts(totales: Montos, libro: Libro) -> str:
    iva = "IVA" if libro is Libro.VENTAS else "IVA recuperable"
    parts = [f"Neto {format_clp(totales.monto_neto)}", f"{iva} {format_clp(totales.monto_iva)}"]
    if totales.monto_exento:
        parts.append(f"Exento {format_clp(totales.monto_exento)}")
    if totales.otros:
        parts.append(f"{OTROS[libro]} {format_clp(totales.otros)}")
    return " · ".join(parts)


def _by_month(por_periodo: Mapping[Periodo, Resumen], faltan: Sequence[Periodo]) -> list[str]:
    known = [(periodo, mes) for periodo, mes in por_periodo.items() if periodo not in faltan]
    newest = known[-_MONTHS_SHOWN:]
    lines = [f"• {periodo.nombre}: {format_clp(mes.totales.monto_total)}" for periodo, mes in newest]
    hidden = len(known) - len(newest)
    return ([f"(y {hidden} anteriores, incluidos en el total)"] if hidden else []) + lines


def _row(fila: FilaResumen) -> str:
    amount = fila.montos.monto_total * (fila.tipo.signo or 1)
    return f"{fila.tipo.contado(fila.montos.cantidad)}: {format_clp(amount)}"


def document(documento: Documento, hoy: date) -> str:
    """`• $1.190 · factura electrónica 7`, and below it its day and the other party."""
    tipo = tipo_documento(documento.tipo)
    amount = format_clp(documento.monto_total * (tipo.signo or 1))
    day = f"{documento.fecha:%d-%m}" if documento.fecha.year == hoy.year else f"{documento.fecha:%d-%m-%Y}"
    folio = f"{documento.folio}" if tipo.conocido else f"n° {documento.folio}"  # its name ends in a number
    return f"• {amount} · {tipo.singular} {folio}\n{day} · {documento.contraparte}"


def payload(pedido: Pedido) -> str:
    """The tail of a button's id; the trainers' texts put the intent before it."""
    return str(pedido).removeprefix(pedido.intent)
