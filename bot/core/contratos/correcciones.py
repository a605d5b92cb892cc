"""Facts as a person confirmed or corrected them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from bot.core.contratos.datos import Dato, Hechos, Renovacion
from bot.core.contratos.duraciones import Duracion
from bot.core.contratos.valores import EN_CIFRAS
from bot.core.errors_contratos import CorrectionInvalidError

_LARGEST_TEXT = 200
_MODALIDADES = ("fijo", "indefinido", "obra")
_PLAZO = frozenset({"inicio", "termino", "duracion", "modalidad"})


def corregir(hechos: Hechos, correcciones: Mapping[str, Any]) -> Hechos:
    """Put a person's word in the place of what was read; it is sure.

    Args:
        correcciones: by the fact's name; None takes it away. Dates as such, `duracion` and `aviso_termino` as
            `Duracion`, `renovacion` as `Renovacion`, everything else as text.

    Raises:
        CorrectionInvalidError: if a fact cannot be corrected or that is no value for it.
    """
    for nombre, valor in correcciones.items():
        if nombre not in _CORREGIBLES or (valor is not None and not _CORREGIBLES[nombre](valor)):
            raise CorrectionInvalidError(dato=nombre[:20])
        changed: dict[str, Any] = {nombre: _sure(getattr(hechos, nombre), valor)}
        hechos = replace(hechos, **changed)
    if _PLAZO & correcciones.keys():  # the person has just said which of the two dates holds
        amounts = tuple(one for one in hechos.contradicciones if one.valor.startswith(EN_CIFRAS))
        hechos = replace(hechos, contradicciones=amounts)
    return hechos


def confirmables(hechos: Hechos) -> dict[str, Any]:
    """The facts that a person can confirm as they were read, by name; none while some contradict others."""
    if hechos.contradicciones:
        return {}
    read = {nombre: getattr(hechos, nombre) for nombre in _CORREGIBLES}
    return {nombre: dato.valor for nombre, dato in read.items() if dato and _CORREGIBLES[nombre](dato.valor)}


def _sure(antes: Dato[Any] | None, valor: Any) -> Dato[Any] | None:
    """With the quote that says the same, if there is one."""
    if valor is None:
        return None
    if antes is not None and antes.valor == valor:
        return replace(antes, confianza=1.0)
    return Dato(valor, "", "", 0, 1.0)


def _text(valor: Any) -> bool:
    return isinstance(valor, str) and 0 < len(valor.strip()) <= _LARGEST_TEXT


def _is(kind: type) -> Callable[[Any], bool]:
    return lambda valor: type(valor) is kind


_CORREGIBLES: Mapping[str, Callable[[Any], bool]] = {
    "tipo": _text,
    "firma": _is(date),
    "inicio": _is(date),
    "termino": _is(date),
    "duracion": _is(Duracion),
    "modalidad": lambda valor: valor in _MODALIDADES,
    "renovacion": _is(Renovacion),
    "aviso_termino": _is(Duracion),
    "reajuste": _text,
    "interes": _text,
    "jurisdiccion": _text,
    "arbitraje": _text,
    "objeto": _text,
}
