"""Keeps the index as the contracts are: vectors of one model, and their copy on a server if there is one."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.rut import Rut
from bot.services.ports_carpeta import Espejo, Pasaje, Pasajes, Vectorizador

_BATCH = 64


@dataclass(frozen=True, slots=True)
class Reindexado:
    """What was done: taxpayers looked at, passages there are, vectors made anew."""

    contribuyentes: int
    pasajes: int
    vectores: int


class Indexador:
    """Makes vectors and copies them; whatever it does may be done again."""

    def __init__(self, pasajes: Pasajes, vectores: Vectorizador, espejo: Espejo | None = None) -> None:
        self._pasajes = pasajes
        self._vectores = vectores
        self._espejo = espejo

    async def reindexar(self) -> Reindexado:
        """Vectors of this model for all passages, and the copy made anew.

        Raises:
            ServiceUnavailableError: if the embedder or the server of the copy does not answer.
        """
        if self._espejo:
            await self._espejo.vaciar()
        ruts, total, made = await self._pasajes.duenos(), 0, 0
        for rut in ruts:
            pasajes = await self._pasajes.pasajes(rut)
            old = [one for one in pasajes if one.modelo != self._vectores.nombre]
            for start in range(0, len(old), _BATCH):
                await self._revector(rut, old[start : start + _BATCH])
            await self.copiar(rut)
            total, made = total + len(pasajes), made + len(old)
        return Reindexado(len(ruts), total, made)

    async def copiar(self, rut: Rut, *, limpio: bool = False) -> None:
        """Bring the copy of a taxpayer's vectors up to date, if there is one.

        Args:
            limpio: what is there is removed first, for something may have gone.
        """
        if self._espejo is None:
            return
        if limpio:
            await self._espejo.olvidar(rut)
        await self._espejo.poner(rut, self._of_model(await self._pasajes.pasajes(rut)))

    async def olvidar(self, rut: Rut) -> None:
        """Remove a taxpayer from the copy, before they are erased."""
        if self._espejo:
            await self._espejo.olvidar(rut)

    async def ajenos(self) -> int:
        """How many passages have vectors of another model: only `reindexar` makes them found by meaning."""
        por_rut = (await self._pasajes.duenos()).values()
        return sum(sum(count.values()) - count.get(self._vectores.nombre, 0) for count in por_rut)

    async def comprobar(self) -> bool:
        """Whether the copy holds as many vectors of this model as there are; if not it is made anew."""
        if self._espejo is None:
            return True
        por_rut = (await self._pasajes.duenos()).values()
        expected = sum(count.get(self._vectores.nombre, 0) for count in por_rut)
        if await self._espejo.contar() == expected:
            return True
        await self._espejo.vaciar()
        for rut in await self._pasajes.duenos():
            await self.copiar(rut)
        return False

    async def _revector(self, rut: Rut, pasajes: list[Pasaje]) -> None:
        textos = [(f"{one.archivo} · {one.contexto}", one.texto) for one in pasajes]
        vectores = await self._vectores.vectores(textos)
        new = {one.id: vector for one, vector in zip(pasajes, vectores, strict=True)}
        await self._pasajes.revectorizar(rut, new, self._vectores.nombre)

    def _of_model(self, pasajes: list[Pasaje]) -> Mapping[int, bytes]:
        size = 4 * self._vectores.dimension
        return {one.id: one.vector[:size] for one in pasajes if one.modelo == self._vectores.nombre}
