"""Encrypted claves, one-time links, consents, and the keys of programs."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.errors import LinkInvalidError
from bot.core.rut import Rut
from bot.services.ports_acceso import Consentimiento
from bot.services.ports_secretos import ClaveGuardada, EnlaceAbierto, Llave, PropositoEnlace
from bot.storage.database import Database
from bot.storage.tables import ApiKey, Clave, Consent, Enlace

claves = Clave.__table__  # type: ignore[attr-defined]
consents = Consent.__table__  # type: ignore[attr-defined]
enlaces = Enlace.__table__  # type: ignore[attr-defined]
keys = ApiKey.__table__  # type: ignore[attr-defined]

MATERIA_CLAVE = "clave_sii"


class ConsentRepository:
    """Implements the port `Consentimientos`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def list_(self, rut: Rut) -> list[Consentimiento]:
        async with self._database.scope(rut) as connection:
            rows = await connection.execute(select(consents).filter_by(rut=str(rut)).order_by(consents.c.id))
            return [
                Consentimiento(row.materia, row.version, row.canal, row.momento, row.revocado) for row in rows
            ]

    async def give(self, rut: Rut, materia: str, version: str, canal: str, ahora: datetime) -> None:
        async with self._database.scope(rut) as connection:
            await _give(connection, rut, materia, version, canal, ahora)

    async def revoke(self, rut: Rut, materia: str, ahora: datetime) -> None:
        async with self._database.scope(rut) as connection:
            await _revoke(connection, rut, materia, ahora)


class ClaveRepository:
    """Implements the port `Claves`: no clave without its consent, in one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, rut: Rut) -> ClaveGuardada | None:
        async with self._database.scope(rut) as connection:
            row = (await connection.execute(select(claves).filter_by(rut=str(rut)))).one_or_none()
        if row is None:
            return None
        moments = row.creada, row.rechazada, row.estreno, row.aceptada
        return ClaveGuardada(row.cifrada, row.llave, *moments)

    async def save(
        self,
        rut: Rut,
        cifrada: str,
        llave: str,
        version: str,
        canal: str,
        ahora: datetime,
        *,
        enlace_hash: str = "",
    ) -> None:
        """Store it with its consent, using up the link that it came by, if it came by one.

        Raises:
            LinkInvalidError: if somebody else just used the link.
        """
        values = {"cifrada": cifrada, "llave": llave, "creada": ahora}
        values |= dict.fromkeys(("rechazada", "estreno", "aceptada"))
        statement = upsert(claves).values(rut=str(rut), **values)
        async with self._database.scope(rut) as connection:
            await _revoke(connection, rut, MATERIA_CLAVE, ahora)
            await _give(connection, rut, MATERIA_CLAVE, version, canal, ahora)
            await connection.execute(statement.on_conflict_do_update(index_elements=["rut"], set_=values))
            if enlace_hash and not await _use(connection, enlace_hash, ahora):
                raise LinkInvalidError()

    async def delete(self, rut: Rut, ahora: datetime) -> bool:
        async with self._database.scope(rut) as connection:
            await _revoke(connection, rut, MATERIA_CLAVE, ahora)
            return bool((await connection.execute(delete(claves).filter_by(rut=str(rut)))).rowcount)

    async def reject(self, rut: Rut, cifrada: str, ahora: datetime) -> bool:
        """Note that the SII refused this one; false if the taxpayer has given another meanwhile."""
        return await self._note(rut, cifrada, claves.c.rechazada.is_(None), rechazada=ahora)

    async def begin(self, rut: Rut, cifrada: str, ahora: datetime) -> bool:
        """Note that its first use begins; false if one had begun already, or the clave is another now."""
        return await self._note(rut, cifrada, claves.c.estreno.is_(None), estreno=ahora)

    async def leave(self, rut: Rut, cifrada: str) -> None:
        """Its first use told nothing about it: there may be another first use."""
        await self._note(rut, cifrada, claves.c.aceptada.is_(None), estreno=None)

    async def accept(self, rut: Rut, cifrada: str, ahora: datetime) -> None:
        """The SII accepted it."""
        await self._note(rut, cifrada, claves.c.aceptada.is_(None), aceptada=ahora)

    async def _note(
        self, rut: Rut, cifrada: str, still: ColumnElement[bool], **moment: datetime | None
    ) -> bool:
        """Whether it was the same clave still."""
        same = claves.c.rut == str(rut), claves.c.cifrada == cifrada, still
        async with self._database.scope(rut) as connection:
            return bool((await connection.execute(update(claves).where(*same).values(**moment))).rowcount)

    async def encrypted_with_others(self, llave: str) -> list[tuple[Rut, str]]:
        """Who has a clave that is encrypted with another key, and that ciphertext."""
        async with self._database.scope(alcance="llaves") as connection:
            rows = await connection.execute(
                select(claves.c.rut, claves.c.cifrada).where(claves.c.llave != llave)
            )
            return [(Rut.parse(row.rut), row.cifrada) for row in rows]

    async def replace(self, rut: Rut, antes: str, cifrada: str, llave: str) -> None:
        """Put another ciphertext in the place of `antes`, unless the taxpayer changed it meanwhile."""
        same = claves.c.rut == str(rut), claves.c.cifrada == antes
        async with self._database.scope(rut) as connection:
            await connection.execute(update(claves).where(*same).values(cifrada=cifrada, llave=llave))


class LinkRepository:
    """Implements the port `Enlaces`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def new(
        self, rut: Rut, token_hash: str, proposito: PropositoEnlace, canal: str, expira: datetime
    ) -> None:
        """A new link takes the place of older ones for the same purpose."""
        values = {"token_hash": token_hash, "proposito": proposito, "canal": canal, "expira": expira}
        async with self._database.scope(rut) as connection:
            await connection.execute(delete(enlaces).filter_by(rut=str(rut), proposito=proposito))
            await connection.execute(insert(enlaces).values(rut=str(rut), **values))

    async def find(self, token_hash: str, ahora: datetime) -> EnlaceAbierto | None:
        async with self._database.scope(token_hash=token_hash) as connection:
            row = (await connection.execute(select(enlaces).where(*_good(token_hash, ahora)))).one_or_none()
        if row is None:
            return None
        return EnlaceAbierto(Rut.parse(row.rut), PropositoEnlace(row.proposito), row.canal, row.expira)

    async def use(self, rut: Rut, token_hash: str, ahora: datetime) -> bool:
        """Use it up; false if somebody else just did."""
        async with self._database.scope(rut) as connection:
            return await _use(connection, token_hash, ahora)


class KeyRepository:
    """Implements the port `Llaves`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, nombre: str, tipo: str, clave_hash: str, ahora: datetime) -> bool:
        values = {"nombre": nombre, "tipo": tipo, "clave_hash": clave_hash, "creada": ahora}
        statement = upsert(keys).values(**values).on_conflict_do_nothing(index_elements=["nombre"])
        async with self._database.scope() as connection:
            new = await connection.execute(statement.returning(keys.c.id))
            return new.one_or_none() is not None

    async def find(self, clave_hash: str, tipo: str, ahora: datetime) -> str | None:
        mine = keys.c.clave_hash == clave_hash, keys.c.tipo == tipo, keys.c.revocada.is_(None)
        async with self._database.scope() as connection:
            row = (await connection.execute(select(keys).where(*mine))).one_or_none()
            if row is None:
                return None
            if row.ultimo_uso is None or (ahora - row.ultimo_uso).total_seconds() > 60:
                await connection.execute(update(keys).where(*mine).values(ultimo_uso=ahora))
        name: str = row.nombre
        return name

    async def list_(self) -> list[Llave]:
        async with self._database.scope() as connection:
            return [_llave(row) for row in await connection.execute(select(keys).order_by(keys.c.id))]

    async def revoke(self, nombre: str, ahora: datetime) -> bool:
        mine = keys.c.nombre == nombre, keys.c.revocada.is_(None)
        async with self._database.scope() as connection:
            return bool((await connection.execute(update(keys).where(*mine).values(revocada=ahora))).rowcount)


async def _give(
    connection: AsyncConnection, rut: Rut, materia: str, version: str, canal: str, ahora: datetime
) -> None:
    values = {"materia": materia, "version": version, "canal": canal, "momento": ahora}
    await connection.execute(insert(consents).values(rut=str(rut), **values))


async def _revoke(connection: AsyncConnection, rut: Rut, materia: str, ahora: datetime) -> None:
    given = consents.c.rut == str(rut), consents.c.materia == materia, consents.c.revocado.is_(None)
    await connection.execute(update(consents).where(*given).values(revocado=ahora))


def _good(token_hash: str, ahora: datetime) -> tuple[Any, ...]:
    return enlaces.c.token_hash == token_hash, enlaces.c.usado.is_(None), enlaces.c.expira > ahora


def _llave(row: Any) -> Llave:
    return Llave(row.id, row.nombre, row.tipo, row.creada, row.ultimo_uso, row.revocada)


async def _use(connection: AsyncConnection, token_hash: str, ahora: datetime) -> bool:
    statement = update(enlaces).where(*_good(token_hash, ahora)).values(usado=ahora)
    return bool((await connection.execute(statement)).rowcount)
