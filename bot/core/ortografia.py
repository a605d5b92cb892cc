"""Words mistyped, mended: what is no word at all becomes the one of those expected that is clearly nearest.

The engine imports this too, so it keeps to Python 3.10.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from bot.core.oido import as_heard

# Shorter ones are near to too many others.
_SHORTEST, _LONGEST = 4, 20
# In a word of fewer letters than this no slip is another letter.
_CHANGED = 6
_DOUBLED = re.compile(r"(.)\1")
# Of two equally near words the commoner is meant only if it is that many times as common.
_CLEARLY = 3


class Ortografia:
    """Mends towards a vocabulary and leaves every word of the language as it is."""

    def __init__(
        self, esperadas: Mapping[str, int], is_real: Callable[[str], bool], *, two: int = _LONGEST
    ) -> None:
        """Take the words to mend towards.

        Args:
            esperadas: normalized words (no accents, small letters), and how common each is.
            is_real: whether a normalized word is one of the language or somebody's name.
            two: words of that many sounds may have two slips, if `is_real` knows enough words for that.
        """
        self._esperadas, self._is_real, self._two = esperadas, is_real, two
        self._by_initial: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
        for word in esperadas:
            if len(word) >= _SHORTEST:
                heard = _sound(word)
                self._by_initial[heard[:1]].append((word, heard, _letters(heard)))
        self.mend = lru_cache(maxsize=16_384)(self._mend)

    def knows(self, word: str) -> bool:
        """Whether a word stays as it is written."""
        return word in self._esperadas or self._is_real(word)

    def _mend(self, word: str) -> str:
        """The word meant by a normalized one; itself if it is real, short, or near to none or to several."""
        if not (_SHORTEST <= len(word) <= _LONGEST and word.isascii() and word.isalpha()) or self.knows(word):
            return word
        single = _DOUBLED.sub(r"\1", word)
        if self.knows(single):
            return single
        found = sorted(self._near(word, 1)) or sorted(self._near(word, 2))
        if not found:
            return word
        nearest, best = found[0][:2], found[0][2]
        rivals = [self._esperadas[other] for *how, _, other in found[1:] if tuple(how) == nearest]
        return found[0][3] if not rivals or -best >= _CLEARLY * max(rivals) else word

    def _near(self, word: str, most: int) -> Iterator[tuple[int, bool, int, str]]:
        """Slips, whether letters were changed and not only swapped or doubled, how common, and the word."""
        heard = _sound(word)
        if most == 2 and len(heard) < self._two:
            return
        letters = _letters(heard)
        for initial in dict.fromkeys(heard[:2]):
            for other, sound, its in self._by_initial.get(initial, ()):
                if abs(len(sound) - len(heard)) > most or (letters ^ its).bit_count() > 2 * most:
                    continue
                slips = min(distance(heard, sound, most), distance(word, other, most))
                changed = letters != its
                another = changed and len(sound) == len(heard) and len(word) < _CHANGED
                if slips <= most and not another:
                    yield slips, changed, -self._esperadas[other], other


def _sound(word: str) -> str:
    """As it is heard, also where a slip leaves a c before what it never stands before: `cmopra`."""
    return as_heard(word).replace("c", "k")


def _letters(word: str) -> int:
    """The set of letters as bits."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) & 63)
    return bits


def distance(word: str, other: str, most: int) -> int:
    """Slips between two words: letters missing, too many, changed, or swapped with the next.

    It is what is called optimal string alignment; `most + 1` stands for anything above `most`.
    """
    if abs(len(word) - len(other)) > most:
        return most + 1
    while word and other and word[-1] == other[-1]:
        word, other = word[:-1], other[:-1]
    while word and other and word[0] == other[0]:
        word, other = word[1:], other[1:]
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(word):
        before, last, row = row, before, [at + 1]
        for to, another in enumerate(other):
            slips = min(row[to] + 1, before[to + 1] + 1, before[to] + (letter != another))
            if last and to and letter == other[to - 1] and word[at - 1] == another:
                slips = min(slips, last[to - 1] + 1)
            row.append(slips)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
