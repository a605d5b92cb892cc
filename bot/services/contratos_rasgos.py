"""What speaks for a contract as the one that is meant, and for there being an answer at all, as numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.core.contratos import modelo
from bot.core.contratos.palabras import halla, raiz
from bot.core.contratos.pregunta import Pregunta
from bot.core.contratos.temas import Clase
from bot.services.contratos_eleccion import Eleccion, Familia
from bot.services.contratos_evidencia import Prueba, probado

_NOMBRADOS, _CERCANOS = 4, 2
SIN_FOCO = frozenset({Clase.VIGENCIA, Clase.RESUMEN, Clase.LISTA})
CONTRATO_NOMBRES = (
    "nombrado nombrado_mejor palabras hablado prueba prueba_entero cercano cercanos cerca foco"
    " ajeno ajeno_fuerte"
).split()
BASTA_NOMBRES = (
    "prueba parte cerca cerca_pasaje foco foco_propio consta tema sin_tema_dicho valor sin_valor citado"
    " nombrado palabras ajeno ajeno_fuerte ajenas_juntas ajeno_todos margen hablado pocas"
    " tema_nunca falta falta_mayor falta_propia entera"
).split()


@dataclass(frozen=True, slots=True)
class Candidato:
    """A contract that may be meant, with its best sentence, and both as numbers."""

    familia: Familia
    prueba: Prueba | None
    fila: tuple[float, ...]


def candidatos(pregunta: Pregunta, eleccion: Eleccion) -> list[tuple[float, Candidato]]:
    """The contracts that may be meant with their scores, the likeliest first.

    Only those that words name best or that have the nearest sentence are looked at closely.
    """
    cercania = {familia.contrato.id: _nearest(familia) for familia, _ in eleccion.familias}
    near = sorted(eleccion.familias, key=lambda one: -cercania[one[0].contrato.id])[:_CERCANOS]
    close = {one.contrato.id: (one, score) for one, score in (*eleccion.familias[:_NOMBRADOS], *near)}
    made = [
        candidato(pregunta, eleccion, familia, probado(pregunta, familia, eleccion), score)
        for familia, score in close.values()
    ]
    return sorted(((modelo.CONTRATO.puntaje(one.fila), one) for one in made), key=lambda one: -one[0])


def _nearest(familia: Familia) -> float:
    pasajes = [uno for one in familia.documentos for uno in familia.pasajes[one.id]]
    return max((cerca for uno in pasajes for cerca in uno.cercanas), default=0.0)


def candidato(
    pregunta: Pregunta, eleccion: Eleccion, familia: Familia, prueba: Prueba | None, puntaje: float
) -> Candidato:
    """`puntaje` is how well words name the contract (see `Eleccion`)."""
    best = eleccion.familias[0][1] or 1.0
    whole = pregunta.clase in SIN_FOCO
    passages = sorted(
        (uno.puntaje for one in familia.documentos for uno in familia.pasajes[one.id]), reverse=True
    )
    strange = ajenas(pregunta, eleccion, familia)
    score = prueba.puntaje if prueba else -5.0
    talked = eleccion.contexto in {one.id for one in familia.documentos}
    fila = (
        puntaje, puntaje / best, sum(eleccion.nombra[familia.contrato.id].values()), float(talked),
        0.0 if whole else score, score if whole else 0.0,
        passages[0] if passages else 0.0, sum(passages[:3]) / 3,
        prueba.rasgos["cerca"] if prueba else 0.0, prueba.rasgos["foco"] if prueba else 0.0,
        sum(strange.values()), float(any(weight == 1 for weight in strange.values())),
    )  # fmt: skip
    return Candidato(familia, prueba, fila)


def suficiencia(
    pregunta: Pregunta, eleccion: Eleccion, uno: Candidato, margen: float, familias: Sequence[Familia]
) -> tuple[float, ...]:
    """Whether there is an answer, in the order of `BASTA_NOMBRES`; `margen` is how much of all that speaks
    for any contract speaks for this one."""
    strange = ajenas(pregunta, eleccion, uno.familia)
    nowhere = [
        weight
        for stem, weight in strange.items()
        if all(stem in ajenas(pregunta, eleccion, other) for other in familias)
    ]
    prueba = uno.prueba
    rasgos = prueba.rasgos if prueba else {}
    named = eleccion.nombra[uno.familia.contrato.id]
    return (
        prueba.puntaje if prueba else -5.0, prueba.parte if prueba else 0.0,
        rasgos.get("cerca", 0.0), rasgos.get("cerca_pasaje", 0.0), rasgos.get("foco", 0.0),
        rasgos.get("foco_propio", 0.0), _spoken(prueba), rasgos.get("tema", 0.0), rasgos.get("sin_tema", 0.0),
        rasgos.get("valor", 0.0), rasgos.get("sin_valor", 0.0), rasgos.get("citado_propio", 0.0),
        float(bool(named)), sum(level * pregunta.peso.get(stem, 0) for stem, level in named.items()),
        sum(strange.values()), float(any(weight == 1 for weight in strange.values())),
        float(_two_in_a_row(pregunta, {stem for stem, weight in strange.items() if weight > 0.3})),
        sum(nowhere), margen, uno.fila[3], float(len(pregunta.palabras) < 2),
        float(pregunta.tema is not None and not _topic_spoken(pregunta, prueba)), *_missing(pregunta, prueba),
        float(pregunta.clase in SIN_FOCO),
    )  # fmt: skip


def ni_una(pregunta: Pregunta, uno: Candidato) -> bool:
    """Whether a contract has no word that the question is about, and no topic is asked for either."""
    foco = uno.prueba.peso.foco if uno.prueba else ()
    return pregunta.tema is None and len(foco) > 1 and not _spoken(uno.prueba)


def ajenas(pregunta: Pregunta, eleccion: Eleccion, familia: Familia) -> Mapping[str, float]:
    """The words of a question, with their weights, that neither name a contract nor stand in it."""
    body = eleccion.perfiles[familia.contrato.id].cuerpo
    names = eleccion.nombra[familia.contrato.id]
    return {
        stem: pregunta.peso.get(stem, 0.0)
        for stem in pregunta.palabras
        if stem not in names and not halla(stem, body)
    }


def _topic_spoken(pregunta: Pregunta, prueba: Prueba | None) -> bool:
    """Whether the document says anything of the topic that is asked about."""
    tema = pregunta.tema
    return bool(tema and prueba and any(tema.dice.search(one.plano) for one in prueba.de.oraciones))


def _missing(pregunta: Pregunta, prueba: Prueba | None) -> tuple[float, float, float]:
    """What the question is about and the sentence, with its title, does not say: how much of it, the
    weightiest word, and that word without the title."""
    if prueba is None:
        return 1.0, 1.0, 1.0
    oracion, peso = prueba.oracion, prueba.peso
    around = oracion.raices | oracion.contexto
    gone = [pregunta.peso.get(stem, 0.0) for stem in peso.foco if not peso.halla(stem, around)]
    alone = [pregunta.peso.get(stem, 0.0) for stem in peso.foco if not peso.halla(stem, oracion.raices)]
    return sum(gone), max(gone, default=0.0), max(alone, default=0.0)


def _spoken(prueba: Prueba | None) -> float:
    """The part of the words that the question is about of which the document speaks anywhere."""
    if prueba is None:
        return 0.0
    body = frozenset().union(*(oracion.raices for oracion in prueba.de.oraciones))
    wanted = [halla(stem, body) for stem in prueba.peso.foco]
    return sum(wanted) / len(wanted) if wanted else 0.5


def _two_in_a_row(pregunta: Pregunta, unknown: set[str]) -> bool:
    """Two unknown words side by side are a name."""
    row = [raiz(word) in unknown for word in pregunta.texto.split()]
    return any(one and other for one, other in pairwise(row))
