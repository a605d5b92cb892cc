"""Accounts: registration, password, phone, second factor; each act is confirmed by a code or the password."""

from bot.core.errors import CodeInvalidError, PasswordCommonError, PhoneMissingError
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
    Juntos,
    Limites,
    Proposito,
)
from bot.services.ports_canales import Vinculos

# Who changes what is consented to writes a new version; the texts are in docs/privacidad.md.
CONSENT_VERSION = "2026-11"
_REGISTRO = "registro"
_OPERADOR = "operador"


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
        vinculos: Vinculos,
        bitacora: Bitacora,
        juntos: Juntos,
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
        self._vinculos = vinculos
        self._bitacora = bitacora
        self._juntos = juntos
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

    async def registrar_sin_password(
        self, rut: Rut, telefono: str, nombre: str, cliente: Cliente, canal: str
    ) -> Solicitud:
        """Ask to be registered from a chat, where no password is ever typed.

        Raises:
            TooManyRequestsError, ServiceUnavailableError
        """
        datos = {
            "telefono": telefono,
            "nombre": nombre,
            "password_hash": None,
            "canal": canal,
            "version": CONSENT_VERSION,
        }
        return await self._codigos.pedir(rut, Proposito.REGISTRO, cliente, datos)

    async def crear(self, rut: Rut, telefono: str, nombre: str, canal: str) -> bool:
        """Register somebody whose channel proves the phone; false if there is such an account already.

        The account's owner gets a notice then.
        """
        try:
            await self._create(Contribuyente(rut, nombre, None, telefono), canal, CONSENT_VERSION)
        except CodeInvalidError:
            await self._avisos.queue(rut, "registro_repetido")
            return False
        return True

    async def poner_password(self, quien: Quien, nueva: str) -> None:
        """Set a password for who came through a one-time link, and end all sessions.

        Raises:
            PasswordCommonError
        """
        await self._set_password(await self._acceso.contribuyente(quien), nueva)

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
            The session, if the code was one to log in with, was asked for from an address that the taxpayer
            has come in from, and nothing else is asked of this account.

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
        alone = done.conocido and not contribuyente.segundo_factor
        return await self._acceso.abrir(contribuyente, cliente) if alone else None

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
        contribuyente = await self._contribuyentes.get(rut)
        known = (contribuyente.nombre, contribuyente.telefono or "") if contribuyente else ()
        # Only who has the right code may learn that it is the name or the phone, and keeps the code then.
        good = not self._is_guessable(nueva, str(rut), *known)
        await self._codigos.confirmar(rut, (Proposito.PASSWORD,), codigo, solicitud, cliente, gastar=good)
        if not good:
            raise PasswordCommonError()
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
        contribuyente = await self._acceso.contribuyente(quien)
        await self.poner_telefono(contribuyente, done.datos["telefono"], salvo=quien.sesion)

    async def poner_telefono(
        self, contribuyente: Contribuyente, telefono: str, *, actor: str = "", salvo: int | None = None
    ) -> None:
        """Put another phone in the place of the one there is, which is told; codes, sessions and its chats
        end."""
        rut, before = contribuyente.rut, contribuyente.telefono
        async with self._juntos(rut):
            await self._contribuyentes.change(rut, telefono=telefono)
            await self._codigos.anular(rut)
            await self._acceso.cerrar_todas(rut, salvo=salvo)
            await self._bitacora.write("cuenta.telefono", rut, actor)
            if before and before != telefono:
                await self._vinculos.soltar_telefono(rut, before)
                await self._avisos.queue(rut, "telefono_cambiado", self._cifrador.encrypt(before))

    async def corregir(self, quien: Quien, nombre: str) -> None:
        """Rectify the own name."""
        async with self._juntos(quien.rut):
            await self._contribuyentes.change(quien.rut, nombre=nombre)
            await self._bitacora.write("cuenta.nombre", quien.rut)

    async def segundo_factor(self, quien: Quien, password: str, *, activo: bool) -> None:
        """Ask for a code at each login from now on, or no more.

        Raises:
            PasswordWrongError, TooManyRequestsError
            PhoneMissingError: without a phone no code could arrive, and the account would be lost.
        """
        contribuyente = await self._acceso.confirmar(quien, password)
        if activo and not contribuyente.telefono:
            raise PhoneMissingError()
        async with self._juntos(quien.rut):
            await self._contribuyentes.change(quien.rut, segundo_factor=activo)
            await self._bitacora.write("cuenta.segundo_factor", quien.rut, activo=activo)

    async def consentimientos(self, quien: Quien) -> list[Consentimiento]:
        """What the taxpayer has consented to, oldest first."""
        return await self._consentimientos.list_(quien.rut)

    async def agregar(self, rut: Rut, nombre: str, password: str, telefono: str | None = None) -> None:
        """Add a taxpayer by hand, or renew the facts; a new password or phone is told and ends sessions."""
        known = await self._contribuyentes.get(rut)
        if known is None:
            first = await self._hasher.hash(password, conocido=True)
            await self._create(Contribuyente(rut, nombre, first, telefono), _OPERADOR, CONSENT_VERSION)
            return
        same = await self._hasher.verify(password, known.password_hash, conocido=True)
        hashed = None if same else await self._hasher.hash(password, conocido=True)
        async with self._juntos(rut):
            if nombre != known.nombre:
                await self._contribuyentes.change(rut, nombre=nombre)
                await self._bitacora.write("cuenta.nombre", rut, _OPERADOR)
            if hashed:
                await self._put_password(rut, hashed, actor=_OPERADOR)
            if telefono and telefono != known.telefono:
                await self.poner_telefono(known, telefono, actor=_OPERADOR)

    async def _create(self, contribuyente: Contribuyente, canal: str, version: str) -> None:
        rut = contribuyente.rut
        async with self._juntos(rut):
            if not await self._contribuyentes.add(contribuyente):
                raise CodeInvalidError()  # somebody else was quicker
            await self._consentimientos.give(rut, _REGISTRO, version, canal, self._reloj.ahora())
            await self._bitacora.write("cuenta.creada", rut, canal=canal)

    async def _set_password(self, contribuyente: Contribuyente, nueva: str, salvo: int | None = None) -> None:
        rut = contribuyente.rut
        self._check_password(nueva, str(rut), contribuyente.nombre, contribuyente.telefono or "")
        await self._put_password(rut, await self._hasher.hash(nueva, conocido=True), salvo=salvo)

    async def _put_password(
        self, rut: Rut, hashed: str, *, salvo: int | None = None, actor: str = ""
    ) -> None:
        async with self._juntos(rut):
            await self._contribuyentes.change(rut, password_hash=hashed)
            await self._acceso.cerrar_todas(rut, salvo)
            await self._bitacora.write("cuenta.password", rut, actor)
            await self._avisos.queue(rut, "password_cambiada")

    def _check_password(self, password: str, *conocidos: str) -> None:
        if self._is_guessable(password, *conocidos):
            raise PasswordCommonError()

    def _is_guessable(self, password: str, *conocidos: str) -> bool:
        """What everybody tries first: common passwords, and what is known of the taxpayer."""
        plain = _plain(password)
        guessable = {_plain(one) for one in (*conocidos, "tributa") if one}
        return self._comunes.is_common(password) or plain in guessable or len(set(plain)) < 3


def _plain(text: str) -> str:
    return "".join(filter(str.isalnum, text)).lower()
