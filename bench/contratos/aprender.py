"""Small models fitted with numpy: a turn of questions towards answers, a choice among rows, a yes or no."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.core.contratos.modelo import Lineal

_RANGO = 64


@dataclass(frozen=True)
class Afinado:
    """`vector + vector @ izquierda @ derecha`, of length one."""

    izquierda: Any
    derecha: Any

    def __call__(self, vector: Any) -> Any:
        turned = vector + (vector @ self.izquierda) @ self.derecha
        return turned / (np.linalg.norm(turned) or 1.0)

    def write(self, path: Path) -> None:
        """As the product reads it."""
        np.savez_compressed(
            path, izquierda=self.izquierda.astype(np.float16), derecha=self.derecha.astype(np.float16)
        )


@dataclass(frozen=True)
class Ajuste:
    """A linear model; `vector` are its weights in the order of `nombres`."""

    nombres: Sequence[str]
    vector: Any
    sesgo: float = 0.0

    def lineal(self) -> Lineal:
        """As the product has it."""
        return Lineal(dict(zip(self.nombres, self.vector.tolist(), strict=True)), float(self.sesgo))

    def probabilidades(self, rows: Any) -> Any:
        return 1 / (1 + np.exp(-(rows @ self.vector + self.sesgo)))


def afinado(
    rows: Sequence[tuple[Any, Any, Any]], epochs: int = 120, tau: float = 0.1, decay: float = 0.03
) -> Afinado:
    """Turn questions so that the right sentences come before all others that they are shown with.

    Args:
        rows: questions (n × d), sentences (m × d), and which are right (n × m).
    """
    size = rows[0][0].shape[1]
    delta, mean, square = (np.zeros((size, size), np.float32) for _ in range(3))
    total = sum(len(asked) for asked, _, _ in rows)
    for step in range(1, epochs + 1):
        grad = decay * delta
        for asked, said, right in rows:
            scores = (asked + asked @ delta) @ said.T / tau
            grown = np.exp(scores - scores.max(1, keepdims=True))
            wanted = grown * right
            pull = grown / grown.sum(1, keepdims=True) - wanted / (wanted.sum(1, keepdims=True) + 1e-9)
            grad = grad + asked.T @ (pull @ said) / total / tau
        mean, square = 0.9 * mean + 0.1 * grad, 0.99 * square + 0.01 * grad * grad
        delta = delta - 0.001 * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    left, sizes, right_ = np.linalg.svd(delta)
    root = np.sqrt(sizes[:_RANGO])
    return Afinado(left[:, :_RANGO] * root, root[:, None] * right_[:_RANGO])


def listas(
    rows: Sequence[tuple[Any, Any]], nombres: Sequence[str], decay: float = 0.01, steps: int = 400
) -> Ajuste:
    """Weights with which the right rows of each list come first (softmax over a list)."""
    everything = np.concatenate([row for row, _ in rows])
    center, spread = everything.mean(0), everything.std(0)
    spread[spread < 1e-6] = 1.0
    scaled = (everything - center) / spread
    group = np.repeat(np.arange(len(rows)), [len(row) for row, _ in rows])
    right = np.concatenate([good for _, good in rows]).astype(float)
    starts = np.concatenate([[0], np.cumsum([len(row) for row, _ in rows])[:-1]])
    weights, mean, square = (np.zeros(len(nombres)) for _ in range(3))
    for step in range(1, steps + 1):
        scores = scaled @ weights
        scores -= np.maximum.reduceat(scores, starts)[group]
        grown = np.exp(scores)
        wanted = grown * right
        pull = grown / np.add.reduceat(grown, starts)[group] - wanted / (
            np.add.reduceat(wanted, starts)[group] + 1e-12
        )
        grad = scaled.T @ pull / len(rows) + decay * weights
        mean, square = 0.9 * mean + 0.1 * grad, 0.99 * square + 0.01 * grad * grad
        weights = weights - 0.05 * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    return Ajuste(nombres, weights / spread)


def logistica(rows: Any, label: Any, weight: Any, nombres: Sequence[str], decay: float = 0.01) -> Ajuste:
    """A yes or no; both kinds weigh the same together."""
    center, spread = rows.mean(0), rows.std(0)
    spread[spread < 1e-6] = 1.0
    scaled = (rows - center) / spread
    yes, no = weight[label == 1].sum(), weight[label == 0].sum()
    each = weight * np.where(label == 1, 0.5 / (yes or 1), 0.5 / (no or 1))
    weights, bias = np.zeros(len(nombres)), 0.0
    for _ in range(25):
        guess = 1 / (1 + np.exp(-(scaled @ weights + bias)))
        extended = np.column_stack([scaled, np.ones(len(scaled))])
        grad = extended.T @ (each * (guess - label)) + decay * np.append(weights, 0.0)
        curve = (extended * (each * guess * (1 - guess))[:, None]).T @ extended
        curve += np.diag(np.append(np.full(len(weights), decay), 1e-6))
        move = np.linalg.solve(curve, grad)
        weights, bias = weights - move[:-1], bias - move[-1]
    return Ajuste(nombres, weights / spread, float(bias - (weights / spread) @ center))


def clases(
    rows: Any, labels: Sequence[int], weight: Any, count: int, decay: float = 0.0005, steps: int = 300
) -> Any:
    """One column of weights for each kind, the last row is the bias (softmax)."""
    extended = np.column_stack([rows, np.ones(len(rows))])
    wanted = np.eye(count)[np.asarray(labels)]
    each = weight / wanted.T.dot(weight)[np.asarray(labels)] ** 0.5
    each = each / each.sum()
    weights, mean, square = (np.zeros((extended.shape[1], count)) for _ in range(3))
    for step in range(1, steps + 1):
        scores = extended @ weights
        grown = np.exp(scores - scores.max(1, keepdims=True))
        pull = grown / grown.sum(1, keepdims=True) - wanted
        grad = extended.T @ (pull * each[:, None]) + decay * weights
        mean, square = 0.9 * mean + 0.1 * grad, 0.99 * square + 0.01 * grad * grad
        weights = weights - 0.05 * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    return weights
