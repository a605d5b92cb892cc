"""Sending what is in the outbox."""

from collections.abc import Mapping

from bot.services.ports_acceso import Bitacora
from bot.services.ports_canales import (
    Canal,
    CanalCerradoError,
    CanalOcupadoError,
    CanalRechazoError,
    EstadoSalida,
    Salidas,
)

# After a sending of unknown end, receipts are waited for this many seconds before it is sent again.
DOUBT = 20


class SalidasService:
    """Sends messages once each, as far as a channel lets us know, and in order for each person."""

    def __init__(self, salidas: Salidas, canales: Mapping[str, Canal], bitacora: Bitacora) -> None:
        self._salidas = salidas
        self._canales = canales
        self._bitacora = bitacora

    async def despachar(self, salida_id: int) -> None:
        """The worker's part: send one message.

        Raises:
            CanalOcupadoError, CanalInciertoError: to be tried again; those behind it wait.
        """
        salida = await self._salidas.tomar(salida_id)
        if salida is None:
            return
        canal = self._canales.get(salida.canal)
        if canal is None:
            await self._salidas.anotar(salida_id, EstadoSalida.RETENIDO, error="sin_canal")
            return
        if salida.dudosa is not None and canal.rastrea and salida.dudosa < DOUBT:
            raise CanalOcupadoError(DOUBT - salida.dudosa)
        try:
            sent = await canal.enviar(salida.canal_id, salida.mensaje, salida_id)
        except CanalOcupadoError:
            await self._salidas.anotar(salida_id, EstadoSalida.PENDIENTE)
            raise
        except CanalCerradoError:
            await self._salidas.anotar(salida_id, EstadoSalida.RETENIDO, error="ventana")
        except CanalRechazoError as error:
            await self._bitacora.write("salida.rechazada", canal=salida.canal, codigo=error.codigo)
            await self._salidas.anotar(salida_id, EstadoSalida.FALLIDO, error=error.codigo)
        else:
            await self._salidas.anotar(salida_id, EstadoSalida.ENVIADO, sent)

    async def rendirse(self, salida_id: int) -> None:
        """Keep for the person's next message what could not be sent for a day."""
        await self._salidas.tomar(salida_id)
        await self._salidas.anotar(salida_id, EstadoSalida.RETENIDO, error="agotado")
