"""Following a conversation as it goes on."""

import asyncio

from bot.services.ports import Conversacion, MensajeGuardado, Mensajes

PAGE = 50


class Seguimiento:
    """What is new in one conversation: in order, each message once.

    A notification only says that it is worth looking; the messages are always read as their owner.
    """

    def __init__(
        self,
        mensajes: Mensajes,
        conversacion: Conversacion,
        despues: int,
        aviso: asyncio.Event,
        lectores: asyncio.Semaphore,
    ) -> None:
        """`despues` is the last message that is known; `lectores` bounds how many read at the same time."""
        self._mensajes = mensajes
        self._conversacion = conversacion
        self._despues = despues
        self._aviso = aviso
        self._lectores = lectores

    async def nuevos(self) -> list[MensajeGuardado]:
        """The next messages, oldest first and no more than a page; none if there is nothing new."""
        self._aviso.clear()  # before reading: what comes meanwhile is read the next time
        async with self._lectores:
            found = await self._mensajes.historial(self._conversacion, PAGE, despues=self._despues)
        if found:
            self._despues = found[-1].id
        return found

    async def esperar(self, segundos: float) -> bool:
        """Wait until it is worth looking; false if nobody said so in that time."""
        try:
            async with asyncio.timeout(segundos):
                await self._aviso.wait()
        except TimeoutError:
            return False
        return True
