"""One sync, as the worker does it: month by month, newest first, and what follows when something fails."""

import asyncio
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.core.documentos import Libro
from bot.core.errors import ImportBusyError, TaxpayerUnknownError
from bot.core.errors_sii import (
    SiiAccountError,
    SiiClaveMissingError,
    SiiClaveUncertainError,
    SiiClaveWrongError,
    SiiError,
    SiiRefusedError,
    SiiUnavailableError,
    SiiWaitError,
)
from bot.core.periodo import Periodo
from bot.core.rut import Rut
from bot.services.aplazada import AplazadaError, backoff, until
from bot.services.estreno import Estreno
from bot.services.lectura_sii import NEWEST, read_month
from bot.services.noticias_sync import NoticiasSii
from bot.services.ports import Contribuyentes, Reloj
from bot.services.ports_acceso import Bitacora, Cifrador, Juntos
from bot.services.ports_secretos import ClaveGuardada, Claves
from bot.services.ports_sii import AccesoSii, Llamada, Pausa, Ritmo, Sii
from bot.services.ports_sincronizacion import ColaSii, Encargo, EstadoLibro, Motivo, Sincronizaciones
from bot.services.sincronizacion import SincronizacionService

# In a month's first days the last but one is read as well: what its last day among the newest brought would
# else never be seen. As many days as there are to claim a purchase.
LINGERS = 8
# Of older months a first sync reads so many at a time, then others have their turn.
PIECE = 3
TRIES = {Motivo.PEDIDO: 4, Motivo.ESTRENO: 6, Motivo.NOCHE: 8, Motivo.PRIMERA: 6}
ACCOUNT_PAUSE = timedelta(minutes=15)
_WALKS = (Motivo.ESTRENO, Motivo.PRIMERA)
_EVER = datetime.min.replace(tzinfo=UTC)
_BUSY_SECONDS = 20.0
# How long the database may be away without a refusal of a clave being forgotten: about a minute.
_PATIENCE = (0.5, 1, 2, 4, 8, 16, 32)
_MOST_CALLS = 60


class Sincronizador:
    """Does what was asked of `SincronizacionService`; the queue runs one of a taxpayer at a time."""

    def __init__(
        self,
        servicio: SincronizacionService,
        sii: Sii,
        ritmo: Ritmo,
        sincronizaciones: Sincronizaciones,
        cola: ColaSii,
        claves: Claves,
        cifrador: Cifrador,
        contribuyentes: Contribuyentes,
        noticias: NoticiasSii,
        bitacora: Bitacora,
        juntos: Juntos,
        reloj: Reloj,
    ) -> None:
        self._servicio = servicio
        self._sii = sii
        self._ritmo = ritmo
        self._sincronizaciones = sincronizaciones
        self._cola = cola
        self._claves = claves
        self._cifrador = cifrador
        self._contribuyentes = contribuyentes
        self._noticias = noticias
        self._bitacora = bitacora
        self._juntos = juntos
        self._reloj = reloj
        self._estreno = Estreno(sii, claves, reloj)

    async def sincronizar(self, encargo: Encargo) -> None:
        """Do it; who has no usable clave (any more), or is blocked or erased, is passed over.

        Raises:
            AplazadaError: if it is to be gone on with later.
        """
        contribuyente = await self._contribuyentes.get(encargo.rut)
        clave = await self._claves.get(encargo.rut)
        if contribuyente is None or contribuyente.bloqueado or clave is None or clave.rechazada:
            return
        hurry = encargo.motivo in (Motivo.PEDIDO, Motivo.ESTRENO)
        try:
            with self._ritmo.primero() if hurry else nullcontext():
                error = await self._months(encargo, clave)
            await self._done(encargo, error)
        except SiiError as failed:
            await self._failed(encargo, clave, failed)
        except ImportBusyError:
            raise AplazadaError(_BUSY_SECONDS) from None
        except TaxpayerUnknownError:
            return

    def _acceso(self, rut: Rut, clave: ClaveGuardada) -> AccesoSii:
        """Calls are made as long as the taxpayer has not taken the clave back; turns are waited for."""

        async def still() -> None:
            now = await self._claves.get(rut)
            if now is None or now.cifrada != clave.cifrada:
                raise SiiClaveMissingError()

        return AccesoSii(rut, self._cifrador.decrypt(clave.cifrada), antes=still)

    async def _months(self, encargo: Encargo, clave: ClaveGuardada) -> SiiRefusedError | None:
        """Read month after month; what the SII refused, if it refused something."""
        rut, libro = encargo.rut, encargo.libro
        periodos, error = await self._periodos(encargo), None
        pending = list(periodos)
        # One for all months: what the SII says of the clave is read in the light of what it said before.
        acceso = self._acceso(rut, clave)
        await self._estreno.probar(acceso, clave, libro)
        done = await self._sincronizaciones.al_dia(rut, libro, encargo.desde)
        seen = set(pending)
        while pending:
            periodo = pending.pop(0)
            if periodo in done:
                continue
            try:
                others = await self._month(encargo, clave, acceso, periodo)
            except SiiRefusedError as refused:
                error = refused
                continue
            # A month that lost documents to this one is not what the SII has either.
            pending += [other for other in others if other not in seen]
            seen.update(others)
        if periodos and encargo.motivo in _WALKS:
            await self._sincronizaciones.llegar(rut, libro, min(periodos))
        return error

    async def _month(
        self, encargo: Encargo, clave: ClaveGuardada, acceso: AccesoSii, periodo: Periodo
    ) -> tuple[Periodo, ...]:
        rut, libro, ahora = encargo.rut, encargo.libro, self._reloj.ahora()
        facts: dict[str, Any] = {
            "libro": libro.value,
            "periodo": str(periodo),
            "motivo": encargo.motivo.name.lower(),
        }
        before = len(acceso.llamadas)
        try:
            stored = await self._sincronizaciones.mes(rut, libro, periodo)
            partes, unequal = await read_month(self._sii, acceso, libro, periodo, stored, ahora)
        except SiiError as failed:
            calls = acceso.llamadas[before:]
            if calls or not isinstance(failed, SiiWaitError):
                dice = str(failed.params.get("dice", "")) if isinstance(failed, SiiRefusedError) else ""
                await self._log("sii.fallo", rut, calls, error=failed.key, dice=dice, **facts)
            raise
        mine = await self._mine(rut, libro)
        first = encargo.motivo in _WALKS and not mine.completa
        cambio, others = await self._sincronizaciones.guardar(
            rut, libro, periodo, partes, ahora, primera=first, clave=clave.cifrada
        )
        if unequal:
            await self._bitacora.write("sii.descuadre", rut, tipos=list(unequal), **facts)
        counts = (cambio.nuevos, cambio.cambiados, cambio.idos) if cambio else (0, 0, 0)
        await self._log("sii.mes", rut, acceso.llamadas[before:], cambios=counts, **facts)
        return others

    async def _log(self, evento: str, rut: Rut, llamadas: Sequence[Llamada], **facts: Any) -> None:
        calls = [[one.que, one.codigo, one.milisegundos] for one in llamadas[:_MOST_CALLS]]
        await self._bitacora.write(evento, rut, llamadas=calls, **facts)

    async def _periodos(self, encargo: Encargo) -> tuple[Periodo, ...]:
        """The months to read, newest first."""
        if encargo.periodos:
            return tuple(sorted(encargo.periodos, reverse=True))
        hoy = self._reloj.hoy()
        lingers = encargo.motivo is Motivo.NOCHE and hoy.day <= LINGERS
        newest = tuple(Periodo.of(hoy).plus(-back) for back in range(NEWEST + lingers))
        mine = await self._mine(encargo.rut, encargo.libro)
        if encargo.motivo is Motivo.NOCHE and mine.completa:
            return newest + await self._missing(encargo, newest[-1])
        if encargo.motivo is not Motivo.PRIMERA or mine.llega_a is None:
            return newest
        older = (mine.llega_a.plus(-back) for back in range(1, PIECE + 1))
        return tuple(periodo for periodo in older if periodo >= self._servicio.desde())

    async def _missing(self, encargo: Encargo, before: Periodo) -> tuple[Periodo, ...]:
        """Some older months that are not the SII's: it refused them, or a file was imported over them."""
        known = await self._sincronizaciones.al_dia(encargo.rut, encargo.libro, _EVER)
        all_ = self._servicio.desde().until(before.plus(-1))
        return tuple(periodo for periodo in all_ if periodo not in known)[: -PIECE - 1 : -1]

    async def _mine(self, rut: Rut, libro: Libro) -> EstadoLibro:
        return next(one for one in await self._sincronizaciones.libros(rut) if one.libro is libro)

    async def _done(self, encargo: Encargo, error: SiiRefusedError | None) -> None:
        rut, libro, ahora = encargo.rut, encargo.libro, self._reloj.ahora()
        if error:
            await self._sincronizaciones.anotar(rut, libro, intento=ahora, error=error.key)
        else:
            await self._sincronizaciones.anotar(
                rut, libro, intento=ahora, exito=ahora, error="", fallando=None, fallos=0
            )
        if encargo.motivo in _WALKS:
            await self._go_back(encargo)
        if not await self._cola.ultimo(encargo):
            return
        if encargo.motivo is Motivo.ESTRENO and not (await self._mine(rut, libro)).completa:
            await self._noticias.primeros_meses(rut, encargo.desde)
        if encargo.motivo is Motivo.PEDIDO and error:
            await self._noticias.pedido_fallido(rut, encargo.desde, error)
        elif encargo.motivo is Motivo.PEDIDO:
            cambios = await self._sincronizaciones.cambios(rut, encargo.desde)
            await self._noticias.pedido_listo(rut, encargo.desde, cambios)

    async def _go_back(self, encargo: Encargo) -> None:
        """The next piece of a first sync, or its end."""
        rut, libro = encargo.rut, encargo.libro
        libros = await self._sincronizaciones.libros(rut)
        mine = next(one for one in libros if one.libro is libro)
        if mine.completa:
            return
        if mine.llega_a is None or mine.llega_a > self._servicio.desde():
            await self._cola.encolar(Encargo(rut, libro, Motivo.PRIMERA, encargo.desde))
            return
        ahora = self._reloj.ahora()
        await self._sincronizaciones.anotar(rut, libro, completa=ahora)
        if all(one.completa for one in libros if one.libro is not libro):
            await self._noticias.completa(rut, ahora, self._servicio.desde().nombre)

    async def _failed(self, encargo: Encargo, clave: ClaveGuardada, failed: SiiError) -> None:
        """What a failure means for this taxpayer and for everybody.

        Raises:
            AplazadaError: unless it is over for now.
        """
        if isinstance(failed, SiiWaitError):  # everybody waits already
            raise AplazadaError(until(failed.hasta)) from None
        if isinstance(failed, SiiAccountError):
            await self._ritmo.pausar(Pausa(datetime.now(UTC) + ACCOUNT_PAUSE, bloqueo=False))
            raise AplazadaError(until(datetime.now(UTC) + ACCOUNT_PAUSE)) from None
        if isinstance(failed, SiiClaveMissingError):  # taken back, or replaced: then with the new one
            raise AplazadaError(0) from None
        if isinstance(failed, SiiUnavailableError):
            await self._back_off(encargo, failed)
        elif isinstance(failed, SiiClaveWrongError):
            await self._refused(encargo, clave, failed)
        else:
            raise failed

    async def _refused(self, encargo: Encargo, clave: ClaveGuardada, failed: SiiClaveWrongError) -> None:
        """Note it, however long that takes: a refusal that is forgotten is shown to the SII again."""
        for seconds in _PATIENCE:
            try:
                await self._reject(encargo, clave, failed)
                return
            except Exception:
                await asyncio.sleep(seconds)
        await self._reject(encargo, clave, failed)

    async def _reject(self, encargo: Encargo, clave: ClaveGuardada, failed: SiiClaveWrongError) -> None:
        rut, ahora = encargo.rut, self._reloj.ahora()
        evento = "clave.en_duda" if isinstance(failed, SiiClaveUncertainError) else "clave.rechazada"
        async with self._juntos(rut):
            await self._sincronizaciones.anotar(rut, encargo.libro, intento=ahora, error=failed.key)
            if await self._claves.reject(rut, clave.cifrada, ahora):
                await self._bitacora.write(evento, rut, "sii")
                await self._noticias.clave_mala(rut, clave.creada, failed.key)

    async def _back_off(self, encargo: Encargo, failed: SiiUnavailableError) -> None:
        rut, libro, ahora = encargo.rut, encargo.libro, self._reloj.ahora()
        mine = await self._mine(rut, libro)
        fallos = mine.fallos + 1
        over = fallos >= TRIES[encargo.motivo]
        await self._sincronizaciones.anotar(
            rut,
            libro,
            intento=ahora,
            error=failed.key,
            fallando=mine.fallando or ahora,
            fallos=0 if over else fallos,
        )
        if not over:
            raise AplazadaError(backoff(fallos)) from None
        await self._bitacora.write("sii.hasta_manana", rut, libro=libro.value, error=failed.key)
        if encargo.motivo is Motivo.PEDIDO:
            await self._noticias.pedido_fallido(rut, encargo.desde, failed)
