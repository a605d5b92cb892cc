"""What Tributa says in a conversation: the message and its sending, both or neither."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.mensajes import Outgoing
from bot.services.ports import Conversacion, MensajeGuardado
from bot.storage.cola import Cola
from bot.storage.contenido import to_json
from bot.storage.historial import stored
from bot.storage.salidas import post
from bot.storage.tables import Message

messages = Message.__table__  # type: ignore[attr-defined]


async def say(
    connection: AsyncConnection,
    cola: Cola,
    conversacion: Conversacion,
    salidas: Sequence[Outgoing],
    ahora: datetime,
    *,
    responde_a: int | None = None,
    clave: str | None = None,
) -> list[MensajeGuardado]:
    """Store what is said and, where the channel asks for it, send it; whoever calls has announced it.

    Args:
        responde_a: the message that it answers, if it answers one.
        clave: a name that only one message of the conversation can have.
    """
    said = []
    for salida in salidas:
        statement = insert(messages).values(
            rut=str(conversacion.rut),
            conversacion=conversacion.id,
            direccion="salida",
            canal_mensaje_id=clave,
            responde_a=responde_a,
            texto=salida.texto,
            contenido=to_json(salida),
            estado="enviado",
            creado=ahora,
        )
        new = (await connection.execute(statement.returning(messages.c.id))).scalar_one()
        said.append(stored(new, ahora, salida))
    numbered = [(one.id, salida) for one, salida in zip(said, salidas, strict=True)]
    await post(connection, cola, conversacion.canal, conversacion.canal_id, numbered, conversacion.rut)
    return said
