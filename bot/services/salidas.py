"""Sending what is in the outbox."""

from collections.abc import Mapping

from bot.services.ports import Reloj
from bot.services.ports_acceso import Bitacora
from bot.services.ports_canales import (
    VENTANA,
    Canal,
    CanalCerradoError,
    CanalOcupadoError,
    CanalRechazoError,
    EstadoSalida,
    Salida,
    Salidas,
)

# After a sending of unknown end its receipt is waited for. A channel that delivers has delivered it within
# seconds. If nothing at all has come since, its deliveries may not reach us: WhatsApp repeats them, with ever
# longer pauses, and the first repetitions after an outage come within minutes. Who waits for an answer for
# ten minutes has asked again, and then the channel has been heard.
DOUBT, SILENT_DOUBT = 20, 600


class SalidasService:
    """Sends messages once each, as far as a channel lets us know, and in order for each person."""

    def __init__(
        self, salidas: Salidas, canales: Mapping[str, Canal], bitacora: Bitacora, reloj: Reloj
    ) -> None:
        """`reloj` is the channels' own time, whatever the demo's clock says."""
        self._salidas = salidas
        self._canales = canales
        self._bitacora = bitacora
        self._reloj = reloj

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
        doubt = DOUBT if salida.oido else SILENT_DOUBT
        if salida.dudosa is not None and canal.rastrea and salida.dudosa < doubt:
            raise CanalOcupadoError(min(DOUBT, doubt - salida.dudosa))  # it may be heard before the end
        try:
            sent = await self._send(canal, salida)
        except CanalOcupadoError:
            error = VENTANA if salida.cerrada else ""
            await self._salidas.anotar(salida_id, EstadoSalida.PENDIENTE, error=error)
            raise
        except CanalCerradoError:
            await self._salidas.anotar(salida_id, EstadoSalida.RETENIDO, error=VENTANA)
        except CanalRechazoError as error:
            await self._bitacora.write("salida.rechazada", canal=salida.canal, codigo=error.codigo)
            await self._salidas.anotar(salida_id, EstadoSalida.FALLIDO, error=error.codigo)
        else:
            await self._salidas.anotar(salida_id, EstadoSalida.ENVIADO, sent)

    async def rendirse(self, salida_id: int) -> None:
        """Keep for the person's next message what could not be sent for a day."""
        await self._salidas.tomar(salida_id)
        await self._salidas.anotar(salida_id, EstadoSalida.RETENIDO, error="agotado")

    async def _send(self, canal: Canal, salida: Salida) -> str:
        """Send it as it is, or where that is not allowed as its template.

        Raises:
            CanalCerradoError: if it has none, or the channel does not take that one: it is kept.
        """
        mensaje = salida.mensaje
        if not (salida.cerrada or self._shut(canal, salida)):
            try:
                return await canal.enviar(salida.canal_id, mensaje, salida.id)
            except CanalCerradoError:
                if mensaje.plantilla is None:
                    raise
        if mensaje.plantilla is None:
            raise CanalCerradoError()
        try:
            return await canal.enviar_plantilla(salida.canal_id, mensaje.plantilla, salida.id)
        except CanalRechazoError as error:
            await self._bitacora.write("plantilla.rechazada", canal=salida.canal, codigo=error.codigo)
            raise CanalCerradoError() from None

    def _shut(self, canal: Canal, salida: Salida) -> bool:
        """Whether the person has not written for longer than the channel allows; never, as far as we know."""
        if canal.ventana is None:
            return False
        return salida.escribio is None or self._reloj.ahora() - salida.escribio >= canal.ventana
