"""Fine-tuning of questions: the direction in which answers in contracts lie, learned from pairs of both.

`python -m bench.contratos.entrenar` makes `afinado.npz`: two thin matrices for one embedder.
"""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

_FILE = Path(__file__).with_name("afinado.npz")
_MODELO = "use-multilingual-3/"


def afinar(vector: Any, modelo: str) -> Any:
    """A question's vector turned towards the clauses that answer it, of length one.

    Vectors of another embedder stay as they are.
    """
    if not modelo.startswith(_MODELO):
        return vector
    left, right = _matrices()
    turned = vector + (vector @ left) @ right
    return (turned / (np.linalg.norm(turned) or 1.0)).astype(np.float32)


@cache
def _matrices() -> tuple[Any, Any]:
    with np.load(_FILE) as stored:
        return stored["izquierda"].astype(np.float32), stored["derecha"].astype(np.float32)
