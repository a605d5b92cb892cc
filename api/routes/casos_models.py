"""The shapes of cases, as agents see them."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID, uuid4

from pydantic import Field, StrictBool

from api.fields import Answer, Identificador, Model, RutField
from api.routes.admin_models import PaginaQuery


class CasosQuery(PaginaQuery):
    """Which cases: those that are not closed, unless it is said."""

    estado: Literal["abierto", "tomado", "cerrado", "todos"] | None = None
    rut: RutField | None = None


class CasoPath(Model):
    """A case's number."""

    id: Identificador


class CasoQuery(Model):
    """How many of the last messages; unmasked, which is noted."""

    limite: Annotated[int, Field(ge=1, le=200)] = 30
    desenmascarar: bool = False


class TomarCaso(Model):
    """To `relevar` takes it from the agent who has it."""

    relevar: StrictBool = False


class ResponderCaso(Model):
    """What to say; sent again under the same `id_mensaje` it is said once."""

    texto: Annotated[str, Field(min_length=1, max_length=4000, pattern=r"\S")]
    id_mensaje: UUID = Field(default_factory=uuid4)


class CerrarCaso(Model):
    """The last message of the person that was read: nothing is closed over one that was not."""

    ultimo_mensaje: Annotated[int, Field(ge=0, lt=2**63)]


class CasoAnswer(Answer):
    """A case; `responde` says whose turn it is and `desde` since when.

    While `callado` the assistant is quiet. `canal` is empty if the chat is no longer linked. The RUT is
    masked unless it was asked otherwise.
    """

    id: int
    rut: str
    nombre: str
    canal: str
    estado: Literal["abierto", "tomado", "cerrado"]
    agente: str
    callado: bool
    responde: Literal["agente", "persona"]
    desde: datetime
    abierto: datetime
    cerrado: datetime | None
    cierre: Literal["", "agente", "persona", "plazo"]
    ultimo_mensaje: datetime | None


class CasosAnswer(Answer):
    """One page of cases: those that wait for an agent first, the longest wait first."""

    casos: list[CasoAnswer]
    total: int
    pagina: int


class MensajeCaso(Answer):
    """One message of the conversation, masked unless it was asked otherwise."""

    id: int
    de: Literal["persona", "asistente", "agente"]
    texto: str
    archivo: str | None
    enviado: datetime


class CasoDetalle(CasoAnswer):
    """A case with its last messages, oldest first; closing asks for `ultimo_id`, the person's last one."""

    mensajes: list[MensajeCaso]
    ultimo_id: int
