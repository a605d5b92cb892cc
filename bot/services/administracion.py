"""What admins do. Every act is noted, with the name of the key that did it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.errors import JobNotRetriableError, NotFoundError, TaxpayerUnknownError
from bot.core.mascara import mask
from bot.core.rut import Rut
from bot.services.acceso import AccesoService
from bot.services.codigos import CodigosService
from bot.services.cuentas import CuentasService
from bot.services.ports import Contribuyentes, Reloj
from bot.services.ports_acceso import Bitacora, Juntos
from bot.services.ports_admin import (
    Administracion,
    Cifras,
    Ficha,
    FiltroMensajes,
    FiltroRegistros,
    Hora,
    MensajeVisto,
    Pagina,
    Registrado,
    Trabajo,
    Trabajos,
)


class AdministracionService:
    """The first argument of each method is the name of the key that asks."""

    def __init__(
        self,
        datos: Administracion,
        trabajos: Trabajos,
        contribuyentes: Contribuyentes,
        acceso: AccesoService,
        cuentas: CuentasService,
        codigos: CodigosService,
        bitacora: Bitacora,
        juntos: Juntos,
        reloj: Reloj,
    ) -> None:
        self._datos = datos
        self._trabajos = trabajos
        self._contribuyentes = contribuyentes
        self._acceso = acceso
        self._cuentas = cuentas
        self._codigos = codigos
        self._bitacora = bitacora
        self._juntos = juntos
        self._reloj = reloj

    async def buscar(self, actor: str, busca: str, pagina: Pagina) -> tuple[list[Ficha], int]:
        """Taxpayers by RUT (in any spelling) or part of the name, and how many there are in all."""
        await self._bitacora.write("admin.contribuyentes", actor=actor, largo=len(busca))
        return await self._datos.contribuyentes(busca, pagina)

    async def ficha(self, actor: str, rut: Rut) -> Ficha:
        """One taxpayer.

        Raises:
            TaxpayerUnknownError
        """
        await self._bitacora.write("admin.contribuyente", rut, actor)
        return await self._ficha(rut)

    async def cambiar(
        self,
        actor: str,
        rut: Rut,
        *,
        nombre: str | None = None,
        telefono: str | None = None,
        bloqueado: bool | None = None,
    ) -> Ficha:
        """Change what is given; a new phone or a block ends sessions and pending codes.

        The phone that there was is told of the new one.

        Raises:
            TaxpayerUnknownError
        """
        given = {"nombre": nombre, "telefono": telefono, "bloqueado": bloqueado}
        campos = sorted(name for name, value in given.items() if value is not None)
        async with self._juntos(rut):
            known = await self._contribuyentes.get(rut)
            if known is None:
                raise TaxpayerUnknownError(rut=rut.pretty)
            if nombre is not None:
                await self._contribuyentes.change(rut, nombre=nombre)
            if telefono is not None:
                await self._cuentas.poner_telefono(known, telefono, actor=actor)
            if bloqueado is not None:
                await self._contribuyentes.change(rut, bloqueado=self._reloj.ahora() if bloqueado else None)
            if bloqueado:
                await self._acceso.cerrar_todas(rut)
                await self._codigos.anular(rut)
            await self._bitacora.write("admin.cambio", rut, actor, campos=campos)
        return await self._ficha(rut)

    async def revocar_sesiones(self, actor: str, rut: Rut) -> int:
        """End all sessions of a taxpayer; how many there were.

        Raises:
            TaxpayerUnknownError
        """
        await self._ficha(rut)
        return await self._revocar(actor, rut)

    async def revocar_todas(self, actor: str, told: Callable[[int, int], None]) -> int:
        """End all sessions of everybody; `told` how many taxpayers are done, of how many."""
        ended, ruts = 0, await self._datos.ruts()
        for done, rut in enumerate(ruts, 1):
            ended += await self._revocar(actor, rut)
            told(done, len(ruts))
        return ended

    async def _revocar(self, actor: str, rut: Rut) -> int:
        async with self._juntos(rut):
            ended = await self._acceso.cerrar_todas(rut)
            await self._codigos.anular(rut)
            await self._bitacora.write("admin.sesiones_revocadas", rut, actor, cuantas=ended)
        return ended

    async def mensajes(
        self, actor: str, filtro: FiltroMensajes, pagina: Pagina, *, desenmascarar: bool
    ) -> tuple[list[MensajeVisto], int]:
        """Messages, newest first, masked unless it is asked otherwise for one taxpayer."""
        event = "admin.mensajes_desenmascarados" if desenmascarar else "admin.mensajes"
        await self._bitacora.write(event, filtro.rut, actor)
        found, total = await self._datos.mensajes(filtro, pagina)
        if not desenmascarar:
            found = [replace(one, texto=mask(one.texto)) for one in found]
        return found, total

    async def registros(
        self, actor: str, filtro: FiltroRegistros, pagina: Pagina
    ) -> tuple[list[Registrado], int]:
        """What was done, newest first."""
        await self._bitacora.write("admin.registros", filtro.rut, actor)
        return await self._datos.registros(filtro, pagina)

    async def trabajos(
        self, actor: str, estado: str | None, tarea: str | None, pagina: Pagina
    ) -> tuple[list[Trabajo], int]:
        """Jobs, newest first."""
        await self._bitacora.write("admin.trabajos", actor=actor)
        return await self._trabajos.list_(estado, tarea, pagina)

    async def reintentar(self, actor: str, trabajo: int) -> None:
        """Try a job that has failed once more.

        Raises:
            NotFoundError: if there is no such job.
            JobNotRetriableError: if it has not failed.
        """
        async with self._juntos():
            done = await self._trabajos.retry(trabajo)
            if done is None:
                raise NotFoundError()
            if not done:
                raise JobNotRetriableError()
            await self._bitacora.write("admin.trabajo_reintentado", actor=actor, trabajo=trabajo)

    async def resumen(self, actor: str, desde: datetime, hasta: datetime) -> Cifras:
        """How it has gone between two moments."""
        await self._bitacora.write("admin.resumen", actor=actor)
        return await self._datos.cifras(desde, hasta)

    async def horas(self, actor: str, hasta: datetime, cuantas: int) -> list[Hora]:
        """The last full hours up to a moment, the oldest first; also those in which nobody wrote."""
        last = hasta.replace(minute=0, second=0, microsecond=0)
        wanted = [last - timedelta(hours=back) for back in reversed(range(cuantas))]
        found = {one.desde: one for one in await self._datos.horas(wanted[0], hasta)}
        return [found.get(one, Hora(one)) for one in wanted]

    async def _ficha(self, rut: Rut) -> Ficha:
        found = await self._datos.contribuyente(rut)
        if found is None:
            raise TaxpayerUnknownError(rut=rut.pretty)
        return found
