"""When people on channels last wrote, and when a channel was last heard."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.services.ports_canales import Entrante
from bot.storage.tables import Presencia

presencias = Presencia.__table__  # type: ignore[attr-defined]

# Rows that are fresh are neither written nor locked: every delivery of a channel comes by here.
_REFRESH = text(
    "UPDATE presencias SET escribio = now() WHERE canal = :canal AND canal_id = ''"
    " AND escribio < now() - interval '1 second'"
)

_SAW = text(
    "INSERT INTO presencias (canal, canal_id, escribio)"
    " SELECT * FROM unnest(CAST(:canales AS text[]), CAST(:ids AS text[]), CAST(:momentos AS timestamptz[]))"
    " ON CONFLICT (canal, canal_id) DO UPDATE SET escribio = greatest(presencias.escribio, excluded.escribio)"
)


async def saw(connection: AsyncConnection, entrantes: Sequence[Entrante]) -> None:
    """Note when people wrote, by their messages' own time; what comes late takes nothing back."""
    last: dict[tuple[str, str], datetime] = {}
    for one in sorted(entrantes, key=lambda one: one.momento):
        last[one.remitente.canal, one.remitente.id] = one.momento
    who = sorted(last)  # two batches lock in the same order
    values = {
        "canales": [canal for canal, _ in who],
        "ids": [canal_id for _, canal_id in who],
        "momentos": [last[one] for one in who],
    }
    await connection.execute(_SAW, values)


async def heard(connection: AsyncConnection, canal: str) -> None:
    """Note that a channel delivers."""
    if not (await connection.execute(_REFRESH, {"canal": canal})).rowcount:
        row = upsert(presencias).values(canal=canal, canal_id="", escribio=func.now())
        await connection.execute(row.on_conflict_do_nothing())


def when(canal: Any, canal_id: Any) -> Select[Any]:
    """When somebody last wrote, or (without `canal_id`) a channel was heard."""
    return select(presencias.c.escribio).where(presencias.c.canal == canal, presencias.c.canal_id == canal_id)
