"""Answers that people called wrong."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.asistente import is_complaint
from bot.services.ports import Conversacion
from bot.storage.database import Database
from bot.storage.tables import Message, OpinionRow

messages = Message.__table__  # type: ignore[attr-defined]
opiniones = OpinionRow.__table__  # type: ignore[attr-defined]

# Who complains several times in a row means the same answer.
_FURTHEST = 5


class OpinionRepository:
    """Implements the port `Opiniones`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def mala(self, conversacion: Conversacion, dicho: int, ahora: datetime) -> bool:
        """Note that one of our answers there was called wrong; false if it is none of them."""
        answer = select(messages.c.responde_a).filter_by(
            id=dicho, conversacion=conversacion.id, direccion="salida"
        )
        async with self._database.scope(conversacion.rut) as connection:
            asked = (await connection.execute(answer)).scalar_one_or_none()
            if asked is None:
                return False
            await _note(connection, conversacion, asked, ahora)
        return True


async def complain(
    connection: AsyncConnection, conversacion: Conversacion, mensaje: int, ahora: datetime
) -> None:
    """Note that the answer before this message was called wrong, in the transaction that answers it."""
    before = (
        select(messages.c.id, messages.c.texto)
        .filter_by(rut=str(conversacion.rut), conversacion=conversacion.id)
        .where(messages.c.direccion == "entrada", messages.c.estado == "respondido", messages.c.id < mensaje)
        .order_by(messages.c.id.desc())
        .limit(_FURTHEST)
    )
    for row in await connection.execute(before):
        if not is_complaint(row.texto):
            await _note(connection, conversacion, row.id, ahora)
            return


async def _note(
    connection: AsyncConnection, conversacion: Conversacion, mensaje: int, ahora: datetime
) -> None:
    row = upsert(opiniones).values(
        mensaje=mensaje, rut=str(conversacion.rut), conversacion=conversacion.id, momento=ahora
    )
    await connection.execute(row.on_conflict_do_nothing())
