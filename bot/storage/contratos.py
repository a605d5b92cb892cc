"""Contracts: their rows, their files and their passages, which come and go together."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.contratos.datos import Hechos
from bot.core.errors import TaxpayerUnknownError
from bot.core.rut import Rut
from bot.services.ports_archivos import Contenido
from bot.services.ports_carpeta import GRACIA, EstadoContrato, Ficha, Leido, Recepcion
from bot.storage.archivos import ArchivoRepository
from bot.storage.cola import Cola
from bot.storage.contratos_json import Datos, from_json, to_json
from bot.storage.database import Database, driver_connection
from bot.storage.tables import Contrato, Embedding

contratos = Contrato.__table__  # type: ignore[attr-defined]
embeddings = Embedding.__table__  # type: ignore[attr-defined]

TASK, END_TASK, QUEUE = "leer_contrato", "borrar_contrato", "contratos"
# The queue's clock is not the database's: a job that comes a little early is not too early.
_SLACK = timedelta(seconds=30)
# Held by the connection: whoever dies gives it back.
_TURN = text("SELECT pg_try_advisory_xact_lock(hashtextextended('contrato:' || :contrato, 0))")
_IMAGE = text(
    "UPDATE contratos SET imagenes = imagenes || jsonb_build_object(CAST(:pagina AS text), CAST(:id AS text))"
    " WHERE id = :contrato AND rut = :rut"
)


class ContractRepository:
    """Implements the port `Carpeta`."""

    def __init__(self, database: Database, archivos: ArchivoRepository, cola: Cola) -> None:
        self._database = database
        self._archivos = archivos
        self._cola = cola

    async def recibir(self, rut: Rut, contenido: Contenido, sha256: str, reemplaza: int | None) -> Recepcion:
        """Row first, then the file and the job, in one transaction; see the port."""
        row: dict[str, Any] = {"rut": str(rut), "archivo": contenido.nombre, "ruta": "", "sha256": sha256}
        row |= {"estado": EstadoContrato.RECIBIDO, "reemplaza": reemplaza}
        new = upsert(contratos).values(row).on_conflict_do_nothing(constraint="contratos_once")
        async with self._database.together(rut), self._database.scope(rut) as connection:
            try:
                added = (
                    await connection.execute(new.returning(contratos.c.id, contratos.c.creado))
                ).one_or_none()
            except IntegrityError:
                raise TaxpayerUnknownError(rut=rut.pretty) from None
            if added is None:
                return await self._again(connection, rut, sha256)
            clave = f"contrato-{added.creado:%Y%m%dT%H%M%S%f}.pdf"
            archivo = await self._archivos.guardar(rut, contenido, clave=clave)
            kept = {"ruta": f"{rut}/{clave}", "archivo_id": archivo.id}
            await connection.execute(_mine(update(contratos), rut, added.id).values(kept))
            await self._queue(connection, rut, added.id)
        return Recepcion(int(added.id), nuevo=True)

    async def _again(self, connection: AsyncConnection, rut: Rut, sha256: str) -> Recepcion:
        c = contratos.c
        known = select(c.id, c.estado, c.borrado).filter_by(rut=str(rut), sha256=sha256)
        row = (await connection.execute(known.with_for_update())).one()
        if row.borrado is not None:
            await self.recuperar(rut, row.id)
        if row.estado == EstadoContrato.CON_ERROR:
            anew = {"estado": EstadoContrato.RECIBIDO, "motivo": None, "intentos": 0, "paginas_leidas": 0}
            await connection.execute(_mine(update(contratos), rut, row.id).values(anew))
            await self._queue(connection, rut, row.id)
        return Recepcion(int(row.id), nuevo=False, recuperado=row.borrado is not None)

    async def _queue(self, connection: AsyncConnection, rut: Rut, contrato: int) -> None:
        raw = await driver_connection(connection)
        lock = f"contrato:{contrato}"
        await self._cola.defer(TASK, lock=lock, queue=QUEUE, connection=raw, rut=str(rut), contrato=contrato)

    async def ficha(self, rut: Rut, contrato: int) -> Ficha | None:
        """A contract of this taxpayer."""
        async with self._database.scope(rut) as connection:
            row = (await connection.execute(_mine(select(contratos), rut, contrato))).one_or_none()
        return _ficha(row) if row else None

    async def fichas(self, rut: Rut, *, apartados: bool = False) -> list[Ficha]:
        """All of them, the newest first; or those that can be had back."""
        shown = contratos.c.borrado.is_not(None) if apartados else contratos.c.borrado.is_(None)
        mine = select(contratos).filter_by(rut=str(rut)).where(shown).order_by(contratos.c.id.desc())
        async with self._database.scope(rut) as connection:
            return [_ficha(row) for row in await connection.execute(mine)]

    @asynccontextmanager
    async def turno(self, rut: Rut, contrato: int) -> AsyncIterator[bool]:
        """See the port."""
        async with self._database.scope(rut) as connection:
            yield bool((await connection.execute(_TURN, {"contrato": str(contrato)})).scalar_one())

    async def empezar(self, rut: Rut, contrato: int) -> int:
        """Note that reading begins; for how many times now."""
        begin = _mine(update(contratos), rut, contrato).values(
            estado=EstadoContrato.LEYENDO, paginas_leidas=0, intentos=contratos.c.intentos + 1
        )
        async with self._database.scope(rut) as connection:
            return (await connection.execute(begin.returning(contratos.c.intentos))).scalar() or 0

    async def avanzar(self, rut: Rut, contrato: int, leidas: int, paginas: int) -> None:
        """Note how many pages were read."""
        change = _mine(update(contratos), rut, contrato).values(paginas_leidas=leidas, paginas=paginas)
        async with self._database.scope(rut) as connection:
            await connection.execute(change)

    async def indexar(self, rut: Rut, contrato: int, leido: Leido) -> bool:
        """Write all down; what it replaces goes. False if it is gone, or was written down already."""
        async with self._database.together(rut), self._database.scope(rut) as connection:
            row = (
                await connection.execute(_mine(select(contratos), rut, contrato).with_for_update())
            ).first()
            if row is None or row.estado == EstadoContrato.INDEXADO:
                return False
            await connection.execute(delete(embeddings).filter_by(rut=str(rut), contrato_id=contrato))
            if leido.trozos:
                await connection.execute(insert(embeddings), _rows(rut, contrato, leido))
            await connection.execute(_mine(update(contratos), rut, contrato).values(_values(leido)))
            if row.reemplaza is not None:
                await self.reemplazar(rut, row.reemplaza, contrato)
        return True

    async def fallar(self, rut: Rut, contrato: int, motivo: str) -> bool:
        """Note why it could not be read, unless it was."""
        change = _mine(update(contratos), rut, contrato).where(contratos.c.estado != EstadoContrato.INDEXADO)
        async with self._database.scope(rut) as connection:
            failed = change.values(estado=EstadoContrato.CON_ERROR, motivo=motivo)
            return bool((await connection.execute(failed)).rowcount)

    async def asignar(self, rut: Rut, anexo: int, de: int) -> None:
        """Note which contract an annex belongs to."""
        async with self._database.scope(rut) as connection:
            await connection.execute(_mine(update(contratos), rut, anexo).values(de=de))

    async def cambiar(
        self, rut: Rut, contrato: int, archivo: str, hechos: Hechos, corregidos: Sequence[str], leidos: Hechos
    ) -> bool:
        """Another name, or facts as a person has them; false if it is gone."""
        async with self._database.scope(rut) as connection:
            row = (
                await connection.execute(_mine(select(contratos), rut, contrato).with_for_update())
            ).first()
            if row is None:
                return False
            datos = from_json(row.datos)
            read = leidos if leidos != hechos else None
            kept = Datos(hechos, datos.anexos, datos.anexo, datos.avisos, tuple(corregidos), read)
            values = {"archivo": archivo, "datos": to_json(kept)}
            await connection.execute(_mine(update(contratos), rut, contrato).values(values))
        return True

    async def apartar(self, rut: Rut, contrato: int) -> bool:
        """Hide it; see the port. Jobs with one lock wait for each other: that of its reading is another."""
        async with self._database.together(rut), self._database.scope(rut) as connection:
            hidden = _mine(update(contratos), rut, contrato).values(borrado=func.now())
            found = bool((await connection.execute(hidden)).rowcount)
            if found:
                raw, lock = await driver_connection(connection), f"papelera:{contrato}"
                await self._cola.defer(
                    END_TASK,
                    lock=lock,
                    wait=GRACIA,
                    queue=QUEUE,
                    connection=raw,
                    rut=str(rut),
                    contrato=contrato,
                )
        return found

    async def recuperar(self, rut: Rut, contrato: int) -> bool:
        """Show it again; what had not been read is queued for that."""
        hidden = _any(update(contratos), rut, contrato).where(contratos.c.borrado.is_not(None))
        async with self._database.together(rut), self._database.scope(rut) as connection:
            shown = hidden.values(borrado=None).returning(contratos.c.estado)
            estado = (await connection.execute(shown)).scalar_one_or_none()
            if estado in (EstadoContrato.RECIBIDO, EstadoContrato.LEYENDO):
                await self._queue(connection, rut, contrato)
        return estado is not None

    async def reemplazar(self, rut: Rut, viejo: int, nuevo: int) -> bool:
        """Hide the old one; its annexes are the new one's."""
        async with self._database.together(rut), self._database.scope(rut) as connection:
            annexes = update(contratos).filter_by(rut=str(rut), de=viejo)
            await connection.execute(annexes.values(de=nuevo))
            return await self.apartar(rut, viejo)

    async def eliminar(self, rut: Rut, contrato: int, *, vencido: bool = False) -> bool:
        """Row, passages and files; whether there was one."""
        columns = contratos.c.archivo_id, contratos.c.imagenes
        remove = _any(delete(contratos), rut, contrato).returning(*columns)
        if vencido:
            remove = remove.where(contratos.c.borrado <= func.now() - (GRACIA - _SLACK))
        async with self._database.together(rut), self._database.scope(rut) as connection:
            gone = (await connection.execute(remove)).one_or_none()
            if gone is not None:
                for archivo in filter(None, (gone.archivo_id, *gone.imagenes.values())):
                    await self._archivos.borrar(rut, archivo)
        return gone is not None

    async def imagen(self, rut: Rut, contrato: int, pagina: int) -> str | None:
        """The file of a page's picture, if it was made."""
        mine = _mine(select(contratos.c.imagenes), rut, contrato)
        async with self._database.scope(rut) as connection:
            made = (await connection.execute(mine)).scalar() or {}
        return made.get(str(pagina))

    async def guardar_imagen(self, rut: Rut, contrato: int, pagina: int, archivo_id: str) -> None:
        """Note the file of a page's picture."""
        values = {"rut": str(rut), "contrato": contrato, "pagina": pagina, "id": archivo_id}
        async with self._database.scope(rut) as connection:
            await connection.execute(_IMAGE, values)


def _mine(statement: Any, rut: Rut, contrato: int) -> Any:
    return _any(statement, rut, contrato).where(contratos.c.borrado.is_(None))


def _any(statement: Any, rut: Rut, contrato: int) -> Any:
    """Also if it was removed a moment ago."""
    return statement.where(contratos.c.id == contrato, contratos.c.rut == str(rut))


def _ficha(row: Any) -> Ficha:
    datos = from_json(row.datos)
    return Ficha(
        row.id,
        row.archivo,
        row.archivo_id or "",
        EstadoContrato(row.estado),
        row.creado,
        row.motivo or "",
        row.paginas or 0,
        row.paginas_leidas,
        row.trozos,
        datos.hechos,
        datos.anexos,
        datos.anexo,
        datos.avisos,
        datos.corregidos,
        row.de,
        row.reemplaza,
        datos.leidos,
    )


def _values(leido: Leido) -> dict[str, Any]:
    return {
        "estado": EstadoContrato.INDEXADO,
        "motivo": None,
        "paginas": leido.paginas,
        "paginas_leidas": leido.paginas,
        "datos": to_json(Datos(leido.hechos, leido.anexos, leido.anexo, leido.avisos)),
        "trozos": len(leido.trozos),
        "modelo": leido.modelo,
    }


def _rows(rut: Rut, contrato: int, leido: Leido) -> list[dict[str, Any]]:
    return [
        {
            "rut": str(rut),
            "contrato_id": contrato,
            "pagina": trozo.pagina,
            "clausula": trozo.clausula or None,
            "texto": trozo.texto,
            "modelo": leido.modelo,
            "vector": vector,
            "contexto": trozo.prefijo.removeprefix(f"{leido.nombre} · "),
        }
        for trozo, vector in zip(leido.trozos, leido.vectores, strict=True)
    ]
