"""Files in a folder or a bucket, and the rows that say whose they are."""

import asyncio
import hashlib
import os
import re
import secrets
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem
from sqlalchemy import delete, func, insert, or_, select
from sqlalchemy.exc import IntegrityError

from bot.core.errors import ServiceUnavailableError, TaxpayerUnknownError
from bot.core.mensajes import Archivo
from bot.core.rut import Rut
from bot.services.ports_archivos import Contenido, Guardado
from bot.storage.database import Database
from bot.storage.tables import ArchivoRow

archivos = ArchivoRow.__table__  # type: ignore[attr-defined]

_CLAVE = re.compile(r"\d{1,8}-[\dK]/[A-Za-z0-9][\w-]{0,79}(?:\.[a-z0-9]{1,5})?", re.ASCII)
_BATCH = 500


class Almacen:
    """Bytes under keys `{rut}/{name}`, in a folder that nobody else can read or wherever fsspec reaches."""

    def __init__(self, url: str) -> None:
        """Make the folder if it is one of this machine.

        Raises:
            ImportError, ValueError: if there is no program for such an address.
        """
        self._files, self._root = url_to_fs(url)  # type: ignore[no-untyped-call]
        self._local = isinstance(self._files, LocalFileSystem)
        if self._local:
            Path(self._root).mkdir(mode=0o700, parents=True, exist_ok=True)

    def is_empty(self) -> bool:
        """Whether nothing is stored; for whoever may wait for it."""
        return not self._files.exists(self._root) or not self._files.ls(self._root, detail=False)

    async def ready(self) -> bool:
        """Whether it can be reached, and written if it is a folder."""
        if self._local:
            return os.access(self._root, os.R_OK | os.W_OK | os.X_OK)
        return bool(await asyncio.to_thread(self._files.exists, self._root))

    async def put(self, clave: str, datos: bytes) -> None:
        """Store; raises ServiceUnavailableError if that is not possible now, as everything here does."""
        await self._try(lambda path: self._write(path, datos), self._path(clave))

    async def get(self, clave: str) -> bytes | None:
        """What is stored, if it is still there."""
        found: bytes | None = await self._try(self._files.cat_file, self._path(clave))
        return found

    async def delete(self, clave: str) -> None:
        """Remove, if it is there."""
        await self._try(self._files.rm_file, self._path(clave))

    async def delete_all(self, rut: Rut) -> None:
        """Remove everything of a taxpayer, also what no row knows of."""
        await self._try(lambda path: self._files.rm(path, recursive=True), f"{self._root}/{rut}")

    def _path(self, clave: str) -> str:
        return f"{self._root}/{_checked(clave)}"

    def _write(self, path: str, datos: bytes) -> None:
        if self._local:
            Path(path).parent.mkdir(mode=0o700, exist_ok=True)
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
        self._files.pipe_file(path, datos)

    @staticmethod
    async def _try(act: Callable[[str], Any], path: str) -> Any:
        try:
            return await asyncio.to_thread(act, path)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise ServiceUnavailableError() from error


class ArchivoRepository:
    """Implements the port `Archivos`.

    The row comes first and is committed last: it holds the taxpayer's row, so whoever erases them waits, and
    removes what a crash left without a row.
    """

    def __init__(self, database: Database, almacen: Almacen) -> None:
        self._database = database
        self._almacen = almacen

    async def guardar(
        self, rut: Rut, contenido: Contenido, dura: timedelta | None = None, clave: str = ""
    ) -> Archivo:
        """Store a file; see the port."""
        id_ = secrets.token_urlsafe(16)
        clave = _checked(f"{rut}/{clave or secrets.token_hex(16)}")
        shown = (one if one.isprintable() and one not in '/\\"' else "_" for one in contenido.nombre)
        nombre = "".join(shown)[-120:]
        row = insert(archivos).values(
            id=id_,
            rut=str(rut),
            clave=clave,
            nombre=nombre,
            mime=contenido.mime,
            bytes=len(contenido.datos),
            sha256=hashlib.sha256(contenido.datos).hexdigest(),
            expira=func.now() + dura if dura else None,
        )
        try:
            async with self._database.scope(rut) as connection:
                await connection.execute(row)
                await self._almacen.put(clave, contenido.datos)
        except IntegrityError:
            raise TaxpayerUnknownError(rut=rut.pretty) from None
        return Archivo(id_, nombre)

    async def leer(self, rut: Rut, archivo_id: str) -> Contenido | None:
        """The file, if it is this taxpayer's and still there."""
        alive = or_(archivos.c.expira.is_(None), archivos.c.expira > func.now())
        mine = select(archivos).filter_by(id=archivo_id, rut=str(rut)).where(alive)
        async with self._database.scope(rut) as connection:
            row = (await connection.execute(mine)).one_or_none()
        datos = await self._almacen.get(row.clave) if row else None
        return Contenido(row.nombre, row.mime, datos) if row and datos is not None else None

    async def borrar(self, rut: Rut, archivo_id: str) -> bool:
        """Remove row and file; whether there was one."""
        mine = delete(archivos).filter_by(id=archivo_id, rut=str(rut)).returning(archivos.c.clave)
        async with self._database.scope(rut) as connection:
            clave = (await connection.execute(mine)).scalar_one_or_none()
            if clave is not None:
                await self._almacen.delete(clave)
        return clave is not None

    async def todos(self, rut: Rut) -> list[Guardado]:
        """Everything that is stored of a taxpayer, oldest first."""
        mine = select(archivos).filter_by(rut=str(rut)).order_by(archivos.c.creado, archivos.c.id)
        async with self._database.scope(rut) as connection:
            rows = (await connection.execute(mine)).all()
        return [
            Guardado(Archivo(row.id, row.nombre), row.mime, row.bytes, row.creado, row.expira) for row in rows
        ]

    async def purgar(self) -> int:
        """Remove what has expired, first the files: a row whose file is gone is tried again. How many."""
        over = select(archivos.c.id, archivos.c.clave).where(archivos.c.expira < func.now()).limit(_BATCH)
        gone = 0
        while rows := await self._batch(over):
            for row in rows:
                await self._almacen.delete(row.clave)
            async with self._database.scope(alcance="purga") as connection:
                ids = [row.id for row in rows]
                gone += (await connection.execute(delete(archivos).where(archivos.c.id.in_(ids)))).rowcount
        return gone

    async def _batch(self, statement: Any) -> Sequence[Any]:
        async with self._database.scope(alcance="purga") as connection:
            return (await connection.execute(statement)).all()


def _checked(clave: str) -> str:
    """A key that leads out of its folder is none."""
    if not _CLAVE.fullmatch(clave):
        raise ValueError("not a key")
    return clave
