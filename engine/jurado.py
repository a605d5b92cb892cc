"""Two judges of what a message means, and how sure they are together. Of Rasa it knows nothing."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import skops.io
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC

# How near two vectors of the encoder must be to count; and how much nearer the second judge's first is.
_NARROWNESS, _TEMPERATURE = 0.6, 0.5


@dataclass(frozen=True)
class Comparados:
    """Messages to compare others with: their counts column by column, as that takes least, and vectors."""

    columnas: csr_matrix
    vectores: np.ndarray


@dataclass(frozen=True)
class Rasgos:
    """What is known of messages: a row of counts and hints each, and the encoder's vectors side by side."""

    filas: csr_matrix
    vectores: np.ndarray

    def __getitem__(self, which: np.ndarray) -> "Rasgos":
        return Rasgos(self.filas[which], self.vectores[which])

    def comparados(self) -> Comparados:
        """To be compared with."""
        return Comparados(self.filas.T.tocsr(), self.vectores)

    def kernel(self, others: Comparados) -> np.ndarray:
        """How alike each of these is to each of the others: in its words, and in what both vectors say."""
        alike: np.ndarray = (self.filas @ others.columnas).toarray()
        for mine, theirs in zip(np.hsplit(self.vectores, 2), np.hsplit(others.vectores, 2), strict=True):
            near = np.clip(mine @ theirs.T, -1, 1)
            near -= 1  # in place: when training, each copy is hundreds of megabytes
            near *= 2 * _NARROWNESS
            alike += np.exp(near, out=near)
        return alike


class Jurado:
    """A logistic regression that weighs words, one intent against the rest, and a support vector machine.

    The first lets what has most examples win when in doubt, which is what is out of scope; the second knows
    messages that mean the same in other words. The mean of both is better than either.
    """

    def __init__(self, strength: float, sharpness: float, max_iter: int = 300, seed: int = 42) -> None:
        """`strength` is scikit-learn's C of the first judge; a `sharpness` over 1 makes both surer."""
        self._settings = {"strength": strength, "sharpness": sharpness, "max_iter": max_iter, "seed": seed}
        self._words = LogisticRegression(C=strength, solver="liblinear", max_iter=max_iter, random_state=seed)
        self._meaning = SVC(C=2, kernel="precomputed", decision_function_shape="ovo")
        self._sharpness = sharpness

    @property
    def intents(self) -> np.ndarray:
        """Names in the order of the probabilities."""
        return self._words.classes_

    @property
    def columns(self) -> int:
        """How many counts and hints a row has."""
        return int(self._words.n_features_in_)

    def fit(self, rasgos: Rasgos, intents: np.ndarray) -> "Jurado":
        """Learn from examples, which are kept."""
        self.examples, self.labels = rasgos, np.asarray(intents)
        self._words.fit(rasgos.filas, self.labels)
        self._meaning.fit(rasgos.kernel(rasgos.comparados()), self.labels)
        self._leaned_on = rasgos[self._meaning.support_].comparados()
        return self

    def forget_examples(self) -> "Jurado":
        """Keep only those that a duel leans on, which is all that `predict` needs: a third of the memory."""
        del self.examples, self.labels
        return self

    def predict(self, rasgos: Rasgos) -> np.ndarray:
        """Probabilities, a row for each message and a column for each of `intents`."""
        votes = self._votes(rasgos) / _TEMPERATURE
        seconds = np.exp(votes - votes.max(axis=1, keepdims=True))
        seconds /= seconds.sum(axis=1, keepdims=True)
        both = (self._words.predict_proba(rasgos.filas) + seconds) ** self._sharpness
        return both / both.sum(axis=1, keepdims=True)

    def _votes(self, rasgos: Rasgos) -> np.ndarray:
        """For each intent the duels of two that it wins, and less than half a vote for how clearly.

        It is what scikit-learn calls "ovr", which goes through the 561 duels one by one.
        """
        alike = np.zeros((rasgos.filas.shape[0], *self._meaning.shape_fit_[:1]))
        alike[:, self._meaning.support_] = rasgos.kernel(self._leaned_on)
        duels = self._meaning.decision_function(alike)
        clearness = duels @ self._sides
        return (
            (duels > 0) @ self._sides.clip(0)
            + (duels <= 0) @ -self._sides.clip(None, 0)
            + clearness / (3 * (np.abs(clearness) + 1))
        )

    @cached_property
    def _sides(self) -> np.ndarray:
        """A row for each duel: 1 for the intent that a positive figure speaks for, -1 for the other."""
        firsts, seconds = np.triu_indices(len(self.intents), 1)
        sides = np.zeros((len(firsts), len(self.intents)))
        sides[np.arange(len(firsts)), firsts], sides[np.arange(len(firsts)), seconds] = 1, -1
        return sides

    def again(self) -> "Jurado":
        """The same, knowing nothing yet."""
        return Jurado(**self._settings)

    def save(self, path: Path) -> None:
        """Write everything into a file."""
        kept = {
            "settings": self._settings,
            "words": self._words,
            "meaning": self._meaning,
            "rows": self.examples.filas,
            "vectors": self.examples.vectores.astype(np.float16),
            "labels": self.labels.astype(str),
        }
        skops.io.dump(kept, path)

    @classmethod
    def load(cls, path: Path) -> "Jurado":
        """Read what `save` wrote; nothing but scikit-learn's own types and sparse rows is let in."""
        kept = skops.io.load(path, trusted=["scipy.sparse._csr.csr_matrix"])
        jury = cls(**kept["settings"])
        jury._words, jury._meaning = kept["words"], kept["meaning"]
        jury.examples, jury.labels = Rasgos(kept["rows"], kept["vectors"].astype(np.float32)), kept["labels"]
        jury._leaned_on = jury.examples[jury._meaning.support_].comparados()
        return jury
