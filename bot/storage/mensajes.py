"""Conversations and messages: the inbox and the history are the same rows."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.errors import AccountBlockedError, TaxpayerUnknownError
from bot.core.mensajes import Incoming, Outgoing, Respuesta
from bot.core.rut import Rut
from bot.services.ports import Conversacion, MensajeGuardado, Recibido
from bot.storage.casos import CaseRepository, attend
from bot.storage.cola import Cola
from bot.storage.contenido import to_outgoing
from bot.storage.database import Database, driver_connection
from bot.storage.dichos import say
from bot.storage.historial import guardado, read_history
from bot.storage.novedades import announce
from bot.storage.opiniones import complain
from bot.storage.salidas import LIMITES
from bot.storage.tables import Contributor, IdentityLink, Message
from bot.storage.turnos import turn
from bot.storage.vinculos import label
from bot.telemetry.metrics import MESSAGES
from bot.telemetry.traces import note

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

    def __init__(self, database: Database, cola: Cola, casos: CaseRepository, net: timedelta) -> None:
        """`net` is longer than the engine's timeout: the job must not race a request that still waits."""
        self._database = database
        self._casos = casos
        self._cola = cola
        self._net = net

    async def conversacion(self, canal: str, canal_id: str, rut: Rut) -> Conversacion:
        """The conversation of that channel id with that taxpayer, begun if there is none.

        Raises:
            TaxpayerUnknownError: if nobody is registered with that RUT.
            AccountBlockedError
        """
        async with self._database.scope(rut) as connection:
            return await _open(connection, canal, canal_id, rut)

    async def buscar_conversacion(self, conversacion: str) -> Conversacion | None:
        async with self._database.scope(conversacion=conversacion) as connection:
            row = (
                await connection.execute(select(identities).filter_by(conversacion=conversacion))
            ).one_or_none()
            return await _conversacion(connection, row) if row else None

    async def recibir(
        self,
        canal: str,
        canal_id: str,
        rut: Rut,
        incoming: Incoming,
        ahora: datetime,
        *,
        red: bool = True,
        directo: bool = False,
    ) -> tuple[Conversacion, Recibido]:
        """Store a message in its conversation; a second time it is only found.

        Args:
            red: also queue the job that answers it, should nobody do so.
            directo: it is for the assistant, even if a person attends.

        Raises:
            TaxpayerUnknownError: if nobody is registered with that RUT.
            AccountBlockedError
        """
        async with self._database.scope(rut) as connection:
            conversacion = await _open(connection, canal, canal_id, rut)
            new = await _store(connection, conversacion, incoming, ahora)
            if new is not None:
                if await attend(connection, conversacion.id, new, ahora, directo=directo):
                    MESSAGES.labels(canal, "con_persona").inc()
                    return conversacion, Recibido(new, ahora, nuevo=True, atendido=True)
                job = await self._queue(conversacion, new, self._net, connection) if red else None
                return conversacion, Recibido(new, ahora, nuevo=True, trabajo=job)
            same = select(messages).filter_by(conversacion=conversacion.id, canal_mensaje_id=incoming.id)
            row = (await connection.execute(same)).one()
        return conversacion, Recibido(row.id, row.creado, nuevo=False, atendido=row.estado == "atendido")

    async def pendiente(self, conversacion: Conversacion, mensaje_id: int) -> Incoming | None:
        """A message that still waits for its answer, or None; who is blocked gets none."""
        waiting = (
            select(messages)
            .filter_by(id=mensaje_id, conversacion=conversacion.id, estado="recibido")
            .join(contributors, (contributors.c.rut == messages.c.rut) & contributors.c.bloqueado.is_(None))
        )
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
            await announce(connection, conversacion.id)
            if not await _close(connection, mensaje_id, answered):
                return None
            await connection.execute(
                update(identities)
                .filter_by(conversacion=conversacion.id)
                .values(contexto=dict(respuesta.contexto), contexto_hasta=func.now() + CONTEXT_LIFE)
            )
            if respuesta.paso:
                await self._casos.dar_paso(connection, conversacion, mensaje_id, respuesta.paso, ahora)
            if respuesta.queja:
                await complain(connection, conversacion, mensaje_id, ahora)
            await self._forget(trabajo, connection)
            MESSAGES.labels(conversacion.canal, respuesta.intent or "no_entendido").inc()
            said = respuesta.salidas
            return await say(connection, self._cola, conversacion, said, ahora, responde_a=mensaje_id)

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
            await announce(connection, conversacion.id)
            if not await _close(connection, mensaje_id, state):
                return None
            if fallido:
                MESSAGES.labels(conversacion.canal, "sin_respuesta").inc()
            else:
                await self._queue(conversacion, mensaje_id, SOON, connection)
            await self._forget(trabajo, connection)
            return await say(connection, self._cola, conversacion, salidas, ahora, responde_a=mensaje_id)

    async def respuesta_guardada(
        self, conversacion: Conversacion, mensaje_id: int
    ) -> tuple[Respuesta, list[MensajeGuardado]]:
        """What was answered to a message."""
        async with self._database.scope(conversacion.rut) as connection:
            row = (await connection.execute(select(messages).filter_by(id=mensaje_id))).one()
            answers = select(messages).filter_by(responde_a=mensaje_id).order_by(messages.c.id)
            said = (await connection.execute(answers)).all()
        respuesta = Respuesta(
            tuple(to_outgoing(one.texto, one.contenido) for one in said),
            row.intent,
            row.confianza,
            row.contenido.get("entidades", {}),
            row.contenido.get("fuentes", ()),
            pendiente=row.estado == "recibido",
            con_persona=row.estado == "atendido",
        )
        return respuesta, [guardado(one) for one in said]

    async def texto_de(self, conversacion: Conversacion, mensaje_id: int) -> str | None:
        """What the person wrote in one of their messages there."""
        theirs = select(messages.c.texto).filter_by(
            id=mensaje_id, conversacion=conversacion.id, direccion="entrada", boton=None
        )
        async with self._database.scope(conversacion.rut) as connection:
            return (await connection.execute(theirs)).scalar_one_or_none()

    async def historial(
        self,
        conversacion: Conversacion,
        limite: int,
        *,
        antes: int | None = None,
        despues: int | None = None,
    ) -> list[MensajeGuardado]:
        """Messages of both sides, oldest first."""
        async with self._database.scope(conversacion.rut) as connection:
            return await read_history(connection, conversacion, limite, antes, despues)

    async def _queue(
        self, conversacion: Conversacion, mensaje_id: int, wait: timedelta, connection: AsyncConnection
    ) -> int:
        return await self._cola.defer(
            TASK_RETRY,
            lock=turn(conversacion.canal, conversacion.canal_id),
            wait=wait,
            priority=1,  # what the person wrote after it has its job already
            connection=await driver_connection(connection),
            rut=str(conversacion.rut),
            conversacion=conversacion.id,
            mensaje_id=mensaje_id,
        )

    async def _forget(self, trabajo: int | None, connection: AsyncConnection) -> None:
        if trabajo is not None:
            await self._cola.forget(trabajo, connection=await driver_connection(connection))


async def _open(connection: AsyncConnection, canal: str, canal_id: str, rut: Rut) -> Conversacion:
    known = (await connection.execute(select(contributors.c.bloqueado).filter_by(rut=str(rut)))).one_or_none()
    if known is None:
        raise TaxpayerUnknownError(rut=rut.pretty)
    if known.bloqueado:
        raise AccountBlockedError()
    mine = select(identities).filter_by(canal=canal, canal_id=canal_id, rut=str(rut))
    row = (await connection.execute(mine)).one_or_none()
    if row is None:
        if canal in LIMITES:  # there somebody is linked first, and proves to be who they are
            raise TaxpayerUnknownError(rut=rut.pretty)
        new = {"conversacion": secrets.token_urlsafe(16), "canal": canal, "canal_id": canal_id}
        await connection.execute(upsert(identities).values(rut=str(rut), **new).on_conflict_do_nothing())
        row = (await connection.execute(mine)).one()
    return await _conversacion(connection, row)


async def _store(
    connection: AsyncConnection, conversacion: Conversacion, incoming: Incoming, ahora: datetime
) -> int | None:
    """The number of the stored message, or None if it was there."""
    await announce(connection, conversacion.id)
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


async def _conversacion(connection: AsyncConnection, row: Any) -> Conversacion:
    note(conversation_id=row.conversacion)
    forgotten = row.contexto_hasta < datetime.now(UTC)
    return Conversacion(
        row.conversacion,
        Rut.parse(row.rut),
        {} if forgotten else row.contexto,
        row.canal,
        row.canal_id,
        await label(connection, row) if row.canal in LIMITES else "",
    )
