"""Names that sound like one that nobody has: what `¿Quisiste decir…?` offers."""

from collections.abc import Collection

from rapidfuzz import fuzz, process

from bot.core.consulta import own_words
from bot.core.oido import as_heard
from bot.core.reparto import short

_ALIKE = 68
BUTTON = 20


def similar_names(typed: str, nombres: Collection[str], many: int) -> list[str]:
    """The official names with a word that sounds like one of those typed, the likest first."""
    heard: dict[str, set[str]] = {}
    for nombre in nombres:
        for word in own_words(nombre):
            heard.setdefault(as_heard(word), set()).add(nombre)
    scores: dict[str, float] = {}
    for word in own_words(typed):
        found = process.extract(
            as_heard(word), heard.keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=many * 3
        )
        for like, score, _ in found:
            for nombre in heard[like]:
                scores[nombre] = max(score, scores.get(nombre, 0))
    return sorted(scores, key=lambda nombre: (-scores[nombre], nombre))[:many]


def button_name(nombre: str) -> str:
    """A name on a button of 20 letters: its own words before those of its trade and legal form."""
    own = own_words(nombre)
    words = [word for word in nombre.split() if own & own_words(word)] or nombre.split()
    whole = " ".join(words if len(nombre) > BUTTON else nombre.split())
    return short(whole.title(), BUTTON)
