"""The door: passwords, second factor and sessions."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.errors import (
    AccountBlockedError,
    BotError,
    CredentialsError,
    NotAuthenticatedError,
    NotFoundError,
    PasswordWrongError,
    SecondFactorError,
)
from bot.core.rut import Rut
from bot.services.codigos import CodigosService
from bot.services.limites import require
from bot.services.ports import Contribuyente, Contribuyentes, Hasher, Quien, Reloj
from bot.services.ports_acceso import Bitacora, Cliente, Limites, Proposito, Sello, Sesion, Sesiones

SESSION_LIFE = timedelta(hours=24)
TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Abierta:
    """A session that was just opened; the token is shown this once."""

    token: str
    expira: datetime


class AccesoService:
    """Who may come in, and for how long."""

    def __init__(
        self,
        contribuyentes: Contribuyentes,
        sesiones: Sesiones,
        codigos: CodigosService,
        hasher: Hasher,
        limites: Limites,
        sello: Sello,
        bitacora: Bitacora,
        reloj: Reloj,
        ocio: timedelta,
    ) -> None:
        """`ocio` is how long a session may be idle."""
        self._contribuyentes = contribuyentes
        self._sesiones = sesiones
        self._codigos = codigos
        self._hasher = hasher
        self._limites = limites
        self._sello = sello
        self._bitacora = bitacora
        self._reloj = reloj
        self._ocio = ocio

    async def login(
        self,
        rut: Rut,
        password: str,
        cliente: Cliente,
        *,
        codigo: str | None = None,
        solicitud: str | None = None,
        anterior: str | None = None,
    ) -> Abierta:
        """Open a session, in the place of the one that this client had.

        While strangers try passwords for this RUT, a code is asked for from unknown addresses besides the
        password: so guessing leads nowhere, and the owner still gets in.

        Args:
            anterior: the token that came with the request, if any.

        Raises:
            CredentialsError: if RUT or password is wrong; unknown RUTs take as long as known ones.
            SecondFactorError: if a code is needed too; its `solicitud` goes with the code.
            CodeInvalidError, AccountBlockedError, TooManyRequestsError, ServiceUnavailableError
        """
        await require(
            self._limites,
            ("login_ip", cliente.direccion),
            ("login_rut_ip", str(rut), cliente.direccion),
        )
        known = await self._sesiones.knows(rut, self._sello.digests("direccion", cliente.direccion))
        # Strangers have tried too often; who came in from this address before is no stranger.
        under_attack = not known and await self._limites.hit("login_rut", str(rut)) > 0
        contribuyente = await self._contribuyentes.get(rut)
        hashed = contribuyente.password_hash if contribuyente else None
        right = await self._hasher.verify(password, hashed, conocido=known)
        if contribuyente is None or not right:
            await self._bitacora.write("acceso.rechazado", rut)
            raise await self._refusal(rut, cliente, under_attack=under_attack, codigo=codigo)
        if under_attack or contribuyente.segundo_factor:
            await self._require_code(rut, codigo, solicitud, cliente, under_attack=under_attack)
        if contribuyente.bloqueado:
            raise AccountBlockedError()
        if anterior:
            await self.logout(anterior)
        return await self.abrir(contribuyente, cliente)

    async def abrir(self, contribuyente: Contribuyente, cliente: Cliente) -> Abierta:
        """Open a session for who has proved to be that taxpayer.

        Raises:
            CredentialsError: if the password has changed or the account was blocked since it was looked at.
        """
        rut, token = contribuyente.rut, secrets.token_urlsafe(TOKEN_BYTES)
        ahora = self._reloj.ahora()
        direccion = self._sello.digest("direccion", cliente.direccion)
        opened = await self._sesiones.open(
            contribuyente, digest(token), ahora, ahora + SESSION_LIFE, cliente.dispositivo, direccion
        )
        if not opened:
            raise CredentialsError()
        await self._bitacora.write("acceso.entrada", rut)
        return Abierta(token, ahora + SESSION_LIFE)

    async def quien(self, token: str, *, uso: bool = True) -> Quien:
        """Whose session this is.

        Args:
            uso: whether the taxpayer is doing something; a page that is merely open must not keep a session.

        Raises:
            NotAuthenticatedError: if it is none, has ended or was idle for too long.
        """
        ahora = self._reloj.ahora()
        sesion = await self._sesiones.find(digest(token), ahora, ahora - self._ocio, uso=uso)
        if sesion is None:
            raise NotAuthenticatedError()
        return Quien(sesion.rut, sesion.id)

    async def logout(self, token: str) -> None:
        """End a session; ending it twice does nothing."""
        await self._sesiones.close(digest(token), self._reloj.ahora())

    async def sesiones(self, quien: Quien) -> list[Sesion]:
        """The taxpayer's open sessions, the last used first."""
        ahora = self._reloj.ahora()
        return await self._sesiones.list_(quien.rut, ahora, ahora - self._ocio)

    async def cerrar_sesion(self, quien: Quien, sesion: int) -> None:
        """End one of the own sessions.

        Raises:
            NotFoundError: if there is none of that number; another's is none.
        """
        if not await self._sesiones.close_one(quien.rut, sesion, self._reloj.ahora()):
            raise NotFoundError()
        await self._bitacora.write("acceso.sesion_cerrada", quien.rut)

    async def cerrar_todas(self, rut: Rut, salvo: int | None = None) -> int:
        """End all sessions of a taxpayer but one, and trust no address any more."""
        return await self._sesiones.close_all(rut, self._reloj.ahora(), salvo)

    async def confirmar(self, quien: Quien, password: str) -> Contribuyente:
        """Make sure that it is really the taxpayer, before what cannot be undone.

        Raises:
            PasswordWrongError, TooManyRequestsError
        """
        await require(self._limites, ("confirmar_rut", str(quien.rut)))
        contribuyente = await self.contribuyente(quien)
        if not await self._hasher.verify(password, contribuyente.password_hash, conocido=True):
            await self._bitacora.write("acceso.confirmacion_rechazada", quien.rut)
            raise PasswordWrongError()
        return contribuyente

    async def contribuyente(self, quien: Quien) -> Contribuyente:
        """The taxpayer who asks.

        Raises:
            NotAuthenticatedError: if the taxpayer is gone.
        """
        contribuyente = await self._contribuyentes.get(quien.rut)
        if contribuyente is None:
            raise NotAuthenticatedError()
        return contribuyente

    async def _refusal(
        self, rut: Rut, cliente: Cliente, *, under_attack: bool, codigo: str | None
    ) -> BotError:
        """Under attack a wrong password gets the answers that a right one would get."""
        if not under_attack:
            return CredentialsError()
        if codigo:
            return await self._codigos.confirmar_en_vano(cliente)
        asked = await self._codigos.pedir_segundo(rut, cliente, acertada=False)
        return SecondFactorError(solicitud=asked.token)

    async def _require_code(
        self, rut: Rut, codigo: str | None, solicitud: str | None, cliente: Cliente, *, under_attack: bool
    ) -> None:
        if codigo:
            await self._codigos.confirmar(rut, (Proposito.SEGUNDO,), codigo, solicitud, cliente)
            return
        asked = await self._codigos.pedir_segundo(rut, cliente, acertada=True, callar=under_attack)
        raise SecondFactorError(solicitud=asked.token)


def digest(token: str) -> str:
    """A random token of 128 bits or more needs no salt and no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
