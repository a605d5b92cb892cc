"""Learn to answer from pairs and from the questions of the splits that may be looked at.

`python -m bench.contratos.entrenar` writes `bot/core/contratos/modelo.json` and `bot/rag/afinado.npz`, and
prints how well each step does on taxpayers that it did not learn from. The test split is never read.
"""

import asyncio
import json
import random
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

from bench.contratos import marcas, preguntas
from bench.contratos.aprender import Afinado, afinado, clases, listas, logistica
from bench.contratos.fuentes import load as load_fuentes
from bench.contratos.hacer import Hecho, make
from bench.contratos.preguntas import SIN_RESPUESTA, Pregunta
from bench.contratos.tributa import Tributa, open_tributa
from bot.core.contratos import modelo
from bot.core.contratos.clase import CLASES, clasificar, pistas
from bot.core.contratos.evidencia import piezas
from bot.core.contratos.modelo import Lineal, partes
from bot.core.contratos.pregunta import read_pregunta
from bot.core.contratos.rasgos import NOMBRES, mirar
from bot.core.rut import Rut
from bot.services.contratos_eleccion import Eleccion, Familia, elegir
from bot.services.contratos_evidencia import documentos, mirada
from bot.services.contratos_rasgos import BASTA_NOMBRES, CONTRATO_NOMBRES, SIN_FOCO, candidatos, suficiencia

SPLITS = ("dev", "ensayo")
# What no question of the corpus has is not learned: the clause that is named, the contract talked about.
SUPUESTOS = {"clausula": 4.0, "hablado": 1.5}
VARIOS = {"lista", "resumen", "comparacion"}
ROOT = Path(__file__).parents[2]
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
        self, cajas: Mapping[str, Caja], ejemplos: Sequence[Ejemplo], pares: Any, sueltas: Any
    ) -> None:
        self.cajas, self.ejemplos, self.pares, self.sueltas = cajas, ejemplos, pares, sueltas

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


async def gather(sistema: Tributa, hechos: Mapping[str, Hecho], embed: Any) -> Datos:
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
    wanted = [one for one in preguntas.load() if one.split in SPLITS and _known(one, hechos)]
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


def _pairs(embed: Any) -> tuple[Any, Any, Any, Any]:
    chance = random.Random(1)
    asked, owner, said, about = [], [], [], []
    for topic, (questions, clauses) in enumerate(read_pares()):
        for one in questions:
            asked += [one, *(f"{one} {chance.choice(NOMBRES_DE)}" for _ in range(2))]
            owner += [topic] * 3
        said += clauses
        about += [topic] * len(clauses)
    return embed(asked), np.array(owner), embed(said), np.array(about)


def _kinds(embed: Any) -> tuple[Any, list[int]]:
    """Questions without contracts with their kinds: those of `clases`, and those of the pairs."""
    texts = {
        line: path.stem
        for path in sorted((Path(__file__).parent / "clases").glob("*.txt"))
        for line in path.read_text().splitlines()
    }
    for block in _blocks():
        kind = next((line[2:] for line in block if line[0] == "#"), "otra")
        texts |= {line[2:]: kind for line in block if line[0] == "?"}
    return kind_rows(list(texts), embed(list(texts))), [CLASES.index(kind) for kind in texts.values()]


def kind_rows(texts: Sequence[str], vectors: Any) -> Any:
    """What tells the kind of each question."""
    return np.column_stack([vectors, [pistas(read_pregunta(text)) for text in texts]])


def read_pares() -> list[tuple[list[str], list[str]]]:
    """Questions and the clauses that answer them, by topic."""
    return [
        ([line[2:] for line in block if line[0] == "?"], [line[2:] for line in block if line[0] == "="])
        for block in _blocks()
    ]


def _blocks() -> list[list[str]]:
    return [
        block.strip().splitlines()
        for path in sorted((Path(__file__).parent / "pares").glob("*.txt"))
        for block in path.read_text().split("\n\n")
    ]


def learn_kinds(datos: Datos, fuera: str = "") -> Any:
    """Weights for the kinds of questions, without those of one taxpayer."""
    rows, labels = datos.sueltas
    asked = [one for one in datos.ejemplos if one.pregunta.tipo != SIN_RESPUESTA and one.clave != fuera]
    own = kind_rows([one.pregunta.texto for one in asked], np.array([one.vector for one in asked]))
    kinds = [CLASES.index(one.pregunta.tipo) if one.pregunta.tipo in CLASES else 0 for one in asked]
    weight = np.array([0.7] * len(labels) + [1.0] * len(kinds))
    return clases(np.concatenate([rows, own]), [*labels, *kinds], weight, len(CLASES))


def fine_tune(datos: Datos, fuera: str = "") -> Afinado:
    """Learn from the pairs, and from the questions of everybody but `fuera`."""
    asked, owner, said, about = datos.pares
    rows = [(asked, said, owner[:, None] == about[None, :])]
    for ejemplo in datos.ejemplos:
        if ejemplo.una and ejemplo.clave != fuera:
            caja = datos.cajas[ejemplo.clave]
            familia = next(one for one in caja.familias if one.contrato.id == ejemplo.contrato)
            keys = [
                (number, at, trozo)
                for number in familia.pasajes
                for at, pieces in enumerate(caja.oraciones[number])
                for trozo in range(len(pieces))
            ]
            matrix = np.concatenate(
                [one for number in familia.pasajes for one in caja.oraciones[number] if len(one)]
            )
            rows.append((ejemplo.vector[None], matrix, np.array([[key in ejemplo.buenas for key in keys]])))
    return afinado(rows)


def choose(ejemplo: Ejemplo, familias: Sequence[Familia]) -> Eleccion:
    """Read a question as the service does."""
    leida = clasificar(read_pregunta(ejemplo.pregunta.texto), ejemplo.vector)
    eleccion = elegir(leida, familias, Rut.parse(ejemplo.clave), None)
    return replace(eleccion, pregunta=replace(eleccion.pregunta, hoy=(2026, 11)))


def sentence_rows(datos: Datos, ejemplo: Ejemplo, afinar: Afinado) -> tuple[Any, Any] | None:
    """What speaks for each sentence of the right contract, and which are right."""
    eleccion = choose(ejemplo, datos.familias(ejemplo, afinar))
    familia = next(one for one, _ in eleccion.familias if one.contrato.id == ejemplo.contrato)
    vistas, peso = mirada(
        eleccion.pregunta, familia, documentos(familia), eleccion.nombra[familia.contrato.id]
    )
    right = [
        (one.oracion.contrato_id, one.oracion.pasaje, one.oracion.trozo) in ejemplo.buenas for one in vistas
    ]
    return (np.array(mirar(vistas, eleccion.pregunta, peso)), np.array(right)) if any(right) else None


def contract_rows(ejemplo: Ejemplo, familias: Sequence[Familia]) -> tuple[Any, Any]:
    """What speaks for each contract, and which is right."""
    eleccion = choose(ejemplo, familias)
    found = candidatos(eleccion.pregunta, eleccion)
    return (
        np.array([one.fila for _, one in found]),
        np.array([one.familia.contrato.id == ejemplo.contrato for _, one in found]),
    )


def enough_row(ejemplo: Ejemplo, familias: Sequence[Familia]) -> tuple[bool, Any, bool]:
    """Whether it asks about a whole contract, what speaks for there being an answer, and if it is right."""
    eleccion = choose(ejemplo, familias)
    found = candidatos(eleccion.pregunta, eleccion)
    shares = partes([score for score, _ in found])
    row = suficiencia(eleccion.pregunta, eleccion, found[0][1], shares[0], familias)
    whole = eleccion.pregunta.clase in SIN_FOCO
    best = found[0][1]
    right = best.familia.contrato.id == ejemplo.contrato
    if right and not whole:
        oracion = best.prueba.oracion if best.prueba else None
        right = oracion is not None and (oracion.contrato_id, oracion.pasaje, oracion.trozo) in ejemplo.buenas
    return whole, np.array(row), right


def made_up(datos: Datos, ejemplo: Ejemplo, familias: Sequence[Familia], afinar: Afinado) -> Iterable[Any]:
    """The same question where nothing answers it: without its contract, without its clause, of another."""
    others = [one for one in familias if one.contrato.id != ejemplo.contrato]
    if others:
        yield others
    gone = {(number, at) for number, at, _ in ejemplo.buenas}
    yield [
        replace(one, pasajes={
            number: [uno for at, uno in enumerate(many) if (number, at) not in gone]
            for number, many in one.pasajes.items()
        })
        for one in familias
    ]  # fmt: skip
    strangers = [clave for clave in sorted(datos.cajas) if clave != ejemplo.clave]
    turn = crc32(ejemplo.pregunta.id.encode())
    if turn % 2:
        yield datos.familias(ejemplo, afinar, strangers[turn // 2 % len(strangers)])


def learn(datos: Datos, say: Any = print) -> tuple[dict[str, Any], Afinado]:
    """Every step on taxpayers left out, then on all."""
    claves = sorted(datos.cajas)
    tuned = {clave: fine_tune(datos, clave) for clave in claves}
    kinds = {clave: learn_kinds(datos, clave).tolist() for clave in claves}
    una = [one for one in datos.ejemplos if one.una]
    rows = {}
    for one in una:
        modelo.CLASE = kinds[one.clave]
        rows[id(one)] = sentence_rows(datos, one, tuned[one.clave])
    fits = {
        clave: listas([rows[id(one)] for one in una if one.clave != clave and rows[id(one)]], NOMBRES)
        for clave in claves
    }
    hits = [bool(row[1][np.argmax(row[0] @ fits[one.clave].vector)]) for one in una if (row := rows[id(one)])]
    say(f"oración correcta, sin haber visto al contribuyente: {np.mean(hits):.3f} de {len(hits)}")
    modelos: dict[str, Any] = {"oracion": listas([row for row in rows.values() if row], NOMBRES).lineal()}

    pares = {}
    modelo.CONTRATO = Lineal(dict.fromkeys(CONTRATO_NOMBRES, 0.0))
    for one in una:
        modelo.ORACION, modelo.CLASE = fits[one.clave].lineal(), kinds[one.clave]
        pares[id(one)] = contract_rows(one, datos.familias(one, tuned[one.clave]))
    known = [one for one in una if pares[id(one)][1].any()]
    chosen = {
        clave: listas([pares[id(one)] for one in known if one.clave != clave], CONTRATO_NOMBRES)
        for clave in claves
    }
    hits = [bool(pares[id(one)][1][np.argmax(pares[id(one)][0] @ chosen[one.clave].vector)]) for one in known]
    say(f"contrato correcto: {np.mean(hits):.3f} de {len(una)} ({len(una) - len(known)} ni mirados)")
    modelos["contrato"] = listas([pares[id(one)] for one in known], CONTRATO_NOMBRES).lineal()

    samples: dict[bool, list[tuple[str, Any, float, float, bool]]] = {True: [], False: []}
    for one in datos.ejemplos:
        modelo.ORACION, modelo.CONTRATO = fits[one.clave].lineal(), chosen[one.clave].lineal()
        modelo.CLASE = kinds[one.clave]
        familias = datos.familias(one, tuned[one.clave])
        whole, row, right = enough_row(one, familias)
        if one.una or one.pregunta.tipo == SIN_RESPUESTA:
            label, weight = float(right), 1.0 if right else 0.3 if one.una else 2.0
            samples[whole].append((one.clave, row, label, weight, one.una))
        if one.una:
            for number, less in enumerate(made_up(datos, one, familias, tuned[one.clave])):
                other, row, _ = enough_row(one, less)
                if number != 1 or not whole:
                    samples[other].append((one.clave, row, 0.0, 0.06, False))
    for name, rows_of in (("basta", samples[False]), ("basta_entero", samples[True])):
        fila, label, weight = (np.array([row[at] for row in rows_of]) for at in (1, 2, 3))
        of = np.array([row[0] for row in rows_of])
        out = np.zeros(len(of))
        for clave in claves:
            if (of == clave).any():
                out[of == clave] = logistica(
                    fila[of != clave], label[of != clave], weight[of != clave], BASTA_NOMBRES
                ).probabilidades(fila[of == clave])
        modelos[name] = logistica(fila, label, weight, BASTA_NOMBRES).lineal()
        real = weight != 0.06
        una = np.array([row[4] for row in rows_of])[real]
        umbral = _threshold(out[real], label[real], una, say, name)
        modelos["umbral" + name.removeprefix("basta")] = umbral
        say(f"  inventadas rechazadas: {np.mean(out[~real] < umbral):.3f}")
    modelos["clase"] = learn_kinds(datos)
    return modelos, fine_tune(datos)


def _threshold(out: Any, label: Any, una: Any, say: Any, name: str) -> float:
    """Where refusing loses few right answers for many questions that have none."""
    table = []
    for limit in np.arange(0.05, 0.95, 0.05):
        lost, kept = np.mean(out[label == 1] < limit), np.mean(out[~una] < limit)
        table.append((1.5 * lost - kept, limit))
        say(
            f"  {name} {limit:.2f}: pierde {lost:.3f} de {int(label.sum())} correctas, rechaza {kept:.3f} de"
            f" {int((~una).sum())} sin respuesta y {np.mean(out[una] < limit):.3f} de las contestables"
        )
    return float(min(table)[1])


def write(modelos: Mapping[str, Any], afinar: Afinado) -> None:
    """Where the product reads them."""
    rows = {
        name: {
            "pesos": {key: round(weight, 4) for key, weight in one.pesos.items()},
            "sesgo": round(one.sesgo, 4),
        }
        if isinstance(one, Lineal)
        else np.round(one, 3 if name == "clase" else 4).tolist()
        for name, one in modelos.items()
    }
    (ROOT / "bot/core/contratos/modelo.json").write_text(json.dumps(rows, separators=(",", ":")) + "\n")
    afinar.write(ROOT / "bot/rag/afinado.npz")


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        hechos = {
            one.id: make(one, Path(folder) / one.rut)
            for one in load_fuentes().values()
            if one.split in SPLITS
        }
        async with open_tributa() as sistema:
            datos = await gather(sistema, hechos, sistema.embed)
    write(*learn(datos))


if __name__ == "__main__":
    asyncio.run(main())
