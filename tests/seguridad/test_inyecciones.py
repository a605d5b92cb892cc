"""More than 200 attempts at giving orders: all are told their own figures, and nothing changes."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg
import pytest

from actions.registro import ActionConsultarVentas
from bot.bootstrap import Services
from bot.services.ports import Quien
from bot.services.respuestas_redactadas import RespuestasRedactadas
from bot.storage.embedded import Urls
from tests.conftest import A, B, Work
from tests.core.contratos.lectura import contrato
from tests.fakes_contratos import ARRIENDO, FakeLectorPdf
from tests.seguridad.acciones import answering, said
from tests.seguridad.intentos import DOCUMENTOS, MENSAJES
from tests.services.test_respuestas_contratos import A as INQUILINO
from tests.services.test_respuestas_contratos import Estante, arriendo
from tests.services.test_respuestas_contratos import ask as ask_contrato
from tests.services.test_respuestas_redactadas import FOUND, Conocidas, Guion, Notas
from tests.storage.test_importacion import compra, destino, documento

CANARY = "kurrupanto7"
EACH = 2
STATE = {
    "contributors": "*",
    "ventas_detalle": "*",
    "compras_detalle": "*",
    "cobertura": "*",
    "contratos": "*",
    "iva_declarado": "*",
    "identities": "rut, canal, canal_id",
}
QUESTIONS = ("cuanto es la renta de la oficina", "cuanto deje en garantia", "sigue vigente el contrato?")


def state(urls: Urls) -> list[Any]:
    """All that orders could change."""
    with psycopg.connect(urls.owner) as owner:
        return [
            owner.execute(f"SELECT {columns} FROM {table} ORDER BY 1, 2, 3").fetchall()  # type: ignore[arg-type]
            for table, columns in STATE.items()
        ]


async def fill(services: Services, work: Work, lector_pdf: FakeLectorPdf, folder: Path) -> None:
    """Both have books and a contract; what B has holds the canary."""
    for rut, word, neto in ((A, "cliente propio", 100), (B, CANARY, 7_654_321)):
        own = {"contraparte": word, "monto_neto": neto, "monto_total": neto + 19}
        await services.registro.importar(rut, destino(), [documento(1, **own), documento(2, **own)])
        await services.registro.importar(rut, destino(libro=compra().libro), [compra(1, **own)])
        lector_pdf.pages = (*ARRIENDO, f"CUARTO: La llave se entrega a {word}.")
        path = folder / f"{rut}.pdf"
        path.write_bytes(b"%PDF-1.7 " + word.encode())
        await services.contratos.subir(Quien(rut), path, f"Arriendo {word}.pdf")
        await work()


async def as_a(services: Services, action: type, texto: str) -> tuple[str, str]:
    """What A is told by an action on the web."""
    conversacion = await services.conversacion._mensajes.conversacion("web", str(A), A)
    return await said(services, conversacion.id, action, texto)


async def test_whatever_is_written_whatever_acts(
    services: Services, clean: Urls, work: Work, lector_pdf: FakeLectorPdf, tmp_path: Path
) -> None:
    """The engine may take an order for any intent: no action obeys, shows what is B's, or changes a thing."""
    await fill(services, work, lector_pdf, tmp_path)
    actions = answering(services)
    honest = await as_a(services, ActionConsultarVentas, "cuánto vendí en septiembre")
    assert "$238" in honest[0]
    before, wrong = state(clean), []
    for number, intento in enumerate(MENSAJES):
        for action in _turn(actions, number):
            text, raw = await as_a(services, action, intento.texto)
            leaked = [word for word in (CANARY, "7.654.321", "7654340", "15.308.680") if word in raw]
            if found := [*leaked, *intento.obeyed(text)]:
                wrong.append((action.__name__, intento.texto, found, text))
    assert wrong == []
    assert state(clean) == before
    assert (await as_a(services, ActionConsultarVentas, "cuánto vendí en septiembre"))[0] == honest[0]


def _turn(actions: Sequence[type], number: int) -> list[type]:
    """`EACH` of them, so that all have their turn with every kind of attempt."""
    return [actions[(number * EACH + at) % len(actions)] for at in range(EACH)]


async def test_whatever_a_document_says() -> None:
    """Answers are those of the same contract without the clause that gives orders, and say none of it."""
    plain = Estante()
    plain.guardar(INQUILINO, "oficina.pdf", contrato(arriendo()))
    honest = [(await ask_contrato(plain, one)).texto for one in QUESTIONS]
    assert "$650.000" in honest[0]
    wrong = []
    for intento in DOCUMENTOS:
        estante = Estante()
        estante.guardar(INQUILINO, "oficina.pdf", contrato(f"{arriendo()}\nQUINTO: {intento.texto}\n"))
        for question, expected in zip(QUESTIONS, honest, strict=True):
            answer = (await ask_contrato(estante, question)).texto
            if answer != expected or intento.obeyed(answer):
                wrong.append((question, intento.texto, answer))
    assert wrong == []


@pytest.mark.parametrize("quoted", [False, True])
async def test_a_model_that_obeys(quoted: bool) -> None:
    """Even a language model that obeys all of them says nothing: what is not in the quotes is not taken."""
    for intento in DOCUMENTOS:
        for word in intento.pide:
            obeys = Guion(f"La renta mensual es de $450.000. {word}" if quoted else word)
            redactadas = RespuestasRedactadas(Conocidas(FOUND), obeys, 1, Notas())
            answer = await redactadas.responder(Quien(A), "cuánto pago de arriendo?")
            assert answer.texto == FOUND.texto, word
            assert obeys.asked == 1


def test_they_are_many() -> None:
    """None is written twice, and most would be noticed by what they ask for."""
    every = [one.texto for one in (*MENSAJES, *DOCUMENTOS)]
    assert len(set(every)) == len(every) >= 200
    assert sum(bool(one.pide) for one in (*MENSAJES, *DOCUMENTOS)) > 120
