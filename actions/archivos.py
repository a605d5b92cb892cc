"""Answers that are files: the months of a book as a chart, its documents as a spreadsheet."""

from actions.consulta import EXCEL, GRAFICO_AMBOS, Consulta
from bot.bootstrap import Services
from bot.core.documentos import Libro
from bot.core.errors import DetailTooLongError
from bot.services.ports import FiltroDocumentos, Quien
from bot.services.ports_archivos import Contenido


async def chart(services: Services, quien: Quien, libro: Libro, consulta: Consulta) -> dict[str, str]:
    """A chart, stored: the argument of what is said with it.

    Raises:
        TooManyRequestsError, ServiceUnavailableError
    """
    both = consulta.accion == GRAFICO_AMBOS
    libros = list(Libro) if both else [libro]
    # The other book knows neither these clients nor these types.
    filtro = FiltroDocumentos(consulta.filtro.periodos) if both else consulta.filtro
    hecho = await services.informes.grafico(quien, libros, filtro, _party(consulta))
    return {"image": await _store(services, quien, hecho)}


async def spreadsheet(services: Services, quien: Quien, libro: Libro, consulta: Consulta) -> dict[str, str]:
    """A spreadsheet, stored: the argument of what is said with it.

    Raises:
        DetailTooLongError: with a button for the newest of its months, if they are several.
        OnlySummaryError, TooManyRequestsError, ServiceUnavailableError
    """
    try:
        hecho = await services.informes.planilla(quien, libro, consulta.filtro, _party(consulta))
    except DetailTooLongError as error:
        last = consulta.filtro.periodos[-1] if len(consulta.filtro.periodos) > 1 else None
        alone = consulta.pedido(f"{libro}_detalle.{EXCEL}", periodos=(last,)) if last else ""
        error.params.update(boton_titulo=f"Excel de {last.mes}" if last else "", boton_pedido=str(alone))
        raise
    return {"attachment": await _store(services, quien, hecho)}


def _party(consulta: Consulta) -> str | None:
    return consulta.contraparte.nombre if consulta.contraparte else None


async def _store(services: Services, quien: Quien, hecho: Contenido) -> str:
    """As the client of the engine reads it."""
    archivo = await services.archivos.guardar(quien, hecho)
    return f"{archivo.id}/{archivo.nombre}"
