"""The SII password, one-time links, and the keys of programs."""

import hmac
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta

from bot.core.errors import LinkInvalidError, NotAuthenticatedError
from bot.services.acceso import digest
from bot.services.cuentas import CONSENT_VERSION
from bot.services.limites import require
from bot.services.ports import Contribuyentes, Quien, Reloj
from bot.services.ports_acceso import Bitacora, Cifrador, Cliente, Limites
from bot.services.ports_secretos import (
    Claves,
    EnlaceAbierto,
    Enlaces,
    Llave,
    Llaves,
    PropositoEnlace,
    TipoLlave,
)
from bot.services.ports_sincronizacion import Alta

LINK_LIFE = timedelta(minutes=10)


class ClavesService:
    """The taxpayer's SII password: encrypted, with consent, revocable at any time."""

    def __init__(
        self, claves: Claves, cifrador: Cifrador, bitacora: Bitacora, reloj: Reloj, alta: Alta | None = None
    ) -> None:
        """`alta` uses a new clave at once."""
        self._alta = alta
        self._claves = claves
        self._cifrador = cifrador
        self._bitacora = bitacora
        self._reloj = reloj

    async def guardar(self, quien: Quien, clave: str, canal: str, enlace: str = "") -> None:
        """Keep it, with the consent that comes with it.

        Args:
            enlace: the secret of the link that it came by; it is used up if the clave is kept, and only then.

        Raises:
            LinkInvalidError: if the link was used meanwhile.
        """
        llave, ahora = self._cifrador.llave, self._reloj.ahora()
        used = digest(enlace) if enlace else ""
        await self._claves.save(
            quien.rut, self._cifrador.encrypt(clave), llave, CONSENT_VERSION, canal, ahora, enlace_hash=used
        )
        await self._bitacora.write("clave.guardada", quien.rut, canal=canal)
        if self._alta is not None:
            await self._alta.estrenar(quien)

    async def revocar(self, quien: Quien, canal: str) -> bool:
        """Forget it and the consent; false if there was none."""
        gone = await self._claves.delete(quien.rut, self._reloj.ahora())
        if gone:
            await self._bitacora.write("clave.revocada", quien.rut, canal=canal)
        return gone

    async def estado(self, quien: Quien) -> datetime | None:
        """Since when it is kept, if it is."""
        found = await self._claves.get(quien.rut)
        return found.creada if found else None

    async def recifrar(self, told: Callable[[int, int], None]) -> int:
        """Encrypt with the newest key what is encrypted with others; give how many claves that were.

        Args:
            told: how many are done, and of how many.
        """
        llave = self._cifrador.llave
        others = await self._claves.encrypted_with_others(llave)
        for done, (rut, cifrada) in enumerate(others, 1):
            renewed = self._cifrador.encrypt(self._cifrador.decrypt(cifrada))
            await self._claves.replace(rut, cifrada, renewed, llave)
            told(done, len(others))
        return len(others)


class EnlacesService:
    """Links that work once, for ten minutes, for one taxpayer and one purpose."""

    def __init__(
        self,
        enlaces: Enlaces,
        contribuyentes: Contribuyentes,
        limites: Limites,
        bitacora: Bitacora,
        reloj: Reloj,
        base: str,
    ) -> None:
        """`base` is where people reach the web pages, without a slash at its end."""
        self._enlaces = enlaces
        self._contribuyentes = contribuyentes
        self._limites = limites
        self._bitacora = bitacora
        self._reloj = reloj
        self._base = base

    async def enlace(self, quien: Quien, proposito: PropositoEnlace, canal: str) -> str:
        """A new link; an older one for the same purpose stops working.

        The secret comes after `#`, which browsers do not send: it reaches no log, and the previews that
        chats make of links do not use it up.

        Raises:
            TooManyRequestsError
        """
        await require(self._limites, ("enlace_rut", str(quien.rut)))
        token = secrets.token_urlsafe(24)
        expira = self._reloj.ahora() + LINK_LIFE
        await self._enlaces.new(quien.rut, digest(token), proposito, canal, expira)
        await self._bitacora.write("enlace.creado", quien.rut, proposito=proposito.value, canal=canal)
        return f"{self._base}/enlace#{token}"

    async def ver(self, token: str, cliente: Cliente) -> tuple[EnlaceAbierto, str]:
        """What a link is for, and the taxpayer's name; it is not used up.

        Raises:
            LinkInvalidError, TooManyRequestsError
        """
        await require(self._limites, ("enlace_ip", cliente.direccion))
        found = await self._enlaces.find(digest(token), self._reloj.ahora())
        if found is None:
            raise LinkInvalidError()
        contribuyente = await self._contribuyentes.get(found.rut)
        if contribuyente is None or contribuyente.bloqueado:
            raise LinkInvalidError()
        return found, contribuyente.nombre

    async def abierto(self, token: str, proposito: PropositoEnlace, cliente: Cliente) -> tuple[Quien, str]:
        """Whose link this is and of which channel, if it is for that purpose; it is not used up.

        Raises:
            LinkInvalidError, TooManyRequestsError
        """
        found, _ = await self.ver(token, cliente)
        if found.proposito is not proposito:
            raise LinkInvalidError()
        return Quien(found.rut), found.canal

    async def usar(self, token: str, proposito: PropositoEnlace, cliente: Cliente) -> tuple[Quien, str]:
        """Use a link up.

        Raises:
            LinkInvalidError, TooManyRequestsError
        """
        quien, canal = await self.abierto(token, proposito, cliente)
        if not await self._enlaces.use(quien.rut, digest(token), self._reloj.ahora()):
            raise LinkInvalidError()
        await self._bitacora.write("enlace.usado", quien.rut, proposito=proposito.value)
        return quien, canal


class LlavesService:
    """Keys of programs: several of each kind, named, hashed, revocable."""

    def __init__(self, llaves: Llaves, bitacora: Bitacora, reloj: Reloj, propias: Mapping[str, str]) -> None:
        """`propias` are the keys of the environment, by kind; they are accepted beside the stored ones."""
        self._llaves = llaves
        self._bitacora = bitacora
        self._reloj = reloj
        self._propias = propias

    async def quien_es(self, clave: str, tipo: str) -> str:
        """The name of a key of that kind.

        Raises:
            NotAuthenticatedError: if there is none, or it was revoked.
        """
        own = self._propias.get(tipo)
        if own is not None and hmac.compare_digest(digest(clave), digest(own)):
            return "entorno"
        name = await self._llaves.find(digest(clave), tipo, self._reloj.ahora())
        if name is None:
            raise NotAuthenticatedError()
        return name

    async def que_abre(self, clave: str) -> tuple[str, TipoLlave]:
        """The name of a key and its kind.

        Raises:
            NotAuthenticatedError: if there is none, or it was revoked.
        """
        for tipo in TipoLlave:
            with suppress(NotAuthenticatedError):
                return await self.quien_es(clave, tipo), tipo
        raise NotAuthenticatedError()

    async def crear(self, nombre: str, tipo: str) -> str | None:
        """A new key, shown this once; None if there is one of that name already."""
        clave = f"tributa_{tipo}_{secrets.token_urlsafe(32)}"
        if not await self._llaves.add(nombre, tipo, digest(clave), self._reloj.ahora()):
            return None
        await self._bitacora.write("llave.creada", actor=nombre, tipo=tipo)
        return clave

    async def lista(self) -> list[Llave]:
        """All of them, the revoked too."""
        return await self._llaves.list_()

    async def revocar(self, nombre: str) -> bool:
        """Accept it no more; false if there is no such key."""
        gone = await self._llaves.revoke(nombre, self._reloj.ahora())
        if gone:
            await self._bitacora.write("llave.revocada", actor=nombre)
        return gone
