"""What benchmarks found, kept beside them, and the page that is made of all of it.

Each benchmark prints its own tables and notes the figures that have a goal or a peer. `python -m bench` keeps
both under `bench/medidas` with the machine, the command and the day, and writes `docs/rendimiento.md` anew:
so the page holds the last run of each, whether they ran together or one by one.
"""

import contextlib
import io
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, TextIO

import psutil

from bot.settings import ROOT

KEPT = ROOT / "bench" / "medidas"
PAGE = ROOT / "docs" / "rendimiento.md"
HEAD = """# Rendimiento: lo medido, contra sus pares

Lo escribe `make bench`, o `python -m bench NOMBRE` para una sola medición: aquí queda la última de cada
una, con su máquina y su orden. «Razón» es lo nuestro dividido por el par. Una meta que no se alcanza
dice **no**.

| qué | Tributa | par | razón | meta | ¿se cumple? |
|---|---:|---:|---:|---|---|
"""
_noted: list["Medida"] = []


@dataclass(frozen=True, slots=True)
class Medida:
    """A figure in `unidad`, the peer's by its name; the goal is of the ratio or, without peer, the figure."""

    que: str
    valor: float
    unidad: str
    par: str = ""
    valor_par: float | None = None
    maximo: float | None = None
    minimo: float | None = None

    @property
    def razon(self) -> float | None:
        return self.valor / self.valor_par if self.valor_par else None

    @property
    def cumple(self) -> bool | None:
        """Whether the goal is reached; None without one."""
        judged = self.valor if self.razon is None else self.razon
        if self.maximo is not None:
            return judged <= self.maximo
        return None if self.minimo is None else judged >= self.minimo

    def row(self) -> str:
        """A line of the table."""
        peer = f"{_figure(self.valor_par)} {self.unidad} ({self.par})" if self.valor_par is not None else ""
        ratio = "" if self.razon is None else f"{_figure(self.razon)}"
        goal = f"≤ {_figure(self.maximo)}" if self.maximo is not None else ""
        goal = f"≥ {_figure(self.minimo)}" if self.minimo is not None else goal
        kept = {None: "", True: "sí", False: "**no**"}[self.cumple]
        cells = (self.que, f"{_figure(self.valor)} {self.unidad}", peer, ratio, goal, kept)
        return f"| {' | '.join(cells)} |"


def note(medida: Medida) -> None:
    """Have a figure in the table."""
    _noted.append(medida)


def run(name: str, bench: Callable[[], None]) -> None:
    """Run one, showing what it prints, and keep it; what fails keeps its last result."""
    _noted.clear()
    began, load = time.perf_counter(), os.getloadavg()[0]
    with _copied() as said:
        bench()
    kept = {
        "orden": f"python -m bench {name}",
        "dia": date.today().isoformat(),
        "maquina": machine(),
        "carga": round(load, 1),
        "segundos": round(time.perf_counter() - began),
        "medidas": [asdict(one) for one in _noted],
        "salida": said.getvalue().strip("\n"),
    }
    KEPT.mkdir(exist_ok=True)
    (KEPT / f"{name}.json").write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n")


def machine() -> str:
    """Processor, cores, memory and system, without a name of anybody's."""
    model = platform.processor() or platform.machine()
    with contextlib.suppress(OSError, StopIteration):
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next(one.split(": ", 1)[1] for one in lines if one.startswith("model name"))
    memory = psutil.virtual_memory().total / 2**30
    return f"{model}, {os.cpu_count()} núcleos, {memory:.0f} GB, {platform.system()} {platform.release()}"


def write(names: Sequence[str]) -> str:
    """Write the page of what is kept of these, in their order; gives the table."""
    held = {name: json.loads(_file(name).read_text()) for name in names if _file(name).exists()}
    rows = [Medida(**one).row() for kept in held.values() for one in kept["medidas"]]
    table = "\n".join((*HEAD.splitlines()[-2:], *rows))
    PAGE.write_text("\n".join((HEAD + "\n".join(rows), *_sections(held))) + "\n")
    return table


def _sections(held: dict[str, Any]) -> Iterator[str]:
    for name, kept in held.items():
        yield f"\n## {name}\n"
        yield f"`{kept['orden']}`, {kept['dia']}, {kept['segundos']} s; {kept['maquina']}; carga al empezar"
        yield f"{kept['carga']}.\n\n```\n{kept['salida']}\n```"


def _file(name: str) -> Path:
    return KEPT / f"{name}.json"


def _figure(value: float | None) -> str:
    """`1.234`, `12,3` or `0,93`."""
    if value is None:
        return ""
    if abs(value) >= 1000:
        return f"{value:,.0f}".replace(",", ".")
    return f"{value:.{1 if abs(value) >= 10 else 2}f}".replace(".", ",")


class _Both(io.StringIO):
    """Writes to the screen, and remembers."""

    def __init__(self, screen: TextIO) -> None:
        super().__init__()
        self._screen = screen

    def write(self, text: str) -> int:
        self._screen.write(text)
        self._screen.flush()
        return super().write(text)


@contextlib.contextmanager
def _copied() -> Iterator[io.StringIO]:
    with contextlib.redirect_stdout(_Both(sys.stdout)) as both:
        yield both
