"""What the life of a contract needs: where it is kept, who looks for viruses in it, and its index."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from bot.core.contratos.anexos import Anexo
from bot.core.contratos.datos import Hechos
from bot.core.contratos.trozos import Trozo
from bot.core.rut import Rut
from bot.services.ports_archivos import Contenido

# How long a contract that was removed can be had back; nobody finds it meanwhile.
GRACIA = timedelta(minutes=10)


class EstadoContrato(StrEnum):
    """How far the reading of a contract is."""

    RECIBIDO = "recibido"
    LEYENDO = "leyendo"
    INDEXADO = "indexado"
    CON_ERROR = "con error"


@dataclass(frozen=True, slots=True)
class Ficha:
    """A contract as it is kept: what it is called, how far it was read, and what was found in it.

    `archivo_id` is the PDF in the file store; `motivo` says in Spanish why it could not be read; `trozos` are
    the passages in the index; `corregidos` the facts that a person confirmed or corrected, `leidos` then the
    facts as the PDF has them.
    """

    id: int
    archivo: str
    archivo_id: str
    estado: EstadoContrato
    creado: datetime
    motivo: str = ""
    paginas: int = 0
    paginas_leidas: int = 0
    trozos: int = 0
    hechos: Hechos = field(default_factory=Hechos)
    anexos: tuple[Anexo, ...] = ()
    anexo: Anexo | None = None
    avisos: tuple[tuple[str, tuple[int, ...]], ...] = ()
    corregidos: tuple[str, ...] = ()
    de: int | None = None
    reemplaza: int | None = None
    leidos: Hechos | None = None

    @property
    def terminado(self) -> bool:
        """Whether nothing more happens to it by itself."""
        return self.estado in (EstadoContrato.INDEXADO, EstadoContrato.CON_ERROR)


@dataclass(frozen=True, slots=True)
class Leido:
    """What reading a contract gave: all that is written down at once, or not at all.

    `nombre` is what its passages call it. `vectores` belong to `trozos` one by one, as little-endian 32-bit
    floats; `modelo` made them. `avisos` are what to know of some pages (`bot.services.ports_contratos.Nota`).
    """

    nombre: str
    paginas: int
    hechos: Hechos
    anexos: tuple[Anexo, ...]
    anexo: Anexo | None
    avisos: tuple[tuple[str, tuple[int, ...]], ...]
    trozos: Sequence[Trozo]
    vectores: Sequence[bytes]
    modelo: str


@dataclass(frozen=True, slots=True)
class Recepcion:
    """A contract that was taken in; `nuevo` is false if the same file was there already.

    `recuperado` is whether it had been removed, and is there again.
    """

    contrato: int
    nuevo: bool
    recuperado: bool = False


class Carpeta(Protocol):
    """Contracts; each taxpayer reaches their own and no others."""

    async def recibir(self, rut: Rut, contenido: Contenido, sha256: str, reemplaza: int | None) -> Recepcion:
        """Keep a PDF and queue its reading, together.

        One that could not be read before is queued again, and one that was removed comes back.

        Raises:
            TaxpayerUnknownError, ServiceUnavailableError
        """
        ...

    async def ficha(self, rut: Rut, contrato: int) -> Ficha | None: ...

    async def fichas(self, rut: Rut, *, apartados: bool = False) -> list[Ficha]: ...

    def turno(self, rut: Rut, contrato: int) -> AbstractAsyncContextManager[bool]:
        """The right to read a contract, for as long as the context lasts; false if somebody has it."""
        ...

    async def empezar(self, rut: Rut, contrato: int) -> int: ...

    async def avanzar(self, rut: Rut, contrato: int, leidas: int, paginas: int) -> None: ...

    async def indexar(self, rut: Rut, contrato: int, leido: Leido) -> bool: ...

    async def fallar(self, rut: Rut, contrato: int, motivo: str) -> bool: ...

    async def asignar(self, rut: Rut, anexo: int, de: int) -> None: ...

    async def cambiar(
        self, rut: Rut, contrato: int, archivo: str, hechos: Hechos, corregidos: Sequence[str], leidos: Hechos
    ) -> bool: ...

    async def apartar(self, rut: Rut, contrato: int) -> bool:
        """Hide a contract and queue its end for after `GRACIA`; whether there was one."""
        ...

    async def recuperar(self, rut: Rut, contrato: int) -> bool:
        """Show one again that was hidden; whether it was still there."""
        ...

    async def reemplazar(self, rut: Rut, viejo: int, nuevo: int) -> bool:
        """Hide one for which a newer version stands, to which its annexes belong from now on."""
        ...

    async def eliminar(self, rut: Rut, contrato: int, *, vencido: bool = False) -> bool:
        """Remove a contract, hidden or not, with its files; `vencido`: only if its `GRACIA` is over."""
        ...

    async def imagen(self, rut: Rut, contrato: int, pagina: int) -> str | None: ...

    async def guardar_imagen(self, rut: Rut, contrato: int, pagina: int, archivo_id: str) -> None: ...


class Antivirus(Protocol):
    """Who looks at files before they are taken in."""

    async def ready(self) -> bool: ...

    async def revisar(self, ruta: Path) -> None:
        """Return if nothing was found.

        Raises:
            VirusFoundError: if something was.
            ScannerUnavailableError: if it cannot be told now.
        """
        ...


class Vectorizador(Protocol):
    """Makes vectors of texts."""

    @property
    def nombre(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    async def consulta(self, texto: str) -> bytes:
        """The vector of a question, of length one, as little-endian 32-bit floats.

        Raises:
            ServiceUnavailableError
        """
        ...

    async def vectores(self, trozos: Sequence[tuple[str, str]]) -> list[bytes]:
        """Those of passages, each given as where it stands and its text.

        The first `4 * dimension` bytes are as in `consulta`; those of its sentences follow.

        Raises:
            ServiceUnavailableError
        """
        ...


@dataclass(frozen=True, slots=True)
class Pasaje:
    """A passage of the index with its vector; `contexto` says where in the contract it is."""

    id: int
    contrato_id: int
    archivo: str
    pagina: int
    clausula: str
    contexto: str
    texto: str
    modelo: str
    vector: bytes


class Pasajes(Protocol):
    """The passages of contracts: the source that every index is made from."""

    async def pasajes(self, rut: Rut, contratos: Sequence[int] = ()) -> list[Pasaje]: ...

    async def duenos(self) -> Mapping[Rut, Mapping[str, int]]:
        """How many passages there are of each taxpayer, by model."""
        ...

    async def revectorizar(self, rut: Rut, vectores: Mapping[int, bytes], modelo: str) -> None: ...


class Espejo(Protocol):
    """A copy of the vectors on a server, always with whose they are.

    Raises ServiceUnavailableError if the server does not answer.
    """

    async def ready(self) -> bool: ...

    async def contar(self) -> int: ...

    async def vaciar(self) -> None: ...

    async def poner(self, rut: Rut, vectores: Mapping[int, bytes]) -> None: ...

    async def olvidar(self, rut: Rut) -> None: ...

    async def buscar(self, rut: Rut, vector: bytes, limite: int) -> Mapping[int, float]: ...
