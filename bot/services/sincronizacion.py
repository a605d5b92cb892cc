"""The sync with the SII: asked for by people, by the night and by a new clave; done by the worker."""

from collections.abc import Sequence
from datetime import date, datetime, time

from bot.core.documentos import Libro
from bot.core.errors import NotFoundError
from bot.core.errors_sii import SiiAccountError, SiiClaveMissingError, SiiClaveWrongError
from bot.core.periodo import FIRST_PERIODO, Periodo, check_in_register
from bot.core.rut import Rut
from bot.services.limites import require
from bot.services.noticias_sync import NoticiasSii
from bot.services.ports import Quien, Reloj
from bot.services.ports_acceso import Bitacora, Limites
from bot.services.ports_secretos import ClaveGuardada, Claves
from bot.services.ports_sii import Ritmo
from bot.services.ports_sincronizacion import (
    Cambio,
    ColaSii,
    Encargo,
    EstadoSii,
    Motivo,
    Pedida,
    Sincronizaciones,
)

# The night's work begins at 02:00 in Santiago, an hour that no change of the clocks skips or repeats; if no
# worker ran then, as soon as one does, but not in the middle of the day.
NIGHT_BEGINS, NIGHT_ENDS = time(2), time(12)


class SincronizacionService:
    """Asks for syncs, and tells how they stand and what they changed."""

    def __init__(
        self,
        sincronizaciones: Sincronizaciones,
        cola: ColaSii,
        claves: Claves,
        ritmo: Ritmo,
        noticias: NoticiasSii,
        limites: Limites,
        bitacora: Bitacora,
        reloj: Reloj,
        meses: str,
        *,
        activo: bool,
    ) -> None:
        """`meses` is how far back the first sync goes: a month (`2024-01`), or how many months.

        Unless `activo`, the operator has no account with the service, and nothing is asked of it.
        """
        self._activo = activo
        self._sincronizaciones = sincronizaciones
        self._cola = cola
        self._claves = claves
        self._ritmo = ritmo
        self._noticias = noticias
        self._limites = limites
        self._bitacora = bitacora
        self._reloj = reloj
        self._meses = meses

    async def pedir(self, quien: Quien, libro: Libro | None, periodos: Sequence[Periodo] = ()) -> Pedida:
        """Queue a sync of these months (the newest two if none), of one book or both, before all others.

        Raises:
            SiiClaveMissingError, SiiClaveWrongError: if there is no clave that could be used.
            SiiAccountError: if the operator has no account with the service.
            PeriodoFutureError, PeriodoTooOldError: if the register cannot hold a month.
            TooManyRequestsError
        """
        if not self._activo:
            raise SiiAccountError()
        await self._usable(quien.rut)
        for periodo in periodos:
            check_in_register(periodo, self._reloj.hoy())
        await require(self._limites, ("sii_rut", str(quien.rut)))
        queued = await self._queue(quien.rut, Motivo.PEDIDO, libro, tuple(periodos))
        await self._bitacora.write(
            "sii.pedido", quien.rut, quien.actor, libros=libro or "todos", periodos=[str(p) for p in periodos]
        )
        new = any(one for _, one in queued)
        return Pedida(tuple(job for job, _ in queued), not new, await self._ritmo.pausa())

    async def estrenar(self, quien: Quien) -> None:
        """Use a new clave at once: the newest months first, then the older ones that were never read."""
        if not self._activo:
            return
        libros = await self._sincronizaciones.libros(quien.rut)
        first = any(libro.completa is None for libro in libros)
        await self._queue(quien.rut, Motivo.ESTRENO, None, ())
        await self._noticias.alta(quien.rut, self._reloj.ahora(), self.desde().nombre, primera=first)

    async def estado(self, quien: Quien) -> EstadoSii:
        """Whether there is a clave, whether everybody waits, and how each book stands."""
        clave = await self._claves.get(quien.rut)
        return EstadoSii(
            clave.creada if clave else None,
            clave.rechazada if clave else None,
            await self._ritmo.pausa(),
            self.desde(),
            await self._sincronizaciones.libros(quien.rut),
        )

    async def cambios(self, quien: Quien, desde: datetime) -> tuple[Cambio, ...]:
        """What syncs changed since then, oldest first."""
        return await self._sincronizaciones.cambios(quien.rut, desde)

    async def noche(self, ahora: datetime | None = None) -> int | None:
        """Queue the night's work if it is time for it; None if it is not, or was done before."""
        ahora = ahora or self._reloj.ahora()
        if not NIGHT_BEGINS <= ahora.time() < NIGHT_ENDS:
            return None
        return await self._noche(ahora.date(), ahora)

    async def pedir_todos(self, actor: str) -> int:
        """Queue everybody, as the night does, now and not for a second time today."""
        ahora = self._reloj.ahora()
        return await self._noche(ahora.date(), ahora, actor) or 0

    async def pedir_de(self, actor: str, rut: Rut) -> Pedida:
        """Queue one taxpayer's sync for an admin.

        Raises:
            SiiClaveMissingError, SiiClaveWrongError: if there is no clave that could be used.
        """
        return await self.pedir(Quien(rut, actor=actor), None)

    def desde(self) -> Periodo:
        """The month that first syncs walk back to."""
        current = Periodo.of(self._reloj.hoy())
        wanted = Periodo.parse(self._meses) if "-" in self._meses else current.plus(1 - int(self._meses))
        return max(FIRST_PERIODO, wanted)

    async def _noche(self, fecha: date, ahora: datetime, actor: str = "trabajador") -> int | None:
        queued = await self._cola.noche(fecha, ahora) if self._activo else None
        if queued is not None:
            await self._bitacora.write("sii.noche", None, actor, fecha=str(fecha), trabajos=queued)
        return queued

    async def _queue(
        self, rut: Rut, motivo: Motivo, libro: Libro | None, periodos: tuple[Periodo, ...]
    ) -> list[tuple[int, bool]]:
        ahora = self._reloj.ahora()
        try:
            return [
                await self._cola.encolar(Encargo(rut, one, motivo, ahora, periodos))
                for one in ([libro] if libro else Libro)
            ]
        except LookupError:
            raise NotFoundError() from None

    async def _usable(self, rut: Rut) -> ClaveGuardada:
        clave = await self._claves.get(rut)
        if clave is None:
            raise SiiClaveMissingError()
        if clave.rechazada:
            raise SiiClaveWrongError()
        return clave
