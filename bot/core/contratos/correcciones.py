"""Facts as a person confirmed or corrected them."""

from collections.abc import Callable, Collection, Mapping
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
# Whoever says how long a contract lasts has said that another end, which was read, does not hold.
_CEDE: Mapping[str, tuple[str, ...]] = {"duracion": ("termino",), "modalidad": ("termino", "duracion")}


def corregir(hechos: Hechos, leidos: Hechos, correcciones: Mapping[str, Any], hoy: date) -> Hechos:
    """Put a person's word in the place of what was read; it is sure.

    Args:
        hechos: as they hold until now.
        leidos: as the PDF has them; what a person says that stands there too keeps its quote.
        correcciones: by the fact's name; None takes it away. Dates as such, `duracion` and `aviso_termino` as
            `Duracion`, `renovacion` as `Renovacion`, everything else as text.
        hoy: the day on which they are said.

    Raises:
        CorrectionInvalidError: if a fact cannot be corrected or that is no value for it.
    """
    for nombre, valor in correcciones.items():
        if nombre not in _CORREGIBLES or (valor is not None and not _CORREGIBLES[nombre](valor)):
            raise CorrectionInvalidError(dato=nombre[:20])
        dato = _sure(getattr(leidos, nombre), valor, hoy)
        changed: dict[str, Any] = {nombre: dato}
        if dato and dato.dicho and valor != "fijo":
            changed |= {other: None for other in _CEDE.get(nombre, ()) if other not in correcciones}
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
    return {
        nombre: dato.valor
        for nombre, dato in read.items()
        if dato and not dato.dicho and _CORREGIBLES[nombre](dato.valor)
    }


def completar(hechos: Hechos, datos: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as a person states them, completed with what they leave out.

    Whether it is renewed says nothing about for how long; a notice is that against the renewal, if it is
    renewed by itself, else that for ending it early.
    """
    found, renovacion = dict(datos), hechos.renovacion.valor if hechos.renovacion else None
    if renovacion and "renovacion" in found:
        found["renovacion"] = replace(renovacion, automatica=found["renovacion"].automatica)
    renovacion = found.get("renovacion", renovacion)
    if renovacion and renovacion.automatica and "aviso_termino" in found:
        found["renovacion"] = replace(renovacion, aviso=found.pop("aviso_termino"))
    return found


def volver(hechos: Hechos, leidos: Hechos, nombres: Collection[str]) -> Hechos:
    """Take a person's word back: facts as the PDF has them."""
    again = {
        *nombres,
        *(other for nombre in nombres for other in _CEDE.get(nombre, ())),
    } & _CORREGIBLES.keys()
    if _PLAZO & again:
        again |= {"contradicciones"}
    return replace(hechos, **{nombre: getattr(leidos, nombre) for nombre in again})


def _sure(leido: Dato[Any] | None, valor: Any, hoy: date) -> Dato[Any] | None:
    """With the quote that says the same, if there is one."""
    if valor is None:
        return None
    if leido is not None and leido.valor == valor:
        return replace(leido, confianza=1.0)
    return Dato(valor, "", "", 0, 1.0, hoy)


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
