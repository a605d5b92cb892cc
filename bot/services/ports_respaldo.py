"""What a backup needs of the database and of the store of files. None of it is for more than one thread."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from bot.core.respaldo import Derecho, Tabla


class Avance(Protocol):
    """Told how far a step is; `total` is None where nobody knows."""

    def __call__(self, paso: str, hecho: int, total: int | None) -> None: ...


class Instante(Protocol):
    """The database as it was at one moment, whatever is written meanwhile; until `soltar` files stay as they
    are: whoever wants to store or remove one waits."""

    @property
    def migracion(self) -> str: ...

    def soltar(self) -> None: ...

    def volcado(self) -> Iterator[bytes]:
        """Everything, in pieces of some megabytes.

        Raises:
            RespaldoError: if it cannot be read whole.
        """
        ...

    def tablas(self, avance: Avance) -> dict[str, Tabla]: ...

    def claves(self) -> dict[str, str]:
        """The keys of all files that rows tell of, and the SHA-256 that they say."""
        ...

    def derechos(self) -> Sequence[Derecho]: ...


class Base(Protocol):
    """The database."""

    def claves(self) -> list[str]:
        """The keys of all files, as of now."""
        ...

    def migracion(self) -> str: ...

    def instante(self) -> AbstractContextManager[Instante]: ...


class Bodega(Protocol):
    """The store of files."""

    def leer(self, clave: str) -> bytes | None: ...
