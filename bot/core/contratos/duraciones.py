"""Spans of time in contracts, and the arithmetic of months."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from bot.core.contratos.numeros import read_numero
from bot.core.contratos.plano import plegar

_UNIDAD = re.compile(
    r"(?<![a-z])(?P<unidad>ano|dia|mes|semana|semestre|trimestre|bimestre|quincena|bienio|trienio|quinquenio)(?P<varios>e?s)?\b"
    r"(?: {1,2}(?P<clase>corrid|habil|calendario|seguid)[a-z]{0,3}\b)?"
    r"(?! {1,2}(?:del? (?:mes|enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep|octubre|nov|dic)))"
)
_FIGURA = re.compile(r"(?<![\d.,/-])(?P<n>\d{1,4}) ?(?:\([a-z ]{2,40}\) ?)?$")
_PALABRAS = re.compile(r"(?<![a-z])(?:[a-z]{1,14} {1,2}){1,6}(?:\( ?(?P<n>\d{1,4})[°.]? ?\) {0,2})?$")
_MESES = {
    "ano": 12,
    "bienio": 24,
    "trienio": 36,
    "quinquenio": 60,
    "semestre": 6,
    "trimestre": 3,
    "bimestre": 2,
    "mes": 1,
}
_DIAS = {"semana": 7, "quincena": 15, "dia": 1}
_MEDIO = re.compile(r" {1,2}y medio\b")


@dataclass(frozen=True, slots=True)
class Duracion:
    """So many months, or so many days (`habiles`: working days). Exactly one of both is not zero."""

    meses: int = 0
    dias: int = 0
    habiles: bool = False

    def despues_de(self, dia: date, veces: int = 1) -> date:
        """The same day so much later, repeated; the last day of a month that is too short for it."""
        return add_months(dia, self.meses * veces) + timedelta(days=self._corridos(self.dias * veces))

    def antes_de(self, dia: date) -> date:
        """The day that lies so much before another."""
        return add_months(dia, -self.meses) - timedelta(days=self._corridos(self.dias))

    def _corridos(self, dias: int) -> int:
        # Holidays are unknown here: a week has five working days, and part of one counts whole.
        return -(-dias * 7 // 5) if self.habiles else dias

    def __str__(self) -> str:
        if self.meses and self.dias:
            return f"{Duracion(self.meses)} y {Duracion(0, self.dias, self.habiles)}"
        if self.meses and self.meses % 12 == 0:
            anios = self.meses // 12
            return f"{anios} año{'s' if anios > 1 else ''}"
        if self.meses:
            return f"{self.meses} mes{'es' if self.meses > 1 else ''}"
        habil = (" hábiles" if self.dias > 1 else " hábil") if self.habiles else ""
        return f"{self.dias} día{'s' if self.dias != 1 else ''}{habil}"


@dataclass(frozen=True, slots=True)
class DuracionEscrita:
    """A duration and where a text says it."""

    inicio: int
    fin: int
    valor: Duracion


def add_months(dia: date, meses: int) -> date:
    """The same day of another month, or its last day: 31 January + 1 month is 28 or 29 February."""
    index = dia.year * 12 + dia.month - 1 + meses
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(dia.day, calendar.monthrange(year, month)[1]))


def find_duraciones(texto: str) -> list[DuracionEscrita]:
    """Every duration with its number: `12 meses`, `un año`, `dos (2) años`, `treinta días hábiles`."""
    plano = plegar(texto)
    found: list[DuracionEscrita] = []
    for unit in _UNIDAD.finditer(plano):
        start = max(0, unit.start() - 70)
        number = _number_before(plano[start : unit.start()])
        if number is None or not 0 < number[1] < 1200:
            continue
        meses, dias = (number[1] * table.get(unit["unidad"], 0) for table in (_MESES, _DIAS))
        half = _MEDIO.match(plano, unit.end()) if unit["unidad"] == "ano" else None
        valor = Duracion(meses + 6 * bool(half), dias, bool(dias) and unit["clase"] == "habil")
        inicio, fin = start + number[0], half.end() if half else unit.end()
        if found and plano[found[-1].fin : inicio] == " y " and found[-1].valor.meses:
            last = found.pop()
            inicio, valor = last.inicio, Duracion(last.valor.meses + meses, dias)
        found.append(DuracionEscrita(inicio, fin, valor))
    return found


def _number_before(before: str) -> tuple[int, int] | None:
    """Where the number that ends a text begins, and the number."""
    figure = _FIGURA.search(before)
    if figure:
        return figure.start("n"), int(figure["n"])
    words = _PALABRAS.search(before)
    if words is None:
        return None
    for word in re.finditer(r"[a-z]{2,14}", before[words.start() :]):
        at = words.start() + word.start()
        number = read_numero(before, at)
        rest = before[number.fin :] if number else "?"
        if number and re.fullmatch(r" *(?:\( ?\d{1,4}[°.]? ?\) *)?", rest):
            return at, number.valor
    return None
