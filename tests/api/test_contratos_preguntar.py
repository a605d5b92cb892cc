"""Questions about contracts over HTTP."""

from typing import Any

import pytest

from bot.core.contratos.temas import Clase
from bot.services.contratos_redaccion import Fuente, RespuestaContratos
from bot.services.ports import Quien
from bot.services.respuestas_contratos import RespuestasContratosService
from tests.api.conftest import Client
from tests.conftest import A


async def test_an_answer_has_its_sources(
    client: Client, as_a: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked in the name of the session; the answer, its kind, and where each passage stands."""
    heard = []

    async def responder(self: Any, quien: Quien, pregunta: str, contexto: int | None) -> RespuestaContratos:
        heard.append((quien.rut, pregunta, contexto))
        return RespuestaContratos("Esto dice…", Clase.MULTA, (Fuente(9, "b.pdf", 2, "La multa…"),), 9)

    monkeypatch.setattr(RespuestasContratosService, "responder", responder)
    reply = await client.post("/api/contratos/ask", json={"question": " ¿y la multa? "}, headers=as_a)
    assert await reply.json() == {
        "respuesta": "Esto dice…",
        "categoria": "multa",
        "fuentes": [{"contrato_id": 9, "archivo": "b.pdf", "pagina": 2, "fragmento": "La multa…"}],
    }
    assert heard == [(A, "¿y la multa?", None)]


async def test_without_contracts(client: Client, as_a: dict[str, str]) -> None:
    """Nothing to answer from is no failure; no question and no session are."""
    reply = await client.post("/api/contratos/ask", json={"question": "¿cuánto es la multa?"}, headers=as_a)
    body = await reply.json()
    assert (reply.status, body["fuentes"]) == (200, [])
    assert (await client.post("/api/contratos/ask", json={"question": " "}, headers=as_a)).status == 422
    assert (await client.post("/api/contratos/ask", json={"question": "x"})).status == 401
