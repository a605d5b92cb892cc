"""Files that go out: stored for a while, and read by whoever they are of."""

from datetime import timedelta

from bot.core.errors import NotFoundError
from bot.core.mensajes import Archivo
from bot.services.ports import Quien
from bot.services.ports_archivos import Archivos, Contenido

# What was made can be made again.
GENERATED = timedelta(days=30)


class ArchivosService:
    """The taxpayer's own files."""

    def __init__(self, archivos: Archivos) -> None:
        self._archivos = archivos

    async def guardar(self, quien: Quien, hecho: Contenido) -> Archivo:
        """Keep for some weeks what was made for somebody.

        Raises:
            TaxpayerUnknownError, ServiceUnavailableError
        """
        return await self._archivos.guardar(quien.rut, hecho, GENERATED)

    async def abrir(self, quien: Quien, archivo_id: str) -> Contenido:
        """A file.

        Raises:
            NotFoundError: if there is none, no longer, or it is another's.
        """
        found = await self._archivos.leer(quien.rut, archivo_id)
        if found is None:
            raise NotFoundError()
        return found
