"""The messages that trainers learn from, without whom they speak of: nothing else leaves this module."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

from bot.core.anonimo import Anonimizador, rellenar
from bot.core.entrenamiento import clean_example
from bot.services.ports import Reloj
from bot.services.ports_entrenamiento import Bandeja, MensajeCrudo, MensajeEnBandeja, Taller

INBOX, WEEK = timedelta(days=30), timedelta(days=7)
# A word that so many examples have may be shown; one that so many have is shown whoever is called so.
_KNOWN, _COMMON = 4, 12
_MOST = 500


class BandejaOculta:
    """Reads messages of all taxpayers and gives them masked."""

    def __init__(self, bandeja: Bandeja, taller: Taller, reloj: Reloj) -> None:
        self._bandeja = bandeja
        self._taller = taller
        self._reloj = reloj

    async def dudosos(self, atendidos: Collection[int], limite: int) -> list[MensajeEnBandeja]:
        """What failed, was called wrong or was not understood for sure in 30 days, newest first."""
        found = await self._bandeja.dudosos(self._reloj.ahora() - INBOX, sorted(atendidos), limite)
        return await self._masked(found)

    async def semana(self) -> list[MensajeEnBandeja]:
        """The last week's messages, at most 500 of them."""
        return await self._masked(await self._bandeja.recientes(self._reloj.ahora() - WEEK, _MOST))

    async def _masked(self, found: Sequence[MensajeCrudo]) -> list[MensajeEnBandeja]:
        nombres = await self._bandeja.nombres(sorted({one.rut for one in found}))
        # Reading all examples takes seconds, during which the api answers others.
        return await asyncio.to_thread(self._hidden, found, nombres)

    def _hidden(
        self, found: Sequence[MensajeCrudo], nombres: Mapping[str, Sequence[str]]
    ) -> list[MensajeEnBandeja]:
        hide = Anonimizador(self._taller.palabras(_KNOWN), self._taller.palabras(_COMMON))
        seen = []
        for one in found:
            texto = hide.ocultar(one.texto, nombres.get(one.rut, ()))
            shown = one.intent, one.confianza, one.motivo, one.creado
            seen.append(MensajeEnBandeja(one.id, texto, clean_example(rellenar(texto)), *shown))
        return seen
