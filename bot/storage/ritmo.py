"""The allowance of the SII's service, kept in PostgreSQL: when the next call may begin, and how many run."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from contextvars import ContextVar
from typing import Any

from sqlalchemy import case, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from bot.core.errors_sii import SiiWaitError
from bot.services.ports_sii import Pausa
from bot.storage.database import DATABASE_ERRORS, Database
from bot.storage.tables import SiiCuenta, SiiTurno

cuentas = SiiCuenta.__table__  # type: ignore[attr-defined]
turnos = SiiTurno.__table__  # type: ignore[attr-defined]

# Calls are spaced by this much more than the rate asks for, and one that is LATE seconds late gives its turn
# up: so what arrives at the service in any 60 seconds stays within the rate though networks are uneven.
MARGIN = 1.02
LATE = 0.5
# How long before its time a turn may be had: short, so that who is in a hurry finds the next one free.
AHEAD = 0.5
LEASE = 15.0
RENEWAL = 5.0
_LONGEST_NAP = 1.0
_TAKE = text("SELECT * FROM sii_tomar_turno(:intervalo, :limite, :adelanto, :vida)")


class RitmoRepository:
    """Implements the port `Ritmo`."""

    def __init__(self, database: Database, intervalo: float, limite: int) -> None:
        """`intervalo` is the seconds between two calls, `limite` how many may run at the same time."""
        self._database = database
        self._intervalo = intervalo * MARGIN
        self._limite = limite
        self._urgente: ContextVar[bool] = ContextVar("urgente", default=False)
        self._fila = asyncio.Lock()

    @asynccontextmanager
    async def turno(self) -> AsyncIterator[None]:
        """The right to make one call.

        Raises:
            SiiWaitError: if everybody was told to wait.
        """
        turno = await self._wait()
        keeping = asyncio.create_task(self._keep(turno))
        try:
            yield
        finally:
            keeping.cancel()
            await self._give_back(turno)

    @contextmanager
    def primero(self) -> Iterator[None]:
        """Calls inside see one turn further than the others."""
        before = self._urgente.set(True)
        try:
            yield
        finally:
            self._urgente.reset(before)

    async def pausar(self, pausa: Pausa) -> None:
        """Nobody calls until then; a pause that lasts longer already stays."""
        values = {"pausa": pausa.hasta, "bloqueo": pausa.bloqueo}
        longer = cuentas.c.pausa > pausa.hasta
        statement = (
            insert(cuentas)
            .values(id=1, **values)
            .on_conflict_do_update(
                index_elements=["id"],
                set_={
                    "pausa": case((longer, cuentas.c.pausa), else_=pausa.hasta),
                    "bloqueo": case((longer, cuentas.c.bloqueo), else_=pausa.bloqueo),
                },
            )
        )
        async with self._database.scope() as connection:
            await connection.execute(statement)

    async def pausa(self) -> Pausa | None:
        """The pause that lasts, if one does."""
        lasts = select(cuentas.c.pausa, cuentas.c.bloqueo).where(cuentas.c.pausa > func.clock_timestamp())
        async with self._database.one() as connection:
            found = (await connection.execute(lasts)).one_or_none()
        return Pausa(found.pausa, found.bloqueo) if found else None

    async def _wait(self) -> int:
        """Wait for a turn of one's own and for its time."""
        while True:
            turno, begin = await self._in_order()
            try:
                await asyncio.sleep(begin - time.monotonic())
                if pausa := await self.pausa():
                    raise SiiWaitError(pausa.hasta, bloqueo=pausa.bloqueo)
            except BaseException:
                await self._give_back(turno)
                raise
            if time.monotonic() - begin <= LATE:
                return turno
            await self._give_back(turno)

    async def _in_order(self) -> tuple[int, float]:
        """The number of a turn, and when (monotonic) it begins; in this program one asks at a time."""
        if self._urgente.get():
            return await self._take(AHEAD + self._intervalo)
        async with self._fila:
            return await self._take(AHEAD)

    async def _take(self, ahead: float) -> tuple[int, float]:
        wanted = {
            "intervalo": self._intervalo,
            "limite": self._limite,
            "adelanto": ahead,
            "vida": LEASE + ahead,
        }
        while True:
            async with self._database.one() as connection:
                found: Any = (await connection.execute(_TAKE, wanted)).one()
            if found.pausa:
                raise SiiWaitError(found.pausa, bloqueo=found.bloqueo)
            if found.turno:
                return found.turno, time.monotonic() + found.espera
            await asyncio.sleep(min(found.espera, _LONGEST_NAP))

    async def _keep(self, turno: int) -> None:
        """A call that takes long keeps its turn; that of a program that was killed is free in seconds."""
        longer = func.clock_timestamp() + func.make_interval(0, 0, 0, 0, 0, 0, LEASE)
        renewal = update(turnos).where(turnos.c.id == turno).values(vence=longer)
        while True:
            await asyncio.sleep(RENEWAL)
            with suppress(*DATABASE_ERRORS):
                async with self._database.one() as connection:
                    await connection.execute(renewal)

    async def _give_back(self, turno: int) -> None:
        with suppress(*DATABASE_ERRORS):
            async with self._database.one() as connection:
                await connection.execute(delete(turnos).where(turnos.c.id == turno))
