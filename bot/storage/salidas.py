"""The outbox: a row and a job for every message to send."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import ColumnElement, and_, case, delete, extract, func, insert, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.mensajes import Outgoing, Plantilla
from bot.core.reparto import TELEGRAM, WHATSAPP, Limites, split_outgoing
from bot.core.rut import Rut
from bot.services.ports_canales import VENTANA, Acuse, EstadoSalida, Remitente, Salida
from bot.storage.botones import shorten
from bot.storage.cola import Cola
from bot.storage.contenido import to_json, to_outgoing
from bot.storage.database import Database, driver_connection
from bot.storage.presencias import heard, when
from bot.storage.tables import Outbox
from bot.storage.turnos import turn

outbox = Outbox.__table__  # type: ignore[attr-defined]

_SEE = text("SELECT set_config('app.rut', :rut, true)")
# Whoever has left a chat is not followed there; nor is anybody told of an account that is blocked.
_LINKED = text(
    "SELECT EXISTS (SELECT FROM identities JOIN contributors USING (rut) WHERE rut = :rut"
    " AND canal = :canal AND canal_id = :id AND bloqueado IS NULL)"
)
_SECONDS = extract("epoch", func.now() - outbox.c.actualizado).label("segundos")
TASK_SEND = "despachar"
# Channels whose messages go out from here; the others are answered in the request itself.
LIMITES: Mapping[str, Limites] = {"whatsapp": WHATSAPP, "telegram": TELEGRAM}
_HEARD_EVERY = 2.0
_ORDER = [
    EstadoSalida.PENDIENTE,
    EstadoSalida.RETENIDO,
    EstadoSalida.ENVIANDO,
    EstadoSalida.ENVIADO,
    EstadoSalida.ENTREGADO,
    EstadoSalida.LEIDO,
]


async def post(
    connection: AsyncConnection,
    cola: Cola,
    canal: str,
    canal_id: str,
    mensajes: Sequence[tuple[int | None, Outgoing]],
    rut: Rut | None = None,
) -> None:
    """Put messages into the outbox within a transaction, each with the job that sends it.

    Args:
        mensajes: each with its number in `messages`, if it is there.
    """
    if canal not in LIMITES:
        return
    turno, raw = turn(canal, canal_id), await driver_connection(connection)
    for mensaje, whole in mensajes:
        for cut in split_outgoing(whole, LIMITES[canal]):
            part = await shorten(connection, cut, LIMITES[canal].dato, str(rut) if rut else None)
            values = {"canal": canal, "canal_id": canal_id, "turno": turno, "mensaje": mensaje}
            cuerpo = {"texto": part.texto, **to_json(part)}
            row = insert(outbox).values(
                rut=str(rut) if rut else None, cuerpo=cuerpo, estado="pendiente", **values
            )
            if part.plantilla:
                row = row.values(plantilla=asdict(part.plantilla))
            salida = (await connection.execute(row.returning(outbox.c.id))).scalar_one()
            await _queue(cola, raw, turno, salida, str(rut or ""))


class OutboxRepository:
    """Implements the port `Salidas`."""

    def __init__(self, database: Database, cola: Cola) -> None:
        self._database = database
        self._cola = cola
        self._heard: dict[str, float] = {}

    async def tomar(self, salida: int) -> Salida | None:
        """Begin to send a message; None if that is not to be done any more.

        What was for a taxpayer's chat is gone once the chat is no longer theirs.
        """
        wrote = when(outbox.c.canal, outbox.c.canal_id).correlate(outbox).scalar_subquery()
        heard_at = when(outbox.c.canal, "").correlate(outbox).scalar_subquery()
        heard_since = func.coalesce(heard_at > outbox.c.actualizado, False).label("oido")
        waiting = select(outbox, _SECONDS, wrote.label("escribio"), heard_since).where(
            outbox.c.id == salida, outbox.c.estado.in_((EstadoSalida.PENDIENTE, EstadoSalida.ENVIANDO))
        )
        begin = update(outbox).where(outbox.c.id == salida, outbox.c.estado == EstadoSalida.PENDIENTE)
        begin = begin.values(estado=EstadoSalida.ENVIANDO, actualizado=func.now())
        async with self._database.scope(alcance="buzon") as connection:
            row = (await connection.execute(waiting.with_for_update(of=outbox))).one_or_none()
            if row is None:
                return None
            if not await _reaches(connection, row):
                await connection.execute(delete(outbox).where(outbox.c.id == salida))
                return None
            await connection.execute(begin)
        doubt = float(row.segundos) if row.estado == EstadoSalida.ENVIANDO else None
        mensaje = to_outgoing(row.cuerpo["texto"], row.cuerpo)
        if row.plantilla:
            mensaje = replace(mensaje, plantilla=_template(row.plantilla))
        return Salida(
            row.id,
            row.canal,
            row.canal_id,
            mensaje,
            Rut.parse(row.rut) if row.rut else None,
            doubt,
            row.oido,
            row.escribio,
            cerrada=row.error == VENTANA,
        )

    async def anotar(
        self, salida: int, estado: EstadoSalida, canal_mensaje_id: str | None = None, error: str = ""
    ) -> None:
        """Note how a sending went; a receipt that was quicker is not undone."""
        values: dict[str, Any] = {"estado": estado, "actualizado": func.now(), "error": error}
        if canal_mensaje_id is not None:
            values["canal_mensaje_id"] = canal_mensaje_id
        now = outbox.c.id == salida, outbox.c.estado == EstadoSalida.ENVIANDO
        async with self._database.scope(alcance="buzon") as connection:
            await connection.execute(update(outbox).where(*now).values(**values))

    async def retener(self, salida: int) -> None:
        """Keep a message until the person writes. If its template announces it, that one goes out, once for
        all that wait.
        """
        kept = (
            update(outbox)
            .where(outbox.c.id == salida, outbox.c.estado == EstadoSalida.ENVIANDO)
            .values(estado=EstadoSalida.RETENIDO, error=VENTANA, actualizado=func.now())
        )
        async with self._database.scope(alcance="buzon") as connection:
            row = (await connection.execute(kept.returning(outbox))).one_or_none()
            if row is None or not row.plantilla or not _template(row.plantilla).anuncia:
                return
            announced = select(outbox.c.id).where(
                outbox.c.turno == row.turno,
                outbox.c.plantilla == row.plantilla,
                outbox.c.estado == EstadoSalida.RETENIDO,
                outbox.c.id != salida,
            )
            if (await connection.execute(announced.limit(1))).one_or_none() is None:
                await self._announce(connection, row)

    async def _announce(self, connection: AsyncConnection, row: Any) -> None:
        values = {"rut": row.rut, "canal": row.canal, "canal_id": row.canal_id, "turno": row.turno}
        told = {**row.plantilla, "anuncia": False}
        notice = insert(outbox).values(
            **values, cuerpo={"texto": ""}, estado="pendiente", plantilla=told, error=VENTANA
        )
        new = (await connection.execute(notice.returning(outbox.c.id))).scalar_one()
        await _queue(self._cola, await driver_connection(connection), row.turno, new, row.rut or "")

    async def acusar(self, canal: str, acuse: Acuse) -> bool:
        """Note a receipt; receipts come in any order and only ever move a message on. Whether it did."""
        values = {"estado": acuse.estado, "canal_mensaje_id": acuse.canal_mensaje_id, "error": acuse.error}
        if acuse.estado in (EstadoSalida.RETENIDO, EstadoSalida.FALLIDO):
            which = _refused(acuse)
            values["rechazado"] = acuse.canal_mensaje_id
        else:
            earlier = (*_ORDER[: _ORDER.index(acuse.estado)], EstadoSalida.FALLIDO)
            which = and_(_mine(acuse), outbox.c.estado.in_(earlier))
            if acuse.estado is EstadoSalida.ENVIADO:  # it may come behind the refusal
                which = and_(which, _not_refused(acuse))
        statement = update(outbox).where(outbox.c.canal == canal, which)
        async with self._database.scope(alcance="buzon") as connection:
            done = await connection.execute(statement.values(**values, actualizado=func.now()))
        return bool(done.rowcount)

    async def reponer(self, canal: str, acuse: Acuse) -> bool:
        """What the channel took and then refused because the person has not written: its template is queued
        (or what announces it), or without one it is kept until they write. False if the receipt is not of the
        last try.
        """
        held, wait = EstadoSalida.RETENIDO.value, EstadoSalida.PENDIENTE.value
        statement = (
            update(outbox)
            .where(outbox.c.canal == canal, _refused(acuse))
            .values(
                estado=case((outbox.c.plantilla.is_(None), held), else_=wait),
                error=VENTANA,
                rechazado=acuse.canal_mensaje_id,
                actualizado=func.now(),
            )
        )
        async with self._database.scope(alcance="buzon") as connection:
            back = statement.returning(outbox.c.id, outbox.c.rut, outbox.c.turno, outbox.c.estado)
            rows = (await connection.execute(back)).all()
            for row in rows:
                if row.estado == wait:
                    raw = await driver_connection(connection)
                    await _queue(self._cola, raw, row.turno, row.id, row.rut or "")
        return bool(rows)

    async def oido(self, canal: str) -> None:
        """Note, every few moments, that the channel delivers."""
        if time.monotonic() - self._heard.get(canal, -_HEARD_EVERY) < _HEARD_EVERY:
            return
        self._heard[canal] = time.monotonic()
        async with self._database.scope(alcance="buzon") as connection:
            await heard(connection, canal)

    async def dicho(self, remitente: Remitente, canal_mensaje_id: str) -> tuple[Rut, int] | None:
        """Which of our messages to somebody the channel knows under that id, and whose it is."""
        mine = select(outbox.c.rut, outbox.c.mensaje).where(
            outbox.c.canal == remitente.canal,
            outbox.c.canal_mensaje_id == canal_mensaje_id,
            outbox.c.turno == turn(remitente.canal, remitente.id),
            outbox.c.rut.is_not(None),
            outbox.c.mensaje.is_not(None),
        )
        async with self._database.scope(alcance="buzon") as connection:
            row = (await connection.execute(mine.limit(1))).one_or_none()
        return (Rut.parse(row.rut), row.mensaje) if row else None

    async def soltar(self, remitente: Remitente) -> int:
        """Queue what waited for the person to write again, oldest first; how many that was."""
        turno = turn(remitente.canal, remitente.id)
        held = (
            update(outbox)
            .where(outbox.c.turno == turno, outbox.c.estado == EstadoSalida.RETENIDO)
            .values(estado=EstadoSalida.PENDIENTE, error="")
        )
        async with self._database.scope(alcance="buzon") as connection:
            rows = (await connection.execute(held.returning(outbox.c.id, outbox.c.rut))).all()
            raw = await driver_connection(connection)
            for row in sorted(rows):
                await _queue(self._cola, raw, turno, row.id, row.rut or "")
        return len(rows)


def _template(body: Mapping[str, Any]) -> Plantilla:
    return Plantilla(body["nombre"], tuple(body["parametros"]), bool(body.get("anuncia")))


async def _reaches(connection: AsyncConnection, row: Any) -> bool:
    if row.rut is None:
        return True
    await connection.execute(_SEE, {"rut": row.rut})
    who = {"rut": row.rut, "canal": row.canal, "id": row.canal_id}
    return bool((await connection.execute(_LINKED, who)).scalar_one())


def _mine(acuse: Acuse) -> ColumnElement[bool]:
    named = outbox.c.canal_mensaje_id == acuse.canal_mensaje_id
    mine: ColumnElement[bool] = named if acuse.salida is None else outbox.c.id == acuse.salida
    return mine


def _refused(acuse: Acuse) -> ColumnElement[bool]:
    """The message whose last try this receipt refuses; of a try before it there is nothing left to do."""
    on_its_way = outbox.c.estado.in_((EstadoSalida.ENVIANDO, EstadoSalida.ENVIADO))
    return and_(_mine(acuse), _not_refused(acuse), on_its_way)


def _not_refused(acuse: Acuse) -> ColumnElement[bool]:
    return or_(outbox.c.rechazado.is_(None), outbox.c.rechazado != acuse.canal_mensaje_id)


async def _queue(cola: Cola, raw: Any, turno: str, salida: int, rut: str) -> None:
    await cola.defer(TASK_SEND, lock=f"salida:{turno}", connection=raw, salida=salida, rut=rut)
