"""Weights that were learned from questions and contracts (`python -m bench.contratos.entrenar`)."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Lineal:
    """A linear model: numbers in the order of `pesos`, by name."""

    pesos: Mapping[str, float]
    sesgo: float = 0.0

    def puntaje(self, fila: Sequence[float]) -> float:
        """The higher, the likelier."""
        return self.sesgo + sum(
            weight * value for weight, value in zip(self.pesos.values(), fila, strict=True)
        )

    def probabilidad(self, fila: Sequence[float]) -> float:
        """The same from 0 to 1."""
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, self.puntaje(fila)))))


def partes(puntajes: Sequence[float]) -> list[float]:
    """Scores as shares that make one together."""
    top = max(puntajes)
    grown = [math.exp(one - top) for one in puntajes]
    whole = sum(grown)
    return [one / whole for one in grown]


_FILE = Path(__file__).with_name("modelo.json")
_LEIDO = json.loads(_FILE.read_text()) if _FILE.exists() else {}
ORACION, CONTRATO, BASTA, BASTA_ENTERO = (
    Lineal(_LEIDO.get(name, {}).get("pesos", {}), _LEIDO.get(name, {}).get("sesgo", 0.0))
    for name in ("oracion", "contrato", "basta", "basta_entero")
)
# One row of weights for each number of a question's vector and hints (see `clase`).
CLASE: list[list[float]] = _LEIDO.get("clase", [])
# Below these it is better to say that nothing was found.
UMBRAL = float(_LEIDO.get("umbral", 0.5))
UMBRAL_ENTERO = float(_LEIDO.get("umbral_entero", 0.5))
