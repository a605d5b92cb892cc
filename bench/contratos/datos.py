"""What is learned from: contracts, the questions about them with their right sentences, and pairs of both."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from bench.contratos import marcas, preguntas
from bench.contratos.aprender import Afinado
from bench.contratos.hacer import Hecho
from bench.contratos.preguntas import Pregunta
from bench.contratos.tributa import Tributa
from bot.core.contratos.clase import CLASES, pistas
from bot.core.contratos.evidencia import piezas
from bot.core.contratos.pregunta import read_pregunta
from bot.services.contratos_eleccion import Familia

# The test split and the reserve are never read.
SPLITS = ("dev", "ensayo", "relevo")
PARES = ("dinero", "partes_y_fuero", "plazos_y_termino", "uso_y_obligaciones")
CERCANOS = ("cercanos",)
VARIOS = {"lista", "resumen", "comparacion"}
NOMBRES_DE = (
    "del local", "de la oficina", "con la agencia", "de la camioneta", "con los del aseo", "de mi contador",
    "del galpon", "con juan perez", "de la bodega", "con transportes rio claro", "del seguro", "del prestamo",
    "de la franquicia", "con don luis", "de la maquina", "del ascensor", "del software", "de la constructora",
)  # fmt: skip


@dataclass
class Caja:
    """A taxpayer's contracts with the vectors of their passages and sentences."""

    rut: str
    familias: list[Familia]
    pasajes: dict[int, Any]
    oraciones: dict[int, list[Any]]


@dataclass
class Ejemplo:
    """A question; `clave` is whose contracts it is about, `buenas` the right sentences by contract."""

    pregunta: Pregunta
    clave: str
    vector: Any
    contrato: int | None
    buenas: set[tuple[int, int, int]]

    @property
    def una(self) -> bool:
        """Whether one sentence of one contract answers it."""
        return self.contrato is not None and self.pregunta.tipo not in VARIOS


class Datos:
    """All that is learned from."""

    def __init__(
        self, cajas: Mapping[str, Caja], ejemplos: Sequence[Ejemplo], pares: Sequence[Any], sueltas: Any
    ) -> None:
        self.cajas, self.ejemplos, self.pares, self.sueltas = cajas, ejemplos, pares, sueltas

    def aparte(self, split: str) -> tuple["Datos", list[Ejemplo]]:
        """The same without the taxpayers of a split, and their questions."""
        claves = {one.clave for one in self.ejemplos if one.pregunta.split == split}
        rest = [one for one in self.ejemplos if one.clave not in claves]
        cajas = {clave: one for clave, one in self.cajas.items() if clave not in claves}
        asked = [one for one in self.ejemplos if one.clave in claves]
        return Datos(cajas, rest, self.pares, self.sueltas), asked

    def familias(self, ejemplo: Ejemplo, afinar: Afinado, clave: str = "") -> list[Familia]:
        """The contracts of who asks (or of another) as compared with a question."""
        caja = self.cajas[clave or ejemplo.clave]
        vector = afinar(ejemplo.vector)
        made = []
        for familia in caja.familias:
            compared = {
                number: [
                    replace(
                        uno,
                        puntaje=float(caja.pasajes[number][at] @ ejemplo.vector),
                        cercanas=tuple((caja.oraciones[number][at] @ vector).tolist()),
                    )
                    for at, uno in enumerate(uno_de)
                ]
                for number, uno_de in familia.pasajes.items()
            }
            made.append(replace(familia, pasajes=compared))
        return made


async def gather(
    sistema: Tributa, hechos: Mapping[str, Hecho], embed: Any, splits: Sequence[str] = SPLITS
) -> Datos:
    """Take in all contracts and find the sentences that the questions' marks stand in."""
    for hecho in hechos.values():
        await sistema.ingerir(hecho.fuente.rut, hecho.path.name, hecho.path)
    cajas = {}
    for rut in {hecho.fuente.rut for hecho in hechos.values()}:
        familias = await sistema.familias(rut)
        fragments = {number: list(many) for one in familias for number, many in one.pasajes.items()}
        whole = {number: sistema.vectores_de(rut, number) for number in fragments}
        pieces = {number: [embed(piezas(uno.texto)) for uno in many] for number, many in fragments.items()}
        cajas[rut] = Caja(rut, familias, whole, pieces)
    wanted = [one for one in preguntas.load() if one.split in splits and _known(one, hechos)]
    vectors = embed([one.texto for one in wanted])
    ejemplos = [
        _example(one, vector, cajas[one.rut], hechos) for one, vector in zip(wanted, vectors, strict=True)
    ]
    return Datos(cajas, ejemplos, _pairs(embed), _kinds(embed))


def _known(pregunta: Pregunta, hechos: Mapping[str, Hecho]) -> bool:
    owners = {hecho.fuente.rut for hecho in hechos.values()}
    return pregunta.rut in owners and all(one in hechos for one in pregunta.contratos)


def _example(pregunta: Pregunta, vector: Any, caja: Caja, hechos: Mapping[str, Hecho]) -> Ejemplo:
    buenas, contrato = set(), None
    for marca in pregunta.marcas:
        name, _, mark = marca.partition("#")
        fuente = hechos[name].fuente
        familia, oracion = marcas.find(fuente, mark, caja.familias)
        contrato = contrato or familia.contrato.id
        buenas.add((oracion.contrato_id, oracion.pasaje, oracion.trozo))
    return Ejemplo(pregunta, caja.rut, vector, contrato, buenas)


def _pairs(embed: Any) -> list[tuple[Any, Any, Any]]:
    """Questions, clauses and which answers which, by group; clauses marked `!` only look as if they did.

    Topics come back in another group, where they would count as wrong: a group is compared with itself.
    """
    chance = random.Random(1)
    found = []
    for blocks in (_blocks(PARES), _blocks(CERCANOS)):
        asked, owner, said, about = [], [], [], []
        for topic, block in enumerate(blocks):
            for one in _lines(block, "?"):
                asked += [one, *(f"{one} {chance.choice(NOMBRES_DE)}" for _ in range(2))]
                owner += [topic] * 3
            clauses, near = _lines(block, "="), _lines(block, "!")
            said += [*clauses, *near]
            about += [topic] * len(clauses) + [-1] * len(near)
        found.append((embed(asked), embed(said), np.array(owner)[:, None] == np.array(about)[None, :]))
    return found


def _kinds(embed: Any) -> tuple[Any, list[int]]:
    """Questions without contracts with their kinds: those of `clases`, and those of the pairs."""
    texts = {
        line: path.stem
        for path in sorted((Path(__file__).parent / "clases").glob("*.txt"))
        for line in path.read_text().splitlines()
    }
    for block in (*_blocks(PARES), *_blocks(CERCANOS)):
        kind = next(iter(_lines(block, "#")), "otra")
        texts |= dict.fromkeys(_lines(block, "?"), kind)
    return kind_rows(list(texts), embed(list(texts))), [CLASES.index(kind) for kind in texts.values()]


def kind_rows(texts: Sequence[str], vectors: Any) -> Any:
    """What tells the kind of each question."""
    return np.column_stack([vectors, [pistas(read_pregunta(text)) for text in texts]])


def _blocks(files: Sequence[str]) -> list[list[str]]:
    folder = Path(__file__).parent / "pares"
    return [
        block.strip().splitlines()
        for name in files
        for block in (folder / f"{name}.txt").read_text().split("\n\n")
    ]


def _lines(block: Sequence[str], mark: str) -> list[str]:
    return [line[2:] for line in block if line[0] == mark]
