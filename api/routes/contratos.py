"""Contracts: taken in, listed, corrected, shown, removed."""

import asyncio
import shutil
import tempfile
from pathlib import Path
from typing import BinaryIO

from aiohttp import web

from api.auth import Auth
from api.endpoint import answer_of, endpoint
from api.keys import SERVICES
from api.routes.archivos import file_response
from api.routes.contratos_models import (
    BorrarQuery,
    CambiarBody,
    CitaQuery,
    ContratoAnswer,
    ContratoDetalleAnswer,
    ContratoPath,
    ContratosAnswer,
    PaginaPath,
    RecibidoAnswer,
    SubirForm,
    correcciones,
    detail,
    summary,
)
from api.routes.conversacion import WEB_CHANNEL
from api.uploads import received
from bot.bootstrap import Services
from bot.core.errors import (
    NotFoundError,
    ServiceUnavailableError,
    TaxpayerUnknownError,
    TooManyRequestsError,
    UploadIncompleteError,
    UploadTooLargeError,
)
from bot.core.errors_contratos import (
    ContractNotReadyError,
    ContractUnreadableError,
    CorrectionInvalidError,
    PdfError,
    ReplacementInvalidError,
    VirusFoundError,
)
from bot.core.mensajes import Outgoing, Respuesta
from bot.services.importacion import archivo_enviado
from bot.services.ports import Quien
from bot.services.ports_carpeta import EstadoContrato, Ficha, Recepcion

routes = web.RouteTableDef()
# How long a person at a page waits; a scan takes longer, and is looked for later.
WAIT_SECONDS = 30.0


@routes.post("/api/contratos")
@endpoint(
    "Subir un contrato en PDF",
    auth=Auth.SESION,
    answer=RecibidoAnswer,
    status=201,
    other=202,
    errors=(
        UploadIncompleteError,
        UploadTooLargeError,
        PdfError,
        VirusFoundError,
        ContractUnreadableError,
        NotFoundError,
        TaxpayerUnknownError,
        TooManyRequestsError,
        ServiceUnavailableError,
    ),
    form=SubirForm,
    file="file",
)
async def subir_contrato(request: web.Request, quien: Quien) -> web.Response:
    """Take a contract in and wait some seconds for it to be read."""
    services = request.app[SERVICES]
    taken, form = await take_in(request, quien)
    ficha = await services.contratos.esperar(quien, taken.contrato, WAIT_SECONDS)
    if form.id_mensaje:
        await _note(services, quien, str(form.id_mensaje), ficha)
    if ficha.estado is EstadoContrato.CON_ERROR:
        raise ContractUnreadableError(motivo=ficha.motivo)
    told = RecibidoAnswer(
        contrato_id=ficha.id,
        chunks_processed=ficha.trozos,
        estado=ficha.estado,
        duplicado=not taken.nuevo,
        ver=f"/api/contratos/{ficha.id}",
    )
    return answer_of(told, 201 if ficha.terminado else 202)


@routes.get("/api/contratos")
@endpoint("Tus contratos", auth=Auth.SESION, answer=ContratosAnswer)
async def contratos(request: web.Request, quien: Quien) -> ContratosAnswer:
    """All contracts."""
    found = await request.app[SERVICES].contratos.lista(quien)
    return ContratosAnswer(contratos=[ContratoAnswer(**summary(one)) for one in found])


@routes.get("/api/contratos/{id:[0-9]+}")
@endpoint(
    "Un contrato y lo que se entendió de él",
    auth=Auth.SESION,
    answer=ContratoDetalleAnswer,
    errors=(NotFoundError,),
)
async def contrato(request: web.Request, quien: Quien, path: ContratoPath) -> ContratoDetalleAnswer:
    """One contract."""
    services = request.app[SERVICES]
    return await detail(services, quien, await services.contratos.ver(quien, path.id))


@routes.patch("/api/contratos/{id:[0-9]+}")
@endpoint(
    "Cambiar el nombre de un contrato, corregir sus datos, o ponerlo en lugar de otro",
    auth=Auth.SESION,
    answer=ContratoDetalleAnswer,
    errors=(NotFoundError, ContractNotReadyError, CorrectionInvalidError, ReplacementInvalidError),
)
async def cambiar_contrato(
    request: web.Request, quien: Quien, path: ContratoPath, body: CambiarBody
) -> ContratoDetalleAnswer:
    """Another name, corrected facts, or the place of an older version."""
    services = request.app[SERVICES]
    if body.reemplaza is not None:
        await services.papelera.reemplazar(quien, body.reemplaza, path.id)
    hechos = correcciones(body.hechos)
    return await detail(
        services, quien, await services.contratos.cambiar(quien, path.id, body.archivo, hechos)
    )


@routes.get("/api/contratos/{id:[0-9]+}/pdf")
@endpoint(
    "El PDF de un contrato",
    auth=Auth.SESION,
    errors=(NotFoundError, ServiceUnavailableError),
    content_type="application/pdf",
)
async def pdf_contrato(request: web.Request, quien: Quien, path: ContratoPath) -> web.Response:
    """The file as it came."""
    return file_response(await request.app[SERVICES].contratos.pdf(quien, path.id))


@routes.get("/api/contratos/{id:[0-9]+}/paginas/{n}")
@endpoint(
    "Una página de un contrato, como imagen; con una cita, marcada",
    auth=Auth.SESION,
    errors=(NotFoundError, TooManyRequestsError, PdfError, ServiceUnavailableError),
    content_type="image/png",
)
async def pagina_contrato(
    request: web.Request, quien: Quien, path: PaginaPath, query: CitaQuery
) -> web.Response:
    """A page as a picture, with the quote marked that was asked for."""
    contratos = request.app[SERVICES].contratos
    if query.cita:
        return file_response(await contratos.pagina_marcada(quien, path.id, path.n, query.cita))
    _, contenido = await contratos.pagina(quien, path.id, path.n)
    return file_response(contenido)


@routes.delete("/api/contratos/{id:[0-9]+}")
@endpoint(
    "Borrar un contrato: deja de verse de inmediato, y se puede recuperar durante diez minutos",
    auth=Auth.SESION,
    errors=(NotFoundError, ServiceUnavailableError),
)
async def borrar_contrato(request: web.Request, quien: Quien, path: ContratoPath, query: BorrarQuery) -> None:
    """Remove a contract with its file."""
    papelera = request.app[SERVICES].papelera
    await (papelera.destruir if query.definitivo else papelera.eliminar)(quien, path.id)


@routes.post("/api/contratos/{id:[0-9]+}/recuperar")
@endpoint(
    "Recuperar un contrato recién borrado",
    auth=Auth.SESION,
    answer=ContratoDetalleAnswer,
    errors=(NotFoundError,),
)
async def recuperar_contrato(request: web.Request, quien: Quien, path: ContratoPath) -> ContratoDetalleAnswer:
    """Have one back that was removed a moment ago."""
    services = request.app[SERVICES]
    return await detail(services, quien, await services.papelera.recuperar(quien, path.id))


async def take_in(request: web.Request, quien: Quien) -> tuple[Recepcion, SubirForm]:
    """Store the contract that a form brings; its other fields, too."""
    async with received(request, "file", SubirForm) as (archivo, nombre, form):
        with tempfile.NamedTemporaryFile(prefix="tributa-", suffix=".pdf") as file:
            await asyncio.to_thread(_copy, archivo, Path(file.name))
            name, contratos = form.nombre or nombre, request.app[SERVICES].contratos
            return await contratos.subir(quien, Path(file.name), name, form.reemplaza), form


def _copy(archivo: BinaryIO, to: Path) -> None:
    with to.open("wb") as file:
        shutil.copyfileobj(archivo, file)


async def _note(services: Services, quien: Quien, id_mensaje: str, ficha: Ficha) -> None:
    """The file as a message of the chat; what was understood comes as a message of its own."""
    said = services.textos.texto("utter_contrato_recibido", nombre=ficha.archivo)
    sent = archivo_enviado(id_mensaje, f"{ficha.archivo}.pdf")
    respuesta = Respuesta((Outgoing(said),), "contrato_subir")
    await services.conversacion.anotar(quien, WEB_CHANNEL, str(quien.rut), sent, respuesta)
