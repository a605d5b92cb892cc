"""Who on a channel is linked to which taxpayers."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.rut import Rut
from bot.services.ports_canales import Chat, Remitente, Vinculo
from bot.storage.database import Database
from bot.storage.salidas import LIMITES
from bot.storage.tables import Contributor, IdentityLink

contributors = Contributor.__table__  # type: ignore[attr-defined]
identities = IdentityLink.__table__  # type: ignore[attr-defined]

_SEE = text("SELECT set_config('app.remitente', :remitente, true), set_config('app.rut', :rut, true)")
_LABEL = text(
    "SELECT nombre FROM contributors WHERE rut = :rut AND (SELECT count(*) FROM identities"
    " WHERE canal = :canal AND canal_id = :id) > 1"
)


class IdentityRepository:
    """Implements the port `Vinculos`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def de(self, remitente: Remitente, ahora: datetime) -> list[Vinculo]:
        """The links of somebody, the one that answers first; of blocked taxpayers none."""
        mine = (
            select(identities)
            .where(
                identities.c.canal == remitente.canal,
                identities.c.canal_id == remitente.id,
                _live(ahora),
            )
            .order_by(identities.c.activado.desc(), identities.c.rut)
        )
        async with self._database.scope(remitente=f"{remitente.canal}:{remitente.id}") as connection:
            rows = (await connection.execute(mine)).all()
        found = []
        for row in rows:
            async with self._database.scope(Rut.parse(row.rut)) as connection:
                owner = (
                    await connection.execute(select(contributors).filter_by(rut=row.rut, bloqueado=None))
                ).one_or_none()
            if owner is not None:
                found.append(Vinculo(Rut.parse(row.rut), owner.nombre, row.conversacion, row.activado))
        return found

    async def por_telefono(self, telefono: str) -> list[Rut]:
        """The accounts that a phone is registered for."""
        registered = select(contributors.c.rut).filter_by(telefono=telefono, bloqueado=None)
        async with self._database.scope(telefono=telefono) as connection:
            rows = await connection.execute(registered.order_by(contributors.c.rut))
            return [Rut.parse(row.rut) for row in rows]

    async def vincular(
        self, remitente: Remitente, rut: Rut, ahora: datetime, expira: datetime | None
    ) -> bool:
        """Link somebody to a taxpayer and make it the one that answers; false if there is no such taxpayer.

        A link that has ended begins a new conversation: nobody reads on in what was said before.
        """
        known = select(contributors.c.rut).filter_by(rut=str(rut), bloqueado=None)
        over = identities.c.expira < ahora
        mine = _link(remitente, rut)
        values = {"telefono": remitente.telefono, "activado": ahora, "expira": expira}
        row = upsert(identities).values(conversacion=secrets.token_urlsafe(16), **mine, **values)
        async with self._database.scope(rut) as connection:
            if (await connection.execute(known)).one_or_none() is None:
                return False
            await connection.execute(delete(identities).filter_by(**mine).where(over))
            await connection.execute(row.on_conflict_do_update(constraint="identities_once", set_=values))
        return True

    async def activar(self, remitente: Remitente, rut: Rut, ahora: datetime) -> bool:
        """Make this link the one that answers; false if there is no such link."""
        mine = _link(remitente, rut)
        statement = update(identities).filter_by(**mine).where(_live(ahora)).values(activado=ahora)
        async with self._database.scope(rut) as connection:
            return bool((await connection.execute(statement)).rowcount)

    async def chats(self, rut: Rut, ahora: datetime) -> list[Chat]:
        """The chats that are linked to a taxpayer; the web and agents link nothing."""
        mine = (
            select(identities)
            .where(
                identities.c.rut == str(rut),
                identities.c.canal.in_(LIMITES),
                _live(ahora),
            )
            .order_by(identities.c.creado)
        )
        async with self._database.scope(rut) as connection:
            rows = await connection.execute(mine)
            return [
                Chat(
                    row.conversacion,
                    Remitente(row.canal, row.canal_id, row.telefono),
                    row.creado,
                    row.expira,
                )
                for row in rows
            ]

    async def desvincular(self, remitente: Remitente, rut: Rut) -> bool:
        """End a link; false if there was none."""
        mine = _link(remitente, rut)
        async with self._database.scope(rut) as connection:
            return bool((await connection.execute(delete(identities).filter_by(**mine))).rowcount)

    async def soltar_telefono(self, rut: Rut, telefono: str) -> int:
        """End the links of the chats that this phone is behind; how many."""
        theirs = identities.c.rut == str(rut), identities.c.telefono == telefono
        async with self._database.scope(rut) as connection:
            return (await connection.execute(delete(identities).where(*theirs))).rowcount


def _live(ahora: datetime) -> ColumnElement[bool]:
    return or_(identities.c.expira.is_(None), identities.c.expira > ahora)


def _link(remitente: Remitente, rut: Rut) -> dict[str, str]:
    """What there is one link of."""
    return {"canal": remitente.canal, "canal_id": remitente.id, "rut": str(rut)}


async def label(connection: AsyncConnection, row: Any) -> str:
    """The taxpayer's name, if whoever speaks is linked to several, or was until lately: one time too many
    is better than figures of nobody knows whom."""
    who = {"rut": row.rut, "remitente": f"{row.canal}:{row.canal_id}", "id": row.canal_id, "canal": row.canal}
    await connection.execute(_SEE, who)
    return str((await connection.execute(_LABEL, who)).scalar_one_or_none() or "")
