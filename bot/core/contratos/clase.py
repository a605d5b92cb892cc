"""The kind of a question, learned from how people ask (`python -m bench.contratos.entrenar`)."""

from collections.abc import Sequence
from dataclasses import replace

from bot.core.contratos import modelo
from bot.core.contratos.pregunta import Pregunta
from bot.core.contratos.temas import COMPARA, LISTA, RESUMEN, VIGENCIA, Clase

# What decides how an answer is made; everything else is answered by a sentence.
CLASES = ("otra", "vigencia", "lista", "resumen", "comparacion")
_ENTERAS = {"vigencia": Clase.VIGENCIA, "lista": Clase.LISTA, "resumen": Clase.RESUMEN}
_PESO = 0.3


def pistas(pregunta: Pregunta) -> list[float]:
    """What words tell of the kind, beside the meaning."""
    told = [pregunta.clase is clase for clase in _ENTERAS.values()]
    told += [words.search(pregunta.texto) is not None for words in (VIGENCIA, LISTA, RESUMEN, COMPARA)]
    return [_PESO * one for one in (*told, pregunta.tema is not None)]


def clasificar(pregunta: Pregunta, vector: Sequence[float]) -> Pregunta:
    """The question with its kind put right; as it is if the model does not know this kind of vector."""
    row = [*vector, *pistas(pregunta), 1.0]
    if len(row) != len(modelo.CLASE):
        return pregunta
    scores = [
        sum(value * weights[at] for value, weights in zip(row, modelo.CLASE, strict=True))
        for at in range(len(CLASES))
    ]
    name = CLASES[scores.index(max(scores))]
    if name in _ENTERAS:
        return replace(pregunta, clase=_ENTERAS[name])
    clase = pregunta.clase
    if clase in _ENTERAS.values():
        clase = pregunta.tema.clase if pregunta.tema else Clase.OBLIGACION
    return replace(pregunta, clase=clase, compara=pregunta.compara or name == "comparacion")
