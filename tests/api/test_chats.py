"""The linked chats, as their owner sees and ends them."""

from bot.bootstrap import Services
from bot.services.ports_canales import Remitente
from tests.api.conftest import Client
from tests.conftest import HOY, A, B

ROSA = Remitente("whatsapp", "CL.100", "+56912345678", "Rosa")
ANA = Remitente("telegram", "300", None, "Ana")


async def test_seen_and_ended(client: Client, services: Services, as_a: dict[str, str]) -> None:
    """Which chats answer for me; one that is ended is a stranger's."""
    for remitente in (ROSA, ANA):
        await services.vinculacion._link(remitente, A)
    found = (await (await client.get("/api/chats", headers=as_a)).json())["chats"]
    assert [(one["canal"], one["telefono"]) for one in found] == [
        ("whatsapp", "+56 9 •••• 5678"),
        ("telegram", None),
    ]
    gone = await client.delete(f"/api/chats/{found[0]['id']}", headers=as_a)
    assert gone.status == 204
    assert await services.vinculacion.de(ROSA) == []
    assert (await client.delete(f"/api/chats/{found[0]['id']}", headers=as_a)).status == 404


async def test_not_of_another(client: Client, services: Services, as_a: dict[str, str]) -> None:
    """Another's chat does not exist."""
    await services.vinculacion._link(ROSA, B)
    [other] = await services.vinculacion.de(Remitente("whatsapp", "CL.100"))
    assert (await (await client.get("/api/chats", headers=as_a)).json())["chats"] == []
    assert (await client.delete(f"/api/chats/{other.conversacion}", headers=as_a)).status == 404
    assert len(await services.vinculacion._vinculos.de(ROSA, HOY)) == 1
