"""Handing a conversation over to a person, and back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bot.core.asistente import is_complaint, wants_assistant
from bot.core.horario import Horario, moment_words
from bot.core.mensajes import Boton, Incoming, Outgoing, Paso, Pedido, Plantilla, Respuesta
from bot.core.rut import Rut
from bot.services.ports import Conversacion, MensajeGuardado, Mensajes, Reloj, Textos
from bot.services.ports_acceso import Bitacora, Juntos
from bot.services.ports_casos import Caso, Casos, Cierre, EstadoCaso, Parte
from bot.services.ports_noticias import Feriados

BACK = "humano.volver"
TEMPLATE = "tributa_respuesta"
_NEXT = {"volver": BACK, "persona": "humano", "ventas": "ventas_resumen", "ayuda": "ayuda"}


@dataclass(frozen=True, slots=True)
class Anuncio:
    """What somebody who asks for a person is told, by the name of its text, and what it does."""

    texto: str
    paso: Paso | None
    params: dict[str, Any] = field(default_factory=dict)


class CasosService:
    """The person's side: asking, waiting, going back. Agents' acts are in `services.agentes`."""

    def __init__(
        self,
        casos: Casos,
        mensajes: Mensajes,
        horario: Horario,
        feriados: Feriados,
        plazo: timedelta,
        juntos: Juntos,
        bitacora: Bitacora,
        textos: Textos,
        reloj: Reloj,
    ) -> None:
        """`plazo` is how long the assistant stays quiet while nobody writes."""
        self._casos = casos
        self._mensajes = mensajes
        self._horario = horario
        self._feriados = feriados
        self._plazo = plazo
        self._juntos = juntos
        self._bitacora = bitacora
        self._textos = textos
        self._reloj = reloj

    async def anunciar(self, conversacion: Conversacion) -> Anuncio:
        """What to tell who asks for a person, by the hours and by what they asked before; opens nothing."""
        caso = await self._casos.en(conversacion)
        if caso is not None and caso.callado:
            return Anuncio("humano_en_fila" if caso.estado is EstadoCaso.ABIERTO else "humano_atendido", None)
        if self._horario.abierto(self._reloj.ahora(), self._feriados.es_feriado):
            return Anuncio("humano_espera", Paso.ESPERA, {"horario": str(self._horario)})
        again = "_otra_vez" if caso else ""
        if not self._horario.tramos:
            return Anuncio(f"humano_nadie{again}", Paso.GUARDA)
        return Anuncio(f"humano_fuera{again}", Paso.GUARDA, self.atencion())

    def atencion(self) -> dict[str, str]:
        """When people attend, and when they do so next, in words."""
        ahora = self._reloj.ahora()
        soon = self._horario.proxima(ahora, self._feriados.es_feriado)
        cuando = moment_words(soon, ahora.date()) if soon else "cuando haya alguien"
        return {"horario": str(self._horario), "cuando": cuando}

    @staticmethod
    def es_del_asistente(incoming: Incoming) -> bool:
        """Whether a message is the assistant's to answer even while a person attends: buttons are its own."""
        return incoming.boton is not None or wants_assistant(incoming.texto)

    async def contestar(self, conversacion: Conversacion, incoming: Incoming) -> Respuesta | None:
        """The answer to what is about the assistant itself; None to everything else."""
        if incoming.boton is None and is_complaint(incoming.texto):
            told = tell(self._textos, conversacion, "opinion_mala", ("persona", "ayuda"))
            return Respuesta((told,), "negar", 1.0, contexto=conversacion.contexto, queja=True)
        back = incoming.boton == BACK or (incoming.boton is None and wants_assistant(incoming.texto))
        if not back and (incoming.boton is None or _asks_for_person(incoming.boton)):
            return None
        caso = await self._casos.en(conversacion)
        if back and (caso is not None or incoming.boton):
            told = tell(self._textos, conversacion, "humano_vuelta", ("ventas", "ayuda"))
            return Respuesta((told,), "humano", 1.0, contexto=conversacion.contexto, paso=Paso.VUELVE)
        if caso is None or not caso.callado:
            return None
        told = tell(self._textos, conversacion, "humano_boton", ("volver",))
        return Respuesta((told,), "humano", 1.0, contexto=conversacion.contexto)

    async def callado(self, conversacion: Conversacion) -> bool:
        """Whether a person attends there, or is waited for."""
        caso = await self._casos.en(conversacion)
        return caso is not None and caso.callado

    async def revisar(self, rut: Rut, numero: int) -> None:
        """The worker's part: once nobody has written for long enough, the assistant goes on.

        A case whose agent owes an answer stays open for whoever takes it; one whose person owes it is closed.
        """
        visto = await self._casos.ver(numero)
        if visto is None or visto.caso.rut != rut:
            return
        conversacion = await self._mensajes.buscar_conversacion(visto.caso.conversacion)
        ahora = self._reloj.ahora()
        async with self._juntos(rut):
            caso = await self._casos.bloquear(visto.caso)
            if not caso.callado:
                return
            left = (caso.desde + self._plazo - ahora).total_seconds()
            if left > 0:
                await self._casos.revisar_en(caso, left)
                return
            await self._give_back(caso, conversacion)
            await self._bitacora.write("caso.plazo", rut, "trabajador", caso=caso.id)

    async def _give_back(self, caso: Caso, conversacion: Conversacion | None) -> None:
        ahora = self._reloj.ahora()
        over = conversacion is None or caso.responde is Parte.PERSONA
        if over:
            await self._casos.cerrar(caso, Cierre.PLAZO, ahora)
        else:
            await self._casos.devolver(caso, ahora)
        if conversacion is not None:
            texto = "caso_terminado" if over else "caso_sin_respuesta"
            told = tell(self._textos, conversacion, texto, ("ventas", "ayuda"))
            await self._casos.avisar(caso, conversacion, [told], ahora)


def tell(
    textos: Textos, conversacion: Conversacion, texto: str, pasos: Sequence[str], **params: Any
) -> Outgoing:
    """Words about a case, of which taxpayer if there are several, and the buttons named."""
    said = textos.texto(f"utter_{texto}", **params)
    botones = tuple(Boton(_NEXT[paso], textos.texto(f"utter_boton_{paso}")) for paso in pasos)
    return Outgoing(labelled(conversacion, said), botones)


def spoken(textos: Textos, conversacion: Conversacion, nombre: str, texto: str, *, first: bool) -> Outgoing:
    """What an agent says; where only templates may be sent, one says that it waits."""
    said = labelled(conversacion, textos.texto("utter_caso_respuesta", texto=texto))
    botones = (Boton(BACK, textos.texto("utter_boton_volver")),) if first else ()
    return Outgoing(said, botones, plantilla=Plantilla(TEMPLATE, (nombre,), anuncia=True))


def labelled(conversacion: Conversacion, texto: str) -> str:
    """Whoever is linked to several taxpayers reads of which one it is."""
    return f"*{conversacion.rotulo}*\n{texto}" if conversacion.rotulo else texto


def said_by_agent(mensaje: MensajeGuardado) -> bool:
    """Whether an agent said it."""
    return not mensaje.de_persona and mensaje.id_canal is not None


def _asks_for_person(boton: str) -> bool:
    return Pedido.parse(boton).intent == "humano"
