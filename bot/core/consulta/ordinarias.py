"""Whether a word is one of ordinary messages, also misspelt."""

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.core.consulta.meses import month_of, number_of, ordinal_of
from bot.core.consulta.palabras import NOMBRES_DE_PILA, RUBROS
from bot.core.consulta.tipos import names_type
from bot.core.consulta.vocabulario import CAMBIAN, CENTRALES, COSAS, ORDINARIAS_DE_CHARLA
from bot.core.oido import as_heard

_MIN_TYPO = 6
# Forms that only verbs and adverbs have.
_VERBAL = re.compile(
    r"[a-z]{2,}(?:iendo|[ai]ste|aron|ieron|[aei]r(?:me|l[aeo]s?)|mel[ao]s?|[ae]riamos|abamos|[ae]ndo(?:me|l[ao]s?)"
    r"|mente|isim[ao]s?)|[a-z]{3,}(?:[aei]mos|ear|izar|ecer|ducir)"
)
_RISAS = ("aj", "ja", "je", "ji", "js", "xd", "hah")


def _shortened(word: str) -> Iterator[str]:
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]


_OIDAS = frozenset(as_heard(word) for word in ORDINARIAS_DE_CHARLA if len(word) > 3)
_CENTRALES = frozenset(word for word in map(as_heard, CENTRALES) if len(word) >= _MIN_TYPO - 1)
_ACORTADAS = frozenset(short for word in _CENTRALES for short in _shortened(word))
_CAMBIAN_OIDAS = frozenset(as_heard(word) for word in CAMBIAN | COSAS)


@lru_cache(maxsize=16_384)
def is_ordinary(word: str) -> bool:
    """Whether a normalized word is one of greetings, questions, accounting or dates, also misspelt."""
    if word in CAMBIAN or word in COSAS:
        return False
    if len(word) <= 2 or len(word) > 24 or word in ORDINARIAS_DE_CHARLA or _is_laughter(word):
        return len(word) <= 24
    if month_of(word) or number_of(word) is not None or ordinal_of(word) or names_type(word):
        return True
    heard = as_heard(word)
    if _VERBAL.fullmatch(word) and word not in RUBROS | NOMBRES_DE_PILA:
        return True
    return heard not in _CAMBIAN_OIDAS and (heard in _OIDAS or _is_typo(heard))


def _is_laughter(word: str) -> bool:
    return word[:2] in _RISAS and set(word) <= set("aeijhsxd")


def _is_typo(heard: str) -> bool:
    """One letter more, less, changed or swapped, in a word long enough to be sure of."""
    if len(heard) < _MIN_TYPO - 1 or heard in _CAMBIAN_OIDAS:
        return False
    shorter = set(_shortened(heard))
    missing = heard in _ACORTADAS
    extra = len(heard) >= _MIN_TYPO and bool(shorter & _CENTRALES)
    return missing or extra or (len(heard) >= _MIN_TYPO and _one_changed(heard))


def _one_changed(heard: str) -> bool:
    """Whether one letter changed, or two neighbours swapped, makes a central word."""
    swapped = (heard[:at] + heard[at + 1] + heard[at] + heard[at + 2 :] for at in range(len(heard) - 1))
    if any(word in _CENTRALES for word in swapped):
        return True
    changed = (
        f"{heard[:at]}{letter}{heard[at + 1 :]}"
        for at in range(1, len(heard))
        for letter in "abcdefghijklmnoprstuvxyzC"
    )
    return any(word in _CENTRALES for word in changed)
