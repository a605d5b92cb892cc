"""The questions, as people type them, and what a right answer says."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bench.contratos.hacer import Hecho

PATH = Path(__file__).parent / "preguntas.yml"
SIN_RESPUESTA = "sin_respuesta"


@dataclass(frozen=True)
class Pregunta:
    """A question: every group of `debe` needs one of its alternatives; `viejo` was replaced by an annex.

    `no_debe` belongs to somebody else or to an injection; `calculado` tells that the value follows from
    the contract without standing in it.
    """

    id: str
    rut: str
    split: str
    texto: str
    tipo: str
    marcas: tuple[str, ...] = ()
    debe: tuple[tuple[str, ...], ...] = ()
    viejo: tuple[str, ...] = ()
    no_debe: tuple[str, ...] = ()
    calculado: bool = False
    ataque: str | None = None

    @property
    def contratos(self) -> frozenset[str]:
        return frozenset(marca.split("#")[0] for marca in self.marcas)

    def paginas(self, hechos: Mapping[str, Hecho]) -> set[tuple[str, int]]:
        """The files and pages on which the decisive sentences stand."""
        pairs = (marca.split("#") for marca in self.marcas)
        return {(hechos[contrato].path.name, hechos[contrato].paginas[name]) for contrato, name in pairs}


@cache
def load() -> tuple[Pregunta, ...]:
    """Every question, in the order of the file."""
    return tuple(_parse(row) for row in yaml.load(PATH.read_text(), yaml.CSafeLoader))


def _parse(row: dict[str, Any]) -> Pregunta:
    lists = {name: tuple(row.get(name, ())) for name in ("marcas", "viejo", "no_debe")}
    return Pregunta(**row | lists | {"debe": tuple(tuple(group) for group in row.get("debe", ()))})
