"""The estimate of form 29 over HTTP."""

import pytest

from bot.bootstrap import Services
from bot.core.documentos import Libro, tipo_documento
from bot.core.periodo import Periodo
from bot.core.resumen import FilaResumen, Montos
from bot.services.ports import Destino
from tests.api.conftest import Client
from tests.api.test_registro import VENTA, form, post
from tests.conftest import HOY, A


async def test_an_estimate_says_what_it_lacks(
    client: Client, as_a: dict[str, str], as_b: dict[str, str]
) -> None:
    """Sales imported, purchases not: the figures, and which book is missing; B has nothing."""
    await post(client, as_a, form(VENTA.read_bytes(), VENTA.name))
    path = "/api/f29?periodo=2025-12&remanente=1000&tasa_ppm=0.25&retenciones=500"
    body = await (await client.get(path, headers=as_a)).json()
    values = {line["codigo"]: line["valor"] for line in body["lineas"]}
    assert (body["rut"], body["periodo"], body["faltan"]) == (str(A), "2025-12", ["compras"])
    assert (values[503], values[538], values[504], values[89]) == (3, 4_336_985, 1000, 4_335_985)
    assert (values[115], values[151], values[91]) == (0.25, 500, values[89] + values[62] + 500)
    assert body["actualizado"]
    assert any("Falta importar tus compras" in note for note in body["notas"])
    other = await (await client.get(path, headers=as_b)).json()
    assert other["faltan"] == ["ventas", "compras"]
    assert other["actualizado"] is None
    assert (await client.get("/api/f29?periodo=2099-01", headers=as_a)).status == 422


@pytest.mark.parametrize(("tipo", "noted"), [(None, True), (33, True), (39, False), (48, False)])
async def test_a_detail_has_no_boletas(
    client: Client, services: Services, as_a: dict[str, str], tipo: int | None, noted: bool
) -> None:
    """What a month without boletas and receipts may lack is told; with a summary of them there is no need."""
    await post(client, as_a, form(VENTA.read_bytes(), VENTA.name))
    if tipo:
        destino = Destino(Libro.VENTAS, Periodo(2025, 12), None, "sii", HOY)
        fila = FilaResumen(tipo_documento(tipo), Montos(9, 0, 1000, 190, 1190))
        await services.registro.guardar_resumen(A, destino, [fila])
    body = await (await client.get("/api/f29?periodo=2025-12", headers=as_a)).json()
    assert any("No tengo boletas" in note for note in body["notas"]) is noted
