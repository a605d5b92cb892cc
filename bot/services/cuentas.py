"""Accounts: registration, password, phone, second factor; each act is confirmed by a code or the password."""

from dataclasses import replace

from bot.core.errors import CodeInvalidError, PasswordCommonError
from bot.core.rut import Rut
from bot.services.acceso import Abierta, AccesoService
from bot.services.codigos import CodigosService, Solicitud
from bot.services.limites import require
from bot.services.ports import Contribuyente, Contribuyentes, Hasher, Quien, Reloj
from bot.services.ports_acceso import (
    Avisos,
    Bitacora,
    Cifrador,
    Cliente,
    Comunes,
    Consentimiento,
    Consentimientos,
    Limites,
    Proposito,
)

# Who changes what is consented to writes a new version; the texts are in docs/privacidad.md.
CONSENT_VERSION = "2026-11"
_REGISTRO = "registro"


class CuentasService:
    """What a taxpayer does with the own account."""

    def __init__(
        self,
        contribuyentes: Contribuyentes,
        acceso: AccesoService,
        codigos: CodigosService,
        hasher: Hasher,
        comunes: Comunes,
        consentimientos: Consentimientos,
        limites: Limites,
        cifrador: Cifrador,
        avisos: Avisos,
        bitacora: Bitacora,
        reloj: Reloj,
    ) -> None:
        self._contribuyentes = contribuyentes
        self._acceso = acceso
        self._codigos = codigos
        self._hasher = hasher
        self._comunes = comunes
        self._consentimientos = consentimientos
        self._limites = limites
        self._cifrador = cifrador
        self._avisos = avisos
        self._bitacora = bitacora
        self._reloj = reloj

    async def registrar(
        self, rut: Rut, telefono: str, password: str, nombre: str, cliente: Cliente, canal: str
    ) -> Solicitud:
        """Ask to be registered; nothing is, until the code that goes to the phone comes back.

        A RUT that has an account gets the same answer, and its owner a notice instead of a code.

        Raises:
            PasswordCommonError, TooManyRequestsError, ServiceUnavailableError
        """
        await require(self._limites, ("registro_ip", cliente.direccion))
        self._check_password(password, str(rut), nombre, telefono)
        datos = {
            "telefono": telefono,
            "nombre": nombre,
            "password_hash": await self._hasher.hash(password),
            "canal": canal,
            "version": CONSENT_VERSION,
        }
        return await self._codigos.pedir(rut, Proposito.REGISTRO, cliente, datos)

    async def pedir_codigo(
        self, rut: Rut, proposito: Proposito | None, solicitud: str | None, cliente: Cliente
    ) -> Solicitud:
        """Ask for a code to log in with or to reset the password, or again for that of a registration."""
        if proposito is Proposito.PASSWORD:
            return await self._codigos.pedir(rut, proposito, cliente)
        return await self._codigos.repetir(rut, solicitud, cliente)

    async def verificar(
        self, rut: Rut, codigo: str, solicitud: str | None, cliente: Cliente
    ) -> Abierta | None:
        """Finish a registration, or log in with a code alone.

        Returns:
            The session, if the code was one to log in with and nothing else is asked of this account.

        Raises:
            CodeInvalidError, TooManyRequestsError, ServiceUnavailableError
        """
        both = (Proposito.REGISTRO, Proposito.LOGIN)
        done = await self._codigos.confirmar(rut, both, codigo, solicitud, cliente)
        if done.proposito is Proposito.REGISTRO:
            datos = done.datos
            await self._create(
                Contribuyente(rut, datos["nombre"], datos["password_hash"], datos["telefono"]),
                datos["canal"],
                datos["version"],
            )
            return None
        contribuyente = await self._contribuyentes.get(rut)
        if contribuyente is None or contribuyente.bloqueado:
            raise CodeInvalidError()
        return None if contribuyente.segundo_factor else await self._acceso.abrir(rut, cliente)

    async def cambiar_password(self, quien: Quien, actual: str, nueva: str) -> None:
        """Change the password and end the other sessions.

        Raises:
            PasswordWrongError, PasswordCommonError, TooManyRequestsError
        """
        contribuyente = await self._acceso.confirmar(quien, actual)
        await self._set_password(contribuyente, nueva, salvo=quien.sesion)

    async def recuperar_password(
        self, rut: Rut, codigo: str, solicitud: str | None, nueva: str, cliente: Cliente
    ) -> None:
        """Set a new password with a code that was asked for that, and end all sessions.

        Raises:
            CodeInvalidError, PasswordCommonError, TooManyRequestsError, ServiceUnavailableError
        """
        self._check_password(nueva, str(rut))  # before the code is used up
        await self._codigos.confirmar(rut, (Proposito.PASSWORD,), codigo, solicitud, cliente)
        contribuyente = await self._contribuyentes.get(rut)
        if contribuyente is None:
            raise CodeInvalidError()
        await self._set_password(contribuyente, nueva)

    async def pedir_telefono(self, quien: Quien, telefono: str, password: str, cliente: Cliente) -> Solicitud:
        """Ask to change the phone: the code goes to the new one.

        Raises:
            PasswordWrongError, TooManyRequestsError, ServiceUnavailableError
        """
        await self._acceso.confirmar(quien, password)
        datos = {"telefono": telefono}
        return await self._codigos.pedir(quien.rut, Proposito.TELEFONO, cliente, datos, probado=True)

    async def cambiar_telefono(
        self, quien: Quien, codigo: str, solicitud: str | None, cliente: Cliente
    ) -> None:
        """Change the phone, and tell the old one.

        Raises:
            CodeInvalidError, TooManyRequestsError, ServiceUnavailableError
        """
        done = await self._codigos.confirmar(quien.rut, (Proposito.TELEFONO,), codigo, solicitud, cliente)
        before = (await self._acceso.contribuyente(quien)).telefono
        await self._contribuyentes.change(quien.rut, telefono=done.datos["telefono"])
        await self._codigos.anular(quien.rut)
        await self._acceso.cerrar_todas(quien.rut, salvo=quien.sesion)
        await self._bitacora.write("cuenta.telefono", quien.rut)
        if before:
            await self._avisos.queue(quien.rut, "telefono_cambiado", self._cifrador.encrypt(before))

    async def corregir(self, quien: Quien, nombre: str) -> None:
        """Rectify the own name."""
        await self._contribuyentes.change(quien.rut, nombre=nombre)
        await self._bitacora.write("cuenta.nombre", quien.rut)

    async def segundo_factor(self, quien: Quien, password: str, *, activo: bool) -> None:
        """Ask for a code at each login from now on, or no more.

        Raises:
            PasswordWrongError, TooManyRequestsError
        """
        await self._acceso.confirmar(quien, password)
        await self._contribuyentes.change(quien.rut, segundo_factor=activo)
        await self._bitacora.write("cuenta.segundo_factor", quien.rut, activo=activo)

    async def consentimientos(self, quien: Quien) -> list[Consentimiento]:
        """What the taxpayer has consented to, oldest first."""
        return await self._consentimientos.list_(quien.rut)

    async def agregar(self, rut: Rut, nombre: str, password: str, telefono: str | None = None) -> None:
        """Add a taxpayer by hand, or renew the facts; a new password ends all sessions."""
        known = await self._contribuyentes.get(rut)
        if known is None:
            hashed = await self._hasher.hash(password)
            await self._create(Contribuyente(rut, nombre, hashed, telefono), "operador", CONSENT_VERSION)
            return
        if not await self._hasher.verify(password, known.password_hash):
            known = replace(known, password_hash=await self._hasher.hash(password))
            await self._acceso.cerrar_todas(rut)
        await self._contribuyentes.save(replace(known, nombre=nombre, telefono=telefono or known.telefono))

    async def _create(self, contribuyente: Contribuyente, canal: str, version: str) -> None:
        if not await self._contribuyentes.add(contribuyente):
            raise CodeInvalidError()  # somebody else was quicker
        await self._consentimientos.give(contribuyente.rut, _REGISTRO, version, canal, self._reloj.ahora())
        await self._bitacora.write("cuenta.creada", contribuyente.rut, canal=canal)

    async def _set_password(self, contribuyente: Contribuyente, nueva: str, salvo: int | None = None) -> None:
        rut = contribuyente.rut
        self._check_password(nueva, str(rut), contribuyente.nombre, contribuyente.telefono or "")
        await self._contribuyentes.change(rut, password_hash=await self._hasher.hash(nueva))
        await self._acceso.cerrar_todas(rut, salvo)
        await self._bitacora.write("cuenta.password", rut)
        await self._avisos.queue(rut, "password_cambiada")

    def _check_password(self, password: str, *conocidos: str) -> None:
        """Refuse what everybody tries first: common passwords, and what is known of the taxpayer."""
        plain = _plain(password)
        guessable = {_plain(one) for one in (*conocidos, "tributa") if one}
        if self._comunes.is_common(password) or plain in guessable or len(set(plain)) < 3:
            raise PasswordCommonError()


def _plain(text: str) -> str:
    return "".join(filter(str.isalnum, text)).lower()
