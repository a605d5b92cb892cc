"""Numbers in Spanish words, cardinal, ordinal and roman, in folded text (`plano.plegar`)."""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import NamedTuple

from bot.core.contratos.plano import clave

_HASTA_29 = (
    "cero un dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis"
    " diecisiete dieciocho diecinueve veinte veintiun veintidos veintitres veinticuatro veinticinco"
    " veintiseis veintisiete veintiocho veintinueve"
).split()
_DECENAS = "treinta cuarenta cincuenta sesenta setenta ochenta noventa".split()
_CIENTOS = "dosc tresc cuatroc quin seisc setec ochoc novec".split()


def _keys(values: Mapping[str, int]) -> dict[str, int]:
    return {clave(word): value for word, value in values.items()}


_VALORES = _keys(
    {word: value for value, word in enumerate(_HASTA_29)}
    | {word: value * 10 for value, word in enumerate(_DECENAS, 3)}
    | {"uno": 1, "una": 1, "veintiuno": 21, "veintiuna": 21}
)
_CIEN = _keys(
    {"cien": 100, "ciento": 100}
    | {f"{word}ient{end}": value * 100 for value, word in enumerate(_CIENTOS, 2) for end in ("os", "as")}
    | {"quinientos": 500, "quinientas": 500}
)
_MIL = _keys({"mil": 1000})
_ESCALAS = (_keys({"billon": 10**12, "billones": 10**12}), _keys({"millon": 10**6, "millones": 10**6}))
_TODAS = {clave("y")}.union(_VALORES, _CIEN, _MIL, *_ESCALAS)
_PALABRA = re.compile(r"[a-z0-9|]+")
_ENTRE = re.compile(r" {1,3}")
_LARGO = 26


class Numero(NamedTuple):
    """A number read, and where in the text it ends (that place is not part of it)."""

    valor: int
    fin: int


class _Lector:
    """Words of a number, taken one by one from the left."""

    def __init__(self, plano: str, at: int) -> None:
        self.words: list[tuple[str, int]] = []
        self.at = 0
        while len(self.words) < _LARGO and (word := _PALABRA.match(plano, at)):
            key = clave(word[0])
            if key not in _TODAS:
                break
            self.words.append((key, word.end()))
            space = _ENTRE.match(plano, word.end())
            if space is None:
                break
            at = space.end()

    def take(self, values: Mapping[str, int]) -> int | None:
        if self.at < len(self.words) and self.words[self.at][0] in values:
            self.at += 1
            return values[self.words[self.at - 1][0]]
        return None

    def _below_100(self) -> int | None:
        value = self.take(_VALORES)
        if value is None or value % 10 or value < 20 or not self.take({"y": 1}):
            return value
        unit = self.take({word: number for word, number in _VALORES.items() if 0 < number < 10})
        if unit is None:
            self.at -= 1
        return value + (unit or 0)

    def _below_1000(self) -> int | None:
        hundreds = self.take(_CIEN)
        rest = self._below_100()
        return rest if hundreds is None else hundreds + (rest or 0)

    def _below_million(self) -> int | None:
        first = self._below_1000()
        if not self.take(_MIL):
            return first
        return (first or 1) * 1000 + (self._below_1000() or 0)

    def read(self) -> int | None:
        total, part = 0, self._below_million()
        found = part
        for scale in _ESCALAS:
            times = self.take(scale) if part is not None else None
            if times:
                total += (part or 0) * times
                part = self._below_million()
                found = total + (part or 0)
        return found


def read_numero(plano: str, at: int = 0) -> Numero | None:
    """The cardinal in words that begins at a place of a folded text; None if none does.

    `dos mil veinticuatro` → 2024, `mil doscientos millones` → 1200000000; up to 10^12 and what follows it.
    """
    lector = _Lector(plano, at)
    valor = lector.read() if lector.words else None
    return None if valor is None or not lector.at else Numero(valor, lector.words[lector.at - 1][1])


_RAICES = "primer segund tercer cuart quint sext septim octav noven".split()
_DIECES = (
    "decim vigesim trigesim cuadragesim quincuagesim sexagesim septuagesim octogesim nonagesim"
).split()


def _ordinales() -> dict[str, int]:
    roots = {root: value for value, root in enumerate(_RAICES, 1)} | {"setim": 7, "sptim": 7, "nono": 9}
    roots |= {root: value * 10 for value, root in enumerate(_DIECES, 1)} | {"undecim": 11, "duodecim": 12}
    joined = {
        start + root: tens + value
        for start, tens in (("decimo", 10), ("decimi", 10), ("vigesimo", 20), ("trigesimo", 30))
        for root, value in roots.items()
        if value < 10
    }
    joined |= {"decimoctav": 18, "decimonon": 19, "decimoprimer": 11}
    words = {root + end: value for root, value in (roots | joined).items() for end in "oa"}
    return _keys(words | {"primer": 1, "tercer": 3, "unico": 1, "unica": 1})


_ORDINALES = _ordinales()


def read_ordinal(plano: str, at: int = 0, *, flojo: bool = False) -> Numero | None:
    """The ordinal in words that begins at a place of a folded text: `decima octava` → 18, `primero` → 1.

    Args:
        flojo: take a long word that a scanner spoiled (`tergera`) for the ordinal that it resembles.
    """
    first = _one(plano, at, flojo)
    if first is None or first.valor % 10 or first.valor == 0:
        return first
    space = _ENTRE.match(plano, first.fin)
    second = _one(plano, space.end(), flojo) if space else None
    return Numero(first.valor + second.valor, second.fin) if second and second.valor < 10 else first


def _one(plano: str, at: int, flojo: bool) -> Numero | None:
    word = _PALABRA.match(plano, at)
    if word is None:
        return None
    key = clave(word[0])
    value = _ORDINALES.get(key)
    if value is None and flojo and 5 <= len(key) <= 15:
        near = get_close_matches(key, _ORDINALES, n=1, cutoff=0.83)
        value = _ORDINALES[near[0]] if near else None
    return None if value is None else Numero(value, word.end())


_ROMANO = re.compile(r"(?=[ivxl])(?:xl|l?x{0,3})(?:ix|iv|v?i{0,3})")
_CIFRAS = {"i": 1, "v": 5, "x": 10, "l": 50}


def read_romano(letras: str) -> int | None:
    """A roman number up to 89 in small letters: `xiv` → 14; None for anything else."""
    if not letras or not _ROMANO.fullmatch(letras):
        return None
    values = [_CIFRAS[letter] for letter in letras]
    return sum(-v if v < after else v for v, after in zip(values, [*values[1:], 0], strict=True))
