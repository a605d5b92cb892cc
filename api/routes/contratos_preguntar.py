"""Questions about contracts."""

from typing import Annotated

from aiohttp import web
from pydantic import Field, StringConstraints

from api.auth import Auth
from api.endpoint import endpoint
from api.fields import Answer, Model
from api.keys import SERVICES
from bot.core.mensajes import MAXIMUM_CHARACTERS
from bot.services.ports import Quien

routes = web.RouteTableDef()


class PreguntaBody(Model):
    """A question; `contrato_id` is the contract that it is about, if it names none."""

    question: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAXIMUM_CHARACTERS)
    ]
    contrato_id: Annotated[int, Field(ge=1, le=2**62)] | None = None


class FuenteAnswer(Answer):
    """A passage that the answer rests on; pages count from 1."""

    contrato_id: int
    archivo: str
    pagina: int
    fragmento: str


class PreguntaAnswer(Answer):
    """The answer; `categoria` is the kind of the question, and the source that decides comes first."""

    respuesta: str
    categoria: str
    fuentes: list[FuenteAnswer]


@routes.post("/api/contratos/ask")
@endpoint("Preguntar a los contratos", auth=Auth.SESION, answer=PreguntaAnswer)
async def preguntar_contratos(request: web.Request, quien: Quien, body: PreguntaBody) -> PreguntaAnswer:
    """Answer a question from the taxpayer's own contracts."""
    found = await request.app[SERVICES].respuestas.responder(quien, body.question, body.contrato_id)
    return PreguntaAnswer(
        respuesta=found.texto,
        categoria=found.clase.value,
        fuentes=[
            FuenteAnswer(
                contrato_id=one.contrato_id,
                archivo=one.archivo,
                pagina=one.pagina,
                fragmento=one.fragmento,
            )
            for one in found.fuentes
        ],
    )
