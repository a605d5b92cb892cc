"""Learn to answer from pairs and from the questions of the splits that may be looked at.

`python -m bench.contratos.entrenar` writes `bot/core/contratos/modelo.json` and `bot/rag/afinado.npz`, and
prints how well each step does on taxpayers that it did not learn from. The test split is never read.
"""

import asyncio
import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

from bench.contratos.aprender import Afinado, Ajuste, afinado, clases, listas, logistica
from bench.contratos.datos import SPLITS, Datos, Ejemplo, gather, kind_rows
from bench.contratos.fuentes import load as load_fuentes
from bench.contratos.hacer import Hecho, make
from bench.contratos.preguntas import SIN_RESPUESTA
from bench.contratos.tributa import open_tributa
from bot.core.contratos import modelo
from bot.core.contratos.clase import CLASES, clasificar
from bot.core.contratos.modelo import Lineal, partes
from bot.core.contratos.pregunta import read_pregunta
from bot.core.contratos.rasgos import NOMBRES, mirar
from bot.core.rut import Rut
from bot.services.contratos_eleccion import Eleccion, Familia, elegir
from bot.services.contratos_evidencia import documentos, mirada
from bot.services.contratos_rasgos import BASTA_NOMBRES, CONTRATO_NOMBRES, SIN_FOCO, candidatos, suficiencia

# What no question of the corpus has is not learned: the clause that is named, the contract talked about.
SUPUESTOS = {"clausula": 4.0, "hablado": 1.5}
# The part of the questions with an answer that may be refused.
PERDIDAS = 0.03
# In the place of who is left out: nobody.
TODOS = ""
ROOT = Path(__file__).parents[2]


def learn_kinds(datos: Datos, fuera: str = TODOS) -> Any:
    """Weights for the kinds of questions, without those of one taxpayer."""
    rows, labels = datos.sueltas
    asked = [one for one in datos.ejemplos if one.pregunta.tipo != SIN_RESPUESTA and one.clave != fuera]
    own = kind_rows([one.pregunta.texto for one in asked], np.array([one.vector for one in asked]))
    kinds = [CLASES.index(one.pregunta.tipo) if one.pregunta.tipo in CLASES else 0 for one in asked]
    weight = np.array([0.7] * len(labels) + [1.0] * len(kinds))
    return clases(np.concatenate([rows, own]), [*labels, *kinds], weight, len(CLASES))


def fine_tune(datos: Datos, fuera: str = TODOS) -> Afinado:
    """Learn from the pairs, and from the questions of everybody but `fuera`."""
    rows = list(datos.pares)
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


@dataclass
class Ajenos:
    """What was learned without each taxpayer: to try it on what it has not seen."""

    afinados: dict[str, Afinado]
    clases: dict[str, Any]
    oracion: dict[str, Ajuste]
    contrato: dict[str, Ajuste]
    basta: dict[tuple[str, bool], Lineal] = field(default_factory=dict)
    umbral: dict[bool, float] = field(default_factory=dict)

    def usar(self, clave: str) -> Afinado:
        """Have the product use what was learned without one."""
        empty = Ajuste(CONTRATO_NOMBRES, np.zeros(len(CONTRATO_NOMBRES)))
        modelo.CLASE = self.clases[clave]
        modelo.ORACION = self.oracion.get(clave, Ajuste(NOMBRES, np.zeros(len(NOMBRES)))).lineal()
        modelo.CONTRATO = self.contrato.get(clave, empty).lineal()
        modelo.BASTA = self.basta.get((clave, False), modelo.BASTA)
        modelo.BASTA_ENTERO = self.basta.get((clave, True), modelo.BASTA_ENTERO)
        modelo.UMBRAL = self.umbral.get(False, modelo.UMBRAL)
        modelo.UMBRAL_ENTERO = self.umbral.get(True, modelo.UMBRAL_ENTERO)
        return self.afinados[clave]


def learn(datos: Datos, say: Any = print) -> Ajenos:
    """Every step on taxpayers left out, and (`TODOS`) on all."""
    claves = [TODOS, *sorted(datos.cajas)]
    kinds = {clave: learn_kinds(datos, clave).tolist() for clave in claves}
    ajenos = Ajenos({clave: fine_tune(datos, clave) for clave in claves}, kinds, {}, {})
    rows = {
        id(one): row
        for one in datos.ejemplos
        if one.una and (row := sentence_rows(datos, one, ajenos.usar(one.clave)))
    }
    ajenos.oracion |= _lists(datos, rows, NOMBRES)
    say(f"oración correcta, sin haber visto al contribuyente: {_hits(datos, rows, ajenos.oracion)}")
    rows = {
        id(one): contract_rows(one, datos.familias(one, ajenos.usar(one.clave)))
        for one in datos.ejemplos
        if one.una
    }
    rows = {key: row for key, row in rows.items() if row[1].any()}
    ajenos.contrato |= _lists(datos, rows, CONTRATO_NOMBRES)
    say(f"contrato correcto: {_hits(datos, rows, ajenos.contrato)}")
    for whole, found in enough_rows(datos, ajenos).items():
        ajenos.basta |= {(clave, whole): one for clave, one in _enough(found).items()}
        ajenos.umbral[whole] = _threshold(found, ajenos, whole, say)
    return ajenos


def _lists(datos: Datos, rows: Mapping[int, tuple[Any, Any]], nombres: Sequence[str]) -> dict[str, Ajuste]:
    """A choice among rows learned without each taxpayer, and from all."""
    return {
        clave: listas(
            [rows[id(one)] for one in datos.ejemplos if one.clave != clave and id(one) in rows], nombres
        )
        for clave in (TODOS, *datos.cajas)
    }


def _hits(datos: Datos, rows: Mapping[int, tuple[Any, Any]], ajenos: Mapping[str, Ajuste]) -> str:
    asked = [one for one in datos.ejemplos if id(one) in rows]
    right = [bool(rows[id(one)][1][np.argmax(rows[id(one)][0] @ ajenos[one.clave].vector)]) for one in asked]
    return f"{np.mean(right):.3f} de {len(right)}"


@dataclass
class Muestra:
    """A question with what speaks for an answer; `una` if it has one, `inventada` if that was taken away."""

    clave: str
    fila: Any
    correcta: bool
    una: bool
    inventada: bool = False

    @property
    def peso(self) -> float:
        """A wrong answer is a little reason to refuse, a question without an answer a good one."""
        return 0.06 if self.inventada else 1.0 if self.correcta else 0.3 if self.una else 2.0


def enough_rows(datos: Datos, ajenos: Ajenos) -> dict[bool, list[Muestra]]:
    """Questions about something in a contract (False) and about a whole one (True)."""
    samples: dict[bool, list[Muestra]] = {False: [], True: []}
    for one in datos.ejemplos:
        afinar = ajenos.usar(one.clave)
        familias = datos.familias(one, afinar)
        whole, row, right = enough_row(one, familias)
        if one.una or one.pregunta.tipo == SIN_RESPUESTA:
            samples[whole].append(Muestra(one.clave, row, right, one.una))
        for number, less in enumerate(made_up(datos, one, familias, afinar) if one.una else ()):
            other, row, _ = enough_row(one, less)
            if number != 1 or not whole:
                samples[other].append(Muestra(one.clave, row, False, False, inventada=True))
    return samples


def _enough(found: Sequence[Muestra]) -> dict[str, Lineal]:
    """Whether there is an answer, learned without each taxpayer, and (`TODOS`) from all."""
    learned = {}
    for clave in {TODOS, *(one.clave for one in found)}:
        rest = [one for one in found if one.clave != clave]
        label = np.array([float(one.correcta) for one in rest])
        weight = np.array([one.peso for one in rest])
        fitted = logistica(np.array([one.fila for one in rest]), label, weight, BASTA_NOMBRES)
        learned[clave] = fitted.lineal()
    return learned


def _threshold(found: Sequence[Muestra], ajenos: Ajenos, whole: bool, say: Any) -> float:
    """The highest that refuses no more of the questions with an answer than may be (`PERDIDAS`)."""
    real = [one for one in found if not one.inventada]
    out = np.array([ajenos.basta[one.clave, whole].probabilidad(one.fila) for one in real])
    una, right = np.array([one.una for one in real]), np.array([one.correcta for one in real])
    limits = [limit for limit in np.arange(0.02, 0.9, 0.02) if np.mean(out[una] < limit) <= PERDIDAS]
    for limit in (*np.arange(0.05, 0.75, 0.1), limits[-1]):
        say(
            f"  {'entero' if whole else 'oración'} {limit:.2f}: rechaza {np.mean(out[una] < limit):.3f} de"
            f" {una.sum()} contestables ({np.mean(out[right] < limit):.3f} de las correctas) y"
            f" {np.mean(out[~una] < limit):.3f} de {(~una).sum()} sin respuesta"
        )
    return float(limits[-1])


def write(ajenos: Ajenos) -> None:
    """What was learned from all, where the product reads it."""
    steps = {"oracion": ajenos.oracion[TODOS].lineal(), "contrato": ajenos.contrato[TODOS].lineal()}
    steps |= {f"basta{'_entero' * whole}": ajenos.basta[TODOS, whole] for whole in (False, True)}
    rows: dict[str, Any] = {
        name: {
            "pesos": {key: round(SUPUESTOS.get(key, weight), 4) for key, weight in one.pesos.items()},
            "sesgo": round(one.sesgo, 4),
        }
        for name, one in steps.items()
    }
    rows |= {f"umbral{'_entero' * whole}": round(ajenos.umbral[whole], 4) for whole in (False, True)}
    rows["clase"] = np.round(ajenos.clases[TODOS], 3).tolist()
    (ROOT / "bot/core/contratos/modelo.json").write_text(json.dumps(rows, separators=(",", ":")) + "\n")
    ajenos.afinados[TODOS].write(ROOT / "bot/rag/afinado.npz")


async def gathered(splits: Sequence[str] = SPLITS) -> tuple[Datos, dict[str, Hecho]]:
    """Contracts, questions and pairs of some splits; those that may be learned from, unless told."""
    with tempfile.TemporaryDirectory() as folder:
        hechos = {
            one.id: make(one, Path(folder) / one.rut)
            for one in load_fuentes().values()
            if one.split in splits
        }
        async with open_tributa() as sistema:
            return await gather(sistema, hechos, sistema.embed, splits), hechos


def main() -> None:
    """Learn and write."""
    datos, _ = asyncio.run(gathered())
    write(learn(datos))


if __name__ == "__main__":
    main()
