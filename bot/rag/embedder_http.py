"""Vectors from a server that speaks OpenAI's protocol (`POST /embeddings`)."""

from functools import cache
from typing import Any

import httpx
import numpy as np

from bot.core.errors import ServiceUnavailableError
from bot.rag.embedder import Embedder, UseEmbeddings, clean

_BATCH = 64
_TIMEOUT = httpx.Timeout(30.0, connect=5.0)
_OPENAI = "openai:"


class HttpEmbeddings(Embedder):
    """A model behind `url` (as `http://host/v1`); thread-safe, and nothing is sent before the first text."""

    def __init__(
        self, url: str, modelo: str, clave: str | None = None, transport: httpx.BaseTransport | None = None
    ) -> None:
        headers = {"Authorization": f"Bearer {clave}"} if clave else {}
        self._client = httpx.Client(
            base_url=url.rstrip("/"), headers=headers, timeout=_TIMEOUT, transport=transport
        )
        self._modelo = modelo
        self._dimension: int | None = None

    @property
    def nombre(self) -> str:
        return f"{_OPENAI}{self._modelo}"

    @property
    def dimension(self) -> int:
        """As the server's vectors have it; asks for one if none has come yet.

        Raises:
            ServiceUnavailableError: if it does not answer as it should.
        """
        if self._dimension is None:
            self.embed_query("hola")
        assert self._dimension is not None  # noqa: S101, set by every vector that comes
        return self._dimension

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Vectors in the order of the texts.

        Raises:
            ServiceUnavailableError: if the server does not answer as it should.
        """
        vectors: list[list[float]] = []
        for start in range(0, len(texts), _BATCH):
            vectors += self._embed([clean(text) or " " for text in texts[start : start + _BATCH]])
        return vectors

    def _embed(self, texts: list[str]) -> list[list[float]]:
        try:
            answer = self._client.post("/embeddings", json={"model": self._modelo, "input": texts})
            answer.raise_for_status()
            found = np.asarray(_vectors(answer.json(), len(texts)), dtype=np.float64)
        except (httpx.HTTPError, KeyError, TypeError, ValueError):
            raise ServiceUnavailableError from None
        if found.ndim != 2 or not np.isfinite(found).all() or self._dimension not in (None, found.shape[1]):
            raise ServiceUnavailableError
        self._dimension = found.shape[1]
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        scaled: list[list[float]] = (found / np.where(lengths == 0, 1, lengths)).tolist()
        return scaled


def _vectors(answer: Any, wanted: int) -> list[Any]:
    """In the order of the texts; a server may answer in another.

    Raises:
        KeyError, TypeError, ValueError: if it is no such answer, or one is missing.
    """
    by_index = {row["index"]: row["embedding"] for row in answer["data"]}
    return [by_index[index] for index in range(wanted)]


@cache
def make_embedder(spec: str | None, clave: str | None = None) -> Embedder:
    """The embedder that `TRIBUTA_EMBEDDER` names: nothing for our own, else `openai:URL#modelo`; one of each.

    Raises:
        ValueError: if it names none; the message, in Spanish, says what to write.
    """
    if not spec:
        return UseEmbeddings()
    url, _, modelo = spec.removeprefix(_OPENAI).partition("#")
    if not spec.startswith(_OPENAI) or not url.startswith(("http://", "https://")) or not modelo:
        raise ValueError("TRIBUTA_EMBEDDER debe ser openai:https://servidor/v1#modelo, o nada.")
    return HttpEmbeddings(url, modelo, clave)
