"""Contracts that go: out of sight at once, for good after some minutes, and back until then."""

from bot.core.errors import NotFoundError
from bot.core.errors_contratos import ContractNotReadyError, ReplacementInvalidError
from bot.core.rut import Rut
from bot.services.contratos import ContratosService
from bot.services.indexador import Indexador
from bot.services.ports import Quien
from bot.services.ports_acceso import Bitacora
from bot.services.ports_carpeta import Carpeta, EstadoContrato, Ficha


class PapeleraService:
    """Removing and replacing a taxpayer's contracts."""

    def __init__(
        self, contratos: ContratosService, carpeta: Carpeta, indexador: Indexador, bitacora: Bitacora
    ) -> None:
        self._contratos = contratos
        self._carpeta = carpeta
        self._indexador = indexador
        self._bitacora = bitacora

    async def eliminar(self, quien: Quien, contrato: int) -> str:
        """Hide a contract, and remove it with its file and all that was read in it after `GRACIA`; its name.

        Raises:
            NotFoundError, ServiceUnavailableError
        """
        ficha = await self._contratos.ver(quien, contrato)
        if not await self._carpeta.apartar(quien.rut, contrato):
            raise NotFoundError()
        await self._gone(quien.rut, contrato, "contrato.eliminado")
        return ficha.archivo

    async def recuperar(self, quien: Quien, contrato: int) -> Ficha:
        """Have one back that was removed a moment ago.

        Raises:
            NotFoundError: if it is gone for good.
        """
        if not await self._carpeta.recuperar(quien.rut, contrato):
            raise NotFoundError()
        await self._indexador.copiar(quien.rut)
        await self._bitacora.write("contrato.recuperado", quien.rut, contrato=contrato)
        return await self._contratos.ver(quien, contrato)

    async def destruir(self, quien: Quien, contrato: int) -> None:
        """Remove one for good at once, whether it was hidden before or not.

        Raises:
            NotFoundError, ServiceUnavailableError
        """
        if not await self._carpeta.eliminar(quien.rut, contrato):
            raise NotFoundError()
        await self._gone(quien.rut, contrato, "contrato.destruido")

    async def reemplazar(self, quien: Quien, viejo: int, nuevo: int) -> tuple[Ficha, Ficha]:
        """Have a newer version stand for a contract, which goes as by `eliminar`; the old one and the new.

        Its annexes belong to the new one; what the taxpayer had corrected was about the old file, and is not
        taken over.

        Raises:
            NotFoundError
            ContractNotReadyError: while the new one is not read.
            ReplacementInvalidError: if both are the same, or one is an annex and the other is not.
        """
        before, after = await self._contratos.ver(quien, viejo), await self._contratos.ver(quien, nuevo)
        if viejo == nuevo or (before.anexo is None) != (after.anexo is None):
            raise ReplacementInvalidError()
        if after.estado is not EstadoContrato.INDEXADO:
            raise ContractNotReadyError()
        if not await self._carpeta.reemplazar(quien.rut, viejo, nuevo):
            raise NotFoundError()
        await self._gone(quien.rut, viejo, "contrato.reemplazado")
        return before, after

    async def vaciar(self, rut: Rut, contrato: int) -> bool:
        """Remove one whose time to be had back is over; false if it was had back, or is gone already."""
        gone = await self._carpeta.eliminar(rut, contrato, vencido=True)
        if gone:
            await self._bitacora.write("contrato.destruido", rut, contrato=contrato)
        return gone

    async def _gone(self, rut: Rut, contrato: int, event: str) -> None:
        await self._indexador.copiar(rut, limpio=True)
        await self._bitacora.write(event, rut, contrato=contrato)
