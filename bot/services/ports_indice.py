"""What answers about contracts are read from: the contracts as they were understood, and their index."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.contratos.anexos import Anexo
from bot.core.contratos.datos import Hechos
from bot.core.rut import Rut


@dataclass(frozen=True, slots=True)
class ContratoLeido:
    """A contract as it was read: what was found in it, and the annexes in the same file.

    If the document itself is an annex, `anexo` is what it changes and `de` the contract it belongs to, if
    that was found. `hechos` hold what the taxpayer corrected already; `leidos` are then as the PDF has them.
    """

    id: int
    archivo: str
    creado: datetime
    paginas: int
    hechos: Hechos
    anexos: tuple[Anexo, ...] = ()
    anexo: Anexo | None = None
    de: int | None = None
    leidos: Hechos | None = None


@dataclass(frozen=True, slots=True)
class Fragmento:
    """A passage of a contract in its own words; `puntaje` is how well it was found (0–1).

    `cercanas` tell how near each of its sentences (`piezas`) is to what was asked, if that was compared.
    """

    contrato_id: int
    archivo: str
    pagina: int
    clausula: str | None
    texto: str
    puntaje: float
    cercanas: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparacion:
    """All passages of a taxpayer, contract by contract in their order, compared with a question.

    `vector` is the question's.
    """

    fragmentos: Sequence[Fragmento]
    vector: Sequence[float]


class ContratosLeidos(Protocol):
    """The contracts of a taxpayer that can be asked about."""

    async def leidos(self, rut: Rut) -> Sequence[ContratoLeido]: ...


class IndiceContratos(Protocol):
    """Finds passages, always of one taxpayer."""

    async def buscar(
        self, rut: Rut, texto: str, limite: int, contratos: Sequence[int] = ()
    ) -> Sequence[Fragmento]:
        """The best passages, the best first; of these contracts only, if any are named."""
        ...

    async def comparar(self, rut: Rut, texto: str) -> Comparacion: ...
