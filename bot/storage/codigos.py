"""One-time codes, hashed, and the jobs that send them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any

from sqlalchemy import Select, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.rut import Rut
from bot.services.ports_acceso import Proposito, Solicitante
from bot.storage.cola import Cola
from bot.storage.database import Database, driver_connection
from bot.storage.tables import Otp

otp = Otp.__table__  # type: ignore[attr-defined]

TASK_CODE = "enviar_codigo"
TASK_NOTICE = "enviar_aviso"
_DAY = timedelta(days=1)


class OtpRepository:
    """Implements the port `Otps`.

    The request stores the same row and the same job whoever is asked for: whether there is such a taxpayer,
    and with it any difference in time, is the worker's business.
    """

    def __init__(self, database: Database, cola: Cola) -> None:
        self._database = database
        self._cola = cola

    async def ask(
        self,
        rut: Rut,
        proposito: Proposito,
        solicitud: str,
        direccion: str,
        datos: Mapping[str, Any],
        ahora: datetime,
        expira: datetime,
    ) -> None:
        """Store a request that has no code yet, and the job that makes and sends one, both or none."""
        values = {"codigo_hash": b"", "solicitud_hash": solicitud, "direccion_hash": direccion}
        statement = insert(otp).values(
            rut=str(rut), proposito=proposito, datos=dict(datos), creado=ahora, expira=expira, **values
        )
        async with self._database.scope(rut) as connection:
            new = (await connection.execute(statement.returning(otp.c.id))).scalar_one()
            await self._cola.defer(
                TASK_CODE,
                lock=f"codigo:{rut}",
                connection=await driver_connection(connection),
                rut=str(rut),
                otp_id=new,
            )

    async def get(self, rut: Rut, otp_id: int, ahora: datetime) -> tuple[Proposito, Mapping[str, Any]] | None:
        """A request that is still open."""
        open_ = select(otp).where(
            otp.c.rut == str(rut), otp.c.id == otp_id, otp.c.usado.is_(None), otp.c.expira > ahora
        )
        async with self._database.scope(rut) as connection:
            row = (await connection.execute(open_)).one_or_none()
        return (Proposito(row.proposito), row.datos) if row else None

    async def set_code(self, rut: Rut, otp_id: int, codigo_hash: bytes) -> None:
        """Give a request its code; a second one takes the place of the first."""
        async with self._database.scope(rut) as connection:
            await connection.execute(
                update(otp).where(otp.c.rut == str(rut), otp.c.id == otp_id).values(codigo_hash=codigo_hash)
            )

    async def consume(
        self,
        rut: Rut,
        propositos: Sequence[Proposito],
        quien: Solicitante,
        hashes: Callable[[int], Sequence[bytes]],
        intentos: int,
        ahora: datetime,
        *,
        al_dia: int | None = None,
        gastar: bool = True,
    ) -> tuple[Proposito, Mapping[str, Any]] | None:
        """Try a code against the newest request of whoever asks; what it confirms, or None.

        Wrong tries are counted under the rows' locks: parallel ones cannot outrun the count.

        Args:
            hashes: of the code that is tried, for the number of a request.
            intentos: how many wrong tries a code stands.
            al_dia: how many wrong tries there may be in 24 hours, over all codes of these purposes.
            gastar: use up a code that is right.
        """
        async with self._database.scope(rut) as connection:
            if al_dia is not None and await _failed(connection, rut, propositos, ahora) >= al_dia:
                return None
            newest = _newest(rut, propositos, quien).with_for_update()
            row = (await connection.execute(newest)).one_or_none()
            if row is None or row.usado or row.expira <= ahora or row.intentos >= intentos:
                return None
            right = any(compare_digest(row.codigo_hash, one) for one in hashes(row.id))
            if not right:
                await connection.execute(
                    update(otp).where(otp.c.id == row.id).values(intentos=row.intentos + 1)
                )
            elif gastar:
                await connection.execute(update(otp).where(otp.c.id == row.id).values(usado=ahora, datos={}))
        return (Proposito(row.proposito), row.datos) if right else None

    async def pending(
        self, rut: Rut, proposito: Proposito, quien: Solicitante, ahora: datetime
    ) -> Mapping[str, Any] | None:
        """What the newest request of whoever asks would confirm, if it is still open."""
        async with self._database.scope(rut) as connection:
            row = (await connection.execute(_newest(rut, (proposito,), quien))).one_or_none()
        if row is None or row.usado or row.expira <= ahora:
            return None
        datos: Mapping[str, Any] = row.datos
        return datos

    async def cancel(self, rut: Rut, ahora: datetime) -> None:
        """Make all open requests of a taxpayer worthless."""
        mine = otp.c.rut == str(rut), otp.c.usado.is_(None)
        async with self._database.scope(rut) as connection:
            await connection.execute(update(otp).where(*mine).values(usado=ahora, datos={}))


async def _failed(
    connection: AsyncConnection, rut: Rut, propositos: Sequence[Proposito], ahora: datetime
) -> int:
    """Wrong tries of the last day; whoever else tries waits."""
    lately = otp.c.rut == str(rut), otp.c.proposito.in_(propositos), otp.c.creado > ahora - _DAY
    rows = await connection.execute(
        select(otp.c.intentos).where(*lately).order_by(otp.c.id).with_for_update()
    )
    return sum(rows.scalars())


def _newest(rut: Rut, propositos: Sequence[Proposito], quien: Solicitante) -> Select[Any]:
    asked_by = or_(otp.c.solicitud_hash.in_(quien.solicitud), otp.c.direccion_hash.in_(quien.direccion))
    mine = otp.c.rut == str(rut), otp.c.proposito.in_(propositos), asked_by
    return select(otp).where(*mine).order_by(otp.c.id.desc()).limit(1)


class NoticeQueue:
    """Implements the port `Avisos`."""

    def __init__(self, database: Database, cola: Cola) -> None:
        self._database = database
        self._cola = cola

    async def queue(self, rut: Rut, plantilla: str, telefono: str = "") -> None:
        """`telefono` is encrypted, and given only if it is not the registered one (any more)."""
        async with self._database.scope(rut) as connection:
            await self._cola.defer(
                TASK_NOTICE,
                lock=f"aviso:{rut}",
                connection=await driver_connection(connection),
                rut=str(rut),
                plantilla=plantilla,
                telefono=telefono,
            )
