"""What the contracts' endpoints take and give."""

import uuid
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from api.fields import Answer, Identificador, Model, Nombre
from bot.bootstrap import Services
from bot.core.contratos.datos import Dato
from bot.core.contratos.duraciones import Duracion
from bot.core.contratos.estado import Estado
from bot.core.errors_contratos import CorrectionInvalidError
from bot.services.contratos_dichos import said
from bot.services.ports import Quien
from bot.services.ports_carpeta import EstadoContrato, Ficha


class ContratoPath(Model):
    """Which contract."""

    id: Identificador


class PaginaPath(ContratoPath):
    """Which page of which contract."""

    n: Annotated[int, Field(ge=1, le=300)]


class CitaQuery(Model):
    """Words of the page that are to be marked in its picture."""

    cita: Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00]*$")] = ""


class SubirForm(Model):
    """The fields beside the file."""

    nombre: Nombre | None = None
    reemplaza: Identificador | None = Field(
        None, description="El contrato que se borra cuando este termine de leerse: una versión nueva."
    )
    id_mensaje: uuid.UUID | None = Field(
        None, description="Con él, el archivo y su resultado quedan como mensajes del chat web."
    )


class RecibidoAnswer(Answer):
    """A contract that was taken in; with 202 it is still being read, and `ver` is where to look."""

    contrato_id: int
    chunks_processed: int
    estado: EstadoContrato
    duplicado: bool
    ver: str


class ParteAnswer(Answer):
    """Who contracts."""

    nombre: str
    rut: str | None
    rol: str


class HechoAnswer(Answer):
    """A fact with the words that say it; below 0.6 of `confianza` somebody should look.

    `dicho` is the day on which the taxpayer said so: quote and page are then empty, `leido` is what the PDF
    has.
    """

    dato: str
    valor: str
    cita: str
    pagina: int
    confianza: float
    dicho: date | None = None
    leido: str | None = None


class ContratoAnswer(Answer):
    """A contract in the list; `de` is the contract that an annex belongs to."""

    contrato_id: int
    archivo: str
    estado: EstadoContrato
    motivo: str
    creado: datetime
    paginas: int
    paginas_leidas: int
    tipo: str | None
    partes: list[ParteAnswer]
    inicio: date | None
    termino: date | None
    anexo: str | None
    de: int | None
    reemplaza: int | None


class ContratoDetalleAnswer(ContratoAnswer):
    """A contract with what was found in it, and whether it is in force today."""

    hechos: list[HechoAnswer]
    corregidos: list[str]
    vigencia: Estado | None
    vigente_hasta: date | None
    chunks_processed: int


class ContratosAnswer(Answer):
    """All contracts, the newest first."""

    contratos: list[ContratoAnswer]


class DuracionBody(Model):
    """Months or days, not both."""

    meses: Annotated[int, Field(ge=0, le=1200)] = 0
    dias: Annotated[int, Field(ge=0, le=3650)] = 0


class HechosBody(Model):
    """Facts as they are; null takes one away, the same again confirms it."""

    tipo: Nombre | None = None
    firma: date | None = None
    inicio: date | None = None
    termino: date | None = None
    duracion: DuracionBody | None = None
    modalidad: Nombre | None = None
    aviso_termino: DuracionBody | None = None
    reajuste: Nombre | None = None
    jurisdiccion: Nombre | None = None
    objeto: Nombre | None = None


class BorrarQuery(Model):
    """How to remove a contract."""

    definitivo: bool = Field(
        False, description="De inmediato y para siempre, sin los minutos para recuperarlo."
    )


class CambiarBody(Model):
    """What to change."""

    archivo: Nombre | None = None
    reemplaza: Identificador | None = Field(
        None, description="El contrato de que este es una versión nueva: se borra, y este queda en su lugar."
    )
    hechos: HechosBody | None = None


def correcciones(hechos: HechosBody | None) -> dict[str, Any]:
    """The facts that were given, by name.

    Raises:
        CorrectionInvalidError: if a duration has months and days, or neither.
    """
    given = hechos.model_fields_set if hechos else ()
    return {name: _value(getattr(hechos, name)) for name in sorted(given)}


def _value(given: Any) -> Any:
    if not isinstance(given, DuracionBody):
        return given
    if bool(given.meses) == bool(given.dias):
        raise CorrectionInvalidError(dato="duracion")
    return Duracion(given.meses, given.dias)


def summary(ficha: Ficha) -> dict[str, Any]:
    """The fields of `ContratoAnswer`."""
    hechos = ficha.hechos
    parties = [dato.valor for dato in hechos.partes]
    return {
        "contrato_id": ficha.id,
        "archivo": ficha.archivo,
        "estado": ficha.estado,
        "motivo": ficha.motivo,
        "creado": ficha.creado,
        "paginas": ficha.paginas,
        "paginas_leidas": ficha.paginas_leidas,
        "tipo": hechos.tipo.valor if hechos.tipo else None,
        "partes": [
            ParteAnswer(nombre=one.nombre, rut=str(one.rut) if one.rut else None, rol=one.rol)
            for one in parties
        ],
        "inicio": hechos.inicio.valor if hechos.inicio else None,
        "termino": hechos.termino.valor if hechos.termino else None,
        "anexo": ficha.anexo.clase if ficha.anexo else None,
        "de": ficha.de,
        "reemplaza": ficha.reemplaza,
    }


def _hecho(ficha: Ficha, name: str, valor: str, dato: Dato[Any]) -> HechoAnswer:
    told = {
        "dato": name,
        "valor": valor,
        "cita": dato.cita,
        "pagina": dato.pagina,
        "confianza": dato.confianza,
        "dicho": dato.dicho,
    }
    read = {one: words for one, words, _ in said(ficha.leidos)} if dato.dicho and ficha.leidos else {}
    return HechoAnswer(**told, leido=read.get(name))


async def detail(services: Services, quien: Quien, ficha: Ficha) -> ContratoDetalleAnswer:
    """A contract with its facts and how it stands today."""
    ready = ficha.estado is EstadoContrato.INDEXADO and ficha.anexo is None
    state = await services.contratos.vigencia(quien, ficha) if ready else None
    return ContratoDetalleAnswer(
        **summary(ficha),
        hechos=[_hecho(ficha, *one) for one in said(ficha.hechos)],
        corregidos=list(ficha.corregidos),
        vigencia=state.estado if state else None,
        vigente_hasta=state.hasta if state else None,
        chunks_processed=ficha.trozos,
    )
