"""What was learned without each taxpayer answers that taxpayer: `python -m bench.contratos.cruzado`.

The product's own answers, with weights that never saw who asks: what the training splits themselves can tell.
"""

import asyncio
import time
from collections.abc import Sequence

from bench.contratos.aprender import Afinado
from bench.contratos.calificar import grade
from bench.contratos.datos import SPLITS, Datos, Ejemplo
from bench.contratos.entrenar import TODOS, gathered, learn
from bench.contratos.evaluar import Caso, measures
from bench.contratos.hacer import Hecho
from bench.contratos.sistema import Cita, RespuestaEvaluada
from bench.contratos.tributa import DOMAIN, Hoy
from bot.channels.textos import DomainTexts
from bot.core.rut import Rut
from bot.services.contratos_eleccion import Familia
from bot.services.ports import Quien
from bot.services.respuestas_contratos import RespuestasContratosService

# Nothing is learned from it, and nobody looks at what fails in it.
RESERVA = "reserva"


class Ajena(RespuestasContratosService):
    """The service over vectors that are at hand."""

    def __init__(self) -> None:
        super().__init__(None, None, DomainTexts(DOMAIN), Hoy())  # type: ignore[arg-type]
        self.presente: tuple[list[Familia], Sequence[float]] = ([], ())

    async def familias(self, quien: Quien, pregunta: str) -> tuple[list[Familia], Sequence[float]]:
        return self.presente


async def ask(
    servicio: Ajena, datos: Datos, ejemplo: Ejemplo, afinar: Afinado, hechos: dict[str, Hecho]
) -> Caso:
    """Answer one question, and grade it."""
    pregunta = ejemplo.pregunta
    servicio.presente = datos.familias(ejemplo, afinar), ejemplo.vector
    began = time.perf_counter()
    answer = await servicio.responder(Quien(Rut.parse(ejemplo.clave)), pregunta.texto)
    cited = tuple(Cita(one.archivo, one.pagina, one.fragmento) for one in answer.fuentes)
    said = RespuestaEvaluada(answer.texto, cited, answer.rechazo, time.perf_counter() - began)
    own = {one.path.name for one in hechos.values() if one.fuente.rut == ejemplo.clave}
    return Caso(pregunta, said, grade(pregunta, said, pregunta.paginas(hechos), own))


async def main() -> None:
    """Learn without each taxpayer and ask as that taxpayer; the reserve is asked with what all taught."""
    datos, hechos = await gathered((*SPLITS, RESERVA))
    known, apart = datos.aparte(RESERVA)
    ajenos = learn(known)
    servicio = Ajena()
    asked = sorted(known.ejemplos, key=lambda one: one.clave)
    casos = [await ask(servicio, datos, one, ajenos.usar(one.clave), hechos) for one in asked]
    casos += [await ask(servicio, datos, one, ajenos.usar(TODOS), hechos) for one in apart]
    for split in (*SPLITS, RESERVA):
        print(f"\n{split}")
        for row, value in measures([one for one in casos if one.pregunta.split == split]).items():
            print(f"{row:44}{value:>22}")


if __name__ == "__main__":
    asyncio.run(main())
