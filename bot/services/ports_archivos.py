"""Files of taxpayers: what was made for them and what they gave us."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.core.mensajes import Archivo
from bot.core.rut import Rut


@dataclass(frozen=True, slots=True)
class Contenido:
    """A file's bytes, and what they are."""

    nombre: str
    mime: str
    datos: bytes


@dataclass(frozen=True, slots=True)
class Guardado:
    """A file that is stored; without `expira` it stays until somebody erases it."""

    archivo: Archivo
    mime: str
    bytes: int
    creado: datetime
    expira: datetime | None = None


class Archivos(Protocol):
    """The store; each taxpayer reaches their own files and no others."""

    async def guardar(
        self, rut: Rut, contenido: Contenido, dura: timedelta | None = None, clave: str = ""
    ) -> Archivo:
        """Store a file under a name that nobody can guess, or under `clave` in the taxpayer's own folder.

        Raises:
            TaxpayerUnknownError: if nobody is registered with that RUT.
            ServiceUnavailableError: if it cannot be stored now; nothing is left of it.
        """
        ...

    async def leer(self, rut: Rut, archivo_id: str) -> Contenido | None:
        """The file, or None if there is no such file, no longer, or it is another's."""
        ...

    async def borrar(self, rut: Rut, archivo_id: str) -> bool: ...

    async def todos(self, rut: Rut) -> list[Guardado]: ...

    async def purgar(self) -> int: ...
