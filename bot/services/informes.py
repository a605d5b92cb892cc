"""Files that are made on request: a detail as a spreadsheet, months as a chart."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from bot.core.dinero import format_number
from bot.core.documentos import Libro
from bot.core.edad import months
from bot.core.errors import DetailTooLongError, TaxpayerUnknownError
from bot.core.periodo import Periodo
from bot.services.limites import require
from bot.services.ports import Contribuyentes, FiltroDocumentos, Quien, Reloj
from bot.services.ports_acceso import Limites
from bot.services.ports_archivos import Contenido
from bot.services.ports_informes import Caratula, Graficos, Planillas, Serie
from bot.services.registro import RegistroService, ResumenRegistro
from bot.services.titulos import about, source

MAXIMUM_DOCUMENTS = 20_000
PNG = "image/png"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class InformesService:
    """Makes files of what the register holds about whoever asks."""

    def __init__(
        self,
        libros: Mapping[Libro, RegistroService],
        contribuyentes: Contribuyentes,
        planillas: Planillas,
        graficos: Graficos,
        limites: Limites,
        reloj: Reloj,
    ) -> None:
        self._libros = libros
        self._contribuyentes = contribuyentes
        self._planillas = planillas
        self._graficos = graficos
        self._limites = limites
        self._reloj = reloj

    async def planilla(
        self, quien: Quien, libro: Libro, filtro: FiltroDocumentos, contraparte: str | None = None
    ) -> Contenido:
        """A spreadsheet of all documents and their totals.

        Args:
            contraparte: what to call the filter's counterparty.

        Raises:
            DetailTooLongError: if there are too many for one file.
            OnlySummaryError: if only types without documents (boletas) are asked for.
            PeriodoFutureError, PeriodoTooOldError, TooManyRequestsError
        """
        await require(self._limites, ("informe_rut", str(quien.rut)))
        registro = self._libros[libro]
        cuantos = (await registro.detalle(quien, filtro, limite=1)).total_documentos
        if cuantos > MAXIMUM_DOCUMENTS:
            raise DetailTooLongError(cuantos=format_number(cuantos), maximo=format_number(MAXIMUM_DOCUMENTS))
        found = await registro.resumen(quien, filtro)
        caratula = await self._caratula(quien, [libro], [found], contraparte)
        datos = await self._write(quien, caratula, registro, found)
        return Contenido(_name(libro.value, found.filtro.periodos, "xlsx"), XLSX, datos)

    async def grafico(
        self,
        quien: Quien,
        libros: Sequence[Libro],
        filtro: FiltroDocumentos,
        contraparte: str | None = None,
    ) -> Contenido:
        """A chart by month of one book, or of both side by side.

        Raises:
            PeriodoFutureError, PeriodoTooOldError, TooManyRequestsError
        """
        await require(self._limites, ("informe_rut", str(quien.rut)))
        found = [await self._libros[libro].resumen(quien, filtro) for libro in libros]
        caratula = await self._caratula(quien, libros, found, contraparte)
        series = [_serie(libro, one) for libro, one in zip(libros, found, strict=True)]
        datos = await self._graficos.mensual(caratula, series)
        return Contenido(_name("-".join(libros), filtro.periodos, "png"), PNG, datos)

    async def _write(
        self, quien: Quien, caratula: Caratula, registro: RegistroService, found: ResumenRegistro
    ) -> bytes:
        planilla = await asyncio.to_thread(self._planillas.nueva, caratula, registro.libro)
        try:
            async for lote in registro.recorrer(quien, found.filtro):
                await asyncio.to_thread(planilla.agregar, lote)
            return await asyncio.to_thread(planilla.cerrar, found.resumen, found.por_periodo)
        finally:
            await asyncio.to_thread(planilla.descartar)

    async def _caratula(
        self,
        quien: Quien,
        libros: Sequence[Libro],
        found: Sequence[ResumenRegistro],
        contraparte: str | None,
    ) -> Caratula:
        contribuyente = await self._contribuyentes.get(quien.rut)
        if contribuyente is None:
            raise TaxpayerUnknownError(rut=quien.rut.pretty)
        oldest = min((one.actualizado for one in found if one.actualizado), default=None)
        filtro = found[0].filtro if len(found) == 1 else replace(found[0].filtro, estado=None)
        return Caratula(
            contribuyente,
            " y ".join(libros).capitalize() + about(filtro, contraparte or filtro.contraparte),
            source(oldest, self._reloj.ahora()),
            [_missing(libro, one) for libro, one in zip(libros, found, strict=True) if one.faltan],
        )


def ultimos_meses(hoy: date) -> tuple[Periodo, ...]:
    """The months of a chart when none were asked for; the last is the current one."""
    current = Periodo.of(hoy)
    return tuple(current.plus(-11).until(current))


def _serie(libro: Libro, found: ResumenRegistro) -> Serie:
    unknown = set(found.faltan)
    montos = {
        periodo: None if periodo in unknown else mes.totales.monto_total
        for periodo, mes in found.por_periodo.items()
    }
    return Serie(libro.value.capitalize(), montos)


def _missing(libro: Libro, found: ResumenRegistro) -> str:
    names = [periodo.nombre for periodo in found.faltan]
    if len(names) > 6:
        return f"Sin datos de {libro.value} de {len(names)} de los {len(found.por_periodo)} meses."
    return f"Sin datos de {libro.value} de {months(names)}."


def _name(what: str, periodos: Sequence[Periodo], kind: str) -> str:
    """`ventas-2026-09.xlsx`, `ventas-compras-2026-01-a-2026-11.png`."""
    ends = sorted({str(periodo) for periodo in (*periodos[:1], *periodos[-1:])})
    return f"{'-'.join([what, '-a-'.join(ends) or 'todo'])}.{kind}"
