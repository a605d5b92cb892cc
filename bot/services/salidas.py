"""Sending what is in the outbox."""

from collections.abc import Mapping
from dataclasses import replace

from bot.core.errors import ServiceUnavailableError
from bot.services.ports import Reloj, Textos
from bot.services.ports_acceso import Bitacora
from bot.services.ports_archivos import Archivos
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
        self,
        salidas: Salidas,
        archivos: Archivos,
        canales: Mapping[str, Canal],
        bitacora: Bitacora,
        textos: Textos,
        reloj: Reloj,
    ) -> None:
        """`reloj` is the channels' own time, whatever the demo's clock says."""
        self._salidas = salidas
        self._archivos = archivos
        self._textos = textos
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
        if salida.dudosa is not None and await self._stays(canal, salida, salida.dudosa):
            return
        try:
            sent = await self._send(canal, salida)
        except CanalOcupadoError:
            error = VENTANA if salida.cerrada else ""
            await self._salidas.anotar(salida_id, EstadoSalida.PENDIENTE, error=error)
            raise
        except CanalCerradoError:
            await self._salidas.retener(salida_id)
        except CanalRechazoError as error:
            await self._bitacora.write("salida.rechazada", canal=salida.canal, codigo=error.codigo)
            await self._salidas.anotar(salida_id, EstadoSalida.FALLIDO, error=error.codigo)
        else:
            await self._salidas.anotar(salida_id, EstadoSalida.ENVIADO, sent)

    async def _stays(self, canal: Canal, salida: Salida, ago: float) -> bool:
        """Whether a message that may have been sent some seconds ago is not sent now.

        Raises:
            CanalOcupadoError: if the channel may still tell how that ended.
        """
        doubt = DOUBT if salida.oido else SILENT_DOUBT
        if canal.rastrea and ago < doubt:
            raise CanalOcupadoError(min(DOUBT, doubt - ago))  # it may be heard before the end
        stays = not canal.rastrea and _unasked(salida)
        if stays:  # better told when the person writes than told twice
            await self._salidas.anotar(salida.id, EstadoSalida.RETENIDO, error="incierto")
        return stays

    async def rendirse(self, salida_id: int) -> None:
        """Keep for the person's next message what could not be sent for a day."""
        await self._salidas.tomar(salida_id)
        await self._salidas.anotar(salida_id, EstadoSalida.RETENIDO, error="agotado")

    async def _send(self, canal: Canal, salida: Salida) -> str:
        """Send it as it is, or where that is not allowed as its template.

        Raises:
            CanalCerradoError: if it has none that says it all, or the channel refuses that one: it is kept.
        """
        plantilla = salida.mensaje.plantilla
        if plantilla is not None and plantilla.anuncia:
            plantilla = None
        if not (salida.cerrada or self._shut(canal, salida)):
            try:
                return await self._plain(canal, salida)
            except CanalCerradoError:
                if plantilla is None:
                    raise
        if plantilla is None:
            raise CanalCerradoError()
        try:
            return await canal.enviar_plantilla(salida.canal_id, plantilla, salida.id)
        except CanalRechazoError as error:
            await self._bitacora.write("plantilla.rechazada", canal=salida.canal, codigo=error.codigo)
            raise CanalCerradoError() from None

    async def _plain(self, canal: Canal, salida: Salida) -> str:
        """Send it with its file; of a file that is gone the person is told, and how to get it again."""
        mensaje, contenido = salida.mensaje, None
        if archivo := mensaje.imagen or mensaje.documento:
            try:
                contenido = await self._archivos.leer(salida.rut, archivo.id) if salida.rut else None
            except ServiceUnavailableError:
                raise CanalOcupadoError() from None
            if contenido is None:
                gone = self._textos.texto("utter_archivo_ido", nombre=archivo.nombre)
                mensaje = replace(mensaje, texto=gone, imagen=None, documento=None)
        return await canal.enviar(salida.canal_id, mensaje, salida.id, contenido)

    def _shut(self, canal: Canal, salida: Salida) -> bool:
        """Whether the person has not written for longer than the channel allows; never, as far as we know."""
        if canal.ventana is None:
            return False
        return salida.escribio is None or self._reloj.ahora() - salida.escribio >= canal.ventana


def _unasked(salida: Salida) -> bool:
    """Whether it is an alert or news, which come without a question."""
    plantilla = salida.mensaje.plantilla
    return plantilla is not None and not plantilla.anuncia
