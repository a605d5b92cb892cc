"""Answers about contracts put into better words by a language model, if what it says is in the quotes."""

import asyncio
from dataclasses import replace
from typing import Protocol

from bot.core.contratos.guardia import fiel
from bot.core.contratos.temas import Clase
from bot.core.errors import ServiceUnavailableError
from bot.services.contratos_redaccion import RespuestaContratos
from bot.services.ports import Quien
from bot.services.ports_acceso import Bitacora
from bot.services.ports_contratos import Redactor

_SEVERAL = frozenset({Clase.LISTA, Clase.RESUMEN, Clase.COMPARACION})


class RespuestasContratos(Protocol):
    """Who answers questions about contracts."""

    async def responder(
        self, quien: Quien, pregunta: str, contexto: int | None = None
    ) -> RespuestaContratos: ...


class RespuestasRedactadas:
    """Has a model say the first line of an answer; quote, page and warnings stay as they are."""

    def __init__(
        self, respuestas: RespuestasContratos, redactor: Redactor, segundos: float, bitacora: Bitacora
    ) -> None:
        self._respuestas = respuestas
        self._redactor = redactor
        self._segundos = segundos
        self._bitacora = bitacora

    async def responder(self, quien: Quien, pregunta: str, contexto: int | None = None) -> RespuestaContratos:
        """The grounded answer; in the model's words if they come in time and say nothing else."""
        found = await self._respuestas.responder(quien, pregunta, contexto)
        first, line, rest = found.texto.partition("\n")
        if found.rechazo or not found.fuentes or found.clase in _SEVERAL:
            return found
        citas = [found.fuentes[0].fragmento, *found.texto.split("\n")]
        try:
            async with asyncio.timeout(self._segundos):
                said = await self._redactor.redactar(pregunta, first, found.fuentes[0].fragmento)
        except (TimeoutError, ServiceUnavailableError) as error:
            await self._note(quien, "tarde" if isinstance(error, TimeoutError) else "sin servicio")
            return found
        if not fiel(said, citas):
            await self._note(quien, "rechazada")
            return found
        await self._note(quien, "usada")
        return replace(found, texto=" ".join(said.split()) + line + rest)

    async def _note(self, quien: Quien, resultado: str) -> None:
        await self._bitacora.write("contrato.redaccion", quien.rut, resultado=resultado)
