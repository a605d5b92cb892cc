"""The admin API: what it shows, what it hides, what it does, and that all of it is noted."""

import pytest
from yarl import URL

from bot.bootstrap import Services
from tests.api.conftest import Client
from tests.conftest import PHONES, A, B, Work
from tests.fakes import FakeMensajero, FakeMotor

BASE = "/api/admin"
READS = ("contributors", f"contributors/{A}", "messages", "logs", "trabajos", "resumen")


async def get(client: Client, path: str, headers: dict[str, str]) -> dict:  # type: ignore[type-arg]
    """Read, and expect it to work."""
    answer = await client.get(f"{BASE}/{path}", headers=headers)
    assert answer.status == 200, await answer.text()
    body: dict = await answer.json()  # type: ignore[type-arg]
    return body


async def talk(client: Client, headers: dict[str, str], text: str = "le vendí a Juan Soto 12.345") -> None:
    """Say something in the web chat."""
    assert (await client.post("/api/chat", json={"mensaje": text}, headers=headers)).status == 200


@pytest.mark.parametrize("path", READS)
async def test_only_admins(client: Client, as_a: dict[str, str], as_agent: dict[str, str], path: str) -> None:
    """Neither nobody, nor a taxpayer, nor an agent gets in."""
    for headers in ({}, as_a, as_agent, {"Authorization": "Bearer x"}, {"Authorization": "Basic eDp4"}):
        assert (await client.get(f"{BASE}/{path}", headers=headers)).status == 401


async def test_searching_taxpayers(client: Client, as_admin: dict[str, str]) -> None:
    """By RUT in any spelling and by name whatever its accents; wildcards and SQL are just text."""
    everybody = await get(client, "contributors", as_admin)
    assert [one["rut"] for one in everybody["contributors"]] == sorted([str(A), str(B)])
    assert everybody["total"] == 2
    for q, found in {
        "76.192.083-9": [str(A)],
        "761920839": [str(A)],
        "7619": [str(A)],
        "ALÉRCE": [str(A)],
        "boldo ltda": [str(B)],
        "%": [],
        "_": [],
        "' OR 1=1 --": [],
        "nadie": [],
    }.items():
        answer = await client.get(f"{BASE}/contributors", params={"q": q}, headers=as_admin)
        assert [one["rut"] for one in (await answer.json())["contributors"]] == found, q
    second = await get(client, "contributors?limite=1&pagina=2", as_admin)
    assert (len(second["contributors"]), second["total"]) == (1, 2)
    [a] = (await get(client, f"contributors?q={A}", as_admin))["contributors"]
    assert a["telefono"] == "+56 9 •••• 1111"


async def test_an_unknown_taxpayer_is_not_found(client: Client, as_admin: dict[str, str]) -> None:
    """A RUT that nobody has registered."""
    answer = await client.get(f"{BASE}/contributors/11111111-1", headers=as_admin)
    assert (answer.status, (await answer.json())["type"]) == (404, "/problemas/contribuyente_desconocido")


async def test_changing_a_taxpayer(client: Client, as_a: dict[str, str], as_admin: dict[str, str]) -> None:
    """A new phone and a block end the sessions; unblocking lets in again."""
    path = f"{BASE}/contributors/{A}"
    done = await client.patch(path, json={"nombre": "Alerce Dos SpA"}, headers=as_admin)
    assert (await done.json())["nombre"] == "Alerce Dos SpA"
    assert (await client.get("/api/chat", headers=as_a)).status == 200
    done = await client.patch(path, json={"bloqueado": True}, headers=as_admin)
    assert (await done.json())["bloqueado"]
    assert (await client.get("/api/chat", headers=as_a)).status == 401
    done = await client.patch(path, json={"bloqueado": False, "telefono": "9 8888 7777"}, headers=as_admin)
    assert (await done.json())["telefono"] == "+56 9 •••• 7777"


async def test_a_new_phone_is_told_to_the_old_one(
    client: Client, as_a: dict[str, str], as_admin: dict[str, str], phone: FakeMensajero, work: Work
) -> None:
    """Whoever changes it: sessions and codes end, and it is noted who did it."""
    asked = await (await client.post("/api/send-otp", json={"rut": str(A)})).json()
    await work()
    done = await client.patch(f"{BASE}/contributors/{A}", json={"telefono": "988887777"}, headers=as_admin)
    assert done.status == 200
    await work()
    [(telefono, texto)] = phone.notices
    assert (telefono, "teléfono" in texto) == (PHONES[A], True)
    assert (await client.get("/api/chat", headers=as_a)).status == 401
    code = {"rut": str(A), "codigo": phone.codes[0][1], "solicitud": asked["solicitud"]}
    assert (await client.post("/api/verify-otp", json=code)).status == 403
    [noted] = (await get(client, "logs?evento=cuenta.telefono", as_admin))["logs"]
    assert (noted["rut"], noted["actor"]) == (str(A), "entorno")


async def test_revoking_sessions(
    client: Client, as_a: dict[str, str], as_b: dict[str, str], as_admin: dict[str, str]
) -> None:
    """A's end, B's go on."""
    done = await client.post(f"{BASE}/contributors/{A}/sesiones/revocar", headers=as_admin)
    assert await done.json() == {"revocadas": 1}
    assert (await client.get("/api/chat", headers=as_a)).status == 401
    assert (await client.get("/api/chat", headers=as_b)).status == 200


async def test_messages_are_masked(client: Client, as_a: dict[str, str], as_admin: dict[str, str]) -> None:
    """No letter and no figure of what was said is shown, unless it is asked for one taxpayer, and noted."""
    await talk(client, as_a)
    masked = await get(client, f"messages?rut={A}", as_admin)
    assert masked["total"] == 2
    assert not any(character.isalnum() for one in masked["mensajes"] for character in one["texto"])
    refused = await client.get(f"{BASE}/messages?desenmascarar=true", headers=as_admin)
    assert refused.status == 422
    seen = await get(client, f"messages?rut={A}&desenmascarar=true", as_admin)
    assert seen["mensajes"][1]["texto"] == "le vendí a Juan Soto 12.345"
    noted = await get(client, "logs?evento=admin.mensajes_desenmascarados", as_admin)
    assert [(one["rut"], one["actor"]) for one in noted["logs"]] == [(str(A), "entorno")]


async def test_every_act_is_noted(client: Client, as_admin: dict[str, str]) -> None:
    """Reads too, with the key's name and without what was searched for."""
    await client.get(f"{BASE}/contributors?q=Alerce", headers=as_admin)
    for path in READS:
        await get(client, path, as_admin)
    await client.patch(f"{BASE}/contributors/{A}", json={"nombre": "Otro"}, headers=as_admin)
    noted = (await get(client, "logs?limite=200", as_admin))["logs"]
    events = {one["evento"] for one in noted if one["actor"] == "entorno"}
    assert events >= {
        "admin.contribuyentes", "admin.contribuyente", "admin.mensajes", "admin.registros",
        "admin.trabajos", "admin.resumen", "admin.cambio",
    }  # fmt: skip
    assert "Alerce" not in str(noted)
    assert "Otro" not in str(noted)


async def test_the_summary_counts(
    client: Client, as_a: dict[str, str], as_admin: dict[str, str], motor: FakeMotor
) -> None:
    """Messages, answers, what was not answered, intents, latencies."""
    await talk(client, as_a)
    motor.down = True
    await talk(client, as_a, "y ahora?")
    found = await get(client, "resumen", as_admin)
    assert (found["mensajes"], found["respuestas"], found["sin_respuesta"]) == (2, 2, 1)
    assert found["tasa_error"] == 0.5
    assert found["intents"] == {"ventas_resumen": 1}
    assert found["contribuyentes"] == 2
    assert found["latencia_p95"] >= found["latencia_p50"] >= 0
    empty = await get(client, "resumen?desde=2020-01-01T00:00:00Z&hasta=2020-02-01T00:00:00Z", as_admin)
    assert (empty["mensajes"], empty["tasa_error"], empty["latencia_p50"]) == (0, 0.0, None)


async def test_a_failed_job_can_be_tried_again(
    client: Client, services: Services, as_admin: dict[str, str], phone: FakeMensajero, work: Work
) -> None:
    """Only one that has failed; then it is done."""
    await client.post("/api/send-otp", json={"rut": str(A)})
    [job] = (await get(client, "trabajos?estado=todo", as_admin))["trabajos"]
    assert (job["tarea"], job["rut"]) == ("enviar_codigo", str(A))
    path = f"{BASE}/trabajos/{job['id']}/reintentar"
    assert (await client.post(path, headers=as_admin)).status == 409
    assert (await client.post(f"{BASE}/trabajos/999999/reintentar", headers=as_admin)).status == 404
    async with services.database.scope() as connection:
        await connection.exec_driver_sql("UPDATE procrastinate_jobs SET status = 'doing'")
        await connection.exec_driver_sql("UPDATE procrastinate_jobs SET status = 'failed', attempts = 8")
    assert (await client.post(path, headers=as_admin)).status == 204
    await work()
    assert len(phone.codes) == 1


async def test_a_job_that_waits_again_is_left(
    client: Client, services: Services, as_admin: dict[str, str]
) -> None:
    """A scheduled job that failed while its next one waits already: a conflict, and nothing is broken."""
    schedule = services.jobs.configure_task("purgar", queueing_lock="purgar")
    failed = await schedule.defer_async(timestamp=0)
    async with services.database.scope() as connection:
        await connection.exec_driver_sql("UPDATE procrastinate_jobs SET status = 'doing'")
        await connection.exec_driver_sql("UPDATE procrastinate_jobs SET status = 'failed'")
    await schedule.defer_async(timestamp=1)
    answer = await client.post(f"{BASE}/trabajos/{failed}/reintentar", headers=as_admin)
    assert (answer.status, (await answer.json())["type"]) == (409, "/problemas/trabajo_no_fallido")


@pytest.mark.parametrize("path", ["resumen", "messages", "logs"])
@pytest.mark.parametrize("name", ["desde", "hasta"])
@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00%2B14:00"]
)
async def test_moments_are_of_our_time(
    client: Client, as_admin: dict[str, str], path: str, name: str, moment: str
) -> None:
    """The ends of the calendar are refused, not computed with."""
    answer = await client.get(URL(f"{BASE}/{path}?{name}={moment}", encoded=True), headers=as_admin)
    assert (answer.status, (await answer.json())["type"]) == (422, "/problemas/validacion")
