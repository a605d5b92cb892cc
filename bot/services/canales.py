"""What happens to a message that came in over a channel."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.core.claves import redact_clave
from bot.core.errors import BotError, NotFoundError
from bot.core.mensajes import Incoming, Outgoing, Respuesta
from bot.core.texto import storable
from bot.services.adjuntos import AdjuntosService
from bot.services.conversacion import ConversacionService
from bot.services.importacion import archivo_enviado
from bot.services.ports import Quien, Textos
from bot.services.ports_acceso import Bitacora, Limites
from bot.services.ports_canales import (
    Acuse,
    Adjunto,
    Buzon,
    Cambio,
    Canal,
    Entrante,
    EstadoSalida,
    Remitente,
    Salidas,
    TipoAdjunto,
    Vinculo,
)
from bot.services.textos import error_text
from bot.services.vinculacion import VinculacionService

type Llegada = Entrante | Acuse | Cambio


class CanalesService:
    """Takes in what channels deliver, and attends to it, each thing once and in order for each person."""

    def __init__(
        self,
        buzon: Buzon,
        salidas: Salidas,
        vinculacion: VinculacionService,
        conversacion: ConversacionService,
        adjuntos: AdjuntosService,
        canales: Mapping[str, Canal],
        limites: Limites,
        bitacora: Bitacora,
        textos: Textos,
    ) -> None:
        self._buzon = buzon
        self._salidas = salidas
        self._vinculacion = vinculacion
        self._conversacion = conversacion
        self._adjuntos = adjuntos
        self._canales = canales
        self._limites = limites
        self._bitacora = bitacora
        self._textos = textos

    async def recibir(self, canal: str, llegadas: Sequence[Llegada]) -> None:
        """Store what came in; once this returns nothing of it can be lost."""
        entrantes = [_storable(one) for one in llegadas if isinstance(one, Entrante)]
        await self._buzon.guardar([_without_clave(one) for one in entrantes])
        for one in llegadas:
            if isinstance(one, Acuse):
                await self._receipt(canal, one)
            elif isinstance(one, Cambio):
                await self._forget(one.remitente)
        await self._salidas.oido(canal)

    async def atender(self, entrada: int) -> None:
        """The worker's part: answer one message; done again after a crash, it is not answered twice.

        Raises:
            CanalOcupadoError: if a file cannot be fetched now; to be tried again.
        """
        entrante = await self._buzon.leer(entrada)
        if entrante is None:
            return
        remitente = entrante.remitente
        if await self._limites.hit(
            "canal_persona", remitente.canal, remitente.id
        ) and not await self._patient(remitente):
            await self._buzon.cerrar(entrada, remitente, await self._too_many(remitente))
            return
        await self._salidas.soltar(remitente)
        seen = asyncio.create_task(self._show(entrante))
        try:
            respuestas = await self._answer(entrante)
        finally:
            await seen
        await self._buzon.cerrar(entrada, remitente, respuestas)

    async def rendirse(self, entrada: int) -> None:
        """Say that a message could not be answered, so that what comes behind it is."""
        entrante = await self._buzon.leer(entrada)
        if entrante is not None:
            sorry = Outgoing(self._textos.texto("utter_error_inesperado"))
            await self._buzon.cerrar(entrada, entrante.remitente, [sorry])

    async def _answer(self, entrante: Entrante) -> Sequence[Outgoing]:
        """Answer; gives what is to be said to somebody who is not linked."""
        vinculos = await self._vinculacion.de(entrante.remitente)
        if entrante.adjunto and entrante.adjunto.tipo is TipoAdjunto.REACCION:
            await self._react(entrante, entrante.adjunto, vinculos)
            return ()
        said = await self._vinculacion.conversar(entrante, vinculos)
        if said is not None:
            return said
        if entrante.adjunto and (entrante.adjunto.id or not entrante.texto.strip()):
            await self._take(entrante, entrante.adjunto, vinculos[0])
        else:
            await self._talk(entrante, vinculos[0])
        return ()

    async def _patient(self, remitente: Remitente) -> bool:
        """Whether a person attends, who reads more than the assistant answers."""
        vinculos = await self._vinculacion.de(remitente)
        if not vinculos or await self._limites.hit("caso_persona", remitente.canal, remitente.id):
            return False
        quien = Quien(vinculos[0].rut)
        return await self._conversacion.con_persona(quien, remitente.canal, remitente.id)

    async def _react(self, entrante: Entrante, adjunto: Adjunto, vinculos: Sequence[Vinculo]) -> None:
        """A thumb down below an answer of ours: it is noted, and that is said."""
        remitente = entrante.remitente
        found = await self._salidas.dicho(remitente, adjunto.id)
        vinculo = next((one for one in vinculos if found and one.rut == found[0]), None)
        if found is None or vinculo is None:
            return
        quien = Quien(vinculo.rut)
        try:
            await self._conversacion.mala(quien, remitente.canal, remitente.id, found[1])
        except NotFoundError:  # it answered nothing
            return
        thanks = Respuesta((Outgoing(self._textos.texto("utter_opinion_mala")),), "negar")
        incoming = Incoming(entrante.id, entrante.texto)
        await self._conversacion.anotar(quien, remitente.canal, remitente.id, incoming, thanks)

    async def _talk(self, entrante: Entrante, vinculo: Vinculo) -> None:
        quien, remitente = Quien(vinculo.rut), entrante.remitente
        incoming = Incoming(entrante.id, entrante.texto, entrante.boton)
        try:
            await self._conversacion.hablar(quien, remitente.canal, remitente.id, incoming, en_turno=True)
        except BotError as error:
            texto = error_text(self._textos, error)
            await self._note(entrante, vinculo, Respuesta((Outgoing(texto),)))

    async def _take(self, entrante: Entrante, adjunto: Adjunto, vinculo: Vinculo) -> None:
        quien, remitente = Quien(vinculo.rut), entrante.remitente
        unread = adjunto.tipo is not TipoAdjunto.DOCUMENTO
        if unread and await self._conversacion.con_persona(quien, remitente.canal, remitente.id):
            respuesta = Respuesta((Outgoing(self._textos.texto("utter_adjunto_con_persona")),))
        else:
            canal = self._canales[remitente.canal]
            respuesta = await self._adjuntos.recibir(quien, canal, adjunto, entrante.texto)
        await self._note(entrante, vinculo, respuesta)

    async def _note(self, entrante: Entrante, vinculo: Vinculo, respuesta: Respuesta) -> None:
        remitente, adjunto = entrante.remitente, entrante.adjunto
        incoming = Incoming(entrante.id, entrante.texto or "…")
        if adjunto:
            incoming = archivo_enviado(entrante.id, adjunto.nombre or adjunto.tipo.value, entrante.texto)
        await self._conversacion.anotar(
            Quien(vinculo.rut), remitente.canal, remitente.id, incoming, respuesta
        )

    async def _too_many(self, remitente: Remitente) -> list[Outgoing]:
        """Told once a minute, not once a message."""
        if await self._limites.hit("canal_aviso", remitente.canal, remitente.id):
            return []
        return [Outgoing(self._textos.texto("utter_muchos_mensajes"))]

    async def _show(self, entrante: Entrante) -> None:
        canal = self._canales.get(entrante.remitente.canal)
        if canal is not None:
            await canal.atendiendo(entrante.remitente.id, entrante.id)

    async def _receipt(self, canal: str, acuse: Acuse) -> None:
        if acuse.estado is EstadoSalida.CERRADO:
            await self._salidas.reponer(canal, acuse)
        elif await self._salidas.acusar(canal, acuse) and acuse.error:
            await self._bitacora.write(f"salida.{acuse.estado}", canal=canal, codigo=acuse.error)

    async def _forget(self, remitente: Remitente) -> None:
        """The channel says that this is somebody else now: whoever it is has to prove it anew."""
        stranger = Remitente(remitente.canal, remitente.id)
        ruts = [one.rut for one in await self._vinculacion.de(stranger)]
        await self._vinculacion.desvincular(stranger, ruts)
        await self._bitacora.write("canal.cambio", canal=remitente.canal, vinculos=len(ruts))


def _without_clave(entrante: Entrante) -> Entrante:
    """Nothing keeps a password of the SII, the inbox no more than the history."""
    if entrante.boton is not None:
        return entrante
    return replace(entrante, texto=redact_clave(entrante.texto)[0])


def _storable(entrante: Entrante) -> Entrante:
    """One message that the database does not take would hold up all that come with it."""
    remitente, adjunto = entrante.remitente, entrante.adjunto
    return replace(
        entrante,
        remitente=replace(remitente, nombre=storable(remitente.nombre)),
        texto=storable(entrante.texto),
        boton=entrante.boton and storable(entrante.boton),
        adjunto=adjunto and replace(adjunto, nombre=storable(adjunto.nombre), mime=storable(adjunto.mime)),
    )
