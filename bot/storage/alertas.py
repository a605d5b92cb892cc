"""Who wants alerts, when they are looked at next, and the purchases that wait."""

from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.core.documentos import TIPOS, EstadoCompra
from bot.core.periodo import Periodo
from bot.core.rut import Rut
from bot.services.ports_noticias import Avisos, Pendiente
from bot.storage.database import Database
from bot.storage.tables import Aviso, ComprasDetalle, VentasResumen
from bot.storage.tables import VentasDetalle as Venta

avisos = Aviso.__table__  # type: ignore[attr-defined]
compras = ComprasDetalle.__table__  # type: ignore[attr-defined]
totales = VentasResumen.__table__  # type: ignore[attr-defined]
ventas = Venta.__table__  # type: ignore[attr-defined]

_FIELDS = ("compras", "f29", "contratos", "sincronizacion", "desde", "hasta")
# Documents on paper; all other types are issued electronically.
_PAPER = (29, 30, 32, 35, 38, 40, 45, 55, 60, 101, 104, 106, 914)
_CLAIMABLE = tuple(codigo for codigo, tipo in TIPOS.items() if tipo.signo == 1 and codigo not in _PAPER)


class AlertRepository:
    """Implements the port `PreferenciasAvisos`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, rut: Rut) -> Avisos | None:
        """What a taxpayer chose; None if they never did."""
        async with self._database.scope(rut) as connection:
            row = (await connection.execute(select(avisos).filter_by(rut=str(rut)))).one_or_none()
        return Avisos(*(getattr(row, name) for name in _FIELDS)) if row else None

    async def put(self, rut: Rut, elegidos: Avisos, proximo: datetime | None) -> None:
        """Store what a taxpayer chose, and when to look at them next."""
        values = {name: getattr(elegidos, name) for name in _FIELDS} | {"proximo": proximo}
        row = upsert(avisos).values(rut=str(rut), **values)
        async with self._database.scope(rut) as connection:
            await connection.execute(row.on_conflict_do_update(index_elements=["rut"], set_=values))

    async def toca(self, ahora: datetime, despues: str, limite: int) -> list[Rut]:
        """Who is to be looked at by now, in the order of their RUTs, from after `despues`."""
        due = select(avisos.c.rut).where(avisos.c.proximo <= ahora, avisos.c.rut > despues)
        async with self._database.scope(alcance="avisos") as connection:
            found = await connection.execute(due.order_by(avisos.c.rut).limit(limite))
            return [Rut.parse(rut) for rut in found.scalars()]

    async def aplazar(self, rut: Rut, proximo: datetime) -> None:
        """Look again then, unless they turned alerts off meanwhile."""
        mine = avisos.c.rut == str(rut), avisos.c.proximo.is_not(None)
        async with self._database.scope(rut) as connection:
            await connection.execute(update(avisos).where(*mine).values(proximo=proximo))

    async def pendientes(self, rut: Rut, desde: datetime) -> list[Pendiente]:
        """Purchases that wait and came to the SII since then, oldest first."""
        wait = (
            select(compras)
            .where(
                compras.c.rut == str(rut),
                compras.c.estado == EstadoCompra.PENDIENTE,
                compras.c.fecha_recepcion >= desde,
                compras.c.tipo_documento.in_(_CLAIMABLE),
            )
            .order_by(compras.c.fecha_recepcion, compras.c.folio)
        )
        async with self._database.scope(rut) as connection:
            return [
                Pendiente(
                    row.tipo_documento,
                    row.folio,
                    row.contraparte_rut,
                    row.contraparte,
                    Periodo.parse(row.periodo),
                    row.monto_total,
                    row.fecha_recepcion,
                )
                for row in await connection.execute(wait)
            ]

    async def emite_electronico(self, rut: Rut) -> bool:
        """Whether their sales hold documents that are only issued electronically."""
        found = [
            exists().where(table.c.rut == str(rut), table.c.tipo_documento.not_in(_PAPER))
            for table in (totales, ventas)
        ]
        async with self._database.scope(rut) as connection:
            return bool((await connection.execute(select(found[0] | found[1]))).scalar())
