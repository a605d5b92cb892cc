"""Resident memory of each program, sampled while it works, and how fast it grows."""

import asyncio
import contextlib
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import psutil

from bench.noches import postmaster
from tests.stack import Stack

EVERY, WARMING = 3.0, 60.0
type Muestra = tuple[float, float]


@dataclass
class Memoria:
    """Samples (seconds, MB) of each life of each program."""

    vidas: dict[tuple[str, int], list[Muestra]] = field(default_factory=lambda: defaultdict(list))

    async def watch(self, stack: Stack) -> None:
        """Sample until cancelled."""
        while True:
            running = await asyncio.to_thread(stack.programs)
            with contextlib.suppress(OSError, ValueError, psutil.Error):
                running["PostgreSQL"] = postmaster(stack.data)
            for name, process in running.items():
                with contextlib.suppress(psutil.Error):
                    resident = await asyncio.to_thread(_resident, process)
                    self.vidas[(name, process.pid)].append((time.monotonic(), resident))
            await asyncio.sleep(EVERY)

    def programs(self) -> list[str]:
        return sorted({name for name, _ in self.vidas})

    def slope(self, name: str) -> float | None:
        """MB a second; None if no life was long enough."""
        return slope(warm(vida) for (whose, _), vida in self.vidas.items() if whose == name)

    def most(self, name: str) -> float:
        return max(mb for (whose, _), vida in self.vidas.items() if whose == name for _, mb in vida)


def warm(vida: Sequence[Muestra]) -> list[Muestra]:
    """Without the first minute, in which a program loads what it needs."""
    return [(when, mb) for when, mb in vida if when - vida[0][0] >= WARMING]


def slope(vidas: Iterable[Sequence[Muestra]]) -> float | None:
    """The common slope by least squares, each life about its own mean; None if nothing can be told.

    A restart takes memory back to where it began, and is no part of what a program grows.
    """
    above = below = 0.0
    for vida in vidas:
        if not vida:
            continue
        middle, level = (sum(values) / len(vida) for values in zip(*vida, strict=True))
        above += sum((when - middle) * (mb - level) for when, mb in vida)
        below += sum((when - middle) ** 2 for when, _ in vida)
    return above / below if below else None


def _resident(process: psutil.Process) -> float:
    """MB of a program with its children, of which shared pages are not counted twice."""
    family = [process, *process.children(recursive=True)]
    if len(family) == 1:
        return float(process.memory_info().rss) / 2**20
    return sum(float(one.memory_full_info().pss) for one in family) / 2**20
