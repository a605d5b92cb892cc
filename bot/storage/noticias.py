"""News for taxpayers: where they can be told, what they were told, and the message with its sending."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, or_, select, text
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.core.mensajes import Outgoing
from bot.core.rut import Rut
from bot.services.ports import Conversacion
from bot.services.ports_noticias import Destino
from bot.storage.cola import Cola
from bot.storage.database import Database
from bot.storage.dichos import say
from bot.storage.novedades import announce
from bot.storage.presencias import presencias
from bot.storage.salidas import LIMITES
from bot.storage.tables import AvisoEnviado, IdentityLink
from bot.storage.vinculos import label

enviados = AvisoEnviado.__table__  # type: ignore[attr-defined]
identities = IdentityLink.__table__  # type: ignore[attr-defined]

# What joins a caller's transaction leaves it with no more rights than it had.
_UNSEE = text("SELECT set_config('app.remitente', '', true)")


class NewsRepository:
    """Implements the port `Noticias`."""

    def __init__(self, database: Database, cola: Cola) -> None:
        self._database = database
        self._cola = cola

    async def destinos(self, rut: Rut, ahora: datetime) -> list[Destino]:
        """The conversations that are linked and have not ended."""
        wrote = func.coalesce(presencias.c.escribio, identities.c.activado).label("usado")
        same = (presencias.c.canal == identities.c.canal) & (presencias.c.canal_id == identities.c.canal_id)
        live = or_(identities.c.expira.is_(None), identities.c.expira > ahora)
        mine = select(identities, wrote).outerjoin(presencias, same)
        async with self._database.scope(rut) as connection:
            rows = (await connection.execute(mine.where(identities.c.rut == str(rut), live))).all()
            found = [
                Destino(
                    row.conversacion,
                    row.canal,
                    row.canal_id,
                    row.usado,
                    await label(connection, row) if row.canal in LIMITES else "",
                )
                for row in rows
            ]
            await connection.execute(_UNSEE)
        return found

    async def conocidas(self, rut: Rut, claves: Iterable[str]) -> set[str]:
        """Which of them the taxpayer was told."""
        told = select(enviados.c.clave).where(enviados.c.rut == str(rut), enviados.c.clave.in_(list(claves)))
        async with self._database.scope(rut) as connection:
            return set((await connection.execute(told)).scalars())

    async def preparar(self, rut: Rut, destinos: Sequence[Destino]) -> None:
        """Before anything of a conversation is touched; always in the same order."""
        async with self._database.scope(rut) as connection:
            for conversacion in sorted(one.conversacion for one in destinos):
                await announce(connection, conversacion)

    async def reclamar(self, rut: Rut, claves: Sequence[str], ahora: datetime) -> bool:
        """Note that they are told; false, and nothing is noted, if somebody else was quicker with one."""
        rows = [{"rut": str(rut), "clave": clave, "momento": ahora} for clave in sorted(claves)]
        statement = upsert(enviados).values(rows).on_conflict_do_nothing().returning(enviados.c.clave)
        async with self._database.scope(rut) as connection, connection.begin_nested() as attempt:
            if len((await connection.execute(statement)).all()) == len(rows):
                return True
            await attempt.rollback()
        return False

    async def decir(self, rut: Rut, destino: Destino, salida: Outgoing, ahora: datetime) -> None:
        """Store it in the conversation and, where its channel asks for it, send it."""
        where = Conversacion(destino.conversacion, rut, canal=destino.canal, canal_id=destino.canal_id)
        async with self._database.scope(rut) as connection:
            await say(connection, self._cola, where, [salida], ahora)
