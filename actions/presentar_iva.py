"""The estimate of form 29 as the trainers' texts hold it."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from actions.presentar import source
from actions.presentar_analisis import change
from bot.core.analisis import Causa
from bot.core.consulta import Declarado
from bot.core.dinero import format_clp, format_decimal, format_number
from bot.core.documentos import Libro
from bot.core.iva import PPM, REMANENTE, RETENCIONES, Linea
from bot.core.periodo import Periodo
from bot.services.analisis import IvaExplicado
from bot.services.iva import EstimacionF29

_DICHOS = {REMANENTE: "remanente anterior", PPM: "tasa de PPM", RETENCIONES: "retenciones de honorarios"}
_COUNTS = frozenset({585, 586, 503, 110, 758, 512, 509, 519, 527, 531, 534})


def estimacion(found: EstimacionF29, ahora: datetime) -> dict[str, Any]:
    """The parameters of `utter_iva_f29`."""
    f29 = found.f29
    owed, left = int(f29.valor(89)), int(f29.valor(77))
    return {
        **_common(found, ahora),
        "resultado": (
            f"Remanente a tu favor: *{format_clp(left)}*" if left else f"IVA a pagar: *{format_clp(owed)}*"
        ),
        "total": _total(found),
        "debito": format_clp(int(f29.valor(538))),
        "credito": format_clp(int(f29.valor(511))),
        "notas": "".join(f"• {nota}\n" for nota in (*_told(found), *found.f29.notas, *_hint(found))),
    }


def anotado(found: EstimacionF29, told: Sequence[Declarado], ahora: datetime) -> dict[str, Any]:
    """The parameters of `utter_iva_anotado` and `…_sin_datos`."""
    return {
        **estimacion(found, ahora),
        "anotado": " y ".join(_named(one.codigo, one.valor) for one in told if one.valor is not None),
        "para": "desde el" if told[0].codigo == PPM else "para el",
    }


def _named(codigo: int, valor: Decimal) -> str:
    amount = f"{format_decimal(valor)} %" if codigo == PPM else format_clp(int(valor))
    return f"{_DICHOS[codigo]} {amount}"


def _told(found: EstimacionF29) -> list[str]:
    """What the taxpayer told, so that it can be seen and taken back, or a guess to confirm."""
    told = [_named(codigo, found.contado[codigo]) for codigo in _DICHOS if codigo in found.contado]
    notes = [f"Me dijiste: {', '.join(told)}."] if told else []
    if found.arrastre:
        before = found.periodo.plus(-1).mes
        amount = format_clp(found.arrastre)
        notes.append(f"Según mi estimación, {before} te dejó un remanente de {amount}: si es así, dímelo.")
    return notes


def _hint(found: EstimacionF29) -> list[str]:
    """How to tell what is missing, to somebody who has told nothing."""
    return (
        []
        if found.contado
        else ["Lo que falta me lo puedes decir: «mi remanente es 120.000», «mi PPM es 0,25 %»."]
    )


def _total(found: EstimacionF29) -> str:
    """What is to be paid in all, if it is more than the IVA."""
    f29 = found.f29
    parts = [("PPM", int(f29.valor(62))), ("retenciones", int(f29.valor(151)))]
    more = [f"{name} {format_clp(amount)}" for name, amount in parts if amount]
    if not more:
        return ""
    return f"Total a pagar: *{format_clp(int(f29.valor(91)))}* (con {' y '.join(more)})\n"


def lineas(found: EstimacionF29, ahora: datetime) -> dict[str, Any]:
    """The parameters of `utter_iva_lineas`; lines of 0 are left out."""
    shown = [_line(one) for one in found.f29.lineas if one.valor or one.codigo in (89, 91)]
    return {**_common(found, ahora), "lineas": "\n".join(shown)}


def causas(found: IvaExplicado, ahora: datetime) -> dict[str, Any]:
    """The parameters of `utter_iva_causas`."""
    return {
        **_common(found.ahora, ahora),
        "antes": found.antes.periodo.nombre,
        "iva": format_clp(found.iva.ahora),
        "iva_antes": format_clp(found.iva.antes),
        "cambio": change(found.iva),
        "lineas": "\n".join(_cause(one) for one in found.causas),
        "faltan": " y ".join(
            f"{libro} de {one.periodo.mes}" for one in (found.antes, found.ahora) for libro in one.faltan
        ),
    }


def facts(found: EstimacionF29) -> dict[str, Any]:
    """What the API tells beside the text."""
    periodo = str(found.periodo)
    moment = found.actualizado.isoformat() if found.actualizado else None
    return {
        "entidades": {"periodo": [periodo], "tipo_documento": []},
        "fuentes": [
            {"tipo": "rcv", "libro": libro.value, "periodos": [periodo], "actualizado": moment}
            for libro in Libro
        ],
    }


def _common(found: EstimacionF29, ahora: datetime) -> dict[str, Any]:
    running = " (mes en curso)" if found.periodo == Periodo.of(ahora.date()) else ""
    before = found.periodo.plus(-1)
    return {
        "periodo": found.periodo.nombre + running,
        "fuente": f"_{source(found.actualizado, ahora)}_",
        "pedido": f":{found.periodo}",
        "anterior": f":{before}",
        "anterior_titulo": f"Ver {before.mes}",
    }


def _line(linea: Linea) -> str:
    if linea.codigo == PPM:
        return f"[{linea.codigo}] {linea.glosa}: {format_decimal(Decimal(linea.valor))}"
    shown = format_number if linea.codigo in _COUNTS else format_clp
    return f"[{linea.codigo}] {linea.glosa}: {shown(int(linea.valor))}"


def _cause(causa: Causa) -> str:
    arrow = "⬆️" if causa.iva > 0 else "⬇️"
    more = (causa.iva > 0) == (causa.libro is Libro.VENTAS)
    what = f"{'más' if more else 'menos'} {causa.libro.value}"
    who = f"{'con' if causa.libro is Libro.VENTAS else 'a'} {causa.nombre}"
    return f"{arrow} {format_clp(abs(causa.iva))}: {what} {who}"
