"""The messages that trainers learn from, of all taxpayers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, exists, func, literal_column, or_, select

from bot.core.evaluacion import FUERA
from bot.core.rut import Rut
from bot.services.ports_entrenamiento import MensajeCrudo, Motivo
from bot.storage.database import Database
from bot.storage.tables import ComprasDetalle, Contributor, Message, OpinionRow, VentasDetalle

contributors = Contributor.__table__  # type: ignore[attr-defined]
messages = Message.__table__  # type: ignore[attr-defined]
opinions = OpinionRow.__table__  # type: ignore[attr-defined]
sales = VentasDetalle.__table__  # type: ignore[attr-defined]
purchases = ComprasDetalle.__table__  # type: ignore[attr-defined]

# Less sure than this of what a message meant, and a trainer should look at it.
UNSURE = 0.6


class InboxForTrainers:
    """Implements the port `Bandeja`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def dudosos(self, desde: datetime, atendidos: Sequence[int], limite: int) -> Sequence[MensajeCrudo]:
        async with self._database.scope(alcance="admin") as connection:
            bad = exists().where(opinions.c.mensaje == messages.c.id)
            failed, unheard = messages.c.estado == "fallido", messages.c.intent.is_(None)
            doubtful = messages.c.confianza < UNSURE
            wanted = or_(failed, unheard, messages.c.intent == FUERA, doubtful, bad)
            why = case(
                (failed, Motivo.FALLIDO.value),
                (bad, Motivo.MALA.value),
                (or_(unheard, messages.c.intent == FUERA), Motivo.NO_ENTENDIDO.value),
                else_=Motivo.DUDOSO.value,
            )
            statement = _asked(why, desde, limite).where(wanted, messages.c.id.not_in(atendidos))
            return [_crudo(row) for row in await connection.execute(statement)]

    async def recientes(self, desde: datetime, limite: int) -> Sequence[MensajeCrudo]:
        nothing: Any = literal_column(f"'{Motivo.DUDOSO.value}'")
        async with self._database.scope(alcance="admin") as connection:
            return [_crudo(row) for row in await connection.execute(_asked(nothing, desde, limite))]

    async def nombres(self, ruts: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """What each taxpayer and those they deal with are called."""
        found: dict[str, Sequence[str]] = {}
        for rut in ruts:
            own = select(contributors.c.nombre).filter_by(rut=rut)
            others = [select(one.c.contraparte).filter_by(rut=rut) for one in (sales, purchases)]
            async with self._database.scope(Rut.parse(rut)) as connection:
                found[rut] = [*(await connection.execute(own.union(*others))).scalars()]
        return found


def _asked(why: Any, desde: datetime, limite: int) -> Select[Any]:
    """What people wrote themselves and somebody answered or failed to."""
    return (
        select(messages, why.label("motivo"))
        .where(
            messages.c.direccion == "entrada",
            messages.c.boton.is_(None),
            func.length(messages.c.texto) > 0,
            messages.c.estado.in_(["respondido", "fallido"]),
            messages.c.creado >= desde,
        )
        .order_by(messages.c.id.desc())
        .limit(limite)
    )


def _crudo(row: Any) -> MensajeCrudo:
    shown = row.intent, row.confianza, Motivo(row.motivo), row.creado
    return MensajeCrudo(row.id, row.rut, row.texto, *shown)
