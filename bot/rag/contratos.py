"""Finds passages of a taxpayer's contracts: meaning and words, fused."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import structlog
from langchain_core.callbacks import AsyncCallbackManagerForRetrieverRun, CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from bot.core.contratos.anexos import find_clausulas
from bot.core.contratos.evidencia import piezas
from bot.core.rut import Rut
from bot.rag.afinado import afinar
from bot.rag.embedder import Embedder
from bot.rag.lexico import Lexico
from bot.services.ports_carpeta import Espejo, Pasaje, Pasajes, Vectorizador
from bot.services.ports_indice import Comparacion, Fragmento
from bot.telemetry.metrics import stage

log = structlog.get_logger()
_VECTOR, _PIEZA = np.dtype("<f4"), np.dtype("<f2")


@dataclass(frozen=True, slots=True)
class Pesos:
    """How words count beside meaning, and how much it is worth to be the clause that was named."""

    lexico: float = 0.45
    clausula: float = 0.35


class Vectores:
    """Implements the port `Vectorizador`, in threads.

    What is stored of a passage is its vector (32-bit) and, after it, those of its sentences (16-bit).
    """

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    @property
    def nombre(self) -> str:
        """The embedder, and how passages are cut into sentences."""
        return f"{self._embedder.nombre}/oraciones"

    @property
    def dimension(self) -> int:
        return self._embedder.dimension

    async def consulta(self, texto: str) -> bytes:
        """See the port."""
        [found] = await asyncio.to_thread(self._embedder.embed_documents, [texto])
        return np.asarray(found, _VECTOR).tobytes()

    async def vectores(self, trozos: Sequence[tuple[str, str]]) -> list[bytes]:
        """See the port."""
        whole = [f"{prefijo}: {texto}" for prefijo, texto in trozos]
        pieces = [piezas(texto) for _, texto in trozos]
        flat = [*whole, *(one for many in pieces for one in many)]
        found = await asyncio.to_thread(self._embedder.embed_documents, flat)
        rest = iter(found[len(whole) :])
        return [
            np.asarray(vector, _VECTOR).tobytes() + np.asarray([next(rest) for _ in many], _PIEZA).tobytes()
            for vector, many in zip(found, pieces, strict=False)
        ]


class ContratosRetriever(BaseRetriever):
    """LangChain's face of the search; always of one taxpayer.

    Documents carry `contrato_id`, `archivo`, `pagina`, `clausula` and `puntaje`.
    """

    indice: Any
    rut: Rut
    limite: int = 5
    contratos: tuple[int, ...] = ()

    async def _aget_relevant_documents(
        self, query: str, *, run_manager: AsyncCallbackManagerForRetrieverRun
    ) -> list[Document]:
        found = await self.indice.puntuar(self.rut, query, self.limite, self.contratos)
        return [Document(pasaje.texto, metadata=_metadata(pasaje, score)) for pasaje, score in found]

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        raise NotImplementedError("the database is asked asynchronously: use ainvoke")


class IndiceHibrido:
    """Implements the port `IndiceContratos`.

    A taxpayer's passages are read with their vectors and scored here; with `espejo` the nearest vectors are
    asked for there. Vectors of another model are not compared: their passages are found by words alone.
    """

    def __init__(
        self,
        pasajes: Pasajes,
        vectores: Vectorizador,
        espejo: Espejo | None = None,
        pesos: Pesos | None = None,
    ) -> None:
        self._pasajes = pasajes
        self._vectores = vectores
        self._espejo = espejo
        self._pesos = pesos or Pesos()

    async def buscar(
        self, rut: Rut, texto: str, limite: int, contratos: Sequence[int] = ()
    ) -> Sequence[Fragmento]:
        """See the port."""
        retriever = ContratosRetriever(indice=self, rut=rut, limite=limite, contratos=tuple(contratos))
        with stage("retrieval", "contratos"):
            found = await retriever.ainvoke(texto)
        return [Fragmento(texto=one.page_content, **one.metadata) for one in found]

    async def comparar(self, rut: Rut, texto: str) -> Comparacion:
        """See the port. Sentences are compared with the question as fine-tuned for contracts."""
        with stage("retrieval", "contratos"):
            pasajes = await self._pasajes.pasajes(rut)
            vector = np.frombuffer(await self._vectores.consulta(texto), _VECTOR)
            compared = await asyncio.to_thread(self._compared, pasajes, vector) if pasajes else []
        return Comparacion(compared, vector.tolist())

    def _compared(self, pasajes: Sequence[Pasaje], vector: Any) -> list[Fragmento]:
        cosines = self._cosines(pasajes, vector)
        cerca = self._pieces(pasajes, afinar(vector, self._vectores.nombre))
        return [
            Fragmento(texto=one.texto, **_metadata(one, float(cosine)), cercanas=pieces)
            for one, cosine, pieces in zip(pasajes, cosines, cerca, strict=True)
        ]

    def _pieces(self, pasajes: Sequence[Pasaje], wanted: Any) -> list[tuple[float, ...]]:
        """How near each sentence of each passage is; nothing for vectors of another model."""
        head = wanted.size * _VECTOR.itemsize
        stored = [one.vector[head:] if one.modelo == self._vectores.nombre else b"" for one in pasajes]
        counts = [len(one) // (wanted.size * _PIEZA.itemsize) for one in stored]
        matrix = np.frombuffer(b"".join(stored), _PIEZA).reshape(-1, wanted.size).astype(np.float32)
        ends = np.cumsum(counts)[:-1]
        return [tuple(part.tolist()) for part in np.split(matrix @ wanted, ends)]

    async def puntuar(
        self, rut: Rut, texto: str, limite: int, contratos: Sequence[int]
    ) -> list[tuple[Pasaje, float]]:
        """The best passages with their scores.

        Raises:
            ServiceUnavailableError: if the embedder is elsewhere and does not answer.
        """
        pasajes = await self._pasajes.pasajes(rut, contratos)
        if not pasajes:
            return []
        vector = await self._vectores.consulta(texto)
        near = await self._espejo.buscar(rut, vector, len(pasajes)) if self._espejo else None
        return await asyncio.to_thread(self._best, pasajes, texto, vector, near, limite)

    def _best(
        self,
        pasajes: Sequence[Pasaje],
        texto: str,
        vector: bytes,
        near: Mapping[int, float] | None,
        limite: int,
    ) -> list[tuple[Pasaje, float]]:
        cosines = (
            self._cosines(pasajes, np.frombuffer(vector, _VECTOR))
            if near is None
            else [near.get(one.id, 0.0) for one in pasajes]
        )
        words = Lexico([f"{one.archivo} {one.contexto} {one.texto}" for one in pasajes]).scores(texto)
        weight, named = self._pesos.lexico, set(find_clausulas(texto))
        scores = (1 - weight) * np.maximum(cosines, 0) + weight * np.asarray(words)
        scores += self._pesos.clausula * np.asarray([_is_named(one, named) for one in pasajes])
        order = np.argsort(-scores, kind="stable")[:limite]
        return [(pasajes[row], min(float(scores[row]), 1.0)) for row in order]

    def _cosines(self, pasajes: Sequence[Pasaje], wanted: Any) -> Any:
        known = np.asarray([one.modelo == self._vectores.nombre for one in pasajes])
        if not known.all():
            log.warning(
                "contratos_reindexar", modelo=self._vectores.nombre, otros=int(np.logical_not(known).sum())
            )
        cosines = np.zeros(len(pasajes))
        if known.any():
            head = wanted.size * _VECTOR.itemsize
            stored = b"".join(one.vector[:head] for one, same in zip(pasajes, known, strict=True) if same)
            cosines[known] = np.frombuffer(stored, _VECTOR).reshape(-1, wanted.size) @ wanted
        return cosines


def _is_named(pasaje: Pasaje, clausulas: set[str]) -> bool:
    return pasaje.clausula in clausulas or pasaje.clausula.partition(".")[0] in clausulas


def _metadata(pasaje: Pasaje, score: float) -> dict[str, Any]:
    return {
        "contrato_id": pasaje.contrato_id,
        "archivo": pasaje.archivo,
        "pagina": pasaje.pagina,
        "clausula": pasaje.clausula or None,
        "puntaje": score,
    }
