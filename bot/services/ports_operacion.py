"""What operators are told of the installation as a whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Cola:
    """How many jobs of a queue are in a state; `espera` is how many seconds the oldest that could begin has
    waited."""

    nombre: str
    estado: str
    trabajos: int
    espera: float = 0.0


@dataclass(frozen=True, slots=True)
class Cifras:
    """The queues, and the index of contracts: its passages (PostgreSQL's estimate) and its bytes on disk."""

    colas: Sequence[Cola]
    pasajes: int
    octetos: int


class Operacion(Protocol):
    """What the database knows of how it goes; nobody's rows."""

    async def cifras(self) -> Cifras: ...

    async def hay_trabajador(self) -> bool:
        """Whether a worker has given a sign of life within a minute."""
        ...

    async def atrasados(self) -> frozenset[str]:
        """The channels with messages that could not be sent at several tries."""
        ...


class Dependencia(Protocol):
    """Something beside Tributa that can be asked whether it answers."""

    async def ready(self) -> bool: ...


type Dependencias = Mapping[str, Dependencia]
