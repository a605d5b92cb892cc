"""The passages of contracts, with their vectors."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, func, select, update

from bot.core.rut import Rut
from bot.services.ports_carpeta import EstadoContrato, Pasaje
from bot.storage.contratos import contratos, embeddings
from bot.storage.database import Database


class PassageRepository:
    """Implements the port `Pasajes`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def pasajes(self, rut: Rut, contratos_: Sequence[int] = ()) -> list[Pasaje]:
        """Those of a taxpayer, in the order of the text; of some contracts only, if any."""
        e, c = embeddings.c, contratos.c
        columns = (
            e.id,
            e.contrato_id,
            c.archivo,
            e.pagina,
            e.clausula,
            e.contexto,
            e.texto,
            e.modelo,
            e.vector,
        )
        mine = select(*columns).join(contratos, c.id == e.contrato_id)
        mine = mine.where(e.rut == str(rut), c.estado == EstadoContrato.INDEXADO).order_by(
            e.contrato_id, e.id
        )
        if contratos_:
            mine = mine.where(e.contrato_id.in_(contratos_))
        async with self._database.scope(rut) as connection:
            rows = (await connection.execute(mine)).all()
        return [Pasaje(*row[:4], row.clausula or "", *row[5:]) for row in rows]

    async def duenos(self) -> Mapping[Rut, Mapping[str, int]]:
        """Who has how many, by model."""
        c = contratos.c
        count = select(c.rut, c.modelo, func.sum(c.trozos).label("cuantos"))
        count = count.where(c.estado == EstadoContrato.INDEXADO).group_by(c.rut, c.modelo)
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
