"""Names of months and numbers in words, with the spellings that people use."""

import re
from difflib import get_close_matches
from functools import lru_cache

from bot.core.periodo import MESES

_ABREVIADOS = "ene feb mar abr may jun jul ago sep oct nov dic".split()
_FORMAS = {
    1: "enro enreo eneo enerp ener eneor henero",
    2: "febre fevrero febreo febero hebrero fbrero frebrero feberero fberero",
    3: "marso marz mrzo marzp mazro",
    4: "avril abrl arbil abirl avr",
    5: "mayi mallo",
    6: "juno juino jumio juny",
    7: "jlio juilo hulio julo",
    8: "agoto agos agto agst agsto agosot agusto agosyo ahosto",
    9: "sept set setiembre setiemb septi septiem sepbre",
    10: "octu octub otubre ocubre octuvre",
    11: "nov novi noviem nobiembre novbre",
    12: "dici diciem disiembre dicbre",
}
_EXACTOS = (
    {nombre: number for number, nombre in enumerate(MESES, 1)}
    | {corto: number for number, corto in enumerate(_ABREVIADOS, 1)}
    | {forma: number for number, formas in _FORMAS.items() for forma in formas.split()}
)
_LARGOS = ["febrero", "agosto", "septiembre", "setiembre", "octubre", "noviembre", "diciembre"]
_NO_SON_MESES = frozenset(
    "angosto augusto agosta agostini gasto acosto nombre hombre miembro siembre febril".split()
)
AMBIGUOS = frozenset({"mar", "set", "may", "dic", "mallo"})


def _as_heard(word: str) -> str:
    """The word without what cannot be heard: silent h, b for v, s for z, m before b."""
    return word.replace("h", "").replace("v", "b").replace("z", "s").replace("nb", "mb")


_OIDOS = {_as_heard(mes): number for mes, number in _EXACTOS.items() if len(mes) >= 4 and mes not in AMBIGUOS}

_UNIDADES = "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince".split()
_VEINTI = (
    "veinte veintiuno veintidos veintitres veinticuatro "
    "veinticinco veintiseis veintisiete veintiocho veintinueve"
)
_NUMEROS = (
    {word: number for number, word in enumerate(_UNIDADES)}
    | {word: number for number, word in enumerate("dieciseis diecisiete dieciocho diecinueve".split(), 16)}
    | {word: number for number, word in enumerate(_VEINTI.split(), 20)}
    | {"un": 1, "una": 1, "primero": 1, "treinta": 30}
)
_RAICES = {
    "primer": 1, "segund": 2, "tercer": 3, "cuart": 4, "quint": 5, "sext": 6,
    "septim": 7, "octav": 8, "noven": 9, "decim": 10,
    "undecim": 11, "onceav": 11, "duodecim": 12, "doceav": 12,
}  # fmt: skip
_ORDINALES = {raiz + fin: number for raiz, number in _RAICES.items() for fin in ("", "o", "a", "os", "as")}
_ORDINAL_EN_CIFRAS = re.compile(r"(\d{1,2})(?:er|ero|ro|do|to|mo|era|ra|da|ta|o|a|°)", re.ASCII)


@lru_cache(maxsize=4096)
def month_of(word: str) -> int | None:
    """The number of the month that a normalized word names, also misspelt or abbreviated."""
    if word in _EXACTOS:
        return _EXACTOS[word]
    if not 4 <= len(word) <= 13 or word in _NO_SON_MESES:
        return None
    single = re.sub(r"(.)\1", r"\1", word)
    if single in _EXACTOS and single not in AMBIGUOS:
        return _EXACTOS[single]
    heard = _as_heard(word)
    if heard in _OIDOS:
        return _OIDOS[heard]
    near = [
        mes for mes in _LARGOS if abs(len(mes) - len(heard)) <= 2 and (mes[0] == heard[0] or len(mes) > 8)
    ]
    found = get_close_matches(word, near, n=1, cutoff=0.83) or get_close_matches(
        heard, near, n=1, cutoff=0.83
    )
    return _EXACTOS[found[0]] if found else None


def number_of(token: str) -> int | None:
    """`3`, `tres`; None for anything that is no small number or year."""
    if token.isdigit() and token.isascii():
        return int(token) if len(token) <= 4 else None
    return _NUMEROS.get(token)


def ordinal_of(token: str) -> int | None:
    """`primer`, `2do`, `3°`."""
    written = _ORDINAL_EN_CIFRAS.fullmatch(token)
    return int(written[1]) if written else _ORDINALES.get(token)


def join_years(tokens: list[str]) -> list[str]:
    """Years in words become digits: `dos mil veinticuatro` → `2024`, `dos mil treinta y uno` → `2031`."""
    joined: list[str] = []
    at = 0
    while at < len(tokens):
        year, width = _year_in_words(tokens[at : at + 5])
        joined.append(str(year) if width else tokens[at])
        at += width or 1
    return joined


def _year_in_words(tokens: list[str]) -> tuple[int, int]:
    if tokens[:2] != ["dos", "mil"] or len(tokens) < 3:
        return 0, 0
    tens = _NUMEROS.get(tokens[2])
    if not tens:
        return 0, 0
    if (
        tens in {10, 20, 30}
        and tokens[3:4] == ["y"]
        and len(tokens) > 4
        and 1 <= _NUMEROS.get(tokens[4], 0) <= 9
    ):
        return 2000 + tens + _NUMEROS[tokens[4]], 5
    return 2000 + tens, 3
