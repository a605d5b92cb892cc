"""Which contract a question is about."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from bot.core.contratos.palabras import corrige, halla, raices
from bot.core.contratos.plano import plegar
from bot.core.contratos.pregunta import Pregunta, read_pregunta
from bot.core.rut import Rut
from bot.services.ports_carpeta import Ficha
from bot.services.ports_indice import ContratoLeido, Fragmento

_CABEZA = 2
_NOMBRA, _DE_PESO, _DE_PESO_OTRA = 0.55, 0.3, 0.35
_REPETIDA, _MUCHAS = 0.2, 8
_FUERTE, _CABECERA, _CUERPO = 1.0, 0.6, 0.15
_LLAMADO = {
    "arriendo": "arriendo arrendamiento alquiler",
    "trabajo": "trabajo trabajador empleado sueldo",
    "honorarios": "honorarios profesional",
    "confidencialidad": "confidencialidad nda secreto",
    "mutuo": "mutuo prestamo credito",
    "software": "software sistema plataforma suscripcion programa",
    "compraventa": "compraventa compra venta",
    "publicidad": "marketing publicidad agencia",
    "suministro": "suministro proveedor",
}


@dataclass(frozen=True, slots=True)
class Familia:
    """A contract with the annexes that came in files of their own, and the passages of each."""

    contrato: ContratoLeido
    anexos: tuple[ContratoLeido, ...]
    pasajes: Mapping[int, Sequence[Fragmento]]

    @property
    def nombre(self) -> str:
        """What people call it: the name of its file."""
        return PurePath(self.contrato.archivo).stem

    @property
    def documentos(self) -> tuple[ContratoLeido, ...]:
        return (self.contrato, *self.anexos)


@dataclass(frozen=True, slots=True)
class Perfil:
    """The stems by which a contract is known: its names, its opening, and everything else in it."""

    nombres: frozenset[str]
    cabecera: frozenset[str]
    cuerpo: frozenset[str]
    veces: Mapping[str, int]
    personas: frozenset[str]

    def nivel(self, stem: str) -> float:
        """How clearly a word points at this contract, from 0 to 1."""
        return self.nombrado(stem) + _REPETIDA * min(1.0, self.veces.get(stem, 0) / _MUCHAS)

    def nombrado(self, stem: str, apodo: bool = False) -> float:
        """The same without how often the contract says the word; `apodo`: it may be short for a first"
        " name."""
        short = apodo and len(stem) > 2 and any(one.startswith(stem) for one in self.personas)
        return max(
            _FUERTE * max(halla(stem, self.nombres), short),
            _CABECERA * halla(stem, self.cabecera),
            _CUERPO * halla(stem, self.cuerpo),
        )


@dataclass(frozen=True, slots=True)
class Eleccion:
    """The contracts that fit, the best first, with their scores; `nombra` are the words that name one.

    `pregunta` is the question with typing errors mended.
    """

    familias: tuple[tuple[Familia, float], ...]
    pregunta: Pregunta
    nombra: Mapping[int, Mapping[str, float]]
    contexto: int | None
    perfiles: Mapping[int, Perfil]


def perfil(familia: Familia, propio: Rut) -> Perfil:
    """What a contract is known by; the taxpayer's own name stands in all of them."""
    hechos = familia.contrato.hechos
    tipo = hechos.tipo.valor if hechos.tipo else ""
    names = [re.sub(r"[_\W]+", " ", familia.nombre), tipo, _LLAMADO.get(tipo, "")]
    people = [
        f"{parte.valor.nombre} {parte.valor.representante}"
        for parte in hechos.partes
        if parte.valor.rut != propio
    ]
    own = next((parte.valor.nombre for parte in hechos.partes if parte.valor.rut == propio), "")
    names += people
    fragmentos = [uno for one in familia.documentos for uno in familia.pasajes[one.id]]
    opening = [uno.texto for uno in familia.pasajes[familia.contrato.id][:_CABEZA]]
    opening += [re.sub(r"[_\W]+", " ", anexo.archivo.rpartition(".")[0]) for anexo in familia.anexos]
    opening += [hechos.objeto.valor] if hechos.objeto else []
    opening += [hechos.objeto.cita] if hechos.objeto else []
    strong = raices(" ".join(names))
    times = Counter(stem for uno in fragmentos for stem in raices(uno.texto))
    return Perfil(
        strong,
        raices(" ".join(opening)) - (raices(own) - strong),
        frozenset(times),
        times,
        raices(" ".join(people)),
    )


def elegir(pregunta: Pregunta, familias: Sequence[Familia], propio: Rut, contexto: int | None) -> Eleccion:
    """Order contracts by how well a question names them; the one talked about before breaks ties."""
    perfiles = {familia.contrato.id: perfil(familia, propio) for familia in familias}
    known = frozenset().union(*(one.cuerpo | one.nombres for one in perfiles.values()))
    mended = corrige(pregunta.palabras, known)
    weights = {new: pregunta.peso.get(old, 0.4) for old, new in zip(pregunta.palabras, mended, strict=True)}
    words = tuple(weights)
    levels = {number: {stem: one.nivel(stem) for stem in words} for number, one in perfiles.items()}
    rare = {stem: weights[stem] * _rarity([row[stem] for row in levels.values()]) for stem in words}
    scored = []
    for familia in familias:
        row = levels[familia.contrato.id]
        score = sum(rare[stem] * row[stem] for stem in words)
        talked = contexto in {one.id for one in familia.documentos}
        scored.append((familia, score + 0.35 * talked))
    scored.sort(key=lambda one: -one[1])
    nombra = {
        number: {
            stem: level
            for stem in words
            if (level := one.nombrado(stem, weights[stem] == 1)) >= _NOMBRA
            and weights[stem] >= (_DE_PESO if level == _FUERTE else _DE_PESO_OTRA)
        }
        for number, one in perfiles.items()
    }
    return Eleccion(
        tuple(scored), replace(pregunta, palabras=words, peso=weights), nombra, contexto, perfiles
    )


def leido_de_ficha(ficha: Ficha) -> ContratoLeido:
    """A contract as questions read it."""
    return ContratoLeido(
        ficha.id, ficha.archivo, ficha.creado, ficha.paginas, ficha.hechos, ficha.anexos, ficha.anexo,
        ficha.de, ficha.leidos,
    )  # fmt: skip


def nombrados(texto: str, leidos: Sequence[ContratoLeido], propio: Rut) -> list[ContratoLeido]:
    """Those that a message names best, by file name, kind or party; none if it names none of them."""
    familias = [Familia(one, (), {one.id: ()}) for one in leidos]
    if not familias:
        return []
    nombra = elegir(read_pregunta(texto), familias, propio, None).nombra
    said = plegar(texto)
    whole = [one for one in leidos if plegar(one.archivo) in said]
    best = max((sum(words.values()) for words in nombra.values()), default=0.0)
    return whole or [one for one in leidos if best and sum(nombra[one.id].values()) == best]


def _rarity(levels: Sequence[float]) -> float:
    """Words that all contracts have tell none apart."""
    times = sum(level / max(levels) for level in levels) if max(levels, default=0) else 0
    if not times:
        return 0.0
    return math.log(1 + len(levels) / times)


def dos(eleccion: Eleccion, pregunta: Pregunta) -> tuple[Familia, Familia] | None:
    """The two contracts that a comparison names, each by words that the other has not."""
    if len(eleccion.familias) < 2:
        return None
    owners: dict[int, float] = {}
    for stem in eleccion.pregunta.palabras:
        row = {number: words.get(stem, 0.0) for number, words in eleccion.nombra.items()}
        best = max(row, key=lambda number: row[number])
        others = [level for number, level in row.items() if number != best]
        if (
            row[best] > 0.5
            and eleccion.pregunta.peso[stem] > 0.5
            and all(level < 0.75 * row[best] for level in others)
        ):
            owners[best] = owners.get(best, 0) + row[best]
    if len(owners) < 2 or not pregunta.compara:
        return None
    ranked = sorted(owners, key=lambda number: -owners[number])[:2]
    by_id = {familia.contrato.id: familia for familia, _ in eleccion.familias}
    first, second = (by_id[number] for number in ranked)
    return first, second
