"""Facts of a contract that a person states in a message: `termina el 30 de junio de 2027, no en mayo`."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from bot.core.contratos.datos import Renovacion
from bot.core.contratos.duraciones import Duracion, find_duraciones
from bot.core.contratos.fechas import Fecha, find_fechas
from bot.core.errors import ReplyUnknownError
from bot.core.periodo import MESES

_PREGUNTA = re.compile(
    r"[?¿]|\b(?:cuando|cual(?:es)?|cuant[oa]s?|como|donde|quien|que pasa|por que|puedo|podemos|podria\w*"
    r"|sabes|dime|es (?:verdad|cierto|correcto) que|crees|hay|tengo que|y si|o no|o el|o hasta|confirma\w*"
    r"|aviso si)\b"
    r"|^\W*(?:si|que|y si|en que|a que|hasta que|desde que|es|esta)\b"
)
# What was said to be wrong, up to the next comma.
_NEGADO = re.compile(
    r"[,;]?\s*(?:\b(?:y|pero|que)\s+)?(?:\bno (?:el|en|al|a|hasta|desde|para|por|son|es|era|eran|de|como"
    r"|(?P<verbo>termina|vence|empieza|parte|dura|comienza|acaba))\b|\ben (?:vez|lugar) de\b)"
    r".*?(?=[,;]|\.\s|\bsino\b|$)"
)
_CORRIGE = re.compile(
    r"\b(?:mal[oa]?|equivoc\w+|corri[jg]\w+|correg\w+|correccion|correct[oa]|en (?:realidad|verdad|rigor)"
    r"|anota\w*|cambi[ae]\w*|modifi\w+|arregl\w+|actualiz\w+|error|errad[oa]"
    r"|deb(?:e|ia|eria) decir|ojo|sino)\b"
)
_ROLES = (
    ("termino", r"termin\w*|venc\w+|acab\w+|expir\w+|finaliz\w+|caduc\w+|conclu\w+|hasta|\bfin\b"),
    ("inicio", r"empiez\w+|empez\w+|comienz\w+|comenz\w+|\bpart(?:e|io|ira|imos)\b|inici\w+|\bdesde|arranc\w+"
        r"|a (?:contar|partir)|\brige\b"),
    ("firma", r"firm\w+|suscri\w+|celebr\w+"),
    ("", r"renov\w*|renuev\w*|pag\w+|avis\w+|reajust\w+|entreg\w+|cuota\w*|multa\w*"),
)  # fmt: skip
_ROL = re.compile("|".join(f"(?P<r{at}>\\b(?:{words}))" for at, (_, words) in enumerate(_ROLES)))
_MES = "|".join(MESES)
_SIN_ANIO = re.compile(
    rf"\b(?P<dia>\d{{1,2}}|primero|1°) ?(?:de|/|-) ?(?P<mes>{_MES}|\d{{1,2}})\b(?! ?(?:del?|/|-) ?\d)"
    r"(?! de(?:l| este| proximo)? an)"
)
_DE_AVISO = re.compile(r"avis\w+|anticipacion|antelacion|preaviso")
_DE_DURACION = re.compile(r"\bdur\w+|\bplazo\b|\bes (?:por|a|de)\b|vigencia|\bpor\b")
_DE_OTRO = re.compile(r"renov\w*|renuev\w*|prorrog\w*|pag\w+|multa\w*|garantia|gracia")
_INDEFINIDO = re.compile(r"(?<!no es )\bindefinid[oa]|(?:no tiene|sin|no hay) (?:fecha|plazo|dia) de termino")
_NO_RENUEVA = re.compile(
    r"no (?:se (?:me )?)?(?:renueva|renovara|prorroga)|no es renovable|(?:sin|no (?:hay|tiene)) renovacion"
)
_SE_RENUEVA = re.compile(
    r"(?:se (?:renueva|renovara|prorroga)|renovacion|prorroga|renovable) (?:es )?"
    r"(?:sol[oa]|automatic\w+|tacit\w+)"
)
_CERCA = 60


def read_afirmaciones(plano: str, hoy: date) -> Mapping[str, Any]:
    """The facts that a message states, by name, with values as `corregir` takes them; none if it asks.

    That it renews itself or has no end is taken for a statement only if the message says that something is
    wrong: without that, people ask so.

    Args:
        plano: as `plegar` leaves it.
        hoy: a day without a year is the next one for an end, the last one for a beginning.
    """
    dicho = _NEGADO.sub(lambda found: f" {found['verbo'] or ''} ", plano)
    corrige = dicho != plano or _CORRIGE.search(plano) is not None
    if _PREGUNTA.search(plano):
        return {}
    found: dict[str, Any] = dict(_dates(dicho, hoy)) | dict(_spans(dicho))
    if corrige and _NO_RENUEVA.search(plano):
        found["renovacion"] = Renovacion(automatica=False)
    elif corrige and _SE_RENUEVA.search(plano):
        found["renovacion"] = Renovacion(automatica=True)
    if corrige and not found and _INDEFINIDO.search(dicho):
        found["modalidad"] = "indefinido"
    return found


def _dates(dicho: str, hoy: date) -> Iterator[tuple[str, date]]:
    """The day that each role has, said last counts."""
    whole = find_fechas(dicho)
    taken = [(one.inicio, one.fin) for one in whole]
    for fecha in sorted([*whole, *_without_year(dicho, hoy, taken)]):
        rol = _role(dicho, fecha.inicio, [fin for _, fin in taken if fin <= fecha.inicio])
        if rol == "termino" and not fecha.dia:
            yield rol, Duracion(1).despues_de(fecha.valor) - date.resolution
        elif rol:
            yield rol, fecha.valor


def _role(dicho: str, at: int, before: list[int]) -> str:
    start = max([at - _CERCA, 0, *before])
    roles = [found.lastgroup or "" for found in _ROL.finditer(dicho, start, at)]
    return _ROLES[int(roles[-1][1:])][0] if roles else ""


def _without_year(dicho: str, hoy: date, taken: list[tuple[int, int]]) -> Iterator[Fecha]:
    for found in _SIN_ANIO.finditer(dicho):
        if any(start < found.end() and found.start() < end for start, end in taken):
            continue
        dia = int(found["dia"]) if found["dia"].isdigit() else 1
        mes = int(found["mes"]) if found["mes"].isdigit() else MESES.index(found["mes"]) + 1
        past = _role(dicho, found.start(), []) in {"inicio", "firma"}
        day = next((day for day in _years(hoy, mes, dia) if (day <= hoy if past else day >= hoy)), None)
        if day:
            yield Fecha(found.start(), found.end(), day)


def _years(hoy: date, mes: int, dia: int) -> Iterator[date]:
    """The nearest years first."""
    for year in (hoy.year, hoy.year + 1, hoy.year - 1, hoy.year + 2, hoy.year - 2):
        try:
            yield date(year, mes, dia)
        except ValueError:
            continue


def _spans(dicho: str) -> Iterator[tuple[str, Duracion]]:
    for escrita in find_duraciones(dicho):
        before, after = dicho[max(0, escrita.inicio - _CERCA) : escrita.inicio], dicho[escrita.fin :][:30]
        if _DE_AVISO.search(before) or re.match(r"[^,;.]{0,12}" + _DE_AVISO.pattern, after):
            yield "aviso_termino", escrita.valor
        elif _DE_DURACION.search(before) and not _DE_OTRO.search(before):
            yield "duracion", escrita.valor


def write_datos(datos: Mapping[str, Any]) -> str:
    """Facts as a button carries them: `termino=2027-06-30;duracion=18m`."""
    return ";".join(f"{nombre}={_written(valor)}" for nombre, valor in datos.items())


def read_datos(escritos: str) -> Mapping[str, Any]:
    """Read what `write_datos` wrote.

    Raises:
        ReplyUnknownError: if it is something else.
    """
    try:
        return {
            nombre: _read(nombre, valor)
            for nombre, _, valor in (one.partition("=") for one in escritos.split(";"))
        }
    except (ValueError, KeyError) as error:
        raise ReplyUnknownError() from error


def _written(valor: Any) -> str:
    match valor:
        case Duracion(meses, dias, habiles):
            return f"{meses}m" if meses else f"{dias}{'h' if habiles else 'd'}"
        case Renovacion():
            return "si" if valor.automatica else "no"
    return str(valor)


def _read(nombre: str, valor: str) -> Any:
    match nombre:
        case "inicio" | "termino" | "firma":
            return date.fromisoformat(valor)
        case "duracion" | "aviso_termino":
            number = int(valor[:-1])
            return {"m": Duracion(number), "d": Duracion(0, number), "h": Duracion(0, number, True)}[
                valor[-1]
            ]
        case "renovacion":
            return Renovacion(automatica={"si": True, "no": False}[valor])
        case "modalidad":
            return valor
    raise KeyError(nombre)
