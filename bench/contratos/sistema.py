"""What is evaluated: anything that takes contracts in and answers questions about them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class Cita:
    """A passage that an answer rests on; pages count from 1."""

    archivo: str
    pagina: int
    fragmento: str


@dataclass(frozen=True)
class RespuestaEvaluada:
    """An answer as a person gets it; the passage that decides comes first."""

    texto: str
    fuentes: tuple[Cita, ...]
    rechazo: bool
    segundos: float


class Sistema(Protocol):
    """One way to answer questions about contracts."""

    async def ingerir(self, rut: str, nombre: str, path: Path) -> str: ...

    async def preguntar(self, rut: str, texto: str) -> RespuestaEvaluada: ...
