"""Words by their sound: what people who spell by ear write alike."""

import re
from functools import lru_cache

_REGLAS = (
    (re.compile(r"[qk]u?(?=[eiaou])|c(?=[aou])|c(?=[lrt])"), "k"),
    (re.compile(r"c(?=[ei])|z"), "s"),
    (re.compile(r"g(?=[ei])"), "j"),
    (re.compile(r"ch"), "C"),
    (re.compile(r"h"), ""),
    (re.compile(r"[vw]"), "b"),
    (re.compile(r"ll"), "y"),
    (re.compile(r"n(?=[bp])"), "m"),
    (re.compile(r"(.)\1"), r"\1"),
)


@lru_cache(maxsize=16_384)
def as_heard(word: str) -> str:
    """The sound of a normalized word: one for `kiero` and `quiero`, and for `bendi` and `vendi`."""
    for written, heard in _REGLAS:
        word = written.sub(heard, word)
    return word
