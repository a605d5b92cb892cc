"""Cases: who asked for a person, and what agents do about it."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.errors import NotFoundError
from bot.core.mensajes import Outgoing, Paso
from bot.core.rut import Rut
from bot.services.ports import Conversacion, MensajeGuardado
from bot.services.ports_admin import Pagina
from bot.services.ports_casos import Caso, CasoEnFila, Cierre, Dicho, EstadoCaso, Parte
from bot.storage.cola import Cola
from bot.storage.database import Database, driver_connection
from bot.storage.dichos import say
from bot.storage.historial import guardado, read_history
from bot.storage.novedades import announce
from bot.storage.tables import CasoRow, Contributor, IdentityLink, Message

casos = CasoRow.__table__  # type: ignore[attr-defined]
contributors = Contributor.__table__  # type: ignore[attr-defined]
identities = IdentityLink.__table__  # type: ignore[attr-defined]
messages = Message.__table__  # type: ignore[attr-defined]

TASK_REVIEW = "revisar_caso"
# What agents say is told from what people send by its name: theirs are the channels' own ids.
SAID = "caso:"


class CaseRepository:
    """Implements the port `Casos`.

    Whatever changes a case holds the conversation's lock (`announce`): a message that comes in at that moment
    is either in the case, or finds it closed and is answered.
    """

    def __init__(self, database: Database, cola: Cola, plazo: timedelta) -> None:
        """`plazo` is how long the assistant stays quiet while nobody writes."""
        self._database = database
        self._cola = cola
        self._plazo = plazo

    async def fila(
        self, estados: Sequence[EstadoCaso], rut: Rut | None, pagina: Pagina
    ) -> tuple[list[CasoEnFila], int]:
        """Cases in those states, who waits longest first."""
        wanted = casos.c.estado.in_([*estados])
        if rut is not None:
            wanted &= casos.c.rut == str(rut)
        shown = (
            _in_line()
            .where(wanted)
            .order_by(casos.c.responde, casos.c.desde, casos.c.id)
            .limit(pagina.limite)
            .offset((pagina.numero - 1) * pagina.limite)
        )
        total = select(func.count()).select_from(casos).where(wanted)
        async with self._database.scope(alcance="admin") as connection:
            rows = (await connection.execute(shown)).all()
            return [_shown(row) for row in rows], (await connection.execute(total)).scalar_one()

    async def ver(self, caso: int) -> CasoEnFila | None:
        async with self._database.scope(alcance="admin") as connection:
            row = (await connection.execute(_in_line().where(casos.c.id == caso))).one_or_none()
        return _shown(row) if row else None

    async def mensajes(self, caso: Caso, limite: int) -> list[MensajeGuardado]:
        """The last messages of its conversation, oldest first."""
        where = Conversacion(caso.conversacion, caso.rut)
        async with self._database.scope(caso.rut) as connection:
            return await read_history(connection, where, limite, None, None)

    async def en(self, conversacion: Conversacion) -> Caso | None:
        """The open case of a conversation."""
        async with self._database.scope(conversacion.rut) as connection:
            return await open_case(connection, conversacion.id)

    async def bloquear(self, caso: Caso) -> Caso:
        """Keep everybody else from the case and its conversation until the transaction ends; as it is now.

        Raises:
            NotFoundError: if it was erased meanwhile.
        """
        async with self._database.scope(caso.rut) as connection:
            await announce(connection, caso.conversacion)
            mine = select(casos).where(casos.c.id == caso.id).with_for_update()
            row = (await connection.execute(mine)).one_or_none()
        if row is None:
            raise NotFoundError()
        return _caso(row)

    async def ultimo(self, caso: Caso) -> int:
        """The number of the last message that the person wrote."""
        theirs = select(func.max(messages.c.id)).filter_by(
            rut=str(caso.rut), conversacion=caso.conversacion, direccion="entrada"
        )
        async with self._database.scope(caso.rut) as connection:
            return (await connection.execute(theirs)).scalar_one() or 0

    async def tomar(self, caso: Caso, agente: str, ahora: datetime) -> None:
        """From now on that agent answers, and the assistant is quiet."""
        taken = {"estado": EstadoCaso.TOMADO, "agente": agente, "callado": True}
        if not caso.callado:  # the wait begins now, whenever it was asked for
            taken["desde"] = ahora
        await self._set(caso, taken)
        if not caso.callado:
            await self.revisar_en(caso, self._plazo.total_seconds())

    async def devolver(self, caso: Caso, ahora: datetime) -> None:
        """Nobody answered: the assistant goes on, and the case waits for whoever takes it."""
        free = {"estado": EstadoCaso.ABIERTO, "agente": "", "callado": False, "desde": ahora}
        await self._set(caso, free)

    async def responder(
        self, caso: Caso, conversacion: Conversacion, dicho: Dicho, ahora: datetime
    ) -> MensajeGuardado:
        """Say something for an agent; now it is the person's turn."""
        clave = _name(caso, dicho.clave)
        async with self._database.scope(caso.rut) as connection:
            (stored,) = await say(connection, self._cola, conversacion, [dicho.salida], ahora, clave=clave)
        await self._set(caso, {"responde": Parte.PERSONA, "desde": ahora})
        return replace(stored, id_canal=clave)

    async def dicho(self, caso: Caso, clave: str) -> MensajeGuardado | None:
        """What was said under that name."""
        name = _name(caso, clave)
        same = select(messages).filter_by(
            conversacion=caso.conversacion, canal_mensaje_id=name, direccion="salida"
        )
        async with self._database.scope(caso.rut) as connection:
            row = (await connection.execute(same)).one_or_none()
        return replace(guardado(row), id_canal=name) if row else None

    async def avisar(
        self, caso: Caso, conversacion: Conversacion, salidas: Sequence[Outgoing], ahora: datetime
    ) -> None:
        """Tell the person what became of the case."""
        async with self._database.scope(caso.rut) as connection:
            await say(connection, self._cola, conversacion, salidas, ahora)

    async def cerrar(self, caso: Caso, cierre: Cierre, ahora: datetime) -> None:
        """Close it: the assistant goes on."""
        await self._set(caso, _closed(cierre, ahora))

    async def revisar_en(self, caso: Caso, segundos: float) -> None:
        """Look at it again after a while."""
        async with self._database.scope(caso.rut) as connection:
            await review(connection, self._cola, caso.rut, caso.id, timedelta(seconds=segundos))

    async def _set(self, caso: Caso, values: Mapping[str, Any]) -> None:
        async with self._database.scope(caso.rut) as connection:
            await connection.execute(update(casos).where(casos.c.id == caso.id).values(**values))

    async def dar_paso(
        self,
        connection: AsyncConnection,
        conversacion: Conversacion,
        mensaje: int,
        paso: Paso,
        ahora: datetime,
    ) -> None:
        """Open or close the conversation's case, in the transaction that answers the message that asked."""
        known = await open_case(connection, conversacion.id)
        if paso is Paso.VUELVE:
            if known is not None:
                closed = _closed(Cierre.PERSONA, ahora)
                await connection.execute(update(casos).where(casos.c.id == known.id).values(**closed))
            return
        quiet = paso is Paso.ESPERA
        if known is None:
            row = upsert(casos).values(
                rut=str(conversacion.rut),
                conversacion=conversacion.id,
                mensaje=mensaje,
                estado=EstadoCaso.ABIERTO,
                callado=quiet,
                responde=Parte.AGENTE,
                desde=ahora,
                abierto=ahora,
            )
            new = (await connection.execute(row.returning(casos.c.id))).scalar_one()
        elif quiet and not known.callado:
            new = known.id
            waits = {"callado": True, "responde": Parte.AGENTE, "desde": ahora}
            await connection.execute(update(casos).where(casos.c.id == new).values(**waits))
        else:
            return
        if quiet:
            await review(connection, self._cola, conversacion.rut, new, self._plazo)


async def attend(
    connection: AsyncConnection, conversacion: str, mensaje: int, ahora: datetime, *, directo: bool
) -> bool:
    """Leave a new message to the person who attends in its conversation; false if nobody does.

    What is `directo` they only see: the assistant answers it.
    """
    caso = await open_case(connection, conversacion)
    if caso is None or not caso.callado:
        return False
    if caso.responde is Parte.PERSONA:
        turned = {"responde": Parte.AGENTE, "desde": ahora}
        await connection.execute(update(casos).where(casos.c.id == caso.id).values(**turned))
    if directo:
        return False
    theirs = update(messages).where(messages.c.id == mensaje)
    await connection.execute(theirs.values(estado="atendido"))
    return True


async def open_case(connection: AsyncConnection, conversacion: str) -> Caso | None:
    """The one case of a conversation that is not closed."""
    wanted = select(casos).where(casos.c.conversacion == conversacion, casos.c.estado != EstadoCaso.CERRADO)
    row = (await connection.execute(wanted)).one_or_none()
    return _caso(row) if row else None


async def review(connection: AsyncConnection, cola: Cola, rut: Rut, caso: int, wait: timedelta) -> None:
    """Queue the job that gives the conversation back; with a lock of its own, it holds up no message."""
    await cola.defer(
        TASK_REVIEW,
        lock=f"{SAID}{caso}",
        wait=wait,
        connection=await driver_connection(connection),
        rut=str(rut),
        caso=caso,
    )


def _name(caso: Caso, clave: str) -> str:
    return f"{SAID}{caso.id}:{clave}"


def _closed(cierre: Cierre, ahora: datetime) -> dict[str, Any]:
    return {"estado": EstadoCaso.CERRADO, "callado": False, "cerrado": ahora, "cierre": cierre}


def _in_line() -> Select[Any]:
    last = (
        select(func.max(messages.c.creado))
        .where(
            messages.c.rut == casos.c.rut,
            messages.c.conversacion == casos.c.conversacion,
            messages.c.direccion == "entrada",
        )
        .scalar_subquery()
    )
    return (
        select(casos, contributors.c.nombre, identities.c.canal, last.label("ultimo_mensaje"))
        .join(contributors, contributors.c.rut == casos.c.rut)
        .outerjoin(identities, identities.c.conversacion == casos.c.conversacion)
    )


def _shown(row: Any) -> CasoEnFila:
    return CasoEnFila(_caso(row), row.nombre, row.canal or "", row.ultimo_mensaje)


def _caso(row: Any) -> Caso:
    values = {one.name: getattr(row, one.name) for one in fields(Caso)}
    enums = {"estado": EstadoCaso(row.estado), "responde": Parte(row.responde), "rut": Rut.parse(row.rut)}
    return Caso(**{**values, **enums})
