"""What words there are: those of the language, and those of the training data, to mend mistyped ones."""

import sys
import unicodedata
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from zlib import crc32

sys.path.append(str(Path(__file__).resolve().parent.parent))

from bot.core.ortografia import Ortografia

# Words written less often than this are nothing to mend towards.
_USUAL = 3
# Words of that many sounds may have two slips.
_TWO_SLIPS = 8
# A word that is none of the language is a slip if the one it is near to is that many times as common.
_SLIP = 8
# Pronouns written together with a verb: "muéstramelas".
_CLITICOS = tuple(
    f"{first}{second}"
    for first in ("me", "te", "se", "nos", "")
    for second in ("lo", "la", "los", "las", "le", "les", "")
    if first or second
)


def bare(word: str) -> str:
    """Small letters without accents: `Mañana` is `manana`."""
    lower = word.lower()
    if lower.isascii():
        return lower
    return "".join(one for one in unicodedata.normalize("NFD", lower) if not unicodedata.combining(one))


class Reales:
    """Hundreds of thousands of words in three megabytes: a hash of each, in order.

    One in six thousand other words is taken for one of them, and stays unmended.
    """

    def __init__(self, hashes: bytes) -> None:
        self._hashes = array("I", hashes)

    @classmethod
    def of(cls, words: Iterable[str]) -> "Reales":
        return cls(array("I", sorted({_hash(bare(word)) for word in words})).tobytes())

    def tobytes(self) -> bytes:
        """What `Reales` is made of again."""
        return self._hashes.tobytes()

    def __contains__(self, word: str) -> bool:
        at = bisect_left(self._hashes, _hash(word))
        return at < len(self._hashes) and self._hashes[at] == _hash(word)

    def has(self, word: str) -> bool:
        """Whether it is one of them, or a verb that is with its pronouns."""
        return word in self or any(
            word.endswith(end) and len(word) > len(end) + 2 and word[: -len(end)] in self for end in _CLITICOS
        )


def _hash(word: str) -> int:
    return crc32(word.encode())


def spanish() -> Reales:
    """All words of Spanish in all their forms, from simplemma; takes seconds and is for training only."""
    # The engine in service does without it.
    from simplemma.strategies.dictionaries import DefaultDictionaryFactory  # noqa: PLC0415

    return Reales.of(DefaultDictionaryFactory(cache_max_size=0).get_dictionary("es"))


def learn(words: Iterable[str], reales: Reales) -> dict[str, int]:
    """The words of the training data that are none mistyped, and how often each is written."""
    counts = Counter(word for word in words if word.isascii() and word.isalpha())
    usual = {word: count for word, count in counts.items() if count >= _USUAL and reales.has(word)}
    language = ortografia(usual, reales)

    def stays(word: str, count: int) -> bool:
        meant = language.mend(word)
        return meant == word or counts[meant] < _SLIP * count

    jargon = {word: count for word, count in counts.items() if count > 1 and stays(word, count)}
    return {**usual, **jargon}


def ortografia(esperadas: Mapping[str, int], reales: Reales) -> Ortografia:
    """What mends towards words that were learnt."""
    return Ortografia(esperadas, reales.has, two=_TWO_SLIPS)
