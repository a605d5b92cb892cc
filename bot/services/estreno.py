"""The first use of a clave: should it be wrong, the SII must not see it twice, whatever dies meanwhile."""

from bot.core.documentos import Libro
from bot.core.errors_sii import SiiClaveUncertainError, SiiClaveWrongError, SiiError, SiiRefusedError
from bot.core.periodo import Periodo
from bot.services.ports import Reloj
from bot.services.ports_secretos import ClaveGuardada, Claves
from bot.services.ports_sii import AccesoSii, Sii


class Estreno:
    """One small call with a new clave, of which is stored that it begins and, at once, how it ended.

    If what is stored is that it began and not how it ended, a worker died in between: the clave may be wrong
    and the SII may have seen it, so its owner is asked for it again. A clave that was accepted once is taken
    to be good until the SII says otherwise: a crash must not disable those.
    """

    def __init__(self, sii: Sii, claves: Claves, reloj: Reloj) -> None:
        self._sii = sii
        self._claves = claves
        self._reloj = reloj

    async def probar(self, acceso: AccesoSii, clave: ClaveGuardada, libro: Libro) -> None:
        """Use it for the first time, unless that was done.

        Raises:
            SiiClaveUncertainError: if a first use began and nobody knows how it ended.
            SiiError: whatever `Sii` raises; unless it is about the clave, there may be another first use.
        """
        if clave.aceptada:
            return
        if clave.estreno:
            raise SiiClaveUncertainError()
        hoy = Periodo.of(self._reloj.hoy())
        try:
            await self._sii.resumen(self._marked(acceso, clave), libro, hoy, None)
        except SiiClaveWrongError:
            raise
        except SiiRefusedError:
            pass  # the question, not the clave
        except SiiError:
            await self._claves.leave(acceso.rut, clave.cifrada)
            raise
        await self._claves.accept(acceso.rut, clave.cifrada, self._reloj.ahora())

    def _marked(self, acceso: AccesoSii, clave: ClaveGuardada) -> AccesoSii:
        """Marks the beginning when the call has its turn: before that the clave is shown to nobody."""
        begun = False

        async def begin() -> None:
            nonlocal begun
            await acceso.antes()
            if not begun and not await self._claves.begin(acceso.rut, clave.cifrada, self._reloj.ahora()):
                raise SiiClaveUncertainError()
            begun = True

        return AccesoSii(acceso.rut, acceso.clave, acceso.llamadas, begin)
