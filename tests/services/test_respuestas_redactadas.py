"""A language model's words: taken if they say nothing new, and never waited for long."""

import asyncio

import pytest

from bot.core.contratos.temas import Clase
from bot.core.errors import ServiceUnavailableError
from bot.services.contratos_redaccion import Fuente, RespuestaContratos
from bot.services.ports import Quien
from bot.services.respuestas_redactadas import RespuestasRedactadas
from tests.conftest import A

CITA = "La renta mensual será de $450.000, pagadera los primeros cinco días de cada mes."
REST = f"\n«{CITA}»\n_Bodega, página 2 (cláusula cuarta)_"
FOUND = RespuestaContratos(
    f"*$450.000*, según «Bodega».{REST}", Clase.MONTO, (Fuente(7, "Bodega", 2, CITA),), 7
)


class Conocidas:
    """Always the same grounded answer."""

    def __init__(self, answer: RespuestaContratos) -> None:
        self.answer = answer

    async def responder(self, quien: Quien, pregunta: str, contexto: int | None = None) -> RespuestaContratos:
        return self.answer


class Guion:
    """A model that says what the test says, fails, or never ends."""

    def __init__(self, said: str | Exception | None) -> None:
        self.said, self.asked = said, 0

    async def redactar(self, pregunta: str, respuesta: str, cita: str) -> str:
        self.asked += 1
        if self.said is None:
            await asyncio.Event().wait()
        if isinstance(self.said, Exception):
            raise self.said
        return str(self.said)


class Notas:
    """What was written to the log."""

    def __init__(self) -> None:
        self.held: list[object] = []

    async def write(self, evento: str, rut: object = None, **datos: object) -> None:
        self.held.append(datos["resultado"])


@pytest.mark.parametrize(
    ("said", "used", "noted"),
    [
        ("La renta mensual es de $450.000.", True, "usada"),
        ("La renta mensual\nes de $450.000.", True, "usada"),
        ("La renta mensual es de $45.000.", False, "rechazada"),
        ("", False, "rechazada"),
        (None, False, "tarde"),
        (ServiceUnavailableError(), False, "sin servicio"),
    ],
)
async def test_the_first_line_only(said: str | Exception | None, used: bool, noted: str) -> None:
    """What is faithful takes the first line's place; whatever else happens, the answer stands as it was."""
    notas = Notas()
    redactadas = RespuestasRedactadas(Conocidas(FOUND), Guion(said), 0.01, notas)
    answer = await redactadas.responder(Quien(A), "cuánto pago de arriendo?")
    first = "La renta mensual es de $450.000." if used else "*$450.000*, según «Bodega»."
    assert answer.texto == first + REST
    assert (answer.fuentes, notas.held) == (FOUND.fuentes, [noted])


@pytest.mark.parametrize(
    "answer",
    [
        RespuestaContratos("No lo encuentro en tus contratos.", Clase.MONTO, rechazo=True),
        RespuestaContratos("Tienes tres:\n• uno", Clase.LISTA, FOUND.fuentes),
        RespuestaContratos("¿De cuál contrato me hablas?", Clase.MONTO),
    ],
)
async def test_nothing_to_phrase(answer: RespuestaContratos) -> None:
    """Refusals, lists and questions back are never given to a model."""
    guion = Guion("Claro que sí.")
    found = await RespuestasRedactadas(Conocidas(answer), guion, 1, Notas()).responder(Quien(A), "¿?")
    assert found is answer and not guion.asked
