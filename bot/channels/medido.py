"""A channel whose sending is timed."""

from datetime import timedelta
from pathlib import Path

from bot.core.mensajes import Outgoing, Plantilla
from bot.services.ports_archivos import Contenido
from bot.services.ports_canales import Adjunto, Canal
from bot.telemetry.metrics import stage


class MeasuredCanal:
    """Implements the port `Canal` with another one."""

    def __init__(self, name: str, canal: Canal) -> None:
        self._name = name
        self._canal = canal

    @property
    def rastrea(self) -> bool:
        return self._canal.rastrea

    @property
    def ventana(self) -> timedelta | None:
        return self._canal.ventana

    async def enviar(
        self, destino: str, mensaje: Outgoing, salida: int, archivo: Contenido | None = None
    ) -> str:
        with stage("send", self._name, role="CLIENT"):
            return await self._canal.enviar(destino, mensaje, salida, archivo)

    async def enviar_plantilla(self, destino: str, plantilla: Plantilla, salida: int) -> str:
        with stage("send", self._name, role="CLIENT"):
            return await self._canal.enviar_plantilla(destino, plantilla, salida)

    async def atendiendo(self, destino: str, mensaje: str) -> None:
        await self._canal.atendiendo(destino, mensaje)

    async def descargar(self, adjunto: Adjunto, maximo: int) -> Path:
        return await self._canal.descargar(adjunto, maximo)
