"""Text of a contract made comparable, letter by letter: what is found in it has its place in the original."""

import re
import unicodedata

_LETRAS: dict[int, str] = {}
for _code in range(0x20, 0x250):
    _base = unicodedata.normalize("NFKD", chr(_code).lower())[:1]
    _LETRAS[_code] = _base if _base.isascii() else chr(_code).lower()[:1]
_LETRAS |= dict.fromkeys(map(ord, "\t\r\n\f\v\u00a0\u2003\u2009"), " ")
_LETRAS |= dict.fromkeys(map(ord, "–—−‐‑‒―"), "-") | dict.fromkeys(map(ord, "“”«»„"), '"')
_LETRAS |= dict.fromkeys(map(ord, "º°ª"), "°") | dict.fromkeys(map(ord, "’‘´`"), "'") | {ord("•"): "-"}
_CIFRA = {ord(letter): digit for letter, digit in zip("olsbz|i", "0158211", strict=True)}
# A letter that a scanner put for a digit stands beside digits and their separators and is no ordinal "1o".
_CONFUNDIDA = re.compile(
    r"(?<=\d)[osblz|i](?=\d)|(?<=\d[.,/-])[osl|i](?=\d)|(?<![\w.])[oli|](?=[.,]?\d)"
    r"|(?<=\d\d)o(?![a-z])|(?<=\d)oo(?!\w)|(?<=\d[.,])o(?=o?\d)"
    r"|(?<=\d{3}-)[l|io](?![a-z])|(?<=\d[.,])ooo(?!\w)"
)
_CIFRA_EN_PALABRA = re.compile(r"(?<=[a-z])[01|](?=[a-z]{2})|(?<=[a-z]{3})0\b|(?<=[a-z]{2})[1|](?=[a-z]\b)")
_DIGITO, _DE_PALABRA = re.compile(r"\d"), frozenset("01|")
_CLAVE = str.maketrans("l10|5", "iiois")


def plegar(texto: str) -> str:
    """Lower case without accents, every kind of space, dash and quote as one; as long as `texto`.

    What a scanner confused is put right: `$85O.OOO` → `$850.000`, `pr1mero` → `primero`.
    """
    folded = texto.translate(_LETRAS)
    if _DIGITO.search(folded):
        for _ in range(2):
            folded = _CONFUNDIDA.sub(lambda found: found[0].translate(_CIFRA), folded)
    # Most sentences have none of these, and the pattern looks behind at each letter.
    return _CIFRA_EN_PALABRA.sub(_letter, folded) if not _DE_PALABRA.isdisjoint(folded) else folded


def _letter(found: re.Match[str]) -> str:
    if found[0] == "0":
        return "o"
    around = found.string[found.start() - 1] + found.string[found.end()]
    return "l" if set(around) & set("aeiou") else "i"


def clave(palabra: str) -> str:
    """A folded word by which scanned and typed spellings are equal: `c1ausu|a`, `clausula` → `ciausuia`."""
    return palabra.translate(_CLAVE)
