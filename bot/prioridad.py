"""Who may wait when the processor is short."""

import os
from contextlib import suppress
from pathlib import Path


def give_way(nice: int) -> None:
    """Let others go first; kernels that group processes by session look at the figure of the group only."""
    os.nice(nice)
    with suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(nice))
