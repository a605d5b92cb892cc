"""One-time codes: asked for, made and sent by the worker, tried."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.core.errors import CodeInvalidError, TooManyRequestsError
from bot.core.rut import Rut
from bot.services.limites import TRIES_PER_CODE, TRIES_PER_DAY, require
from bot.services.ports import Contribuyente, Contribuyentes, Reloj, Textos
from bot.services.ports_acceso import (
    Avisos,
    Bitacora,
    Cifrador,
    Cliente,
    Codigos,
    Limites,
    Otps,
    Proposito,
    Sello,
    Sesiones,
    Solicitante,
)
from bot.services.ports_canales import Mensajero

CODE_LIFE = timedelta(minutes=10)
_PARA = {
    Proposito.REGISTRO: "terminar tu registro",
    Proposito.LOGIN: "entrar",
    Proposito.SEGUNDO: "entrar",
    Proposito.PASSWORD: "cambiar tu contraseña",
    Proposito.TELEFONO: "confirmar este teléfono",
    Proposito.CANAL: "vincular un chat",
}
# With one of these a stranger would have everything, so it is longer.
_DIGITS = {Proposito.PASSWORD: 8, Proposito.CANAL: 8}
_PHONE_GIVEN = (Proposito.REGISTRO, Proposito.TELEFONO)


@dataclass(frozen=True, slots=True)
class Solicitud:
    """A request for a code: the handle that proves who asked, and until when."""

    token: str
    expira: datetime


@dataclass(frozen=True, slots=True)
class Confirmado:
    """What a right code confirms, and whether it was asked for by somebody known."""

    proposito: Proposito
    conocido: bool = False
    datos: Mapping[str, Any] = field(default_factory=dict)


class CodigosService:
    """Codes of six digits or eight, each for one purpose and for whoever asked; only hashes are kept.

    Asking does the same whoever is asked for. The worker finds out whether there is such a taxpayer, makes
    the code and sends it; trying again makes another code, so that no code is ever stored.
    """

    def __init__(
        self,
        otps: Otps,
        contribuyentes: Contribuyentes,
        sesiones: Sesiones,
        limites: Limites,
        codigos: Codigos,
        sello: Sello,
        cifrador: Cifrador,
        mensajero: Mensajero,
        avisos: Avisos,
        bitacora: Bitacora,
        textos: Textos,
        reloj: Reloj,
    ) -> None:
        self._otps = otps
        self._contribuyentes = contribuyentes
        self._sesiones = sesiones
        self._limites = limites
        self._codigos = codigos
        self._sello = sello
        self._cifrador = cifrador
        self._mensajero = mensajero
        self._avisos = avisos
        self._bitacora = bitacora
        self._textos = textos
        self._reloj = reloj

    async def pedir(
        self,
        rut: Rut,
        proposito: Proposito,
        cliente: Cliente,
        datos: Mapping[str, Any] | None = None,
        *,
        probado: bool = False,
    ) -> Solicitud:
        """Ask for a code.

        Args:
            datos: what the code will confirm; kept encrypted.
            probado: whoever asks has shown the password or a session, so strangers cannot use up this budget.

        Raises:
            TooManyRequestsError, ServiceUnavailableError
        """
        await self._require_place(rut, cliente)
        known = probado or await self._sesiones.knows(rut, self._direccion(cliente))
        level = "probado" if probado else "conocido" if known else "desconocido"
        budgets: list[tuple[str, ...]] = [(f"codigo_{level}", str(rut), proposito.value)]
        if proposito is Proposito.REGISTRO:
            # Of an account that there is not yet no one is the owner: what counts is whose phone rings.
            budgets = [("codigo_telefono_nuevo", (datos or {})["telefono"])]
        if not known:
            budgets.append(("codigo_todos", proposito.value))
        await require(self._limites, *budgets)
        return await self._ask(rut, proposito, cliente, {**self._close(datos or {}), "conocido": known})

    async def pedir_segundo(
        self, rut: Rut, cliente: Cliente, *, acertada: bool, callar: bool = False
    ) -> Solicitud:
        """Ask for the code of a second step.

        Args:
            acertada: the password was right; otherwise only do as if.
            callar: whoever asks must not learn from a limit whether it was: then no code comes.

        Raises:
            TooManyRequestsError, ServiceUnavailableError
        """
        await self._require_place(rut, cliente)
        if acertada:
            try:
                await require(self._limites, ("codigo_probado", str(rut), Proposito.SEGUNDO.value))
            except TooManyRequestsError:
                if not callar:
                    raise
                acertada = False
        datos = {"conocido": True} if acertada else {"nulo": True}
        return await self._ask(rut, Proposito.SEGUNDO, cliente, datos)

    async def repetir(self, rut: Rut, solicitud: str | None, cliente: Cliente) -> Solicitud:
        """Ask again for the code of a registration that is open, or else for one to log in with."""
        pending = await self._otps.pending(
            rut, Proposito.REGISTRO, self._solicitante(solicitud, cliente), self._reloj.ahora()
        )
        if pending is None:
            return await self.pedir(rut, Proposito.LOGIN, cliente)
        return await self.pedir(rut, Proposito.REGISTRO, cliente, self._open(pending))

    async def confirmar(
        self,
        rut: Rut,
        propositos: Sequence[Proposito],
        codigo: str,
        solicitud: str | None,
        cliente: Cliente,
        *,
        gastar: bool = True,
    ) -> Confirmado:
        """Try a code.

        Args:
            gastar: use it up if it is right.

        Raises:
            CodeInvalidError: if it is wrong, used, expired, or not of this requester and purpose.
            TooManyRequestsError, ServiceUnavailableError
        """
        await require(self._limites, ("verificar_ip", cliente.direccion))
        found = await self._otps.consume(
            rut,
            propositos,
            self._solicitante(solicitud, cliente),
            lambda otp_id: self._hashes(rut, otp_id, codigo),
            TRIES_PER_CODE,
            self._reloj.ahora(),
            al_dia=TRIES_PER_DAY if Proposito.SEGUNDO in propositos else None,
            gastar=gastar,
        )
        if found is None:
            await self._bitacora.write("codigo.rechazado", rut)
            raise CodeInvalidError()
        proposito, datos = found
        return Confirmado(proposito, bool(datos.get("conocido")), self._open(datos))

    async def confirmar_en_vano(self, cliente: Cliente) -> CodeInvalidError:
        """Do as if a code had been tried: for who must not learn that the password was wrong.

        Raises:
            TooManyRequestsError, ServiceUnavailableError
        """
        await require(self._limites, ("verificar_ip", cliente.direccion))
        return CodeInvalidError()

    async def enviar(self, rut: Rut, otp_id: int, *, otra_vez: bool = False) -> None:
        """The worker's part: make the code of a request and send it, if there is somebody to send it to.

        Args:
            otra_vez: it could not be sent before; the phone's limit counts requests, not tries.

        Raises:
            ServiceUnavailableError: to be tried again.
        """
        asked = await self._otps.get(rut, otp_id, self._reloj.ahora())
        if asked is None:
            return
        proposito, datos = asked
        contribuyente = await self._contribuyentes.get(rut)
        if proposito is Proposito.REGISTRO and contribuyente is not None:
            await self._avisos.queue(rut, "registro_repetido")
            return
        telefono = self._phone(proposito, datos, contribuyente)
        if telefono is None:
            return
        # What the owner asks for, or a new phone's, is counted where it is asked for.
        counted = not (otra_vez or datos.get("conocido") or proposito in _PHONE_GIVEN)
        if counted and await self._limites.hit("codigo_telefono", telefono):
            await self._bitacora.write("codigo.limite_telefono", rut, proposito=proposito.value)
            return
        codigo = self._codigos.new(_DIGITS.get(proposito, 6))
        await self._otps.set_code(rut, otp_id, self._hashes(rut, otp_id, codigo)[0])
        texto = self._textos.texto("utter_codigo", codigo=codigo, proposito=_PARA[proposito])
        await self._mensajero.send_code(telefono, codigo, texto)
        await self._bitacora.write("codigo.enviado", rut, proposito=proposito.value)

    async def anular(self, rut: Rut) -> None:
        """Make all codes of a taxpayer worthless."""
        await self._otps.cancel(rut, self._reloj.ahora())

    async def _require_place(self, rut: Rut, cliente: Cliente) -> None:
        place = cliente.direccion
        await require(self._limites, ("codigo_ip", place), ("codigo_rut_ip", str(rut), place))

    async def _ask(
        self, rut: Rut, proposito: Proposito, cliente: Cliente, datos: Mapping[str, Any]
    ) -> Solicitud:
        ahora = self._reloj.ahora()
        token = secrets.token_urlsafe(24)
        await self._otps.ask(
            rut,
            proposito,
            self._sello.digest("solicitud", token),
            self._sello.digest("direccion", cliente.direccion),
            datos,
            ahora,
            ahora + CODE_LIFE,
        )
        return Solicitud(token, ahora + CODE_LIFE)

    def _phone(
        self, proposito: Proposito, datos: Mapping[str, Any], contribuyente: Contribuyente | None
    ) -> str | None:
        if proposito in _PHONE_GIVEN:
            new: str | None = self._open(datos).get("telefono")
            return new
        if datos.get("nulo") or contribuyente is None or contribuyente.bloqueado:
            return None
        return contribuyente.telefono

    def _solicitante(self, solicitud: str | None, cliente: Cliente) -> Solicitante:
        if solicitud:
            return Solicitante(self._sello.digests("solicitud", solicitud), ())
        return Solicitante((), self._direccion(cliente))

    def _direccion(self, cliente: Cliente) -> Sequence[str]:
        return self._sello.digests("direccion", cliente.direccion)

    def _hashes(self, rut: Rut, otp_id: int, codigo: str) -> list[bytes]:
        return [bytes.fromhex(one) for one in self._sello.digests("otp", str(rut), str(otp_id), codigo)]

    def _close(self, datos: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"cifrado": self._cifrador.encrypt(json.dumps(dict(datos)))} if datos else {}

    def _open(self, datos: Mapping[str, Any]) -> Mapping[str, Any]:
        opened: Mapping[str, Any] = (
            json.loads(self._cifrador.decrypt(datos["cifrado"])) if "cifrado" in datos else {}
        )
        return opened
