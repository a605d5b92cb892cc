"""What secrets need from the outside: the SII's claves, one-time links, and the keys of programs."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.core.rut import Rut
from bot.services.ports import Quien


@dataclass(frozen=True, slots=True)
class ClaveGuardada:
    """An encrypted SII password, the key it is encrypted with, and since when it is there.

    `rechazada` is when the SII refused it, `estreno` when its first use began, `aceptada` when that was
    known to have gone well: with one and without the other, nobody knows whether the SII has seen it.
    """

    cifrada: str
    llave: str
    creada: datetime
    rechazada: datetime | None = None
    estreno: datetime | None = None
    aceptada: datetime | None = None


class Claves(Protocol):
    """Encrypted SII passwords."""

    async def get(self, rut: Rut) -> ClaveGuardada | None: ...

    async def save(
        self,
        rut: Rut,
        cifrada: str,
        llave: str,
        version: str,
        canal: str,
        ahora: datetime,
        *,
        enlace_hash: str = "",
    ) -> None: ...

    async def delete(self, rut: Rut, ahora: datetime) -> bool: ...

    async def reject(self, rut: Rut, cifrada: str, ahora: datetime) -> bool:
        """Note that the SII refused this one; false if the taxpayer has given another meanwhile."""
        ...

    async def begin(self, rut: Rut, cifrada: str, ahora: datetime) -> bool:
        """Note that its first use begins; false if one had begun already, or the clave is another now."""
        ...

    async def leave(self, rut: Rut, cifrada: str) -> None:
        """Its first use told nothing about it: there may be another first use."""
        ...

    async def accept(self, rut: Rut, cifrada: str, ahora: datetime) -> None:
        """The SII accepted it."""
        ...

    async def encrypted_with_others(self, llave: str) -> list[tuple[Rut, str]]: ...

    async def replace(self, rut: Rut, antes: str, cifrada: str, llave: str) -> None: ...


class PropositoEnlace(StrEnum):
    """What a one-time link opens."""

    CLAVE = "clave"
    DATOS = "datos"
    BORRAR = "borrar"
    PASSWORD = "password"  # noqa: S105  (a purpose, not a password)


@dataclass(frozen=True, slots=True)
class EnlaceAbierto:
    """A link that is still good."""

    rut: Rut
    proposito: PropositoEnlace
    canal: str
    expira: datetime


class Enlaces(Protocol):
    """One-time links, found by the hash of their token."""

    async def new(
        self, rut: Rut, token_hash: str, proposito: PropositoEnlace, canal: str, expira: datetime
    ) -> None: ...

    async def find(self, token_hash: str, ahora: datetime) -> EnlaceAbierto | None: ...

    async def use(self, rut: Rut, token_hash: str, ahora: datetime) -> bool: ...


class Enlazador(Protocol):
    """Hands out one-time links; gives the whole address."""

    async def enlace(self, quien: Quien, proposito: PropositoEnlace, canal: str) -> str: ...


class TipoLlave(StrEnum):
    """Which doors a key opens."""

    ADMIN = "admin"
    AGENTE = "agente"
    ENTRENADOR = "entrenador"


@dataclass(frozen=True, slots=True)
class Llave:
    """A key of a program, without the key."""

    id: int
    nombre: str
    tipo: str
    creada: datetime
    ultimo_uso: datetime | None
    revocada: datetime | None


class Llaves(Protocol):
    """Keys of programs, by their hash."""

    async def add(self, nombre: str, tipo: str, clave_hash: str, ahora: datetime) -> bool: ...

    async def find(self, clave_hash: str, tipo: str, ahora: datetime) -> str | None: ...

    async def list_(self) -> list[Llave]: ...

    async def revoke(self, nombre: str, ahora: datetime) -> bool: ...
