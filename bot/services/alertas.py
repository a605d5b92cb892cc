"""Alerts that save money: what is due, told once, in the morning, in one message a day."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.rut import Rut
from bot.services.noticias import NoticiasService
from bot.services.novedades import gather
from bot.services.ports import Quien, Reloj, Textos
from bot.services.ports_acceso import Bitacora, Consentimientos
from bot.services.ports_noticias import Avisos, PreferenciasAvisos
from bot.services.vigilancia import Vigilancia

MATERIA, VERSION = "avisos", "1"
ALL = Avisos(compras=True, f29=True, contratos=True, sincronizacion=True)
_BATCH = 500


class AlertasService:
    """What a taxpayer wants to hear of, and telling them."""

    def __init__(
        self,
        preferencias: PreferenciasAvisos,
        consentimientos: Consentimientos,
        notificador: NoticiasService,
        vigilancia: Vigilancia,
        juntos: Callable[[Rut | None], AbstractAsyncContextManager[None]],
        bitacora: Bitacora,
        textos: Textos,
        reloj: Reloj,
    ) -> None:
        self._preferencias = preferencias
        self._consentimientos = consentimientos
        self._notificador = notificador
        self._vigilancia = vigilancia
        self._juntos = juntos
        self._bitacora = bitacora
        self._textos = textos
        self._reloj = reloj

    async def ver(self, quien: Quien) -> Avisos:
        """What a taxpayer wants to hear of; nothing, until they say so."""
        return await self._preferencias.get(quien.rut) or Avisos()

    async def elegir(self, quien: Quien, elegidos: Avisos, canal: str) -> None:
        """Choose what to hear of, with its consent: given with the first alert, revoked with the last."""
        before, ahora = await self.ver(quien), self._reloj.ahora()
        proximo = _awake(elegidos, ahora) if elegidos.activos else None
        async with self._juntos(quien.rut):
            await self._preferencias.put(quien.rut, elegidos, proximo)
            if elegidos.activos and not before.activos:
                await self._consentimientos.give(quien.rut, MATERIA, VERSION, canal, ahora)
            if before.activos and not elegidos.activos:
                await self._consentimientos.revoke(quien.rut, MATERIA, ahora)
        await self._bitacora.write("avisos.elegidos", quien.rut, activos=elegidos.activos, canal=canal)

    async def encender(self, quien: Quien, canal: str, *, encendidos: bool) -> None:
        """All alerts on or off, at the hours that were chosen."""
        chosen = await self.ver(quien)
        kept = ALL if encendidos else Avisos()
        await self.elegir(quien, replace(kept, desde=chosen.desde, hasta=chosen.hasta), canal)

    async def revisar(self) -> int:
        """The hourly job: tell whoever is to be told something; how many were.

        Who fails is noted and tried again an hour later; the others are told.
        """
        ahora, told, last = self._reloj.ahora(), 0, ""
        while batch := await self._preferencias.toca(ahora, last, _BATCH):
            for rut in batch:
                try:
                    told += await self.avisar(rut)
                except Exception as error:
                    await self._bitacora.write("avisos.fallidos", rut, error=type(error).__name__)
            last = str(batch[-1])
        return told

    async def avisar(self, rut: Rut) -> bool:
        """Tell one taxpayer what is due, if it is not night; whether there was anything."""
        ahora, chosen = self._reloj.ahora(), await self._preferencias.get(rut)
        if chosen is None or not chosen.activos:
            return False
        if (awake := _awake(chosen, ahora)) > ahora:
            await self._preferencias.aplazar(rut, awake)
            return False
        told = await self._tell(rut, chosen, ahora)
        tomorrow = datetime.combine(ahora.date() + timedelta(days=1), chosen.hasta, ahora.tzinfo)
        await self._preferencias.aplazar(rut, tomorrow)
        return told

    async def _tell(self, rut: Rut, chosen: Avisos, ahora: datetime) -> bool:
        today = f"resumen:{ahora.date()}"
        found = await self._vigilancia.novedades(rut, chosen, ahora)
        if not found:
            return False
        claves = (today, *(clave for one in found for clave in one.claves))
        return await self._notificador.reunir(rut, gather(found, today, self._textos), claves)


def _awake(chosen: Avisos, ahora: datetime) -> datetime:
    """Now, or when the hours of silence end; they may go over midnight, and equal ends mean none."""
    desde, hasta, now = chosen.desde, chosen.hasta, ahora.time()
    silent = desde <= now < hasta if desde <= hasta else now >= desde or now < hasta
    if not silent:
        return ahora
    day = ahora.date() + timedelta(days=1 if now >= hasta else 0)
    return datetime.combine(day, hasta, ahora.tzinfo)
