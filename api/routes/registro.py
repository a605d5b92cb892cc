"""Sales and purchases: summaries, documents, imports."""

import uuid
from datetime import date, datetime
from typing import Annotated

from aiohttp import web
from pydantic import Field

from api.auth import Auth
from api.endpoint import endpoint
from api.fields import Answer, Model, Pagina, PeriodoField, Texto
from api.keys import SERVICES
from api.routes.conversacion import WEB_CHANNEL
from api.uploads import received
from bot.core.documentos import Documento, EstadoCompra, Libro, tipo_documento
from bot.core.errors import (
    ImportBusyError,
    TaxpayerUnknownError,
    TooManyRequestsError,
    UploadIncompleteError,
    UploadTooLargeError,
)
from bot.core.resumen import MONTOS, Montos
from bot.services.importacion import archivo_enviado, resumen_importado
from bot.services.limites import require
from bot.services.ports import FiltroDocumentos, Quien
from bot.services.registro import RegistroService

routes = web.RouteTableDef()


class ResumenQuery(Model):
    """One month."""

    periodo: PeriodoField


class ComprasResumenQuery(ResumenQuery):
    """One month and a state of purchases."""

    estado: EstadoCompra = EstadoCompra.REGISTRO


class DetalleQuery(ResumenQuery):
    """One month's documents, filtered and paged."""

    tipo_documento: Annotated[int, Field(ge=1, le=9999)] | None = None
    contraparte: Texto | None = None
    pagina: Pagina = 1
    limite: Annotated[int, Field(ge=1, le=500)] = 50


class ComprasDetalleQuery(DetalleQuery):
    """The same, in a state of purchases."""

    estado: EstadoCompra = EstadoCompra.REGISTRO


class ImportarForm(Model):
    """The fields beside the file."""

    tipo: Libro
    periodo: PeriodoField
    estado: EstadoCompra | None = None
    id_mensaje: uuid.UUID | None = Field(
        None, description="Con él, el archivo y su resultado quedan como mensajes del chat web."
    )


class MontosAnswer(Answer):
    """Whole CLP; `cantidad` is a count. Credit notes subtract."""

    cantidad: int
    monto_exento: int
    monto_neto: int
    monto_iva: int
    monto_total: int


class FilaAnswer(MontosAnswer):
    """One document type of a month."""

    tipo_documento: int
    nombre: str


class ResumenAnswer(Answer):
    """A month by document type; `actualizado` is null if nobody has imported or synced it."""

    rut: str
    periodo: str
    filas: list[FilaAnswer]
    totales: MontosAnswer
    actualizado: datetime | None


class OtroImpuestoAnswer(Answer):
    """Another tax of a document."""

    codigo: int
    valor: int
    tasa: str | None


class DocumentoAnswer(Answer):
    """One document."""

    tipo_documento: int
    nombre: str
    folio: int
    fecha: date
    fecha_recepcion: datetime | None
    contraparte_rut: str
    contraparte: str
    monto_exento: int
    monto_neto: int
    monto_iva: int
    monto_total: int
    estado: EstadoCompra | None
    otros_impuestos: list[OtroImpuestoAnswer]


class DetalleAnswer(Answer):
    """One page of documents, newest first."""

    documentos: list[DocumentoAnswer]
    total_documentos: int
    pagina: int
    actualizado: datetime | None


class RechazoAnswer(Answer):
    """A bad line."""

    linea: int
    motivo: str


class ImportacionAnswer(Answer):
    """What an import did."""

    importados: int
    sin_cambios: int
    movidos: int
    rechazados: list[RechazoAnswer]
    total_rechazados: int


@routes.get("/api/ventas/resumen")
@endpoint("Ventas de un mes por tipo de documento", auth=Auth.SESION, answer=ResumenAnswer)
async def ventas_resumen(request: web.Request, quien: Quien, query: ResumenQuery) -> ResumenAnswer:
    """Sales of a month by document type."""
    return await _resumen(request.app[SERVICES].ventas, quien, query, None)


@routes.get("/api/compras/resumen")
@endpoint("Compras de un mes por tipo de documento", auth=Auth.SESION, answer=ResumenAnswer)
async def compras_resumen(request: web.Request, quien: Quien, query: ComprasResumenQuery) -> ResumenAnswer:
    """Purchases of a month by document type."""
    return await _resumen(request.app[SERVICES].compras, quien, query, query.estado)


@routes.get("/api/ventas/detalle")
@endpoint("Documentos emitidos en un mes", auth=Auth.SESION, answer=DetalleAnswer)
async def ventas_detalle(request: web.Request, quien: Quien, query: DetalleQuery) -> DetalleAnswer:
    """Documents issued in a month."""
    return await _detalle(request.app[SERVICES].ventas, quien, query, None)


@routes.get("/api/compras/detalle")
@endpoint("Documentos recibidos en un mes", auth=Auth.SESION, answer=DetalleAnswer)
async def compras_detalle(request: web.Request, quien: Quien, query: ComprasDetalleQuery) -> DetalleAnswer:
    """Documents received in a month."""
    return await _detalle(request.app[SERVICES].compras, quien, query, query.estado)


@routes.post("/api/rcv/importar")
@endpoint(
    "Importar el CSV que se descarga del SII",
    auth=Auth.SESION,
    answer=ImportacionAnswer,
    errors=(
        ImportBusyError,
        UploadIncompleteError,
        UploadTooLargeError,
        TaxpayerUnknownError,
        TooManyRequestsError,
    ),
    form=ImportarForm,
    file="archivo",
)
async def importar(request: web.Request, quien: Quien) -> ImportacionAnswer:
    """Import a CSV that the SII's register exported."""
    services = request.app[SERVICES]
    await require(services.limites, ("importar_rut", str(quien.rut)))
    async with received(request, "archivo", ImportarForm) as (archivo, nombre, form):
        done = await services.libro(form.tipo).importar(quien, archivo, nombre, form.periodo, form.estado)
    if form.id_mensaje:
        told = resumen_importado(services.textos, form.tipo, form.periodo, form.estado, done)
        sent = archivo_enviado(str(form.id_mensaje), nombre)
        await services.conversacion.anotar(quien, WEB_CHANNEL, str(quien.rut), sent, told)
    return ImportacionAnswer(
        importados=done.importados,
        sin_cambios=done.sin_cambios,
        movidos=done.movidos,
        rechazados=[RechazoAnswer(linea=one.linea, motivo=one.motivo) for one in done.rechazados],
        total_rechazados=done.total_rechazados,
    )


async def _resumen(
    registro: RegistroService, quien: Quien, query: ResumenQuery, estado: EstadoCompra | None
) -> ResumenAnswer:
    found = await registro.resumen(quien, FiltroDocumentos((query.periodo,), estado))
    return ResumenAnswer(
        rut=str(quien.rut),
        periodo=str(query.periodo),
        filas=[
            FilaAnswer(tipo_documento=fila.tipo.codigo, nombre=fila.tipo.nombre, **_montos(fila.montos))
            for fila in found.resumen.filas
        ],
        totales=MontosAnswer(**_montos(found.resumen.totales)),
        actualizado=found.actualizado,
    )


async def _detalle(
    registro: RegistroService, quien: Quien, query: DetalleQuery, estado: EstadoCompra | None
) -> DetalleAnswer:
    tipos = (query.tipo_documento,) if query.tipo_documento else ()
    filtro = FiltroDocumentos((query.periodo,), estado, tipos, query.contraparte)
    found = await registro.detalle(quien, filtro, query.pagina, query.limite)
    return DetalleAnswer(
        documentos=[_documento(documento) for documento in found.documentos],
        total_documentos=found.total_documentos,
        pagina=found.pagina,
        actualizado=found.actualizado,
    )


def _montos(montos: Montos) -> dict[str, int]:
    return {"cantidad": montos.cantidad, **{name: getattr(montos, name) for name in MONTOS}}


def _documento(documento: Documento) -> DocumentoAnswer:
    return DocumentoAnswer(
        tipo_documento=documento.tipo,
        nombre=tipo_documento(documento.tipo).nombre,
        folio=documento.folio,
        fecha=documento.fecha,
        fecha_recepcion=documento.fecha_recepcion,
        contraparte_rut=str(documento.contraparte_rut),
        contraparte=documento.contraparte,
        estado=documento.estado,
        otros_impuestos=[
            OtroImpuestoAnswer(codigo=one.codigo, valor=one.valor, tasa=one.tasa)
            for one in documento.otros_impuestos
        ],
        **{name: getattr(documento, name) for name in MONTOS},
    )
