"""The estimate of form 29 over HTTP."""

from tests.api.conftest import Client
from tests.api.test_registro import VENTA, form, post
from tests.conftest import A


async def test_an_estimate_says_what_it_lacks(
    client: Client, as_a: dict[str, str], as_b: dict[str, str]
) -> None:
    """Sales imported, purchases not: the figures, and which book is missing; B has nothing."""
    await post(client, as_a, form(VENTA.read_bytes(), VENTA.name))
    path = "/api/f29?periodo=2025-12&remanente=1000&tasa_ppm=0.25"
    body = await (await client.get(path, headers=as_a)).json()
    values = {line["codigo"]: line["valor"] for line in body["lineas"]}
    assert (body["rut"], body["periodo"], body["faltan"]) == (str(A), "2025-12", ["compras"])
    assert (values[503], values[538], values[504], values[89]) == (3, 4_336_985, 1000, 4_335_985)
    assert body["actualizado"]
    assert any("Falta importar tus compras" in note for note in body["notas"])
    other = await (await client.get(path, headers=as_b)).json()
    assert other["faltan"] == ["ventas", "compras"]
    assert other["actualizado"] is None
    assert (await client.get("/api/f29?periodo=2099-01", headers=as_a)).status == 422
