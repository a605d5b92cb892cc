"""Learn to answer from pairs and from the questions of the splits that may be looked at.

`python -m bench.contratos.entrenar` writes `bot/core/contratos/modelo.json` and `bot/rag/afinado.npz`, and
prints how well each step does on taxpayers that it did not learn from. The test split is never read.
"""

import asyncio
import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

from bench.contratos.aprender import Afinado, Ajuste, afinado, clases, listas, logistica
from bench.contratos.datos import SPLITS, Datos, Ejemplo, gather, kind_rows
from bench.contratos.fuentes import load as load_fuentes
from bench.contratos.hacer import make
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
ROOT = Path(__file__).parents[2]


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

    def usar(self, clave: str) -> Afinado:
        """Have the product use what was learned without one."""
        empty = Ajuste(CONTRATO_NOMBRES, np.zeros(len(CONTRATO_NOMBRES)))
        modelo.CLASE = self.clases[clave]
        modelo.ORACION = self.oracion.get(clave, Ajuste(NOMBRES, np.zeros(len(NOMBRES)))).lineal()
        modelo.CONTRATO = self.contrato.get(clave, empty).lineal()
        return self.afinados[clave]


def learn(datos: Datos, say: Any = print) -> tuple[dict[str, Any], Afinado]:
    """Every step on taxpayers left out, then on all."""
    claves = sorted(datos.cajas)
    kinds = {clave: learn_kinds(datos, clave).tolist() for clave in claves}
    ajenos = Ajenos({clave: fine_tune(datos, clave) for clave in claves}, kinds, {}, {})
    modelos: dict[str, Any] = {"clase": learn_kinds(datos)}
    rows = {
        id(one): row
        for one in datos.ejemplos
        if one.una and (row := sentence_rows(datos, one, ajenos.usar(one.clave)))
    }
    modelos["oracion"] = _lists(datos, rows, NOMBRES, ajenos.oracion)
    say(f"oración correcta, sin haber visto al contribuyente: {_hits(datos, rows, ajenos.oracion)}")
    rows = {
        id(one): contract_rows(one, datos.familias(one, ajenos.usar(one.clave)))
        for one in datos.ejemplos
        if one.una
    }
    rows = {key: row for key, row in rows.items() if row[1].any()}
    modelos["contrato"] = _lists(datos, rows, CONTRATO_NOMBRES, ajenos.contrato)
    say(f"contrato correcto: {_hits(datos, rows, ajenos.contrato)}")
    for whole, found in enough_rows(datos, ajenos).items():
        name = "_entero" * whole
        modelos[f"basta{name}"], modelos[f"umbral{name}"] = _enough(found, f"basta{name}", say)
    return modelos, fine_tune(datos)


def _lists(
    datos: Datos, rows: Mapping[int, tuple[Any, Any]], nombres: Sequence[str], ajenos: dict[str, Ajuste]
) -> Lineal:
    """A choice among rows learned without each taxpayer (into `ajenos`), and from all."""
    for clave in datos.cajas:
        ajenos[clave] = listas(
            [rows[id(one)] for one in datos.ejemplos if one.clave != clave and id(one) in rows], nombres
        )
    return listas(list(rows.values()), nombres).lineal()


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


def _enough(found: Sequence[Muestra], name: str, say: Any) -> tuple[Lineal, float]:
    fila, label = np.array([one.fila for one in found]), np.array([float(one.correcta) for one in found])
    weight, of = np.array([one.peso for one in found]), np.array([one.clave for one in found])
    out = np.zeros(len(of))
    for clave in set(of):
        rest = of != clave
        fitted = logistica(fila[rest], label[rest], weight[rest], BASTA_NOMBRES)
        out[~rest] = fitted.probabilidades(fila[~rest])
    real = np.array([not one.inventada for one in found])
    una = np.array([one.una for one in found])
    umbral = _threshold(out[real], label[real], una[real], say, name)
    return logistica(fila, label, weight, BASTA_NOMBRES).lineal(), umbral


def _threshold(out: Any, label: Any, una: Any, say: Any, name: str) -> float:
    """Where refusing loses few right answers (each weighs three) for many questions that have none."""
    table = []
    for limit in np.arange(0.05, 0.95, 0.05):
        lost, kept = np.mean(out[label == 1] < limit), np.mean(out[~una] < limit)
        table.append((3 * lost - kept, limit))
        say(
            f"  {name} {limit:.2f}: pierde {lost:.3f} de {int(label.sum())} correctas, rechaza {kept:.3f} de"
            f" {int((~una).sum())} sin respuesta y {np.mean(out[una] < limit):.3f} de las contestables"
        )
    return float(min(table)[1])


def write(modelos: Mapping[str, Any], afinar: Afinado) -> None:
    """Where the product reads them."""
    rows = {
        name: {
            "pesos": {key: round(SUPUESTOS.get(key, weight), 4) for key, weight in one.pesos.items()},
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
