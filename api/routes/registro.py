"""Sales and purchases: summaries, documents, imports."""

from collections.abc import Mapping
from typing import Annotated, Any

from aiohttp import web
from pydantic import AfterValidator, Field

from api.http import Model, PeriodoField, reply, validated, who
from api.keys import SERVICES
from api.uploads import received
from bot.core.documentos import Documento, EstadoCompra, Libro, tipo_documento
from bot.core.resumen import MONTOS, Montos
from bot.services.ports import FiltroDocumentos
from bot.services.registro import DetalleRegistro, RegistroService, ResumenRegistro

routes = web.RouteTableDef()


def _no_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError("tiene un carácter que no se admite")
    return text


class ResumenQuery(Model):
    """One month."""

    periodo: PeriodoField


class ComprasResumenQuery(ResumenQuery):
    """One month and a state of purchases."""

    estado: EstadoCompra = EstadoCompra.REGISTRO


class DetalleQuery(ResumenQuery):
    """One month's documents, filtered and paged."""

    tipo_documento: Annotated[int, Field(ge=1, le=9999)] | None = None
    contraparte: Annotated[str, Field(max_length=120), AfterValidator(_no_nul)] | None = None
    pagina: Annotated[int, Field(ge=1, le=100_000)] = 1
    limite: Annotated[int, Field(ge=1, le=500)] = 50


class ComprasDetalleQuery(DetalleQuery):
    """The same, in a state of purchases."""

    estado: EstadoCompra = EstadoCompra.REGISTRO


class ImportarForm(Model):
    """The fields beside the file."""

    tipo: Libro
    periodo: PeriodoField
    estado: EstadoCompra | None = None


@routes.get("/api/ventas/resumen")
@validated
async def ventas_resumen(request: web.Request, query: ResumenQuery) -> web.Response:
    """Sales of a month by document type."""
    return await _resumen(request, request.app[SERVICES].ventas, query, None)


@routes.get("/api/compras/resumen")
@validated
async def compras_resumen(request: web.Request, query: ComprasResumenQuery) -> web.Response:
    """Purchases of a month by document type."""
    return await _resumen(request, request.app[SERVICES].compras, query, query.estado)


@routes.get("/api/ventas/detalle")
@validated
async def ventas_detalle(request: web.Request, query: DetalleQuery) -> web.Response:
    """Documents issued in a month."""
    return await _detalle(request, request.app[SERVICES].ventas, query, None)


@routes.get("/api/compras/detalle")
@validated
async def compras_detalle(request: web.Request, query: ComprasDetalleQuery) -> web.Response:
    """Documents received in a month."""
    return await _detalle(request, request.app[SERVICES].compras, query, query.estado)


@routes.post("/api/rcv/importar")
async def importar(request: web.Request) -> web.Response:
    """Import a CSV that the SII's register exported."""
    quien = await who(request)
    async with received(request, "archivo", ImportarForm) as (archivo, nombre, form):
        registro = request.app[SERVICES].libro(form.tipo)
        done = await registro.importar(quien, archivo, nombre, form.periodo, form.estado)
    rejects = [{"linea": rechazo.linea, "motivo": rechazo.motivo} for rechazo in done.rechazados]
    return reply(
        {
            "importados": done.importados,
            "sin_cambios": done.sin_cambios,
            "movidos": done.movidos,
            "rechazados": rejects,
            "total_rechazados": done.total_rechazados,
        }
    )


async def _resumen(
    request: web.Request, registro: RegistroService, query: ResumenQuery, estado: EstadoCompra | None
) -> web.Response:
    quien = await who(request)
    found = await registro.resumen(quien, FiltroDocumentos((query.periodo,), estado))
    filas = [
        {"tipo_documento": fila.tipo.codigo, "nombre": fila.tipo.nombre, **_montos(fila.montos)}
        for fila in found.resumen.filas
    ]
    return reply(
        {
            "rut": str(quien.rut),
            "periodo": str(query.periodo),
            "filas": filas,
            "totales": _montos(found.resumen.totales),
            "actualizado": _moment(found),
        }
    )


async def _detalle(
    request: web.Request, registro: RegistroService, query: DetalleQuery, estado: EstadoCompra | None
) -> web.Response:
    quien = await who(request)
    tipos = (query.tipo_documento,) if query.tipo_documento else ()
    filtro = FiltroDocumentos((query.periodo,), estado, tipos, query.contraparte)
    found = await registro.detalle(quien, filtro, query.pagina, query.limite)
    return reply(
        {
            "documentos": [_documento(documento) for documento in found.documentos],
            "total_documentos": found.total_documentos,
            "pagina": found.pagina,
            "actualizado": _moment(found),
        }
    )


def _moment(found: ResumenRegistro | DetalleRegistro) -> str | None:
    return found.actualizado.isoformat() if found.actualizado else None


def _montos(montos: Montos) -> dict[str, int]:
    return {"cantidad": montos.cantidad, **{name: getattr(montos, name) for name in MONTOS}}


def _documento(documento: Documento) -> Mapping[str, Any]:
    recepcion = documento.fecha_recepcion
    return {
        "tipo_documento": documento.tipo,
        "nombre": tipo_documento(documento.tipo).nombre,
        "folio": documento.folio,
        "fecha": documento.fecha.isoformat(),
        "fecha_recepcion": recepcion.isoformat() if recepcion else None,
        "contraparte_rut": str(documento.contraparte_rut),
        "contraparte": documento.contraparte,
        **{name: getattr(documento, name) for name in MONTOS},
        "estado": documento.estado,
        "otros_impuestos": [
            {"codigo": otro.codigo, "valor": otro.valor, "tasa": otro.tasa}
            for otro in documento.otros_impuestos
        ],
    }
