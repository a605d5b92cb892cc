"""Cross-validation of a model: what judges like its own make of examples that they did not learn from.

Usage: validar.py MODEL. Tells `{intent: [understood, examples]}` as JSON. The model holds what is known of
its examples, so nothing is encoded again: it takes seconds, not minutes.
"""

import json
import sys
import tarfile
import tempfile
import warnings
from pathlib import Path

import numpy as np
from jurado import Jurado
from sklearn.model_selection import StratifiedKFold

_PARTS = 5


def validate(jury: Jurado) -> dict[str, tuple[int, int]]:
    """Of each intent, how many examples judges guess who were taught the others, and of how many."""
    heard = np.empty_like(jury.labels)
    parts = StratifiedKFold(_PARTS, shuffle=True, random_state=42)
    for taught, asked in parts.split(np.zeros(len(heard)), jury.labels):
        judges = jury.again().fit(jury.examples[taught], jury.labels[taught])
        heard[asked] = judges.intents[judges.predict(jury.examples[asked]).argmax(axis=1)]
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
