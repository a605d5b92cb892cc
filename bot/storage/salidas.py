"""The outbox: a row and a job for every message to send."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import extract, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.mensajes import Boton, Outgoing
from bot.core.reparto import TELEGRAM, WHATSAPP, Limites, split_outgoing
from bot.core.rut import Rut
from bot.services.ports_canales import Acuse, EstadoSalida, Remitente, Salida
from bot.storage.cola import Cola
from bot.storage.database import Database, driver_connection
from bot.storage.tables import Outbox
from bot.storage.turnos import turn

outbox = Outbox.__table__  # type: ignore[attr-defined]

_SECONDS = extract("epoch", func.now() - outbox.c.actualizado).label("segundos")
TASK_SEND = "despachar"
# Channels whose messages go out from here; the others are answered in the request itself.
LIMITES: Mapping[str, Limites] = {"whatsapp": WHATSAPP, "telegram": TELEGRAM}
_ORDER = [
    EstadoSalida.PENDIENTE,
    EstadoSalida.RETENIDO,
    EstadoSalida.ENVIANDO,
    EstadoSalida.FALLIDO,
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
        for part in split_outgoing(whole, LIMITES[canal]):
            values = {"canal": canal, "canal_id": canal_id, "turno": turno, "mensaje": mensaje}
            row = insert(outbox).values(
                rut=str(rut) if rut else None, cuerpo=_body(part), estado="pendiente", **values
            )
            salida = (await connection.execute(row.returning(outbox.c.id))).scalar_one()
            await _queue(cola, raw, turno, salida, str(rut or ""))


class OutboxRepository:
    """Implements the port `Salidas`."""

    def __init__(self, database: Database, cola: Cola) -> None:
        self._database = database
        self._cola = cola

    async def tomar(self, salida: int) -> Salida | None:
        """Begin to send a message; None if that is not to be done any more."""
        waiting = select(outbox, _SECONDS).where(
            outbox.c.id == salida, outbox.c.estado.in_((EstadoSalida.PENDIENTE, EstadoSalida.ENVIANDO))
        )
        begin = update(outbox).where(outbox.c.id == salida, outbox.c.estado == EstadoSalida.PENDIENTE)
        begin = begin.values(
            estado=EstadoSalida.ENVIANDO, actualizado=func.now(), intentos=outbox.c.intentos + 1
        )
        async with self._database.scope(alcance="buzon") as connection:
            row = (await connection.execute(waiting.with_for_update())).one_or_none()
            if row is None:
                return None
            await connection.execute(begin)
        doubt = float(row.segundos) if row.estado == EstadoSalida.ENVIANDO else None
        return Salida(row.id, row.canal, row.canal_id, _outgoing(row.cuerpo), doubt)

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

    async def acusar(self, canal: str, acuse: Acuse) -> None:
        """Note a receipt; receipts come in any order and only ever move a message on."""
        mine = outbox.c.canal_mensaje_id == acuse.canal_mensaje_id
        if acuse.salida is not None:
            mine = outbox.c.id == acuse.salida
        earlier = [one.value for one in _ORDER[: _ORDER.index(acuse.estado)]]
        if acuse.estado in (EstadoSalida.RETENIDO, EstadoSalida.FALLIDO):  # refused after it was taken
            earlier.append(EstadoSalida.ENVIADO)
        values = {"estado": acuse.estado, "canal_mensaje_id": acuse.canal_mensaje_id, "error": acuse.error}
        statement = update(outbox).where(outbox.c.canal == canal, mine, outbox.c.estado.in_(earlier))
        async with self._database.scope(alcance="buzon") as connection:
            await connection.execute(statement.values(**values, actualizado=func.now()))

    async def soltar(self, remitente: Remitente) -> int:
        """Queue what waited for the person to write again, oldest first; how many that was."""
        turno = turn(remitente.canal, remitente.id)
        held = (
            update(outbox)
            .where(outbox.c.turno == turno, outbox.c.estado == EstadoSalida.RETENIDO)
            .values(estado=EstadoSalida.PENDIENTE)
        )
        async with self._database.scope(alcance="buzon") as connection:
            rows = (await connection.execute(held.returning(outbox.c.id, outbox.c.rut))).all()
            raw = await driver_connection(connection)
            for row in sorted(rows):
                await _queue(self._cola, raw, turno, row.id, row.rut or "")
        return len(rows)


async def _queue(cola: Cola, raw: Any, turno: str, salida: int, rut: str) -> None:
    await cola.defer(TASK_SEND, lock=f"salida:{turno}", connection=raw, salida=salida, rut=rut)


def _body(salida: Outgoing) -> dict[str, Any]:
    body: dict[str, Any] = {"texto": salida.texto}
    for name in ("botones", "lista"):
        if buttons := getattr(salida, name):
            body[name] = [{"id": one.id, "titulo": one.titulo} for one in buttons]
    for name in ("imagen", "documento"):
        if file := getattr(salida, name):
            body[name] = file
    return body


def _outgoing(body: Mapping[str, Any]) -> Outgoing:
    buttons = {name: tuple(Boton(**one) for one in body.get(name, ())) for name in ("botones", "lista")}
    return Outgoing(
        body["texto"], buttons["botones"], body.get("imagen"), body.get("documento"), buttons["lista"]
    )
