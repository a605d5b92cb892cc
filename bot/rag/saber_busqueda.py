"""Finds the topics that answer a question: meaning and words, fused; nothing below a threshold."""

import hashlib
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from types import MappingProxyType
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from bot.core.saber import Seccion, Tema, plain, split_text
from bot.core.texto import normalize
from bot.rag.embedder import Embedder
from bot.rag.lexico import Lexico
from bot.services.ports_saber import Hallazgo
from bot.telemetry.metrics import stage

CHUNK = 500
type Vectors = NDArray[np.float32]
MAXIMUM_FOUND = 5
MAXIMUM_OFFERED = 3


@dataclass(frozen=True, slots=True)
class Pesos:
    """How words count beside meaning, how freely the texts are followed, and when nothing is found.

    Chosen by leaving one question of the topics out at a time; `umbral` on tests/rag/preguntas_saber.yml.
    """

    lexico: float = 0.5
    ajuste: float = 1.0
    umbral: float = 0.18
    cerca: float = 0.03
    seccion: float = 0.05


@dataclass(frozen=True, slots=True)
class Texto:
    """What is searched: one of a topic's questions, or a piece of it (`pregunta` false).

    `tema` is None for a question that no topic answers, `seccion` None for questions and the summary.
    """

    tema: Tema | None
    seccion: Seccion | None
    texto: str
    pregunta: bool


def texts_of(tema: Tema) -> list[Texto]:
    """Its questions one by one, and its pieces of at most 500 characters with title and heading."""
    found = [Texto(tema, None, pregunta, True) for pregunta in (tema.titulo, *tema.preguntas)]
    parts: list[tuple[Seccion | None, str, str]] = [(None, tema.titulo, tema.resumen)]
    parts += [(one, f"{tema.titulo}. {one.titulo}", one.texto) for one in tema.secciones]
    for seccion, head, text in parts:
        for piece in split_text(plain(text), CHUNK - len(head) - 2):
            found.append(Texto(tema, seccion, f"{head}. {piece}", False))
    return found


class SaberBuscador:
    """A search over topics: kernel ridge regression from texts to topics.

    Each topic learns from its questions and pieces, and against those of all others; so a word that many
    share weighs little. Vectors are made at the first question, or by `preparar`.
    """

    def __init__(
        self,
        temas: Sequence[Tema],
        ajenas: Sequence[str],
        embedder: Embedder,
        pesos: Pesos | None = None,
        kept: Path | None = None,
    ) -> None:
        """`kept` is a file that keeps the vectors, so that each start need not make them anew."""
        self._temas = MappingProxyType({tema.slug: tema for tema in temas})
        self._texts = [text for tema in temas for text in texts_of(tema)]
        self._texts += [Texto(None, None, pregunta, True) for pregunta in ajenas]
        self._embedder = embedder
        self._pesos = pesos or Pesos()
        self._kept = kept
        self._lexico = Lexico([text.texto for text in self._texts])
        self._lock = threading.Lock()
        self._learnt: tuple[Vectors, Vectors] | None = None

    @property
    def temas(self) -> Mapping[str, Tema]:
        return self._temas

    def preparar(self) -> None:
        """Make the vectors and learn from them, once; takes some seconds."""
        self._model()

    def buscar(self, pregunta: str) -> list[Hallazgo]:
        """Topics, the best first, at most five; none if no topic covers the question."""
        ranked, near = self._ranked(pregunta)
        if not ranked or ranked[0][0] < self._pesos.umbral:
            return []
        return [
            Hallazgo(tema, self._seccion(tema, near), min(score, 1.0))
            for score, tema in ranked[:MAXIMUM_FOUND]
            if score > 0
        ]

    def cercanos(self, pregunta: str) -> list[Tema]:
        """The three nearest topics, to offer them; none if the question is nearer to what none covers."""
        ranked, _ = self._ranked(pregunta)
        return [tema for score, tema in ranked[:MAXIMUM_OFFERED] if score > self._pesos.cerca]

    def _ranked(self, pregunta: str) -> tuple[list[tuple[float, Tema]], Vectors]:
        """Topics with their scores, the best first, unless none covers it; and how near each text is."""
        with stage("retrieval", "saber"):
            return self._rank(pregunta)

    def _rank(self, pregunta: str) -> tuple[list[tuple[float, Tema]], Vectors]:
        vectors, weights = self._model()
        near = self._kernel(vectors, pregunta)
        *scores, foreign = (near @ weights).tolist()
        if max(scores) < foreign:
            return [], near
        return sorted(zip(scores, self._temas.values(), strict=True), key=lambda one: -one[0]), near

    def _model(self) -> tuple[Vectors, Vectors]:
        """Vectors of all texts, and what each says for each topic; the last column is for no topic."""
        with self._lock:
            if self._learnt is None:
                texts = [text.texto for text in self._texts]
                vectors = self._vectors([*map(normalize, texts)])
                words = np.asarray([self._lexico.scores(text) for text in texts], np.float32)
                slugs = [*self._temas, None]
                kinds = [slugs.index(one.tema.slug if one.tema else None) for one in self._texts]
                kernel = self._fuse(vectors @ vectors.T, words)
                kernel[np.diag_indices_from(kernel)] += self._pesos.ajuste
                self._learnt = vectors, np.linalg.solve(kernel, np.eye(len(slugs), dtype=np.float32)[kinds])
            return self._learnt

    def _vectors(self, texts: list[str]) -> Vectors:
        """As they were kept, unless the texts or the embedder are others now."""
        mark = hashlib.sha256("\0".join([self._embedder.nombre, *texts]).encode()).hexdigest()
        if self._kept:
            with suppress(OSError, ValueError, KeyError, BadZipFile), np.load(self._kept) as kept:
                if str(kept["mark"]) == mark:
                    return np.asarray(kept["vectors"], np.float32)
        vectors = np.asarray(self._embedder.embed_documents(texts), np.float32)
        if self._kept:
            _keep(self._kept, mark, vectors)
        return vectors

    def _kernel(self, vectors: Vectors, pregunta: str) -> Vectors:
        vector = np.asarray(self._embedder.embed_query(normalize(pregunta)), np.float32)
        return self._fuse(vectors @ vector, np.asarray(self._lexico.scores(pregunta), np.float32))

    def _fuse(self, cosines: Vectors, words: Vectors) -> Vectors:
        """Cosines squared: texts that have little in common should not add up to something."""
        fused: Vectors = (1 - self._pesos.lexico) * np.maximum(cosines, 0) ** 2 + self._pesos.lexico * words
        return fused

    def _seccion(self, tema: Tema, near: Vectors) -> Seccion | None:
        """The section that says clearly more about it than the summary."""
        pieces = [
            (float(near[row]), one.seccion)
            for row, one in enumerate(self._texts)
            if one.tema is tema and not one.pregunta
        ]
        best, seccion = max(pieces, key=lambda one: one[0])
        summary = max(score for score, one in pieces if one is None)
        return seccion if best > summary + self._pesos.seccion else None


def _keep(path: Path, mark: str, vectors: Vectors) -> None:
    """Programs that start at once may all write; each reads a whole file."""
    with suppress(OSError), NamedTemporaryFile(dir=path.parent, suffix=".npz", delete=False) as file:
        np.savez(file, mark=mark, vectors=vectors)
        Path(file.name).replace(path)
