"""The door: passwords and sessions."""

import hashlib
import secrets
from datetime import datetime, timedelta

from bot.core.errors import CredentialsError, NotAuthenticatedError
from bot.core.rut import Rut
from bot.services.ports import Contribuyente, Contribuyentes, Hasher, Quien, Reloj, Sesiones

SESSION_LIFE = timedelta(hours=24)
_TOKEN_BYTES = 32


class AccesoService:
    """Who may come in, and for how long."""

    def __init__(
        self, contribuyentes: Contribuyentes, sesiones: Sesiones, hasher: Hasher, reloj: Reloj
    ) -> None:
        self._contribuyentes = contribuyentes
        self._sesiones = sesiones
        self._hasher = hasher
        self._reloj = reloj

    async def login(self, rut: Rut, password: str) -> tuple[str, datetime]:
        """Open a session.

        Returns:
            The opaque token, shown once, and when it ends.

        Raises:
            CredentialsError: if RUT or password is wrong; unknown RUTs take as long as known ones.
        """
        contribuyente = await self._contribuyentes.get(rut)
        hashed = contribuyente.password_hash if contribuyente else None
        if not await self._hasher.verify(password, hashed):
            raise CredentialsError()
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        expira = self._reloj.ahora() + SESSION_LIFE
        await self._sesiones.open(rut, _digest(token), expira)
        return token, expira

    async def quien(self, token: str) -> Quien:
        """Whose session this is.

        Raises:
            NotAuthenticatedError: if it is none, or has ended.
        """
        sesion = await self._sesiones.find(_digest(token), self._reloj.ahora())
        if sesion is None:
            raise NotAuthenticatedError()
        return Quien(sesion.rut)

    async def logout(self, token: str) -> None:
        """End a session; ending it twice does nothing."""
        await self._sesiones.close(_digest(token))

    async def contribuyente(self, quien: Quien) -> Contribuyente:
        """The taxpayer who asks.

        Raises:
            NotAuthenticatedError: if the taxpayer is gone.
        """
        contribuyente = await self._contribuyentes.get(quien.rut)
        if contribuyente is None:
            raise NotAuthenticatedError()
        return contribuyente

    async def add(self, rut: Rut, nombre: str, password: str) -> None:
        """Add a taxpayer, or renew name and password; a new password ends all sessions."""
        known = await self._contribuyentes.get(rut)
        hashed = known.password_hash if known else None
        if not await self._hasher.verify(password, hashed):
            hashed = await self._hasher.hash(password)
            await self._sesiones.close_all(rut)
        await self._contribuyentes.save(Contribuyente(rut, nombre, hashed))


def _digest(token: str) -> str:
    """A 256-bit random token needs no salt and no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
