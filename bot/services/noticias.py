"""Tells taxpayers what they did not just ask for, each thing once."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace

from bot.core.mensajes import Outgoing, Plantilla
from bot.core.rut import Rut
from bot.services.ports import Contribuyentes, Reloj
from bot.services.ports_noticias import Destino, Noticias
from bot.services.ports_sii import Noticia

WEB = "web"
_CHATS = ("whatsapp", "telegram")


class NoticiasService:
    """Implements the port `Notificador`.

    Only where somebody is linked: a registered phone has agreed to codes, not to what its owner bought, and
    whoever has left a chat is not followed.
    """

    def __init__(
        self,
        noticias: Noticias,
        contribuyentes: Contribuyentes,
        juntos: Callable[[Rut | None], AbstractAsyncContextManager[None]],
        reloj: Reloj,
    ) -> None:
        self._noticias = noticias
        self._contribuyentes = contribuyentes
        self._juntos = juntos
        self._reloj = reloj

    async def notificar(self, rut: Rut, noticia: Noticia) -> bool:
        """Put it on its way; see the port."""
        return await self.reunir(rut, noticia, (noticia.clave,))

    async def reunir(self, rut: Rut, noticia: Noticia, claves: Sequence[str]) -> bool:
        """Tell several things in one message, all of them or none; each of `claves` is told once, ever.

        Returns:
            False if one of them had been told before, or nobody is there to be told.
        """
        owner = await self._contribuyentes.get(rut)
        if owner is None or owner.bloqueado:
            return False
        ahora = self._reloj.ahora()
        async with self._juntos(rut):
            if await self._noticias.conocidas(rut, claves):
                return False
            chosen = _choose(await self._noticias.destinos(rut, ahora))
            if not chosen:
                return False
            await self._noticias.preparar(rut, chosen)
            if not await self._noticias.reclamar(rut, claves, ahora):
                return False
            for destino in chosen:
                said = _worded(noticia, destino, owner.nombre)
                await self._noticias.decir(rut, destino, said, ahora)
        return True


def _choose(destinos: Sequence[Destino]) -> list[Destino]:
    """The chat where the taxpayer last wrote, and the page, where it waits for them."""
    latest = sorted(destinos, key=lambda one: one.usado, reverse=True)
    chat = [one for one in latest if one.canal in _CHATS][:1]
    return chat + [one for one in latest if one.canal == WEB][:1]


def _worded(noticia: Noticia, destino: Destino, nombre: str) -> Outgoing:
    """With the company's name: for whoever has several, and in templates, where nothing else tells."""
    salida = noticia.salida
    if destino.rotulo:
        salida = replace(salida, texto=f"*{destino.rotulo}*\n{salida.texto}")
    if noticia.plantilla:
        salida = replace(salida, plantilla=Plantilla(noticia.plantilla, (nombre, *noticia.parametros)))
    return salida
