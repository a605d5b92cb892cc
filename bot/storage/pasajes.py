"""The passages of contracts, with their vectors."""

from collections import OrderedDict, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, func, literal_column, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.rut import Rut
from bot.services.ports_carpeta import EstadoContrato, Pasaje
from bot.storage.contratos import contratos, embeddings
from bot.storage.database import Database

# What is kept in memory of those who asked last: some 50 MB.
KEPT = 8_000
# The transaction that wrote a row last: whatever changes of a contract or its passages changes it.
_VERSION: Any = literal_column("contratos.xmin::text").label("version")

_SHOWN = contratos.c.estado == EstadoContrato.INDEXADO, contratos.c.borrado.is_(None)


class PassageRepository:
    """Implements the port `Pasajes`.

    Passages are kept with the version of their contract's row, which is asked for each time: a question to
    contracts that were asked about before reads none of them again.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: OrderedDict[tuple[Rut, int], tuple[str, list[Pasaje]]] = OrderedDict()

    async def pasajes(self, rut: Rut, contratos_: Sequence[int] = ()) -> list[Pasaje]:
        """Those of a taxpayer, in the order of the text; of some contracts only, if any."""
        c = contratos.c
        mine = select(c.id, _VERSION).where(c.rut == str(rut), *_SHOWN)
        async with self._database.scope(rut) as connection:
            found = (await connection.execute(mine.order_by(c.id))).all()
            versions = {row.id: row.version for row in found if not contratos_ or row.id in contratos_}
            known = {
                id_: kept[1]
                for id_, version in versions.items()
                if (kept := self._kept.get((rut, id_))) and kept[0] == version
            }
            known |= await self._read(connection, rut, [id_ for id_ in versions if id_ not in known])
        if not contratos_:
            self._forget(rut, versions)
        self._keep(rut, versions, known)
        return [one for id_ in versions for one in known[id_]]

    async def _read(
        self, connection: AsyncConnection, rut: Rut, ids: Sequence[int]
    ) -> Mapping[int, list[Pasaje]]:
        if not ids:
            return {}
        e = embeddings.c
        columns = e.pagina, e.clausula, e.contexto, e.texto, e.modelo, e.vector
        mine = select(e.id, e.contrato_id, contratos.c.archivo, *columns).join(
            contratos, contratos.c.id == e.contrato_id
        )
        mine = mine.where(e.rut == str(rut), e.contrato_id.in_(ids)).order_by(e.contrato_id, e.id)
        read: dict[int, list[Pasaje]] = {id_: [] for id_ in ids}
        for row in await connection.execute(mine):
            read[row.contrato_id].append(Pasaje(*row[:4], row.clausula or "", *row[5:]))
        return read

    def _forget(self, rut: Rut, versions: Mapping[int, str]) -> None:
        for key in [key for key in self._kept if key[0] == rut and key[1] not in versions]:
            del self._kept[key]

    def _keep(self, rut: Rut, versions: Mapping[int, str], known: Mapping[int, list[Pasaje]]) -> None:
        for id_, pasajes in known.items():
            self._kept[rut, id_] = versions[id_], pasajes
            self._kept.move_to_end((rut, id_))
        total = sum(len(pasajes) for _, pasajes in self._kept.values())
        while total > KEPT and len(self._kept) > len(known):
            total -= len(self._kept.popitem(last=False)[1][1])

    async def duenos(self) -> Mapping[Rut, Mapping[str, int]]:
        """Who has how many, by model."""
        c = contratos.c
        count = select(c.rut, c.modelo, func.sum(c.trozos).label("cuantos"))
        count = count.where(*_SHOWN).group_by(c.rut, c.modelo)
        found: defaultdict[Rut, dict[str, int]] = defaultdict(dict)
        async with self._database.scope(alcance="indice") as connection:
            for row in await connection.execute(count):
                found[Rut.parse(row.rut)][row.modelo] = int(row.cuantos)
        return found

    async def revectorizar(self, rut: Rut, vectores: Mapping[int, bytes], modelo: str) -> None:
        """Put new vectors in the place of the old ones; passages that are gone stay gone."""
        if not vectores:
            return
        mine = update(embeddings).where(embeddings.c.id == bindparam("de"), embeddings.c.rut == str(rut))
        rows = [{"de": id_, "nuevo": vector} for id_, vector in vectores.items()]
        of = select(embeddings.c.contrato_id).where(embeddings.c.id.in_(list(vectores)))
        async with self._database.scope(rut) as connection:
            await connection.execute(mine.values(vector=bindparam("nuevo"), modelo=modelo), rows)
            await connection.execute(
                update(contratos)
                .where(contratos.c.rut == str(rut), contratos.c.id.in_(of))
                .values(modelo=modelo)
            )
