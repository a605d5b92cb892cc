"""Text as people type it, made comparable."""

import re
import unicodedata

# One character can become eighteen in NFKC; no message of ours is longer than this.
_LONGEST = 4_000
_REPEATED = re.compile(r"([^\W\d_])\1{2,}")
_FOREIGN = re.compile(r"[^\x00-\x7f]")


def storable(texto: str) -> str:
    """Without what a database takes for no text: NUL and half characters."""
    return texto.replace("\x00", "").encode("utf-8", "ignore").decode()


def normalize(texto: str) -> str:
    """`  MUCHOOO   Año ` → `mucho ano`.

    NFKC, lower case, without accents (ñ → n) or invisible characters, one space between words,
    letters repeated three times or more once. Digits and punctuation stay.
    """
    lower = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", texto)[:_LONGEST].lower())
    composed = unicodedata.normalize("NFKC", _FOREIGN.sub(_visible, lower))
    return _REPEATED.sub(r"\1", " ".join(composed.split()))


def _visible(found: re.Match[str]) -> str:
    return "" if unicodedata.category(found[0]) in {"Mn", "Cf"} else found[0]
