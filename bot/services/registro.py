"""Sales and purchases: the same questions of the two books of the register."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import BinaryIO

from bot.core.documentos import Documento, EstadoCompra, Libro, TipoDocumento, tipo_documento
from bot.core.errors import OnlySummaryError, TaxpayerUnknownError
from bot.core.periodo import Periodo, check_in_register
from bot.core.resumen import Resumen, total
from bot.core.rut import Rut
from bot.services.ports import (
    Cobertura,
    Contribuyentes,
    Destino,
    FiltroDocumentos,
    Importacion,
    Quien,
    Registro,
    Reloj,
)
from bot.services.ports_rcv import LectorRcv


@dataclass(frozen=True, slots=True)
class ResumenRegistro:
    """Totals of one book over some months.

    `faltan` are months asked for that nobody imported or synced; `actualizado` is the oldest moment among
    the others, None if there are none. `sin_detalle` are types that days or amounts cannot tell of: the
    register has only their totals by month.
    """

    filtro: FiltroDocumentos
    resumen: Resumen
    por_periodo: Mapping[Periodo, Resumen]
    faltan: tuple[Periodo, ...]
    actualizado: datetime | None
    sin_detalle: tuple[TipoDocumento, ...] = ()

    @property
    def mes_a_mes(self) -> dict[Periodo, int | None]:
        """Each month's total in whole CLP; None where nothing is known."""
        return {
            mes: None if mes in self.faltan else one.totales.monto_total
            for mes, one in self.por_periodo.items()
        }


@dataclass(frozen=True, slots=True)
class DetalleRegistro:
    """One page of documents, newest first; `solo_resumen` are types that exist as totals only."""

    filtro: FiltroDocumentos
    documentos: tuple[Documento, ...]
    total_documentos: int
    pagina: int
    limite: int
    solo_resumen: Resumen
    faltan: tuple[Periodo, ...]
    actualizado: datetime | None
    sin_detalle: tuple[TipoDocumento, ...] = ()

    @property
    def hay_mas(self) -> bool:
        return self.pagina * self.limite < self.total_documentos


class RegistroService:
    """Questions about one book; each is about the taxpayer who asks and nobody else."""

    def __init__(
        self,
        libro: Libro,
        contribuyentes: Contribuyentes,
        registro: Registro,
        lector: LectorRcv,
        reloj: Reloj,
    ) -> None:
        self.libro = libro
        self._contribuyentes = contribuyentes
        self._registro = registro
        self._lector = lector
        self._reloj = reloj

    async def resumen(self, quien: Quien, filtro: FiltroDocumentos) -> ResumenRegistro:
        """Totals by type and in all.

        Raises:
            OnlySummaryError: if days or amounts of types without documents (boletas) are asked for.
            PeriodoFutureError, PeriodoTooOldError: if the register cannot hold a month.
        """
        filtro = self._checked(filtro)
        if filtro.dias or filtro.monto:
            _require_documents(filtro)
        found = await self._registro.filas(quien.rut, self.libro, filtro)
        por_periodo = {
            periodo: total(fila.fila for fila in found.filas if fila.periodo == periodo)
            for periodo in filtro.periodos
        }
        return ResumenRegistro(
            filtro,
            total(fila.fila for fila in found.filas),
            por_periodo,
            _missing(filtro.periodos, found.conocidos),
            _oldest(found.conocidos),
            await self._untold(quien, filtro),
        )

    async def detalle(
        self, quien: Quien, filtro: FiltroDocumentos, pagina: int = 1, limite: int = 50
    ) -> DetalleRegistro:
        """One page of documents.

        Raises:
            OnlySummaryError: if only types without documents (boletas) are asked for.
            PeriodoFutureError, PeriodoTooOldError: if the register cannot hold a month.
        """
        filtro = self._checked(filtro)
        _require_documents(filtro)
        documentos, cuantos = await self._registro.documentos(quien.rut, self.libro, filtro, pagina, limite)
        found = await self._registro.filas(quien.rut, self.libro, filtro)
        return DetalleRegistro(
            filtro,
            tuple(documentos),
            cuantos,
            pagina,
            limite,
            total(fila.fila for fila in found.filas if fila.fila.tipo.solo_resumen),
            _missing(filtro.periodos, found.conocidos),
            _oldest(found.conocidos),
            await self._untold(quien, filtro),
        )

    async def _untold(self, quien: Quien, filtro: FiltroDocumentos) -> tuple[TipoDocumento, ...]:
        """The types of these months of which no day and no single amount is known."""
        if not (filtro.dias or filtro.monto) or filtro.contraparte or filtro.folio is not None:
            return ()
        months = replace(filtro, dias=None, monto=None)
        found = await self._registro.filas(quien.rut, self.libro, months)
        rows = total(fila.fila for fila in found.filas if fila.fila.tipo.solo_resumen).filas
        return tuple(fila.tipo for fila in rows)

    def recorrer(self, quien: Quien, filtro: FiltroDocumentos) -> AsyncIterator[Sequence[Documento]]:
        """All documents, oldest first, some at a time and as of one moment.

        Raises:
            PeriodoFutureError, PeriodoTooOldError: if the register cannot hold a month.
        """
        return self._registro.lotes(quien.rut, self.libro, self._checked(filtro))

    async def contrapartes(self, quien: Quien) -> dict[str, Rut]:
        """All clients or suppliers, by name."""
        return await self._registro.contrapartes(quien.rut, self.libro)

    async def ultimo_periodo(self, quien: Quien) -> Periodo | None:
        """The newest month that is known, if any."""
        return await self._registro.ultimo_periodo(quien.rut, self.libro, self._estado(None))

    async def importar(
        self, quien: Quien, archivo: BinaryIO, nombre: str, periodo: Periodo, estado: EstadoCompra | None
    ) -> Importacion:
        """Import a CSV that the SII's register exported, all or nothing but for its bad lines.

        Args:
            nombre: of the file; the SII's names tell whose it is, and are checked.

        Raises:
            CsvNotCsvError, CsvColumnsError: if it is no such file.
            CsvOtherTaxpayerError, CsvOtherPeriodoError: if it is another's.
            TaxpayerUnknownError: if nobody is registered with that RUT.
        """
        if await self._contribuyentes.get(quien.rut) is None:
            raise TaxpayerUnknownError(rut=quien.rut.pretty)
        check_in_register(periodo, self._reloj.hoy())
        estado = self._estado(estado)
        self._lector.check_file_name(nombre, quien.rut, self.libro, periodo, estado)
        filas = self._lector.read_rcv(archivo, self.libro, periodo, estado, quien.rut)
        destino = Destino(self.libro, periodo, estado, "csv", self._reloj.ahora())
        return await self._registro.importar(quien.rut, destino, filas)

    def _estado(self, estado: EstadoCompra | None) -> EstadoCompra | None:
        if self.libro is Libro.VENTAS:
            return None
        return estado or EstadoCompra.REGISTRO

    def _checked(self, filtro: FiltroDocumentos) -> FiltroDocumentos:
        hoy = self._reloj.hoy()
        for periodo in filtro.periodos:
            check_in_register(periodo, hoy)
        return replace(filtro, estado=self._estado(filtro.estado))


def _require_documents(filtro: FiltroDocumentos) -> None:
    """
    Raises:
        OnlySummaryError: if only types without documents are asked for.
    """
    if filtro.tipos and all(tipo_documento(tipo).solo_resumen for tipo in filtro.tipos):
        raise OnlySummaryError()


def _missing(periodos: Sequence[Periodo], conocidos: Sequence[Cobertura]) -> tuple[Periodo, ...]:
    known = {cobertura.periodo for cobertura in conocidos}
    return tuple(periodo for periodo in periodos if periodo not in known)


def _oldest(conocidos: Sequence[Cobertura]) -> datetime | None:
    return min((cobertura.actualizado for cobertura in conocidos), default=None)
