"""What to offer when a message was not understood for certain."""

from collections.abc import Sequence
from dataclasses import dataclass

MOST = 3


@dataclass(frozen=True, slots=True)
class Umbrales:
    """How sure the engine must be, from 0 to 1; config.yml says how much each is, and why.

    `cerca` is how much of a guess the next one must have to count beside it, `minimo` what a topic must have
    to be offered at all, `persona` what is needed to call a person without asking first.
    """

    cerca: float
    minimo: float
    persona: float


def topics(ranking: Sequence[tuple[str, float]], umbrales: Umbrales) -> tuple[str, ...]:
    """The topics to offer: two if those two are close and stand out, else the three likeliest; or none.

    Args:
        ranking: intents that can be offered, with how likely each is, best first.
    """
    likely = [(name, sure) for name, sure in ranking if sure >= umbrales.minimo][:MOST]
    if len(likely) < 2:
        return ()
    sures = [sure for _, sure in likely] + [0.0]
    stand_out = sures[1] >= umbrales.cerca * sures[0] and sures[2] < umbrales.cerca * sures[1]
    return tuple(name for name, _ in (likely[:2] if stand_out else likely))
