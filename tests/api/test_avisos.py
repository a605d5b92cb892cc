"""Which alerts somebody wants."""

from bot.bootstrap import Services
from bot.services.ports import Quien
from tests.api.conftest import Client
from tests.conftest import A

OFF = {"compras": False, "f29": False, "contratos": False, "sincronizacion": False}
HOURS = {"desde": "21:00", "hasta": "08:00"}


async def test_off_until_chosen(client: Client, services: Services, as_a: dict[str, str]) -> None:
    """What is put is what is got; consent goes with it."""
    got = await client.get("/api/avisos", headers=as_a)
    assert await got.json() == OFF | HOURS
    wanted = OFF | {"f29": True, "desde": "20:30", "hasta": "09:00"}
    put = await client.put("/api/avisos", json=wanted, headers=as_a)
    assert (put.status, await put.json()) == (200, wanted)
    assert await (await client.get("/api/avisos", headers=as_a)).json() == wanted
    [consent] = await services.cuentas.consentimientos(Quien(A))
    assert (consent.materia, consent.revocado) == ("avisos", None)


async def test_hours_that_are_none(client: Client, as_a: dict[str, str]) -> None:
    """25:00 is no hour."""
    put = await client.put("/api/avisos", json=OFF | {"desde": "25:00", "hasta": "08:00"}, headers=as_a)
    assert put.status == 422
