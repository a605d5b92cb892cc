"""Cases over HTTP: agents see masked, answer, and are noted; the assistant is quiet meanwhile."""

from typing import Any
from uuid import uuid4

import pytest

from bot.core.mensajes import Paso
from tests.api.conftest import Client
from tests.conftest import A
from tests.fakes import FakeMotor

BASE = "/api/admin/casos"
SAID = "mi factura 4321 de Sodimac"


@pytest.fixture
async def caso(client: Client, as_a: dict[str, str], as_admin: dict[str, str], motor: FakeMotor) -> str:
    """A has asked for a person at the web chat; the case's address."""
    motor.paso = Paso.ESPERA
    await client.post("/api/chat", json={"mensaje": "quiero una persona"}, headers=as_a)
    motor.paso = None
    turno = await (await client.post("/api/chat", json={"mensaje": SAID}, headers=as_a)).json()
    assert (turno["con_persona"], turno["mensajes"], turno["respuesta"]) == (True, [], "")
    return await newest(client, as_admin)


async def newest(client: Client, as_admin: dict[str, str]) -> str:
    """The address of the only open case."""
    [listed] = (await (await client.get(BASE, headers=as_admin)).json())["casos"]
    return f"{BASE}/{listed['id']}"


async def act(client: Client, path: str, headers: dict[str, str], **body: Any) -> tuple[int, dict[str, Any]]:
    """Do something to a case: the status and what is answered."""
    answer = await client.post(path, json=body, headers=headers)
    return answer.status, await answer.json()


@pytest.mark.parametrize("path", [BASE, f"{BASE}/1"])
async def test_only_admins(client: Client, as_a: dict[str, str], as_agent: dict[str, str], path: str) -> None:
    """Neither nobody, nor a taxpayer, nor an agent's program gets in."""
    for headers in ({}, as_a, as_agent):
        assert (await client.get(path, headers=headers)).status == 401


async def test_from_the_list_to_the_end(
    client: Client, caso: str, as_a: dict[str, str], as_admin: dict[str, str]
) -> None:
    """Listed, read, answered, heard by the person, closed, and gone from the list."""
    [listed] = (await (await client.get(BASE, headers=as_admin)).json())["casos"]
    assert (listed["estado"], listed["responde"], listed["canal"]) == ("abierto", "agente", "web")
    assert (listed["rut"], listed["nombre"]) == ("••••••83-9", "Comercial Alerce SpA")
    clave = str(uuid4())
    for _ in range(2):  # the first answer was lost on its way
        status, said = await act(client, f"{caso}/responder", as_admin, texto=" Ya la veo ", id_mensaje=clave)
        assert (status, said["texto"], said["de"]) == (200, "👤 Ya la veo", "agente")
    heard = (await (await client.get("/api/chat", headers=as_a)).json())["mensajes"]
    assert [one["texto"] for one in heard if "👤" in one["texto"]] == ["👤 Ya la veo"]
    assert (await act(client, f"{caso}/tomar", as_admin))[1]["agente"] == "entorno"
    shown = await (await client.get(caso, headers=as_admin)).json()
    status, problem = await act(client, f"{caso}/cerrar", as_admin, ultimo_mensaje=shown["ultimo_id"] - 1)
    assert (status, problem["type"]) == (409, "/problemas/caso_movido")
    status, closed = await act(client, f"{caso}/cerrar", as_admin, ultimo_mensaje=shown["ultimo_id"])
    assert (status, closed["estado"], closed["cierre"]) == (200, "cerrado", "agente")
    status, problem = await act(client, f"{caso}/responder", as_admin, texto="tarde")
    assert (status, problem["type"]) == (409, "/problemas/caso_cerrado")
    assert (await (await client.get(BASE, headers=as_admin)).json())["total"] == 0
    assert (await (await client.get(f"{BASE}?estado=todos", headers=as_admin)).json())["total"] == 1
    turno = await (await client.post("/api/chat", json={"mensaje": "hola"}, headers=as_a)).json()
    assert (turno["con_persona"], turno["respuesta"]) == (False, "eco: hola")


async def test_masked_unless_asked(client: Client, caso: str, as_admin: dict[str, str]) -> None:
    """Who it is and what they wrote are shown if it is asked for, which is noted; the log quotes nothing."""
    masked = await (await client.get(caso, headers=as_admin)).text()
    assert SAID not in masked
    assert str(A) not in masked
    shown = await (await client.get(f"{caso}?desenmascarar=true", headers=as_admin)).json()
    assert (shown["rut"], shown["mensajes"][-1]["texto"]) == (str(A), SAID)
    logs = await client.get("/api/admin/logs?evento=admin.caso_desenmascarado", headers=as_admin)
    body = await logs.json()
    assert (body["total"], body["logs"][0]["rut"], body["logs"][0]["datos"]) == (
        1,
        str(A),
        {"caso": shown["id"]},
    )


async def test_agents_programs_read_what_was_answered(
    client: Client, as_agent: dict[str, str], as_admin: dict[str, str], motor: FakeMotor
) -> None:
    """A channel that is only asked finds the person's answer in its history."""
    said = {"rut": str(A), "mensaje": "una persona", "conversacion": "x"}
    motor.paso = Paso.ESPERA
    await client.post("/api/agent/message", json=said, headers=as_agent)
    await act(client, f"{await newest(client, as_admin)}/responder", as_admin, texto="hola")
    found = await client.get(f"/api/agent/messages?rut={A}&conversacion=x", headers=as_agent)
    assert [one["texto"] for one in (await found.json())["mensajes"]][-1] == "👤 hola"


async def test_calling_an_answer_wrong(client: Client, as_a: dict[str, str], as_b: dict[str, str]) -> None:
    """One's own answers only, however often."""
    turno = await (await client.post("/api/chat", json={"mensaje": "hola"}, headers=as_a)).json()
    body = {"mensaje": turno["mensajes"][0]["id"]}
    for headers, status in ((as_a, 204), (as_a, 204), (as_b, 404)):
        assert (await client.post("/api/chat/opinion", json=body, headers=headers)).status == status
