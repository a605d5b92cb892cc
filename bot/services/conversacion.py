"""One turn of a conversation, the same for all channels."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from bot.core.claves import BLOT, redact_clave
from bot.core.errors import (
    BotError,
    EngineUnavailableError,
    MessageEmptyError,
    MessageTooLongError,
    NotFoundError,
    TaxpayerUnknownError,
    TooManyRequestsError,
)
from bot.core.mensajes import MAXIMUM_CHARACTERS, Boton, Incoming, Outgoing, Pedido, Respuesta
from bot.core.rut import Rut
from bot.services.casos import CasosService, labelled
from bot.services.ports import (
    Conversacion,
    MensajeGuardado,
    Mensajes,
    Motor,
    Novedades,
    Quien,
    Recibido,
    Reloj,
    Textos,
)
from bot.services.ports_casos import Opiniones
from bot.services.ports_secretos import Enlazador, PropositoEnlace
from bot.services.seguimiento import Seguimiento
from bot.services.textos import error_text

# Those who follow conversations look at the same moment after the database was away; others need it too.
_READERS = 4


@dataclass(frozen=True, slots=True)
class Turno:
    """What was received and what was answered, as stored."""

    recibido: Recibido
    respuesta: Respuesta
    mensajes: Sequence[MensajeGuardado]


class ConversacionService:
    """Receives a message, has it answered, and keeps both; a message is answered once, whatever happens."""

    def __init__(
        self,
        mensajes: Mensajes,
        motor: Motor,
        enlaces: Enlazador,
        casos: CasosService,
        opiniones: Opiniones,
        textos: Textos,
        reloj: Reloj,
        novedades: Novedades,
    ) -> None:
        self._casos = casos
        self._opiniones = opiniones
        self._novedades = novedades
        self._lectores = asyncio.Semaphore(_READERS)
        self._enlaces = enlaces
        self._mensajes = mensajes
        self._motor = motor
        self._textos = textos
        self._reloj = reloj

    async def hablar(
        self, quien: Quien, canal: str, canal_id: str, incoming: Incoming, *, en_turno: bool = False
    ) -> Turno:
        """Take in one message and answer it, or leave it to the person who attends.

        With the engine down the person gets an apology at once, and the answer later.

        Args:
            canal_id: the conversation's stable id in its channel.
            en_turno: nobody else is at this person's messages, and whoever calls comes again with this one
                if it dies. Another job would answer it only after those that came in meanwhile.

        Raises:
            MessageEmptyError, MessageTooLongError, ReplyUnknownError: nothing is stored.
            TaxpayerUnknownError: if nobody is registered with that RUT.
            AccountBlockedError
        """
        _check(incoming)
        incoming = _without_clave(incoming)
        conversacion, recibido = await self._mensajes.recibir(
            canal,
            canal_id,
            quien.rut,
            incoming,
            self._reloj.ahora(),
            red=not en_turno,
            directo=BLOT in incoming.texto or self._casos.es_del_asistente(incoming),
        )
        if recibido.atendido:
            return Turno(recibido, Respuesta((), con_persona=True), ())
        left = en_turno and not recibido.nuevo and await self._mensajes.pendiente(conversacion, recibido.id)
        if not (recibido.nuevo or left):
            return await self._again(conversacion, recibido)
        try:
            return await self._answer(conversacion, recibido, incoming)
        except EngineUnavailableError as error:
            return await self._apologize(conversacion, recibido, error)

    async def anotar(
        self, quien: Quien, canal: str, canal_id: str, incoming: Incoming, respuesta: Respuesta
    ) -> None:
        """Keep a message that was answered without the engine, such as a file, and its answer.

        Raises:
            TaxpayerUnknownError: if nobody is registered with that RUT.
        """
        conversacion, recibido = await self._mensajes.recibir(
            canal, canal_id, quien.rut, incoming, self._reloj.ahora(), red=False, directo=True
        )
        respuesta = replace(respuesta, contexto=conversacion.contexto)
        await self._mensajes.responder(
            conversacion, recibido.id, _labelled(respuesta, conversacion), self._reloj.ahora()
        )

    async def reintentar(self, rut: Rut, canal_conversacion: str, mensaje_id: int) -> None:
        """Answer a message that could not be answered at once; does nothing if it has been since.

        Raises:
            EngineUnavailableError: to be tried again later.
        """
        waiting = await self._waiting(rut, canal_conversacion, mensaje_id)
        if waiting is None:
            return
        conversacion, incoming = waiting
        respuesta = await self._turno(conversacion, incoming, mensaje_id)
        await self._mensajes.responder(conversacion, mensaje_id, respuesta, self._reloj.ahora())

    async def rendirse(self, rut: Rut, canal_conversacion: str, mensaje_id: int) -> None:
        """Tell the person that a message could not be answered, and what to do."""
        waiting = await self._waiting(rut, canal_conversacion, mensaje_id)
        if waiting is None:
            return
        conversacion, incoming = waiting
        texto = self._textos.texto("utter_error_sin_respuesta", mensaje=incoming.texto[:80])
        await self._mensajes.decir(
            conversacion, mensaje_id, [Outgoing(texto)], self._reloj.ahora(), fallido=True
        )

    async def historial(
        self,
        quien: Quien,
        canal: str,
        canal_id: str,
        limite: int,
        *,
        antes: int | None = None,
        despues: int | None = None,
    ) -> list[MensajeGuardado]:
        """What was said, oldest first: the last `limite` messages, or those before or after one."""
        conversacion = await self._mensajes.conversacion(canal, canal_id, quien.rut)
        return await self._mensajes.historial(conversacion, limite, antes=antes, despues=despues)

    @asynccontextmanager
    async def seguir(
        self, quien: Quien, canal: str, canal_id: str, despues: int | None
    ) -> AsyncIterator[Seguimiento]:
        """Follow the conversation from a message on, or from now on."""
        conversacion = await self._mensajes.conversacion(canal, canal_id, quien.rut)
        if despues is None:
            last = await self._mensajes.historial(conversacion, 1)
            despues = last[0].id if last else 0
        with self._novedades.seguir(conversacion.id) as aviso:
            yield Seguimiento(self._mensajes, conversacion, despues, aviso, self._lectores)

    async def con_persona(self, quien: Quien, canal: str, canal_id: str) -> bool:
        """Whether a person attends there, or is waited for."""
        return await self._casos.callado(await self._mensajes.conversacion(canal, canal_id, quien.rut))

    async def mala(self, quien: Quien, canal: str, canal_id: str, dicho: int) -> None:
        """Note that an answer was called wrong; a second time changes nothing.

        Raises:
            NotFoundError: if that message is no answer of that conversation.
        """
        conversacion = await self._mensajes.conversacion(canal, canal_id, quien.rut)
        if not await self._opiniones.mala(conversacion, dicho, self._reloj.ahora()):
            raise NotFoundError()

    async def texto_de(self, conversacion: Conversacion, mensaje_id: int) -> str | None:
        """What the person wrote in one of their messages there, to be taken up again."""
        return await self._mensajes.texto_de(conversacion, mensaje_id)

    async def de(self, conversacion: str) -> Conversacion:
        """Whose conversation that is, and where; the engine's actions ask this and nothing else.

        Raises:
            TaxpayerUnknownError: if the conversation is linked to nobody.
        """
        found = await self._mensajes.buscar_conversacion(conversacion)
        if found is None:
            raise TaxpayerUnknownError(rut="")
        return found

    async def _waiting(
        self, rut: Rut, canal_conversacion: str, mensaje_id: int
    ) -> tuple[Conversacion, Incoming] | None:
        """A message of that taxpayer that still waits for its answer."""
        conversacion = await self._mensajes.buscar_conversacion(canal_conversacion)
        if conversacion is None or conversacion.rut != rut:
            return None
        incoming = await self._mensajes.pendiente(conversacion, mensaje_id)
        return (conversacion, incoming) if incoming else None

    async def _answer(self, conversacion: Conversacion, recibido: Recibido, incoming: Incoming) -> Turno:
        respuesta = await self._turno(conversacion, incoming, recibido.id)
        stored = await self._mensajes.responder(
            conversacion, recibido.id, respuesta, self._reloj.ahora(), trabajo=recibido.trabajo
        )
        if stored is None:
            return await self._again(conversacion, recibido)
        return Turno(recibido, respuesta, stored)

    async def _turno(self, conversacion: Conversacion, incoming: Incoming, mensaje_id: int) -> Respuesta:
        if BLOT in incoming.texto and incoming.boton is None:
            return await self._clave_told(conversacion)
        known = await self._casos.contestar(conversacion, incoming)
        if known is not None:
            return known
        boton = Boton(incoming.boton, incoming.texto) if incoming.boton else None
        respuesta = await self._motor.turno(conversacion.id, incoming.texto, boton, conversacion.contexto)
        return _labelled(respuesta.retomable(mensaje_id), conversacion)

    async def _clave_told(self, conversacion: Conversacion) -> Respuesta:
        """The person typed the SII password: say that it is gone, and where it can be given safely."""
        quien = Quien(conversacion.rut)
        try:
            enlace = await self._enlaces.enlace(quien, PropositoEnlace.CLAVE, conversacion.canal)
        except TooManyRequestsError:
            only = Outgoing(self._textos.texto("utter_clave_en_chat"))
            return Respuesta((only,), "clave_sii", 1.0, contexto=conversacion.contexto)
        texto = self._textos.texto("utter_clave_en_chat_enlace", enlace=enlace)
        return Respuesta((Outgoing(texto),), "clave_sii", 1.0, contexto=conversacion.contexto)

    async def _again(self, conversacion: Conversacion, recibido: Recibido) -> Turno:
        respuesta, stored = await self._mensajes.respuesta_guardada(conversacion, recibido.id)
        return Turno(recibido, respuesta, stored)

    async def _apologize(self, conversacion: Conversacion, recibido: Recibido, error: BotError) -> Turno:
        disculpa = Outgoing(error_text(self._textos, error))
        stored = await self._mensajes.decir(
            conversacion, recibido.id, [disculpa], self._reloj.ahora(), trabajo=recibido.trabajo
        )
        if stored is None:
            return await self._again(conversacion, recibido)
        return Turno(recibido, Respuesta((disculpa,), pendiente=True), stored)


def _labelled(respuesta: Respuesta, conversacion: Conversacion) -> Respuesta:
    """Whoever is linked to several taxpayers reads of which one each answer is."""
    if not respuesta.salidas:
        return respuesta
    first, *others = respuesta.salidas
    return replace(respuesta, salidas=(replace(first, texto=labelled(conversacion, first.texto)), *others))


def _without_clave(incoming: Incoming) -> Incoming:
    """The message as it may be stored: without a password of the SII."""
    texto, found = redact_clave(incoming.texto)
    return replace(incoming, texto=texto) if found else incoming


def _check(incoming: Incoming) -> None:
    if len(incoming.texto) > MAXIMUM_CHARACTERS:
        raise MessageTooLongError(maximo=MAXIMUM_CHARACTERS, largo=len(incoming.texto))
    if incoming.boton is not None:
        Pedido.parse(incoming.boton)
    elif not incoming.texto.strip():
        raise MessageEmptyError()
