"""Cross-validation of a model: what judges like its own make of examples that they did not learn from.

Usage: validar.py MODEL. Tells `{intent: [understood, examples]}` as JSON. The model holds what is known of
its examples, so nothing is encoded again, and examples are compared with each other once for all parts.
"""

import json
import sys
import tarfile
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jurado import Jurado, Rasgos
from sklearn.model_selection import StratifiedKFold

_PARTS = 5


@dataclass(frozen=True)
class Part(Rasgos):
    """Some of the examples: `which`, of those that `alike` compares with each other."""

    which: np.ndarray
    alike: np.ndarray

    def __getitem__(self, which: np.ndarray) -> "Part":
        return Part(self.filas[which], self.vectores[which], self.which[which], self.alike)

    def comparados(self) -> "Part":
        """Itself: nothing is compared again."""
        return self

    def kernel(self, others: "Part") -> np.ndarray:
        """What `alike` says of them."""
        found: np.ndarray = self.alike[np.ix_(self.which, others.which)]
        return found


def validate(jury: Jurado) -> dict[str, tuple[int, int]]:
    """Of each intent, how many examples judges guess who were taught the others, and of how many."""
    heard, examples = np.empty_like(jury.labels), jury.examples
    alike = examples.kernel(examples.comparados()).astype(np.float32)

    def part(which: np.ndarray) -> Part:
        return Part(examples.filas[which], examples.vectores[which], which, alike)

    parts = StratifiedKFold(_PARTS, shuffle=True, random_state=42)
    for taught, asked in parts.split(np.zeros(len(heard)), jury.labels):
        judges = jury.again().fit(part(taught), jury.labels[taught])
        heard[asked] = judges.intents[judges.predict(part(asked)).argmax(axis=1)]
    told = {}
    for name in np.unique(jury.labels):
        own = jury.labels == name
        told[str(name)] = int((heard[own] == name).sum()), int(own.sum())
    return told


def read_jury(model: Path) -> Jurado:
    """The judges of a packed model."""
    with tarfile.open(model) as packed, tempfile.TemporaryDirectory() as folder:
        [name] = (name for name in packed.getnames() if name.endswith("/jurado.skops"))
        packed.extract(name, folder)
        return Jurado.load(Path(folder) / name)


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # of intents with fewer examples than parts
    sys.stdout.write(json.dumps(validate(read_jury(Path(sys.argv[1])))))
