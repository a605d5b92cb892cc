"""What a message tells to do with a contract: put a fact right, give it a name, replace it, have it back."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from bot.core.contratos.afirmaciones import read_afirmaciones
from bot.core.contratos.plano import plegar

_LARGEST, _LARGEST_NAME = 500, 100
_COSA = (
    r"(?:contratos?|arriendos?|arrendamientos?|subarriendos?|comodatos?|convenios?|leasing|mutuo|franquicia|poliza"
    r"|nda|acuerdos?|anexos?|promesa)"
)
_CONTRATO = re.compile(rf"\b{_COSA}\b")
_DEL_REGISTRO = re.compile(
    r"\b(?:ventas?|vend\w+|compras?|compr[eoa]\w*|factur\w+|boletas?|iva|f ?29|ppm|sii|declar\w+|impuestos?"
    r"|notas? de)\b"
)
_PIDE = (
    r"^\W*(?:(?:hola|buen[oa]s|dias|tardes|oye|porfa\w*|por favor|ya|ahora|y|quiero|quisiera|necesito"
    r"|me gustaria|que|puedes|podrias|puede|podria|me|te|le|lo|hay que|vamos a)\W+)*"
)
_COLA = re.compile(r"[\s,.;!?]*(?:(?:por favor|porfa\w*|gracias|plis|please|po|ya)[\s,.;!?]*)*$")
_DE_NOMBRE = r"(?:(?:de|por|el|como) (?:nombre|titulo):? |nombre:? |como )?"
_NOMBRES = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b(?:cambi|modific|corrig|correg|edit)\w* (?:el |su )?(?:nombre|titulo) (?:de |del |al |a )"
        r"(?P<s>.+?) (?:a|por|como|con)(?: el nombre)?:? (?P<n>.+)",
        r"\b(?:renombr|rebautiz)\w* (?P<s>.*?) ?\b(?:a|como|por|con)(?: el nombre)?:? (?P<n>.+)",
        rf"{_PIDE}(?:pon(?:le|lo|er|erle|ga|gale)?|dale|dar(?:le)?|llama(?:lo|la|le|r|rlo)?|nombra\w*)"
        rf" {_DE_NOMBRE}(?P<n>.+?) (?:a|al) (?P<s>(?:el |la |mi |este |ese )?{_COSA}\b.*)",
        rf"(?P<s>.*\b{_COSA}\b.*?),? (?:que )?(?:se llam(?:e|ara)|se va a llamar|pas[ae] a llamarse"
        r"|quede? como|ponle|llamalo|se tiene que llamar|debe llamarse|deberia llamarse)"
        rf" (?:(?:de|por|el) nombre )?(?P<n>.+)",
        rf"{_PIDE}(?:ponle|llamalo|renombralo|cambiale el nombre) {_DE_NOMBRE}(?:a |por )?(?P<n>.+)(?P<s>)",
    )
)
_REEMPLAZA = re.compile(
    rf"{_PIDE}(?:reemplaz\w+|sustitu[iy]\w+|(?:cambi|actualiz)\w+ (?:el |la |los )?(?:archivo|pdf|documento)"
    r"|(?:esta |este |es )*(?:(?:es )?la )?(?:nueva version|version (?:nueva|actualizada|corregida|final"
    r"|firmada)))\b"
)
_POR_ESTE = re.compile(r"\b(?:por|con) (?:este|esta|el que|la que|uno|una|otr[oa]|el nuevo|la nueva)\b.*")
_RECUPERA = re.compile(
    rf"{_PIDE}(?:recuper\w+|restaur\w+|restablec\w+|deshac\w+|deshaz\w*|desborr\w+|devuelv\w+|revert\w+|reviert\w+"
    r"|no lo (?:borres|elimines)|no (?:queria|quise) (?:borrar|eliminar)\w*"
    r"|me equivoque,? (?:de contrato|no (?:lo|era|queria)|devuelv|recuper|deshac|deshaz)\w*)"
)
_CORRIGE = re.compile(
    rf"{_PIDE}(?:corregir|corrige|corrijas|rectificar|arreglar)\w* (?:un|algun|unos|algunos|el|los|algo"
    r"|lo que)\b"
)
_COMILLAS = re.compile(r"[\"“”«»']([^\"“”«»']{1,100})[\"“”«»']")


class Accion(StrEnum):
    """What is to be done."""

    CORREGIR = "corregir"
    RENOMBRAR = "renombrar"
    REEMPLAZAR = "reemplazar"
    RECUPERAR = "recuperar"


@dataclass(frozen=True, slots=True)
class Orden:
    """What to do; `sobre` are the words that may name the contract, `datos` facts by name as `corregir` takes
    them (none: what is to be put right was not said), `nombre` the new name as it was written."""

    accion: Accion
    sobre: str
    datos: Mapping[str, Any] = field(default_factory=dict)
    nombre: str = ""


def read_orden(texto: str, hoy: date, *, hablado: bool = False) -> Orden | None:
    """What a message tells to do with a contract; None if it tells nothing, or asks.

    Args:
        hablado: a contract was just spoken of, so that this message need not say that it is about one.
    """
    plano = plegar(texto)
    about = hablado or _CONTRATO.search(plano) is not None
    if len(plano) > _LARGEST or not about or (_DEL_REGISTRO.search(plano) and "contrato" not in plano):
        return None
    if _RECUPERA.search(plano):
        return Orden(Accion.RECUPERAR, texto)
    if named := next(_names(texto, plano, hablado), None):
        return named
    if found := _REEMPLAZA.search(plano):
        return Orden(Accion.REEMPLAZAR, _POR_ESTE.sub("", plano[found.end() :]))
    datos = read_afirmaciones(plano, hoy)
    return Orden(Accion.CORREGIR, texto, datos) if datos or _CORRIGE.search(plano) else None


def _names(texto: str, plano: str, hablado: bool) -> Iterator[Orden]:
    end = _COLA.search(plano)
    whole = plano[: end.start() if end else None]
    for number, pattern in enumerate(_NOMBRES):
        found = pattern.search(whole)
        if found is None or (number < 2 and not hablado and not _CONTRATO.search(found["s"])):
            continue
        start, stop = found.span("n")
        quoted = _COMILLAS.search(texto, start)
        nombre = quoted[1] if quoted else texto[start:stop]
        nombre = nombre.strip(" .,:;\"'“”«»")
        if nombre and len(nombre) <= _LARGEST_NAME and not re.match(r"(?:que|cual|como)\b", plegar(nombre)):
            yield Orden(Accion.RENOMBRAR, found["s"], nombre=nombre)
