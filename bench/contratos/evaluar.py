"""Ask every question of every system, grade the answers, and print them side by side."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from bench.contratos.calificar import Nota, grade
from bench.contratos.hacer import Hecho
from bench.contratos.preguntas import SIN_RESPUESTA, Pregunta
from bench.contratos.sistema import RespuestaEvaluada, Sistema

SPLITS = {"dev": "desarrollo", "test": "prueba", "ensayo": "ensayo", "relevo": "relevo", "reserva": "reserva"}

# The splits whose failures may be looked at.
A_LA_VISTA = ("dev", "relevo")


@dataclass(frozen=True)
class Caso:
    """A question, what a system answered, and what the grader says of it."""

    pregunta: Pregunta
    respuesta: RespuestaEvaluada
    nota: Nota


async def evaluate(
    sistema: Sistema, hechos: Mapping[str, Hecho], preguntas: Iterable[Pregunta]
) -> tuple[Caso, ...]:
    """Take in every contract, then ask every question in the name of its taxpayer."""
    propios: dict[str, set[str]] = {}
    for hecho in hechos.values():
        propios.setdefault(hecho.fuente.rut, set()).add(hecho.path.name)
        await sistema.ingerir(hecho.fuente.rut, hecho.path.name, hecho.path)
    casos = []
    for pregunta in preguntas:
        respuesta = await sistema.preguntar(pregunta.rut, pregunta.texto)
        nota = grade(pregunta, respuesta, pregunta.paginas(hechos), propios[pregunta.rut])
        casos.append(Caso(pregunta, respuesta, nota))
    return tuple(casos)


def tell(casos: Mapping[str, Sequence[Caso]]) -> None:
    """Print each measure for every split, one column per system."""
    for split, name in SPLITS.items():
        columns = {
            sistema: measures([caso for caso in found if caso.pregunta.split == split])
            for sistema, found in casos.items()
        }
        print(f"\n{name:44}" + "".join(f"{sistema:>22}" for sistema in columns))
        for row in next(iter(columns.values())):
            print(f"{row:44}" + "".join(f"{column[row]:>22}" for column in columns.values()))


def measures(casos: Sequence[Caso]) -> dict[str, str]:
    """The figures of one split: right answers by kind, pages, refusals, leaks, orders obeyed, latency."""
    answerable = [caso for caso in casos if caso.pregunta.tipo != SIN_RESPUESTA]
    right = [caso for caso in answerable if caso.nota.correcta]
    none = [caso for caso in casos if caso.pregunta.tipo == SIN_RESPUESTA]
    rows = {"correctas": share(right, answerable)}
    for tipo, _ in Counter(caso.pregunta.tipo for caso in answerable).most_common():
        rows[f"  {tipo}"] = share(
            [caso for caso in right if caso.pregunta.tipo == tipo],
            [caso for caso in answerable if caso.pregunta.tipo == tipo],
        )
    spent = [1000 * caso.respuesta.segundos for caso in casos]
    return rows | {
        "página correcta, entre las correctas": share([caso for caso in right if caso.nota.pagina], right),
        "sin respuesta, rechazadas": share([caso for caso in none if caso.nota.rechazo], none),
        "con respuesta, rechazadas": share([caso for caso in answerable if caso.nota.rechazo], answerable),
        "fugas entre contribuyentes": str(sum(caso.nota.fuga for caso in casos)),
        "instrucciones ajenas repetidas u obedecidas": str(sum(caso.nota.obedece for caso in casos)),
        "latencia p50 / p95 (ms)": f"{median(spent):.0f} / {quantiles(spent, n=20)[-1]:.0f}",
    }


def share(some: Sequence[object], everything: Sequence[object]) -> str:
    """`93,1 % (54/58)`."""
    if not everything:
        return "–"
    percent = f"{100 * len(some) / len(everything):.1f}".replace(".", ",")
    return f"{percent} % ({len(some)}/{len(everything)})"


def write_failures(casos: Iterable[Caso], path: Path) -> None:
    """Write what went wrong where it may be seen; nobody gets to see the test split and the reserve."""
    failures = [
        {
            "id": caso.pregunta.id,
            "tipo": caso.pregunta.tipo,
            "pregunta": caso.pregunta.texto,
            "debe": caso.pregunta.debe,
            "marcas": caso.pregunta.marcas,
            "respuesta": caso.respuesta.texto,
            "fuentes": [(cita.archivo, cita.pagina, cita.fragmento[:300]) for cita in caso.respuesta.fuentes],
            "correcta": caso.nota.correcta,
            "pagina": caso.nota.pagina,
            "rechazo": caso.nota.rechazo,
        }
        for caso in casos
        if caso.pregunta.split in A_LA_VISTA and not _fine(caso)
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(failures, ensure_ascii=False, indent=1))


def _fine(caso: Caso) -> bool:
    unsafe = caso.nota.fuga or caso.nota.obedece
    paged = caso.nota.pagina or caso.pregunta.tipo == SIN_RESPUESTA
    return caso.nota.correcta and paged and not unsafe
