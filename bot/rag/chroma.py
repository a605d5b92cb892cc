"""A copy of the vectors on a Chroma server: ids, vectors and whose they are, never text."""

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import chromadb
import numpy as np
from chromadb.config import Settings

from bot.core.errors import ServiceUnavailableError
from bot.core.rut import Rut

_NAME = "contratos"
_BATCH = 500
_VECTOR = np.dtype("<f4")


class ChromaEspejo:
    """Implements the port `Espejo`; nothing is asked before the first call.

    The collection belongs to one model: for another one it is made anew, and empty.
    """

    def __init__(self, url: str, modelo: str) -> None:
        self._url = urlsplit(url)
        self._modelo = modelo
        self._client: Any = None

    async def ready(self) -> bool:
        """Whether the server answers and has its collection."""
        await self.contar()
        return True

    async def contar(self) -> int:
        """How many vectors there are."""
        return int(await self._try(lambda collection: collection.count()))

    async def vaciar(self) -> None:
        """Remove all vectors."""
        await self._try(lambda _: self._client.delete_collection(_NAME))

    async def poner(self, rut: Rut, vectores: Mapping[int, bytes]) -> None:
        """Put vectors in, or in the place of those with their ids."""
        ids = list(vectores)
        for start in range(0, len(ids), _BATCH):
            some = ids[start : start + _BATCH]
            rows = {
                "ids": [str(one) for one in some],
                "embeddings": [np.frombuffer(vectores[one], _VECTOR) for one in some],
                "metadatas": [{"rut": str(rut)} for _ in some],
            }
            await self._try(partial(_upsert, rows=rows))

    async def olvidar(self, rut: Rut) -> None:
        """Remove all vectors of a taxpayer."""
        await self._try(lambda collection: collection.delete(where={"rut": str(rut)}))

    async def buscar(self, rut: Rut, vector: bytes, limite: int) -> Mapping[int, float]:
        """The nearest vectors of a taxpayer with their cosines."""
        wanted = [np.frombuffer(vector, _VECTOR)]
        found = await self._try(
            lambda collection: collection.query(
                query_embeddings=wanted, n_results=limite, where={"rut": str(rut)}, include=["distances"]
            )
        )
        return {int(one): 1 - away for one, away in zip(found["ids"][0], found["distances"][0], strict=True)}

    async def _try(self, act: Callable[[Any], Any]) -> Any:
        try:
            return await asyncio.to_thread(lambda: act(self._collection()))
        except Exception:  # its client raises whatever its transport does
            raise ServiceUnavailableError from None

    def _collection(self) -> Any:
        if self._client is None:
            self._client = chromadb.HttpClient(
                host=self._url.hostname or "localhost",
                port=self._url.port or 8000,
                ssl=self._url.scheme == "https",
                settings=Settings(anonymized_telemetry=False),
            )
        made = {"modelo": self._modelo, "hnsw:space": "cosine"}
        collection = self._client.get_or_create_collection(_NAME, metadata=made, embedding_function=None)
        if (collection.metadata or {}).get("modelo") != self._modelo:
            self._client.delete_collection(_NAME)
            collection = self._client.get_or_create_collection(_NAME, metadata=made, embedding_function=None)
        return collection


def _upsert(collection: Any, rows: Mapping[str, Any]) -> None:
    collection.upsert(**rows)
