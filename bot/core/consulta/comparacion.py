"""Which months a message wants beside each other, and whether it asks for the best or the worst one."""

import re
from datetime import date

from bot.core.consulta.asunto import Asunto
from bot.core.consulta.letra import plainly
from bot.core.consulta.periodos import find_tramos
from bot.core.consulta.relativos import read_meses
from bot.core.consulta.tokens import tokenize
from bot.core.periodo import Periodo

type Meses = tuple[Periodo, ...]

_MEJOR = frozenset("mejor mejores record maximo tope fuerte alto".split())
_PEOR = frozenset("peor peores flojo flojos malo minimo bajo debil".split())
# The words of both, for whoever takes them into account.
EXTREMOS = _MEJOR | _PEOR | frozenset("mayor mayores menor menores".split())
# "Para verlo mejor", "mejor dame las facturas", "las de julio mejor": nothing is better than other months.
_NO_ES_EXTREMO = re.compile(
    r"\b\w+[aei]r(?:l[oae]s?|me)? mejor\b|\bmejor(?:es)? (?=client|proveed)"
    r"|\bmejor (?=(?:dame|deme|muestr\w*|dime|dicho|pon\w*|haz|hag\w*|veamos|solo|otr[oa]|las?|los)\b)"
    r"|\bl[oa]s (?:de )?\w+ mejor\W*$"
)
_MES = frozenset("mes meses".split())
_COMPARA = frozenset("con contra vs versus respecto comparado comparada frente".split())
_MAS = frozenset("mas menos mejor peor igual mayor menor".split())
_ANTERIOR = frozenset("anterior previo previa".split())
_AMBOS = re.compile(r"\b(?:ambos|ambas|l[oa]s dos|es[oa]s|entre si|entre ell[oa]s|uno con otro)\b")
_NUMEROS = {
    "dos": 2,
    "tres": 3,
    "cuatro": 4,
    "cinco": 5,
    "seis": 6,
    "siete": 7,
    "ocho": 8,
    "nueve": 9,
    "diez": 10,
}
_CUANTOS = re.compile(rf"\b(?:top|los|las|mis|primer[oa]s)\s+(\d{{1,2}}|{'|'.join(_NUMEROS)})\b(?! de 20)")


def find_comparacion(texto: str, hoy: date, unsaid: Meses = ()) -> tuple[Meses, Meses]:
    """The earlier and the later months to compare.

    One month is compared with the one before, several with the same ones a year before; a year that is
    running with the same months of another, so that what has not happened yet counts nowhere.

    Args:
        unsaid: the months meant if the message names none; this month if there are none either.

    Raises:
        As `find_periodos`.
    """
    spans = [tuple(first.until(last)) for first, last in find_tramos(texto, hoy)]
    if len(spans) == 1 and (other := _other_side(tokenize(texto), spans[0], hoy)):
        spans.append(other)
    if len(spans) == 2:
        earlier, later = sorted(spans)
        return _alike(earlier, later, hoy)
    months = tuple(sorted({month for span in spans for month in span})) or unsaid or (Periodo.of(hoy),)
    return before(months), months


def follow_comparacion(texto: str, hoy: date, asunto: Asunto) -> tuple[Meses, Meses]:
    """The same after what was spoken of: `compáralo con el año pasado`, `compara los dos`.

    Raises:
        As `find_periodos`.
    """
    spoken, now = asunto.periodos, tuple(month for month in asunto.periodos if month not in asunto.antes)
    if not asunto.sigue or not spoken or len(find_tramos(texto, hoy)) > 1:
        return find_comparacion(texto, hoy, spoken)
    said = read_meses(texto, hoy, now or spoken, sigue=True)
    if said and said != (now or spoken):
        earlier, later = sorted((said, now or spoken))
        return earlier, later
    if _AMBOS.search(plainly(texto)) or asunto.clase == "comparar":
        return _both(spoken, asunto.antes)
    return find_comparacion("", hoy, spoken)


def _both(spoken: Meses, antes: Meses) -> tuple[Meses, Meses]:
    """The two that were spoken of: in one question, or one after the other."""
    if antes and not set(antes) & set(spoken):
        earlier, later = sorted((antes, spoken))
        return earlier, later
    later = tuple(month for month in spoken if month not in antes) if antes else spoken[len(spoken) // 2 :]
    earlier = tuple(month for month in spoken if month not in later)
    return (earlier, later) if earlier and later else (before(spoken), spoken)


def _other_side(tokens: tuple[str, ...], said: Meses, hoy: date) -> Meses:
    """What `said` is compared with if it is `el anterior`, or is itself what is compared with."""
    at = max((number for number, _ in enumerate(tokens) if _compares(tokens, number)), default=None)
    if at is None:
        return ()
    first, second = " ".join(tokens[:at]), tokens[at + 1 :]
    if find_tramos(first, hoy):
        return tuple(month.plus(-len(said)) for month in said) if _ANTERIOR & set(second) else ()
    now = Periodo.of(hoy)
    if len(said) == 12:
        return tuple(Periodo(hoy.year, 1).until(now)) if said[0].year < hoy.year else ()
    return (now,) if len(said) == 1 and said[0] < now else ()


def _compares(tokens: tuple[str, ...], at: int) -> bool:
    if tokens[at] == "que":  # "más que en octubre", not "qué tanto bajaron en octubre"
        return bool(_MAS & set(tokens[max(0, at - 3) : at]))
    return tokens[at] in _COMPARA


def before(months: Meses) -> Meses:
    """What months are compared with if nobody says: the month before, or the same ones a year before."""
    back = 1 if len(months) == 1 else 12
    return tuple(month.plus(-back) for month in months)


def find_extremo(texto: str) -> str:
    """`mejor`, `peor` or nothing: `en que mes vendi mas`, `mi mes mas flojo`, `cual fue el mejor mes`."""
    tokens = tokenize(_NO_ES_EXTREMO.sub(" ", plainly(texto)))
    said = set(tokens)
    if said & _PEOR:
        return "peor"
    if said & _MEJOR:
        return "mejor"
    if not said & _MES or not said & {"que", "cual", "q", "cuales", "k"}:
        return ""
    return "peor" if "menos" in said else "mejor" if said & {"mas", "+"} else ""


def _alike(earlier: Meses, later: Meses, hoy: date) -> tuple[Meses, Meses]:
    running = later[-1] == Periodo.of(hoy) and later[0].month == 1
    if running and earlier[0].month == 1 and len(earlier) == 12:
        return earlier[: len(later)], later
    return earlier, later


def find_cuantos(texto: str) -> int:
    """How many are wanted: `top 3`, `los 10 mejores clientes`, `los cinco que mas compran`; 0 if unsaid."""
    wanted = _CUANTOS.search(plainly(texto))
    if wanted is None:
        return 0
    return int(wanted[1]) if wanted[1].isdecimal() else _NUMEROS[wanted[1]]
