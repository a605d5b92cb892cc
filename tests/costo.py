"""What reading a text costs, as a multiple of an ordinary one: seconds would measure the machine."""

import time
from collections.abc import Callable
from contextlib import suppress

from bot.core.errors import BotError

_ORDINARY = "cuánto le vendí a la ferretería el clavo en marzo de 2026 y qué facturas faltan por reclamar, "
# The dearest text known costs five times an ordinary one; what backtracks costs hundreds or thousands.
TOO_DEAR = 40


def dearness(read: Callable[[str], object], texto: str) -> float:
    """How many times as much processor time `texto` takes as an ordinary text of its length."""
    ordinary = (_ORDINARY * (len(texto) // len(_ORDINARY) + 1))[: len(texto)]
    return min(_spent(read, texto) for _ in range(2)) / min(_spent(read, ordinary) for _ in range(2))


def _spent(read: Callable[[str], object], texto: str) -> float:
    begun = time.process_time()
    with suppress(BotError):
        read(texto)
    return time.process_time() - begun
