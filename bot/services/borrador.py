"""The trainers' draft: what they make of the inbox's messages. Every act is noted, with who did it."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from bot.core.entrenamiento import Acto, Edicion, clean_example, fault_of, mark_party
from bot.core.errors_entrenamiento import EditFaultyError, NotThereError
from bot.services.bandeja import BandejaOculta
from bot.services.ports import Reloj
from bot.services.ports_acceso import Bitacora
from bot.services.ports_entrenamiento import Estado, MensajeEnBandeja, Taller

_MOST_DONE, _MOST_SHOWN = 20_000, 1000


class BorradorService:
    """The first argument of each method is the name of the key that asks."""

    def __init__(self, bandeja: BandejaOculta, taller: Taller, bitacora: Bitacora, reloj: Reloj) -> None:
        self._bandeja = bandeja
        self._taller = taller
        self._bitacora = bitacora
        self._reloj = reloj

    async def bandeja(self, actor: str, limite: int = 50) -> list[MensajeEnBandeja]:
        """What was not understood, failed or was answered badly: masked, newest first."""
        await self._bitacora.write("entrenar.bandeja", actor=actor)
        return await self._bandeja.dudosos(self._taller.leer().atendidos, limite)

    def estado(self) -> Estado:
        """The draft and what is live."""
        return self._taller.leer()

    def intents(self) -> list[str]:
        """The intents that there are, with the draft's."""
        return [*self._taller.intents(self._taller.leer().ediciones)]

    async def asignar(
        self,
        actor: str,
        intent: str,
        textos: Sequence[str],
        mensaje: int | None = None,
        contraparte: str = "",
    ) -> tuple[str, ...]:
        """Messages become examples of an intent, in the draft; without texts one, as the inbox shows it.

        Args:
            contraparte: who they name, in the words that they have, if that is not marked in them.

        Returns:
            The examples as they are written down.

        Raises:
            EditFaultyError
            NotThereError: if that message is not in the inbox.
        """
        if mensaje is not None:
            textos = textos or [(await self._found(mensaje)).ejemplo]
        named = contraparte.strip()
        marked = [mark_party(texto, named) for texto in textos]
        if named and marked == [*textos]:
            raise EditFaultyError(motivo=f"«{named}» no está escrito así en el ejemplo.")
        return await self._edit(actor, Acto.EJEMPLO, intent, marked, mensaje=mensaje)

    async def quitar(self, actor: str, intent: str, texto: str) -> None:
        """An example is no longer one.

        Raises:
            EditFaultyError
        """
        await self._edit(actor, Acto.QUITAR, intent, [texto])

    async def nueva(
        self, actor: str, intent: str, ejemplos: Sequence[str], respuesta: str, mensaje: int | None = None
    ) -> None:
        """A new intent with its examples and what is answered.

        Raises:
            EditFaultyError
        """
        await self._edit(actor, Acto.INTENCION, intent, ejemplos, respuesta, mensaje)

    async def descartar(self, actor: str, mensaje: int) -> None:
        """Nothing is to be learnt from a message of the inbox.

        Raises:
            NotThereError: if it is not there.
        """
        await self._found(mensaje)
        await asyncio.to_thread(self._taller.cambiar, lambda estado: _done(estado, mensaje))
        await self._bitacora.write("entrenar.descarte", actor=actor, mensaje=mensaje)

    async def recuperar(self, actor: str, mensaje: int) -> None:
        """A message that was discarded comes back to the inbox.

        Raises:
            NotThereError: if it was not discarded, or is in the draft: its edit can be undone.
        """

        def back(estado: Estado) -> Estado:
            if mensaje not in estado.atendidos or mensaje in {one.mensaje for one in estado.ediciones}:
                raise NotThereError(que=f"el mensaje {mensaje} entre los descartados")
            return replace(estado, atendidos=tuple(one for one in estado.atendidos if one != mensaje))

        await asyncio.to_thread(self._taller.cambiar, back)
        await self._bitacora.write("entrenar.recuperado", actor=actor, mensaje=mensaje)

    async def deshacer(self, actor: str, numero: int) -> None:
        """Take an edit back; its message comes back to the inbox.

        Raises:
            NotThereError
            EditFaultyError: if later edits need it.
        """

        def without(estado: Estado) -> Estado:
            left = tuple(one for one in estado.ediciones if one.numero != numero)
            if left == estado.ediciones:
                raise NotThereError(que=f"el cambio {numero} en el borrador")
            for at, one in enumerate(left):
                if fault := fault_of(one, self._taller.intents(left[:at])):
                    raise EditFaultyError(motivo=f"El cambio {one.numero} lo necesita: {fault}")
            gone = [one.mensaje for one in estado.ediciones if one.numero == numero]
            done = tuple(one for one in estado.atendidos if one not in gone)
            return replace(estado, ediciones=left, atendidos=done)

        await asyncio.to_thread(self._taller.cambiar, without)
        await self._bitacora.write("entrenar.deshacer", actor=actor, numero=numero)

    async def _edit(
        self,
        actor: str,
        acto: Acto,
        intent: str,
        ejemplos: Sequence[str],
        respuesta: str = "",
        mensaje: int | None = None,
    ) -> tuple[str, ...]:
        if mensaje is not None:
            await self._found(mensaje)
        clean = tuple(dict.fromkeys(filter(None, map(clean_example, ejemplos))))
        now = self._reloj.ahora().isoformat(timespec="seconds")

        def add(estado: Estado) -> Estado:
            number = estado.ultimo + 1
            edit = Edicion(number, acto, intent.strip(), clean, respuesta.strip(), mensaje, actor, now)
            fault = fault_of(edit, self._taller.intents(estado.ediciones))
            if fault:
                raise EditFaultyError(motivo=fault)
            done = estado if mensaje is None else _done(estado, mensaje)
            return replace(done, ediciones=(*estado.ediciones, edit), ultimo=number)

        await asyncio.to_thread(self._taller.cambiar, add)
        await self._bitacora.write("entrenar.edicion", actor=actor, acto=acto.value, intent=intent)
        return clean

    async def _found(self, mensaje: int) -> MensajeEnBandeja:
        """A message of the inbox."""
        found = await self._bandeja.dudosos(self._taller.leer().atendidos, _MOST_SHOWN)
        for one in found:
            if one.id == mensaje:
                return one
        raise NotThereError(que=f"el mensaje {mensaje} en la bandeja")


def _done(estado: Estado, mensaje: int) -> Estado:
    return replace(estado, atendidos=(*estado.atendidos, mensaje)[-_MOST_DONE:])
