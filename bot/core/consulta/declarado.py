"""What a taxpayer tells about a form 29 that the register does not know: `mi remanente es 120 lucas`."""

import re
from dataclasses import dataclass
from decimal import Decimal

from bot.core.consulta.accion import asks_to_erase
from bot.core.consulta.montos import find_cantidad
from bot.core.iva import PPM, REMANENTE, RETENCIONES
from bot.core.texto import normalize

_CODIGOS = (
    (REMANENTE, re.compile(r"\bremanentes?\b|\bcodigo 504\b")),
    (PPM, re.compile(r"\bp\.? ?p\.? ?m\b|\bpagos? provisional(?:es)?\b|\bcodigo 115\b")),
    (
        RETENCIONES,
        re.compile(
            r"\breten\w+ .*\b(?:honorarios?|bhe)\b|\b(?:honorarios?|bhe)\b.* reten|\bretuv\w+|\bcodigo 151\b"
        ),
    ),
)
_TASA = re.compile(r"(\d{1,2}(?:[.,]\d{1,4})?|\bcero(?:[.,]\d+)?|\bun)\s?(%|por ?ciento)")
_TASA_SOLA = re.compile(
    r"\b(?:ppm|provisional(?:es)?|tasa|115)\W*(?:(?:es|son|de|del|al?|seria|fue|la|el|mensual|tasa)\W+){0,4}"
    r"(\d(?:[.,]\d{1,4})?)(?![\d.,%]| ?(?:mil|lucas?|k|m|millon|palo|pesos|clp))"
)
_NADA = re.compile(r"\b(?:no (?:tengo|hay|tuve|traigo|tenia|retuve|pago)|es cero|cero)\b")
# A month or a code is no amount, and a question tells nothing.
_NO_ES_MONTO = re.compile(r"\b(?:codigo )?(?:504|115|151)\b|\b20\d\d\b|\bf ?-?29\b")
_PREGUNTA = re.compile(
    r"\b(?:cuanto|cuanta|cual|que es|que significa|como se|como puedo|para que|por que)\b|^¿"
    r"|\b(?:puedo|debo|hay que|conviene)\b"
)
_PARTES = re.compile(r"[,;.] | y (?=.*\b(?:remanente|p\.?p\.?m|provisional|honorario|bhe|reten|retuv))")
_DEJA = re.compile(
    r"\bremanente (?:que )?(?:de|del|quedo de|quedo en|me quedo de)\b (?!\$|\d)|\b(?:dej[oe]|quedo)\b"
)
_MES_ANTERIOR = re.compile(r"\b(?:del? )?(?:mes|periodo) (?:anterior|pasado)\b|\banterior\b")


@dataclass(frozen=True, slots=True)
class Declarado:
    """A code of the form and its value: whole CLP, percent for 115; None takes back what was told.

    `monto` says that a rate was asked for and an amount told.
    """

    codigo: int
    valor: Decimal | None
    monto: bool = False


def read_declarados(texto: str) -> tuple[Declarado, ...]:
    """What a message tells of its writer's own form; nothing for questions and everything else."""
    if _PREGUNTA.search(normalize(texto)) and not asks_to_erase(texto):
        return ()
    return tuple(filter(None, map(_read, _PARTES.split(normalize(texto)))))


def _read(normal: str) -> Declarado | None:
    codigo = next((codigo for codigo, named in _CODIGOS if named.search(normal)), None)
    if codigo is None:
        return None
    if asks_to_erase(normal):
        return Declarado(codigo, None)
    plain = _NO_ES_MONTO.sub(" ", normal)
    return _rate(plain) if codigo == PPM else _amount(codigo, plain)


def without_previous_month(texto: str) -> str:
    """`mi remanente del mes anterior` is the code's own name, and says no month."""
    return _MES_ANTERIOR.sub(" ", normalize(texto))


def leaves_over(texto: str) -> bool:
    """`el remanente de octubre`, `octubre me dejó un remanente de…`: of the month that it comes from."""
    return _DEJA.search(normalize(texto)) is not None


def _amount(codigo: int, normal: str) -> Declarado | None:
    amount = None if "%" in normal else find_cantidad(normal)
    if amount is None:
        return Declarado(codigo, Decimal(0)) if _NADA.search(normal) else None
    return Declarado(codigo, Decimal(amount))


def _rate(normal: str) -> Declarado | None:
    found = _TASA.search(normal) or _TASA_SOLA.search(normal)
    if found:
        number = {"un": "1", "cero": "0"}.get(found[1], found[1]).replace("cero", "0").replace(",", ".")
        return Declarado(PPM, Decimal(number))
    if find_cantidad(normal) is not None:
        return Declarado(PPM, None, monto=True)
    return Declarado(PPM, Decimal(0)) if _NADA.search(normal) else None
