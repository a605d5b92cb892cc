"""Conversations and messages: the inbox and the history are the same rows."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.errors import TaxpayerUnknownError
from bot.core.mensajes import Boton, Incoming, Outgoing, Respuesta
from bot.core.rut import Rut
from bot.services.ports import Conversacion, MensajeGuardado, Recibido
from bot.storage.cola import Cola
from bot.storage.database import Database, driver_connection
from bot.storage.tables import Contributor, IdentityLink, Message

contributors = Contributor.__table__  # type: ignore[attr-defined]
identities = IdentityLink.__table__  # type: ignore[attr-defined]
messages = Message.__table__  # type: ignore[attr-defined]

TASK_RETRY = "responder_mensaje"
SOON = timedelta(seconds=4)
# As long as a session of the engine (domain.yml): afterwards nobody remembers what "y en octubre?" was about.
CONTEXT_LIFE = timedelta(hours=1)


class MessageRepository:
    """Implements the port `Mensajes`.

    A job that answers the message is queued in the transaction that stores it: whatever dies afterwards,
    the message is answered. The job is taken back once the answer is stored.
    """

    def __init__(self, database: Database, cola: Cola, net: timedelta) -> None:
        """`net` is longer than the engine's timeout: the job must not race a request that still waits."""
        self._database = database
        self._cola = cola
        self._net = net

    async def conversacion(self, canal: str, canal_id: str, rut: Rut) -> Conversacion:
        """The conversation of that channel id with that taxpayer, begun if there is none.

        Raises:
            TaxpayerUnknownError: if nobody is registered with that RUT.
        """
        async with self._database.scope(rut) as connection:
            return await _open(connection, canal, canal_id, rut)

    async def buscar_conversacion(self, conversacion: str) -> Conversacion | None:
        async with self._database.scope(conversacion=conversacion) as connection:
            row = (
                await connection.execute(select(identities).filter_by(conversacion=conversacion))
            ).one_or_none()
        return _conversacion(row) if row else None

    async def recibir(
        self, canal: str, canal_id: str, rut: Rut, incoming: Incoming, ahora: datetime
    ) -> tuple[Conversacion, Recibido]:
        """Store a message in its conversation; a second time it is only found.

        Raises:
            TaxpayerUnknownError: if nobody is registered with that RUT.
        """
        async with self._database.scope(rut) as connection:
            conversacion = await _open(connection, canal, canal_id, rut)
            new = await _store(connection, conversacion, incoming, ahora)
            if new is not None:
                job = await self._queue(conversacion, new, self._net, connection)
                return conversacion, Recibido(new, ahora, nuevo=True, trabajo=job)
            same = select(messages).filter_by(conversacion=conversacion.id, canal_mensaje_id=incoming.id)
            row = (await connection.execute(same)).one()
        return conversacion, Recibido(row.id, row.creado, nuevo=False)

    async def pendiente(self, conversacion: Conversacion, mensaje_id: int) -> Incoming | None:
        """A message that still waits for its answer, or None."""
        waiting = select(messages).filter_by(id=mensaje_id, conversacion=conversacion.id, estado="recibido")
        async with self._database.scope(conversacion.rut) as connection:
            row = (await connection.execute(waiting)).one_or_none()
        return Incoming(row.canal_mensaje_id, row.texto, row.boton) if row else None

    async def responder(
        self,
        conversacion: Conversacion,
        mensaje_id: int,
        respuesta: Respuesta,
        ahora: datetime,
        *,
        trabajo: int | None = None,
    ) -> list[MensajeGuardado] | None:
        """Store the answer of a message; None if it had been answered meanwhile."""
        answered = {
            "estado": "respondido",
            "intent": respuesta.intent,
            "confianza": respuesta.confianza,
            "contenido": {"entidades": dict(respuesta.entidades), "fuentes": list(respuesta.fuentes)},
        }
        async with self._database.scope(conversacion.rut) as connection:
            if not await _close(connection, mensaje_id, answered):
                return None
            await connection.execute(
                update(identities)
                .filter_by(conversacion=conversacion.id)
                .values(contexto=dict(respuesta.contexto), contexto_hasta=func.now() + CONTEXT_LIFE)
            )
            await self._forget(trabajo, connection)
            return await _say(connection, conversacion, mensaje_id, respuesta.salidas, ahora)

    async def decir(
        self,
        conversacion: Conversacion,
        mensaje_id: int,
        salidas: Sequence[Outgoing],
        ahora: datetime,
        *,
        fallido: bool = False,
        trabajo: int | None = None,
    ) -> list[MensajeGuardado] | None:
        """Say something about a message that has no answer yet; it is tried again soon unless `fallido`.

        Returns:
            What was said, or None if the message had been answered meanwhile.
        """
        async with self._database.scope(conversacion.rut) as connection:
            state = {"estado": "fallido" if fallido else "recibido"}
            if not await _close(connection, mensaje_id, state):
                return None
            if not fallido:
                await self._queue(conversacion, mensaje_id, SOON, connection)
            await self._forget(trabajo, connection)
            return await _say(connection, conversacion, mensaje_id, salidas, ahora)

    async def respuesta_guardada(
        self, conversacion: Conversacion, mensaje_id: int
    ) -> tuple[Respuesta, list[MensajeGuardado]]:
        """What was answered to a message."""
        async with self._database.scope(conversacion.rut) as connection:
            row = (await connection.execute(select(messages).filter_by(id=mensaje_id))).one()
            said = select(messages).filter_by(responde_a=mensaje_id).order_by(messages.c.id)
            stored = [_stored(other) for other in await connection.execute(said)]
        respuesta = Respuesta(
            tuple(Outgoing(mensaje.texto, mensaje.botones) for mensaje in stored),
            row.intent,
            row.confianza,
            row.contenido.get("entidades", {}),
            row.contenido.get("fuentes", ()),
            pendiente=row.estado == "recibido",
        )
        return respuesta, stored

    async def historial(
        self,
        conversacion: Conversacion,
        limite: int,
        *,
        antes: int | None = None,
        despues: int | None = None,
    ) -> list[MensajeGuardado]:
        """Messages of both sides, oldest first."""
        statement = select(messages).filter_by(conversacion=conversacion.id).limit(limite)
        if despues is not None:
            statement = statement.where(messages.c.id > despues).order_by(messages.c.id)
        else:
            statement = statement.order_by(messages.c.id.desc())
            if antes is not None:
                statement = statement.where(messages.c.id < antes)
        async with self._database.scope(conversacion.rut) as connection:
            stored = [_stored(row) for row in await connection.execute(statement)]
        return stored if despues is not None else stored[::-1]

    async def _queue(
        self, conversacion: Conversacion, mensaje_id: int, wait: timedelta, connection: AsyncConnection
    ) -> int:
        return await self._cola.defer(
            TASK_RETRY,
            lock=conversacion.id,
            wait=wait,
            connection=await driver_connection(connection),
            rut=str(conversacion.rut),
            conversacion=conversacion.id,
            mensaje_id=mensaje_id,
        )

    async def _forget(self, trabajo: int | None, connection: AsyncConnection) -> None:
        if trabajo is not None:
            await self._cola.forget(trabajo, connection=await driver_connection(connection))


async def _open(connection: AsyncConnection, canal: str, canal_id: str, rut: Rut) -> Conversacion:
    mine = select(identities).filter_by(canal=canal, canal_id=canal_id, rut=str(rut))
    row = (await connection.execute(mine)).one_or_none()
    if row is None:
        known = select(contributors.c.rut).filter_by(rut=str(rut))
        if (await connection.execute(known)).one_or_none() is None:
            raise TaxpayerUnknownError(rut=rut.pretty)
        new = {"conversacion": secrets.token_urlsafe(16), "canal": canal, "canal_id": canal_id}
        await connection.execute(upsert(identities).values(rut=str(rut), **new).on_conflict_do_nothing())
        row = (await connection.execute(mine)).one()
    return _conversacion(row)


async def _store(
    connection: AsyncConnection, conversacion: Conversacion, incoming: Incoming, ahora: datetime
) -> int | None:
    """The number of the stored message, or None if it was there."""
    statement = (
        upsert(messages)
        .values(
            rut=str(conversacion.rut),
            conversacion=conversacion.id,
            direccion="entrada",
            canal_mensaje_id=incoming.id,
            texto=incoming.texto,
            boton=incoming.boton,
            estado="recibido",
            creado=ahora,
        )
        .on_conflict_do_nothing(constraint="messages_once")
        .returning(messages.c.id)
    )
    new: int | None = (await connection.execute(statement)).scalar_one_or_none()
    return new


async def _close(connection: AsyncConnection, mensaje_id: int, values: dict[str, Any]) -> bool:
    """Settle a waiting message (or just lock it as it is); false if it was settled already."""
    waiting = messages.c.id == mensaje_id, messages.c.estado == "recibido"
    return bool((await connection.execute(update(messages).where(*waiting).values(**values))).rowcount)


async def _say(
    connection: AsyncConnection,
    conversacion: Conversacion,
    mensaje_id: int,
    salidas: Sequence[Outgoing],
    ahora: datetime,
) -> list[MensajeGuardado]:
    stored = []
    for salida in salidas:
        buttons = [{"id": boton.id, "titulo": boton.titulo} for boton in salida.botones]
        statement = insert(messages).values(
            rut=str(conversacion.rut),
            conversacion=conversacion.id,
            direccion="salida",
            responde_a=mensaje_id,
            texto=salida.texto,
            contenido={"botones": buttons},
            estado="enviado",
            creado=ahora,
        )
        new = (await connection.execute(statement.returning(messages.c.id))).scalar_one()
        stored.append(MensajeGuardado(new, False, salida.texto, ahora, salida.botones))
    return stored


def _conversacion(row: Any) -> Conversacion:
    forgotten = row.contexto_hasta < datetime.now(UTC)
    return Conversacion(row.conversacion, Rut.parse(row.rut), {} if forgotten else row.contexto, row.canal)


def _stored(row: Any) -> MensajeGuardado:
    buttons = tuple(Boton(**boton) for boton in row.contenido.get("botones", ()))
    return MensajeGuardado(row.id, row.direccion == "entrada", row.texto, row.creado, buttons)
