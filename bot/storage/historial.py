"""What was said in a conversation, as it is read again."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.mensajes import Outgoing
from bot.services.ports import Conversacion, MensajeGuardado
from bot.storage.contenido import to_outgoing
from bot.storage.tables import Message

messages = Message.__table__  # type: ignore[attr-defined]


async def read_history(
    connection: AsyncConnection,
    conversacion: Conversacion,
    limite: int,
    antes: int | None,
    despues: int | None,
) -> list[MensajeGuardado]:
    """Messages of both sides, oldest first: the last ones, or those before or after a number."""
    asked = messages.alias()
    statement = (
        select(messages, (asked.c.estado == "recibido").label("pendiente"))
        .outerjoin(asked, asked.c.id == func.coalesce(messages.c.responde_a, messages.c.id))
        .where(messages.c.rut == str(conversacion.rut), messages.c.conversacion == conversacion.id)
        .limit(limite)
    )
    if despues is not None:
        statement = statement.where(messages.c.id > despues).order_by(messages.c.id)
    else:
        statement = statement.order_by(messages.c.id.desc())
        if antes is not None:
            statement = statement.where(messages.c.id < antes)
    found = [_remembered(row) for row in await connection.execute(statement)]
    return found if despues is not None else found[::-1]


def guardado(row: Any) -> MensajeGuardado:
    """A row as what was said."""
    said = to_outgoing(row.texto, row.contenido)
    return stored(row.id, row.creado, said, de_persona=row.direccion == "entrada")


def stored(id_: int, enviado: datetime, salida: Outgoing, *, de_persona: bool = False) -> MensajeGuardado:
    """What was said, under its number."""
    files = salida.imagen, salida.documento
    return MensajeGuardado(id_, de_persona, salida.texto, enviado, salida.botones, salida.lista, *files)


def _remembered(row: Any) -> MensajeGuardado:
    return replace(
        guardado(row),
        id_canal=row.canal_mensaje_id,
        responde_a=row.responde_a,
        pendiente=bool(row.pendiente),
    )
