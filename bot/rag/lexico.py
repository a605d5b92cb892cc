"""Words in common, weighed by how rare they are: Spanish stems without accents."""

import math
import re
import threading
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

import Stemmer

from bot.core.texto import normalize

_WORD = re.compile(r"[^\W_]+")
_STOP = frozenset(
    "a al algo aqui asi como con cual cuales cuando cuanta cuantas cuanto cuantos cuentas de del desde"
    " donde e el ellos en entre era es esa ese eso esta estan este esto estoy fue ha han hasta hay la"
    " las le les lo los mas me mi mis mucho muy nada ni no nos o para pa pero po por porque pq q que quien se"
    " ser si sin sobre solo son soy su sus tal te tengo ti tiene tienen tu tus u un una unas uno unos va vez"
    " voy y ya yo hola gracias porfa favor puedo puede hago hacer hace".split()
)
_local = threading.local()


def stems(text: str) -> list[str]:
    """`¿Qué boletas emití?` → `['bolet', 'emit']`, without the words that every question has."""
    words = [word for word in _WORD.findall(normalize(text)) if word not in _STOP]
    found: list[str] = _stemmer().stemWords(words)
    return found


def _stemmer() -> "Stemmer.Stemmer":
    """One for each thread: PyStemmer's keep a cache that threads may not share."""
    if not hasattr(_local, "stemmer"):
        _local.stemmer = Stemmer.Stemmer("spanish")
    stemmer: Stemmer.Stemmer = _local.stemmer
    return stemmer


@lru_cache(maxsize=8192)
def _counted(text: str) -> Counter[str]:
    """The stems of a passage, which is asked about more than once."""
    return Counter(stems(text))


class Lexico:
    """Cosines of tf-idf between a question and texts."""

    def __init__(self, texts: Sequence[str]) -> None:
        counts = [_counted(text) for text in texts]
        seen = Counter(word for count in counts for word in count)
        self._idf = {word: math.log(1 + len(texts) / times) for word, times in seen.items()}
        self._rare = math.log(1 + len(texts))
        self._rows: dict[str, list[tuple[int, float]]] = {}
        for row, count in enumerate(counts):
            for word, weight in self._weigh(count).items():
                self._rows.setdefault(word, []).append((row, weight))
        self._size = len(texts)

    def scores(self, question: str) -> list[float]:
        """One for each text, from 0 to 1."""
        scores = [0.0] * self._size
        for word, weight in self._weigh(Counter(stems(question))).items():
            for row, other in self._rows.get(word, ()):
                scores[row] += weight * other
        return scores

    def _weigh(self, count: Counter[str]) -> dict[str, float]:
        """Of length one; words that no text has count as well, else one known word would be all."""
        weights = {
            word: (1 + math.log(times)) * self._idf.get(word, self._rare) for word, times in count.items()
        }
        length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        return {word: weight / length for word, weight in weights.items()}
