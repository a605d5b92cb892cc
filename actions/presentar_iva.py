"""The estimate of form 29 as the trainers' texts hold it."""

from datetime import datetime
from typing import Any

from actions.presentar import source
from actions.presentar_analisis import change
from bot.core.analisis import Causa
from bot.core.dinero import format_clp, format_number
from bot.core.documentos import Libro
from bot.core.iva import Linea
from bot.core.periodo import Periodo
from bot.services.analisis import IvaExplicado
from bot.services.iva import EstimacionF29

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
        "debito": format_clp(int(f29.valor(538))),
        "credito": format_clp(int(f29.valor(511))),
        "notas": "".join(f"• {nota}\n" for nota in found.f29.notas),
    }


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
    shown = format_number if linea.codigo in _COUNTS else format_clp
    return f"[{linea.codigo}] {linea.glosa}: {shown(int(linea.valor))}"


def _cause(causa: Causa) -> str:
    arrow = "⬆️" if causa.iva > 0 else "⬇️"
    more = (causa.iva > 0) == (causa.libro is Libro.VENTAS)
    what = f"{'más' if more else 'menos'} {causa.libro.value}"
    who = f"{'con' if causa.libro is Libro.VENTAS else 'a'} {causa.nombre}"
    return f"{arrow} {format_clp(abs(causa.iva))}: {what} {who}"
