"""The chats that are linked to the own account."""

from datetime import datetime
from typing import Annotated

from aiohttp import web
from pydantic import Field

from api.auth import Auth
from api.endpoint import endpoint
from api.fields import Answer, Model
from api.keys import SERVICES
from bot.core.errors import NotFoundError
from bot.core.telefono import mask_telefono
from bot.services.ports import Quien

routes = web.RouteTableDef()


class ChatAnswer(Answer):
    """A linked chat."""

    id: str
    canal: str
    telefono: str | None
    desde: datetime
    expira: datetime | None


class ChatsAnswer(Answer):
    """The own chats."""

    chats: list[ChatAnswer]


class ChatPath(Model):
    """A chat's id."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


@routes.get("/api/chats")
@endpoint("Los chats vinculados a mi cuenta", auth=Auth.SESION, answer=ChatsAnswer)
async def chats(request: web.Request, quien: Quien) -> ChatsAnswer:
    """WhatsApp and Telegram chats that answer for this taxpayer."""
    found = await request.app[SERVICES].vinculacion.chats(quien)
    return ChatsAnswer(
        chats=[
            ChatAnswer(
                id=chat.conversacion,
                canal=chat.remitente.canal,
                telefono=mask_telefono(chat.remitente.telefono) if chat.remitente.telefono else None,
                desde=chat.desde,
                expira=chat.expira,
            )
            for chat in found
        ]
    )


@routes.delete("/api/chats/{id}")
@endpoint("Desvincular un chat de mi cuenta", auth=Auth.SESION, errors=(NotFoundError,))
async def desvincular(request: web.Request, quien: Quien, path: ChatPath) -> None:
    """End one of the links; what was said stays in the history."""
    await request.app[SERVICES].vinculacion.cerrar(quien, path.id)
