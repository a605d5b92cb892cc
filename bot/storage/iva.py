"""What taxpayers told about their form 29."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.core.iva import PPM
from bot.core.periodo import Periodo
from bot.core.rut import Rut
from bot.storage.database import Database
from bot.storage.tables import IvaDeclarado

declarado = IvaDeclarado.__table__  # type: ignore[attr-defined]
_KEY = ["rut", "codigo", "periodo"]


class DeclaradoRepository:
    """Implements the port `Declarados`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def de(self, rut: Rut, periodo: Periodo) -> Mapping[int, Decimal]:
        """What holds for a month, by code: a rate until another is told, amounts for their month only."""
        told = (
            select(declarado.c.codigo, declarado.c.valor)
            .where(declarado.c.rut == str(rut), declarado.c.periodo <= str(periodo))
            .where((declarado.c.codigo == PPM) | (declarado.c.periodo == str(periodo)))
            .order_by(declarado.c.periodo)
        )
        async with self._database.scope(rut) as connection:
            return {row.codigo: row.valor for row in await connection.execute(told)}

    async def poner(self, rut: Rut, periodo: Periodo, codigo: int, valor: Decimal, ahora: datetime) -> None:
        """Keep a value instead of what was told before."""
        values = {"valor": valor, "momento": ahora}
        row = upsert(declarado).values(rut=str(rut), codigo=codigo, periodo=str(periodo), **values)
        async with self._database.scope(rut) as connection:
            await connection.execute(row.on_conflict_do_update(index_elements=_KEY, set_=values))

    async def quitar(self, rut: Rut, periodo: Periodo, codigo: int | None) -> int:
        """Forget what holds for a month, of one code or all; how many values there were."""
        holds = (declarado.c.codigo == PPM) & (declarado.c.periodo <= str(periodo))
        mine = (declarado.c.periodo == str(periodo)) | holds
        gone = delete(declarado).where(declarado.c.rut == str(rut), mine)
        if codigo is not None:
            gone = gone.where(declarado.c.codigo == codigo)
        async with self._database.scope(rut) as connection:
            return (await connection.execute(gone)).rowcount
