"""Work that is put off, and until when."""

import random
from datetime import UTC, datetime

LONGEST_BACKOFF = 3600


class AplazadaError(Exception):
    """To be tried again after `espera` seconds, which is no failure."""

    def __init__(self, espera: float) -> None:
        super().__init__(espera)
        self.espera = espera


def backoff(fallos: int) -> float:
    """Seconds until the next try after so many failures in a row: about 1, 2, 4… minutes, an hour at most."""
    longest: int = min(60 << (fallos - 1), LONGEST_BACKOFF)
    return longest * random.uniform(0.7, 1.3)  # noqa: S311  (so that not all come back at once)


def until(hasta: datetime) -> float:
    """Seconds until the service may be asked again: by its time, not by the clock that answers use."""
    left = max(0.0, (hasta - datetime.now(UTC)).total_seconds())
    return left + random.uniform(0, 5)  # noqa: S311
