"""The inbox, and the steps of people who are not linked yet."""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, null, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.core.mensajes import Outgoing
from bot.services.ports_canales import Adjunto, Entrante, Remitente, TipoAdjunto, Tramite
from bot.storage.botones import whole
from bot.storage.cola import Cola
from bot.storage.database import Database, driver_connection
from bot.storage.presencias import saw
from bot.storage.salidas import post
from bot.storage.tables import Inbox, TramiteRow
from bot.storage.tandas import Tandas
from bot.storage.turnos import fingerprint, turn

inbox = Inbox.__table__  # type: ignore[attr-defined]
tramites = TramiteRow.__table__  # type: ignore[attr-defined]

TASK_ATTEND = "atender"

_ONCE = text(
    "INSERT INTO inbox (huella, turno, cuerpo)"
    " SELECT * FROM unnest(CAST(:huellas AS text[]), CAST(:turnos AS text[]), CAST(:cuerpos AS jsonb[]))"
    " ON CONFLICT ON CONSTRAINT inbox_once DO NOTHING RETURNING id, huella"
)


class InboxRepository:
    """Implements the port `Buzon`."""

    def __init__(self, database: Database, cola: Cola) -> None:
        self._database = database
        self._cola = cola
        self._tandas = Tandas(self._write)

    async def guardar(self, entrantes: Sequence[Entrante]) -> None:
        """Store what came in and the jobs that attend to it, all or nothing; what came before is left out."""
        if entrantes:
            await self._tandas.add(entrantes)

    async def _write(self, entrantes: Sequence[Entrante]) -> None:
        new: dict[str, Entrante] = {}
        for one in entrantes:
            new.setdefault(fingerprint(one.remitente.canal, one.id), one)
        values = {  # in the order in which they came: their numbers and their jobs follow it
            "huellas": list(new),
            "turnos": [_turn(one) for one in new.values()],
            "cuerpos": [json.dumps(_body(one)) for one in new.values()],
        }
        async with self._database.scope(alcance="buzon") as connection:
            stored = sorted(await connection.execute(_ONCE, values), key=lambda row: row.id)
            jobs = [(_turn(new[row.huella]), {"entrada": row.id}) for row in stored]
            await self._cola.defer_many(TASK_ATTEND, jobs, connection=await driver_connection(connection))
            await saw(connection, entrantes)

    async def leer(self, entrada: int) -> Entrante | None:
        """What came in under that number; None once it was attended to."""
        async with self._database.scope(alcance="buzon") as connection:
            row = (await connection.execute(select(inbox.c.cuerpo).filter_by(id=entrada))).one_or_none()
            if not row or not row.cuerpo:
                return None
            entrante = _entrante(row.cuerpo)
            boton = await whole(connection, entrante.boton)
            texto = boton if boton and entrante.texto == entrante.boton else entrante.texto
            return replace(entrante, texto=texto, boton=boton)

    async def cerrar(self, entrada: int, remitente: Remitente, respuestas: Sequence[Outgoing]) -> None:
        """Forget what came in, and answer who is linked to nobody, both or neither."""
        waiting = inbox.c.id == entrada, inbox.c.cuerpo.is_not(None)
        async with self._database.scope(alcance="buzon") as connection:
            if (await connection.execute(update(inbox).where(*waiting).values(cuerpo=null()))).rowcount:
                answers = [(None, one) for one in respuestas]
                await post(connection, self._cola, remitente.canal, remitente.id, answers)


class TramiteRepository:
    """Implements the port `Tramites`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, remitente: Remitente, ahora: datetime) -> Tramite | None:
        mine = tramites.c.turno == turn(remitente.canal, remitente.id), tramites.c.expira > ahora
        async with self._database.scope(alcance="buzon") as connection:
            row = (await connection.execute(select(tramites).where(*mine))).one_or_none()
        return Tramite(row.paso, row.datos) if row else None

    async def put(self, remitente: Remitente, tramite: Tramite, expira: datetime) -> None:
        values = {"paso": tramite.paso, "datos": dict(tramite.datos), "expira": expira}
        row = upsert(tramites).values(turno=turn(remitente.canal, remitente.id), **values)
        async with self._database.scope(alcance="buzon") as connection:
            await connection.execute(row.on_conflict_do_update(index_elements=["turno"], set_=values))

    async def drop(self, remitente: Remitente) -> None:
        mine = tramites.c.turno == turn(remitente.canal, remitente.id)
        async with self._database.scope(alcance="buzon") as connection:
            await connection.execute(delete(tramites).where(mine))


def _turn(entrante: Entrante) -> str:
    return turn(entrante.remitente.canal, entrante.remitente.id)


def _body(entrante: Entrante) -> dict[str, Any]:
    return {**asdict(entrante), "momento": entrante.momento.isoformat()}


def _entrante(body: dict[str, Any]) -> Entrante:
    adjunto = body["adjunto"]
    if adjunto:
        adjunto = Adjunto(**{**adjunto, "tipo": TipoAdjunto(adjunto["tipo"])})
    return Entrante(
        body["id"],
        Remitente(**body["remitente"]),
        datetime.fromisoformat(body["momento"]),
        body["texto"],
        body["boton"],
        adjunto,
    )
