"""The agent's endpoint and the web chat over HTTP."""

import asyncio

import pytest

from bot.bootstrap import Services
from bot.settings import VERSION
from tests.api.conftest import Client
from tests.conftest import A
from tests.fakes import FakeMotor

AGENT = "/api/agent/message"
CHAT = "/api/chat"
UUID = "6f1c1f5e-8f6e-4a39-9d6b-0c1b7a1f0001"


async def test_the_agents_fields(client: Client, as_agent: dict[str, str]) -> None:
    """All fields of the contract are there."""
    answer = await client.post(AGENT, json={"rut": str(A), "mensaje": "cuánto vendí"}, headers=as_agent)
    body = await answer.json()
    assert answer.status == 200
    assert {"respuesta", "mensajes", "categoria", "intent", "confianza", "entidades", "fuentes"} <= set(body)
    assert body["categoria"] == "ventas"
    assert {"texto", "botones", "lista", "imagen", "documento"} <= set(body["mensajes"][0])


async def test_only_with_the_agents_key(client: Client, as_a: dict[str, str]) -> None:
    """A taxpayer's session, a wrong key or none speak for nobody."""
    for headers in ({}, as_a, {"Authorization": "Bearer "}, {"Authorization": "Bearer x"}):
        answer = await client.post(AGENT, json={"rut": str(A), "mensaje": "hola"}, headers=headers)
        assert answer.status == 401


@pytest.mark.parametrize(
    ("body", "status", "slug"),
    [
        ({"rut": "76192083-0", "mensaje": "hola"}, 422, "validacion"),
        ({"rut": "x", "mensaje": "hola"}, 422, "validacion"),
        ({"mensaje": "hola"}, 422, "validacion"),
        ({"rut": "1-9", "mensaje": "hola"}, 404, "contribuyente_desconocido"),
        ({"rut": str(A), "mensaje": ""}, 422, "mensaje_vacio"),
        ({"rut": str(A), "mensaje": "   "}, 422, "mensaje_vacio"),
        ({"rut": str(A), "mensaje": "a" * 10_000}, 422, "mensaje_largo"),
        ({"rut": str(A), "boton": "/ventas_resumen"}, 422, "boton_desconocido"),
        ({"rut": str(A), "mensaje": "hola", "es_admin": True}, 422, "validacion"),
    ],
)
async def test_bad_messages(
    client: Client, as_agent: dict[str, str], body: dict[str, str], status: int, slug: str
) -> None:
    """Each has its words and status."""
    answer = await client.post(AGENT, json=body, headers=as_agent)
    assert (answer.status, (await answer.json())["type"]) == (status, f"/problemas/{slug}")


async def test_a_blocked_taxpayer(client: Client, services: Services, as_agent: dict[str, str]) -> None:
    """An agent gets no answer for them either, and is told why."""
    await services.administracion.cambiar("ana", A, bloqueado=True)
    answer = await client.post(AGENT, json={"rut": str(A), "mensaje": "hola"}, headers=as_agent)
    assert (answer.status, (await answer.json())["type"]) == (403, "/problemas/cuenta_bloqueada")


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[]", b"null", b'{"rut": NaN}', b"\xff\xfe", b'{"mensaje": "\\ud800"}']
)
async def test_bad_json(client: Client, as_agent: dict[str, str], raw: bytes) -> None:
    """What is no JSON object is told as such."""
    headers = {**as_agent, "Content-Type": "application/json"}
    answer = await client.post(AGENT, data=raw, headers=headers)
    assert (answer.status, (await answer.json())["type"]) == (422, "/problemas/validacion")
    assert (await client.post(AGENT, data=raw, headers=as_agent)).status == 415
    answer = await client.post(AGENT, data=b" " * 70_000 + b"{}", headers=headers)
    assert answer.status == 413


@pytest.mark.parametrize("text", ["🙂🙂🙂", "a\x00b", "\u202ereves", "' OR 1=1 --", "{rut}", "[x](y)"])
async def test_odd_text_is_just_text(client: Client, as_a: dict[str, str], text: str) -> None:
    """Emoji, control characters and lone surrogates are taken in without harm."""
    answer = await client.post(CHAT, json={"mensaje": text}, headers=as_a)
    assert answer.status == 200
    history = await (await client.get(CHAT, headers=as_a)).json()
    assert history["mensajes"][0]["de"] == "persona"


async def test_the_same_id_is_one_message(client: Client, as_a: dict[str, str]) -> None:
    """A browser that sends again gets the same answer."""
    body = {"mensaje": "hola", "id_mensaje": UUID}
    first, second = [await (await client.post(CHAT, json=body, headers=as_a)).json() for _ in range(2)]
    assert first["mensajes"] == second["mensajes"]
    assert first["persona"] == second["persona"]
    history = await (await client.get(CHAT, headers=as_a)).json()
    assert [message["de"] for message in history["mensajes"]] == ["persona", "tributa"]


async def test_history_pages_and_new_ones(client: Client, as_a: dict[str, str]) -> None:
    """`hay_mas` tells whether older messages exist; `despues` gives the newer ones."""
    for number in range(3):
        await client.post(CHAT, json={"mensaje": f"m{number}"}, headers=as_a)
    page = await (await client.get(f"{CHAT}?limite=2", headers=as_a)).json()
    assert (len(page["mensajes"]), page["hay_mas"]) == (2, True)
    first = page["mensajes"][0]["id"]
    older = await (await client.get(f"{CHAT}?antes={first}", headers=as_a)).json()
    assert (len(older["mensajes"]), older["hay_mas"]) == (4, False)
    newer = await (await client.get(f"{CHAT}?despues={first}", headers=as_a)).json()
    assert [message["id"] for message in newer["mensajes"]] == [page["mensajes"][1]["id"]]


async def test_a_button_says_its_title(client: Client, as_a: dict[str, str], motor: FakeMotor) -> None:
    """A pressed button reaches the engine as a button, and the history as its words."""
    body = {"boton": "ventas_resumen:2026-09", "mensaje": "Ver ventas"}
    assert (await client.post(CHAT, json=body, headers=as_a)).status == 200
    _, texto, boton, _ = motor.turns[0]
    assert (texto, boton and boton.id) == ("Ver ventas", "ventas_resumen:2026-09")


async def test_engine_down_is_pending(client: Client, as_a: dict[str, str], motor: FakeMotor) -> None:
    """The person gets an apology with a 200, marked as pending."""
    motor.down = True
    answer = await client.post(CHAT, json={"mensaje": "hola"}, headers=as_a)
    body = await answer.json()
    assert (answer.status, body["pendiente"]) == (200, True)
    assert (await client.get("/ready")).status == 503


async def test_many_at_once(client: Client, as_a: dict[str, str], as_b: dict[str, str]) -> None:
    """Two people who write at the same moment get their own answers."""

    async def say(headers: dict[str, str], text: str) -> str:
        answer = await client.post(CHAT, json={"mensaje": text}, headers=headers)
        return str((await answer.json())["respuesta"])

    said = await asyncio.gather(*(say(as_a if n % 2 else as_b, f"m{n}") for n in range(20)))
    assert said == [f"eco: m{n}" for n in range(20)]


async def test_service(client: Client) -> None:
    """Alive, made of this code and that model, and ready."""
    assert (await client.get("/ready")).status == 200
    answer = await client.get("/health")
    assert answer.status == 200
    assert await answer.json() == {"estado": "ok", "version": VERSION, "modelo": "modelo-de-prueba"}


async def test_alive_without_the_engine(client: Client, motor: FakeMotor) -> None:
    """It lives all the same; who asks for the model is told that nobody answers."""
    motor.down = True
    answer = await client.get("/health")
    assert (answer.status, (await answer.json())["modelo"]) == (200, "no responde")
