"""Notices that go to the taxpayer's phone by themselves; the worker sends them."""

from bot.core.rut import Rut
from bot.services.ports import Contribuyentes, Textos
from bot.services.ports_acceso import Bitacora, Cifrador, Limites
from bot.services.ports_canales import Mensajero


class AvisosService:
    """Says `utter_aviso_<plantilla>` by WhatsApp."""

    def __init__(
        self,
        contribuyentes: Contribuyentes,
        limites: Limites,
        cifrador: Cifrador,
        mensajero: Mensajero,
        bitacora: Bitacora,
        textos: Textos,
    ) -> None:
        self._contribuyentes = contribuyentes
        self._limites = limites
        self._cifrador = cifrador
        self._mensajero = mensajero
        self._bitacora = bitacora
        self._textos = textos

    async def enviar(self, rut: Rut, plantilla: str, telefono: str = "", *, otra_vez: bool = False) -> None:
        """Send one.

        Args:
            telefono: encrypted, if it is not the registered one.
            otra_vez: it could not be sent before; the phone's limit counts notices, not tries.

        Raises:
            ServiceUnavailableError: to be tried again.
        """
        contribuyente = await self._contribuyentes.get(rut)
        number = self._cifrador.decrypt(telefono) if telefono else contribuyente and contribuyente.telefono
        if not number or contribuyente is None:
            return
        if not otra_vez and await self._limites.hit("aviso_telefono", number, plantilla):
            return
        await self._mensajero.send_notice(number, self._textos.texto(f"utter_aviso_{plantilla}"))
        await self._bitacora.write("aviso.enviado", rut, plantilla=plantilla)
