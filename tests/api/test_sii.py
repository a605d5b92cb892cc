"""The sync over HTTP."""

from datetime import UTC, datetime, timedelta

from bot.bootstrap import Services
from bot.core.periodo import Periodo
from bot.services.ports_sii import Pausa
from tests.api.conftest import Client
from tests.conftest import HOY, A, B, Work
from tests.fakes import FixedReloj
from tests.fakes_sii import FakeSii
from tests.storage.test_importacion import documento

NOV = Periodo(2026, 11)


async def test_ask_and_see(
    client: Client, services: Services, sii: FakeSii, work: Work, as_a: dict[str, str], as_b: dict[str, str]
) -> None:
    """Asked for at once, done by the worker; the state and what changed are the taxpayer's own."""
    await client.put("/api/sii/clave", json={"clave": "Perro-1234"}, headers=as_a)
    await work()
    sii.documentos = [documento(1, periodo=NOV)]
    assert isinstance(services.reloj, FixedReloj)
    services.reloj.now += timedelta(hours=1)
    asked = await client.post(
        "/api/sii/actualizar", json={"periodo": "2026-11", "tipo": "ventas"}, headers=as_a
    )
    assert asked.status == 202
    body = await asked.json()
    assert body["trabajo_id"] > 0
    assert (body["ya_estaba"], body["en_pausa_hasta"]) == (False, None)
    estado = await (await client.get("/api/sii/estado", headers=as_a)).json()
    assert [libro["trabajo"] for libro in estado["libros"]] == ["todo", None]
    assert (estado["clave"], estado["primera_desde"]) == ("guardada", "2026-07")
    await work()
    found = await (await client.get("/api/sii/cambios", headers=as_a)).json()
    [cambio] = found["cambios"]
    assert (cambio["periodo"], cambio["nuevos"], cambio["despues"]["monto_total"]) == ("2026-11", 1, 119)
    assert cambio["documentos"][0]["folio"] == 1
    estado = await (await client.get("/api/sii/estado", headers=as_a)).json()
    assert datetime.fromisoformat(estado["libros"][0]["actualizado"]) == HOY + timedelta(hours=1)
    other = await (await client.get("/api/sii/cambios", headers=as_b)).json()
    assert other["cambios"] == []
    assert (await (await client.get("/api/sii/estado", headers=as_b)).json())["clave"] == "ninguna"


async def test_without_a_clave(client: Client, as_a: dict[str, str]) -> None:
    """What is missing is said, with the key that clients know it by."""
    answer = await client.post("/api/sii/actualizar", json={}, headers=as_a)
    assert (answer.status, (await answer.json())["type"]) == (409, "/problemas/sii_sin_clave")


async def test_months_that_cannot_be(client: Client, as_a: dict[str, str]) -> None:
    """A month to come is refused, and so is what is no book."""
    await client.put("/api/sii/clave", json={"clave": "Perro-1234"}, headers=as_a)
    for body in ({"periodo": "2027-01"}, {"tipo": "todo"}, {"periodo": "ayer"}):
        assert (await client.post("/api/sii/actualizar", json=body, headers=as_a)).status == 422


async def test_a_pause_shows(client: Client, services: Services, as_a: dict[str, str]) -> None:
    """Until when the SII asked everybody to wait."""
    hasta = datetime.now(UTC) + timedelta(hours=1)
    await services.sincronizacion._ritmo.pausar(Pausa(hasta, bloqueo=True))
    estado = await (await client.get("/api/sii/estado", headers=as_a)).json()
    assert datetime.fromisoformat(estado["en_pausa_hasta"]) == hasta
    assert estado["bloqueado"] is True


async def test_admins_ask(
    client: Client, services: Services, as_admin: dict[str, str], as_a: dict[str, str]
) -> None:
    """For one taxpayer or, once a day, for everybody who has given a clave; taxpayers may not."""
    await client.put("/api/sii/clave", json={"clave": "Perro-1234"}, headers=as_a)
    path = "/api/admin/sincronizar"
    assert (await client.post(path, json={}, headers=as_a)).status == 401
    one = await client.post(path, json={"rut": str(A)}, headers=as_admin)
    assert (one.status, await one.json()) == (202, {"trabajos": 2})
    assert (await client.post(path, json={"rut": str(B)}, headers=as_admin)).status == 409
    everybody = await client.post(path, json={}, headers=as_admin)
    assert (await everybody.json())["trabajos"] == 4
    again = await client.post(path, json={}, headers=as_admin)
    assert (await again.json())["trabajos"] == 0
