"""Comparisons and rankings as the trainers' texts hold them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from actions.consulta import Consulta
from actions.presentar import common, notes, payload, untold
from bot.core.analisis import Diferencia, best_and_worst, share
from bot.core.dinero import format_clp, format_decimal, format_number
from bot.core.edad import months
from bot.core.mensajes import Pedido
from bot.core.periodo import Periodo
from bot.services.analisis import Comparacion, Ranking
from bot.services.registro import ResumenRegistro
from bot.services.titulos import span


def comparacion(found: Comparacion, consulta: Consulta, ahora: datetime) -> dict[str, Any]:
    """The parameters of `utter_<libro>_comparar`."""
    antes, despues = found.antes.filtro.periodos, found.ahora.filtro.periodos
    known = found.antes.actualizado is not None
    return {
        **common(consulta, found.actualizado or found.ahora.actualizado, ahora),
        "ahora": span(despues) + _running(despues, ahora),
        "total": format_clp(found.total.ahora),
        "con": span(antes),
        "total_con": format_clp(found.total.antes) if known else "sin datos",
        "cambio": change(found.total) if known else "",
        "notas": notes(consulta, found.faltan),
        "con_pedido": payload(replace(consulta.pedido("x"), periodos=tuple(antes))),
    }


def change(difference: Diferencia) -> str:
    """`📈 Subió $1.000 (12,5 %)`, `📉 Bajó $500`, `Quedó igual`."""
    if not difference.monto:
        return "Quedó igual."
    verb = "📈 Subió" if difference.monto > 0 else "📉 Bajó"
    percent = difference.porcentaje
    share_ = f" ({format_decimal(abs(percent))} %)" if percent is not None else ""
    return f"{verb} {format_clp(abs(difference.monto))}{share_}."


def extremos(found: ResumenRegistro, consulta: Consulta, cual: str, ahora: datetime) -> dict[str, Any]:
    """The parameters of `utter_<libro>_mejor_mes` and `…_peor_mes`; the running month is not judged."""
    current = Periodo.of(ahora.date())
    totals = {
        periodo: mes.totales.monto_total
        for periodo, mes in found.por_periodo.items()
        if periodo not in found.faltan and periodo != current
    }
    both = best_and_worst(totals)
    best, worst = both or (consulta.filtro.periodos[0], consulta.filtro.periodos[0])
    this, other = (best, worst) if cual == "mejor" else (worst, best)
    return {
        **common(consulta, found.actualizado, ahora),
        "mes": this.nombre,
        "total": format_clp(_total(found.por_periodo, this)),
        "otro_mes": other.nombre,
        "otro_total": format_clp(_total(found.por_periodo, other)),
        "entre": span(sorted(totals)),
        "notas": notes(consulta, found.faltan),
        "mes_pedido": payload(Pedido("x", (this,), tuple(consulta.filtro.tipos))),
    }


def ranking(found: Ranking, consulta: Consulta, ahora: datetime) -> dict[str, Any]:
    """The parameters of `utter_<libro>_ranking`."""
    lines = [
        f"{place}. {fila.nombre}: *{format_clp(fila.montos.monto_total)}*"
        + (f" ({format_decimal(share(fila.montos.monto_total, found.total))} %)" if found.total > 0 else "")
        for place, fila in enumerate(found.filas, 1)
    ]
    unnamed = [
        f"{fila.tipo.contado(fila.montos.cantidad)} por {format_clp(fila.montos.monto_total)}"
        for fila in found.sin_nombre.filas
    ]
    extra = f"Sin contar {months(unnamed)}: el SII no dice de quién son.\n" if unnamed else ""
    return {
        **common(consulta, found.actualizado, ahora),
        "cuantas": format_number(found.cuantas),
        "lineas": "\n".join(lines),
        "notas": notes(consulta, found.faltan) + untold(found.sin_detalle) + extra,
    }


def _total(por_periodo: Mapping[Periodo, Any], periodo: Periodo) -> int:
    return int(por_periodo[periodo].totales.monto_total) if periodo in por_periodo else 0


def _running(periodos: Sequence[Periodo], ahora: datetime) -> str:
    if Periodo.of(ahora.date()) not in periodos:
        return ""
    return " (mes en curso)" if len(periodos) == 1 else " (con el mes en curso)"
