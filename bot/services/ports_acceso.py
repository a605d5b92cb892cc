"""What the door needs from the outside: sessions, codes, limits, secrets, notices."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from bot.core.rut import Rut
from bot.services.ports import Contribuyente


@dataclass(frozen=True, slots=True)
class Cliente:
    """Where a request comes from: its network (an IPv4 address or an IPv6 /64) and its program."""

    direccion: str
    dispositivo: str = ""


class Proposito(StrEnum):
    """What a one-time code confirms; a code of one purpose is worth nothing for another."""

    REGISTRO = "registro"
    LOGIN = "login"
    SEGUNDO = "segundo"
    PASSWORD = "password"  # noqa: S105  (a purpose, not a password)
    TELEFONO = "telefono"
    CANAL = "canal"


@dataclass(frozen=True, slots=True)
class Sesion:
    """An open session; `id` names it to its owner, the token is never stored."""

    id: int
    rut: Rut
    creada: datetime
    expira: datetime
    ultimo_uso: datetime
    dispositivo: str = ""


class Sesiones(Protocol):
    """Sessions, found by the hash of their token."""

    async def open(
        self,
        contribuyente: Contribuyente,
        token_hash: str,
        ahora: datetime,
        expira: datetime,
        dispositivo: str,
        direccion: str,
    ) -> bool: ...

    async def find(
        self, token_hash: str, ahora: datetime, desde: datetime, *, uso: bool = True
    ) -> Sesion | None: ...

    async def list_(self, rut: Rut, ahora: datetime, desde: datetime) -> list[Sesion]: ...

    async def close(self, token_hash: str, ahora: datetime) -> None: ...

    async def close_one(self, rut: Rut, sesion: int, ahora: datetime) -> bool: ...

    async def close_all(self, rut: Rut, ahora: datetime, salvo: int | None = None) -> int: ...

    async def knows(self, rut: Rut, direccion: Sequence[str]) -> bool: ...


@dataclass(frozen=True, slots=True)
class Solicitante:
    """Who asked for a code, as hashes: the handle that only they were given, and their address.

    Each in as many forms as there are keys that it may have been hashed with.
    """

    solicitud: Sequence[str]
    direccion: Sequence[str]


class Otps(Protocol):
    """One-time codes, hashed."""

    async def ask(
        self,
        rut: Rut,
        proposito: Proposito,
        solicitud: str,
        direccion: str,
        datos: Mapping[str, Any],
        ahora: datetime,
        expira: datetime,
    ) -> None: ...

    async def cancel(self, rut: Rut, ahora: datetime) -> None: ...

    async def set_code(self, rut: Rut, otp_id: int, codigo_hash: bytes) -> None: ...

    async def get(
        self, rut: Rut, otp_id: int, ahora: datetime
    ) -> tuple[Proposito, Mapping[str, Any]] | None: ...

    async def consume(
        self,
        rut: Rut,
        propositos: Sequence[Proposito],
        quien: Solicitante,
        hashes: Callable[[int], Sequence[bytes]],
        intentos: int,
        ahora: datetime,
        *,
        al_dia: int | None = None,
        gastar: bool = True,
    ) -> tuple[Proposito, Mapping[str, Any]] | None: ...

    async def pending(
        self, rut: Rut, proposito: Proposito, quien: Solicitante, ahora: datetime
    ) -> Mapping[str, Any] | None: ...


class Codigos(Protocol):
    """Makes one-time codes."""

    def new(self, largo: int) -> str: ...


class Sello(Protocol):
    """Keyed hashes, so that who reads the database cannot try out all codes or addresses."""

    def digest(self, proposito: str, *partes: str) -> str: ...

    def digests(self, proposito: str, *partes: str) -> Sequence[str]: ...


class Cifrador(Protocol):
    """Encrypts with the newest key; decrypts with any that is known. A key is told by its fingerprint."""

    @property
    def llave(self) -> str: ...

    def encrypt(self, texto: str) -> str: ...

    def decrypt(self, cifrado: str) -> str: ...


class Limites(Protocol):
    """How often something may be done. `regla` is one of bot.services.limites.REGLAS."""

    async def hit(self, regla: str, *partes: str) -> int:
        """Count one; 0 if it may be done, or else the seconds to wait."""
        ...

    async def purge(self) -> None:
        """Forget counts that are over."""
        ...


class Comunes(Protocol):
    """Passwords that everybody tries first."""

    def is_common(self, password: str) -> bool: ...


class Avisos(Protocol):
    """Queues a notice to a taxpayer's registered phone; `plantilla` is `utter_aviso_<plantilla>`."""

    async def queue(self, rut: Rut, plantilla: str, telefono: str = "") -> None: ...


class Juntos(Protocol):
    """What is written inside for that taxpayer is written together, or not at all."""

    def __call__(self, rut: Rut | None = None) -> AbstractAsyncContextManager[None]: ...


class Bitacora(Protocol):
    """The table `logs`: what was done, for whom and by whom; nothing personal in `datos`."""

    async def write(self, evento: str, rut: Rut | None = None, actor: str = "", **datos: Any) -> None: ...


@dataclass(frozen=True, slots=True)
class Consentimiento:
    """A consent as it was given: which text, when and where."""

    materia: str
    version: str
    canal: str
    momento: datetime
    revocado: datetime | None = None


class Consentimientos(Protocol):
    """Consents of a taxpayer."""

    async def list_(self, rut: Rut) -> list[Consentimiento]: ...

    async def give(self, rut: Rut, materia: str, version: str, canal: str, ahora: datetime) -> None: ...

    async def revoke(self, rut: Rut, materia: str, ahora: datetime) -> None: ...
