"""Spreadsheets and charts over HTTP."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from bot.bootstrap import Services
from bot.services.informes import PNG, XLSX
from tests.api.conftest import Client
from tests.storage.test_importacion import documento, store


async def test_a_spreadsheet_adds_up(client: Client, services: Services, as_a: dict[str, str]) -> None:
    """Its totals are those of the summary, and its filters those of the detail."""
    await store(services, documento(1), documento(2, tipo=61), documento(3, contraparte="ACME SPA"))
    summary = await (await client.get("/api/ventas/resumen?periodo=2026-09", headers=as_a)).json()
    answer = await client.get("/api/ventas/detalle.xlsx?periodo=2026-09", headers=as_a)
    assert (answer.status, answer.content_type) == (200, XLSX)
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''ventas-2026-09.xlsx"
    sheet = load_workbook(BytesIO(await answer.read()), data_only=True)["Resumen"]
    total = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "Total")
    assert total[6] == summary["totales"]["monto_total"]
    path = "/api/ventas/detalle.xlsx?periodo=2026-09&contraparte=acme&tipo_documento=33"
    raw = await (await client.get(path, headers=as_a)).read()
    said = [
        cell for row in load_workbook(BytesIO(raw))["Detalle"].iter_rows(values_only=True) for cell in row
    ]
    assert "ACME SPA" in said
    assert "Cliente SpA" not in said
    for ends in ("periodo=2026-08&hasta=2026-11", "periodo=2026-11&hasta=2026-08"):
        answer = await client.get(f"/api/ventas/detalle.xlsx?{ends}", headers=as_a)
        assert answer.headers["Content-Disposition"].endswith("ventas-2026-08-a-2026-11.xlsx")


async def test_a_chart(client: Client, as_a: dict[str, str]) -> None:
    """The last twelve months, those asked for, one book or both."""
    names = {
        "": "2025-12-a-2026-11",
        "?desde=2026-09": "2026-09-a-2026-11",
        "?hasta=2026-03": "2025-04-a-2026-03",
        "?desde=2026-09&hasta=2026-09": "2026-09",
        "?desde=2026-09&hasta=2026-08": "2026-08-a-2026-09",
        "?hasta=2017-06": "2017-05-a-2017-06",
    }
    for query, months in names.items():
        answer = await client.get(f"/api/compras/grafico.png{query}", headers=as_a)
        assert (answer.status, answer.content_type) == (200, PNG)
        assert answer.headers["Content-Disposition"].endswith(f"compras-{months}.png")
    answer = await client.get("/api/ventas/grafico.png?ambos=true", headers=as_a)
    assert "ventas-compras-" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize(
    "query", ["?hasta=2027-01", "?desde=2017-04", "?desde=2017-05&hasta=9999-12", "?desde=x"]
)
async def test_months_that_cannot_be(client: Client, as_a: dict[str, str], query: str) -> None:
    """Each is refused with its words."""
    answer = await client.get(f"/api/ventas/grafico.png{query}", headers=as_a)
    assert answer.status == 422
    assert answer.content_type == "application/problem+json"
