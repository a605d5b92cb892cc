"""How well messages are understood: what is right, what is taken for what, and what a confidence is worth."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from bot.core.mensajes import categoria

FUERA = "fuera_de_alcance"
# What the engine hears when it would rather ask.
UNSURE = "nlu_fallback"
_TRAMOS = 10


@dataclass(frozen=True, slots=True)
class Caso:
    """A message whose intents are known (any of `esperados` is right) and what a model made of it.

    `mejor` is the best guess and `confianza` its probability, 0 to 1; `segura` is whether the engine would
    act on it; `contraparte` is the party that it heard, as typed.
    """

    texto: str
    esperados: tuple[str, ...]
    mejor: str
    confianza: float
    segura: bool
    contraparte: str = ""

    @property
    def oido(self) -> str | None:
        """The intent that is acted on, none if the engine asks instead."""
        return self.mejor if self.segura else None

    @property
    def acertado(self) -> bool:
        """Whether the right thing is done."""
        return understood(self.oido, self.esperados)

    @property
    def misma_categoria(self) -> bool:
        """Whether at least the part of the product is right: ventas, compras, contrato or general."""
        return categoria(self.oido) in map(categoria, self.esperados)


@dataclass(frozen=True, slots=True)
class Tramo:
    """The messages whose best guess had a confidence over `desde` up to `hasta`, and how it did."""

    desde: float
    hasta: float
    casos: int
    confianza: float
    acierto: float


def understood(heard: str | None, right: Collection[str]) -> bool:
    """Whether an intent (none if the engine asks) is right; to ask is right for what is out of scope."""
    return heard in right or (heard is None and FUERA in right)


def accuracy(casos: Sequence[Caso]) -> float:
    """The share that is right, 0 to 1; 0 of none."""
    return sum(caso.acertado for caso in casos) / max(1, len(casos))


def confusions(casos: Iterable[Caso]) -> list[tuple[str, str, int]]:
    """What was meant, what was heard (empty if the engine asks) and how often, the most frequent first."""
    pairs = Counter((caso.esperados[0], caso.oido or "") for caso in casos if not caso.acertado)
    return [(meant, heard, times) for (meant, heard), times in pairs.most_common()]


def calibration(casos: Sequence[Caso]) -> list[Tramo]:
    """Confidence beside accuracy of the best guess, by tenths of confidence that have messages."""
    tramos = []
    for tenth in range(_TRAMOS):
        desde, hasta = tenth / _TRAMOS, (tenth + 1) / _TRAMOS
        those = [caso for caso in casos if desde < caso.confianza <= hasta]
        if those:
            confianza = sum(caso.confianza for caso in those) / len(those)
            acierto = sum(caso.mejor in caso.esperados for caso in those) / len(those)
            tramos.append(Tramo(desde, hasta, len(those), confianza, acierto))
    return tramos


def calibration_error(tramos: Sequence[Tramo]) -> float:
    """The expected calibration error, 0 to 1: how far confidences are from accuracies, weighed by messages.

    Source: Guo et al., "On Calibration of Modern Neural Networks", 2017.
    """
    total = sum(tramo.casos for tramo in tramos)
    return sum(tramo.casos * abs(tramo.confianza - tramo.acierto) for tramo in tramos) / max(1, total)


def risky(casos: Iterable[Caso]) -> list[Caso]:
    """Messages out of scope that the engine would act on as if they were not."""
    return [caso for caso in casos if FUERA in caso.esperados and not caso.acertado]
