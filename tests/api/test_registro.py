"""Sales, purchases and imports over HTTP: right figures, clear errors, nothing half-written."""

import asyncio
from pathlib import Path

import aiohttp
import pytest

from tests.api.conftest import Client
from tests.conftest import A

DATA = Path(__file__).parent.parent / "sii" / "data"
VENTA = DATA / "RCV-venta-multiple-dte-referencias.csv"
COMPRA = DATA / "RCV-compra-registro-rz_leading_trailing_whitespace.csv"
IMPORTAR = "/api/rcv/importar"


def form(raw: bytes, name: str = "archivo.csv", **fields: str) -> aiohttp.FormData:
    """A form as a browser sends it."""
    data = aiohttp.FormData({"tipo": "ventas", "periodo": "2025-12", **fields})
    data.add_field("archivo", raw, filename=name, content_type="text/csv")
    return data


async def post(client: Client, headers: dict[str, str], data: object) -> tuple[int, dict]:  # type: ignore[type-arg]
    """Import, and read the answer."""
    answer = await client.post(IMPORTAR, data=data, headers=headers)
    return answer.status, await answer.json()


async def empty(client: Client, headers: dict[str, str]) -> bool:
    """Whether nothing of that month was stored."""
    answer = await client.get("/api/ventas/resumen?periodo=2025-12", headers=headers)
    body = await answer.json()
    return body["filas"] == [] and body["actualizado"] is None


async def test_import_then_read(client: Client, as_a: dict[str, str]) -> None:
    """A real export, then its summary and documents with the contract's fields."""
    status, done = await post(client, as_a, form(VENTA.read_bytes(), VENTA.name))
    assert (status, done) == (
        200,
        {"importados": 3, "sin_cambios": 0, "movidos": 0, "rechazados": [], "total_rechazados": 0},
    )
    body = await (await client.get("/api/ventas/resumen?periodo=2025-12", headers=as_a)).json()
    total = 2_082_715 + 658_284 + 30_471_437
    amounts = {
        "cantidad": 3,
        "monto_exento": 0,
        "monto_neto": 2_313_360,
        "monto_iva": 4_336_985,
        "monto_total": total,
    }
    assert body == {
        "rut": str(A),
        "periodo": "2025-12",
        "filas": [{"tipo_documento": 33, "nombre": "Factura Electrónica", **amounts}],
        "totales": amounts,
        "actualizado": "2026-11-22T12:00:00-03:00",
    }
    body = await (await client.get("/api/ventas/detalle?periodo=2025-12&limite=1", headers=as_a)).json()
    assert (body["total_documentos"], body["pagina"], len(body["documentos"])) == (3, 1, 1)
    assert body["documentos"][0] | {"fecha_recepcion": None} == {
        "tipo_documento": 33,
        "nombre": "Factura Electrónica",
        "folio": 14239,
        "fecha": "2025-12-09",
        "fecha_recepcion": None,
        "contraparte_rut": "77697060-3",
        "contraparte": "DIRECT LTDA",
        "monto_exento": 0,
        "monto_neto": 553_180,
        "monto_iva": 105_104,
        "monto_total": 658_284,
        "estado": None,
        "otros_impuestos": [],
    }


async def test_purchases_default_to_registro(client: Client, as_a: dict[str, str]) -> None:
    """Without a state, import and reading are about REGISTRO."""
    status, done = await post(
        client, as_a, form(COMPRA.read_bytes(), COMPRA.name, tipo="compras", periodo="2019-07")
    )
    assert (status, done["importados"]) == (200, 2)
    body = await (await client.get("/api/compras/resumen?periodo=2019-07", headers=as_a)).json()
    assert body["totales"]["monto_total"] == 285_801 + 32_554
    body = await (
        await client.get("/api/compras/resumen?periodo=2019-07&estado=PENDIENTE", headers=as_a)
    ).json()
    assert body["totales"]["monto_total"] == 0
    assert body["actualizado"] is None


async def test_b_sees_nothing_of_a(client: Client, as_a: dict[str, str], as_b: dict[str, str]) -> None:
    """What A imported is not there for B."""
    await post(client, as_a, form(VENTA.read_bytes(), VENTA.name))
    assert await empty(client, as_b)
    body = await (await client.get("/api/ventas/detalle?periodo=2025-12", headers=as_b)).json()
    assert body["documentos"] == []


@pytest.mark.parametrize(
    ("data", "status", "slug"),
    [
        (form(b"%PDF-1.7 ..."), 422, "csv_no_es_csv"),
        (form(b""), 422, "csv_no_es_csv"),
        (form(b"PK\x03\x04 xlsx"), 422, "csv_no_es_csv"),
        (form(b"a;b;c\n1;2;3\n"), 422, "csv_columnas"),
        (form(COMPRA.read_bytes()), 422, "csv_de_otro_libro"),
        (form(VENTA.read_bytes(), "RCV_VENTA_77697060-3_202512.csv"), 422, "csv_de_otro"),
        (form(VENTA.read_bytes(), "RCV_VENTA_76192083-9_202511.csv"), 422, "csv_de_otro_periodo"),
        (form(VENTA.read_bytes(), periodo="2026-03"), 422, "csv_de_otro_periodo"),
        (form(VENTA.read_bytes(), periodo="2030-01"), 422, "periodo_futuro"),
        (form(VENTA.read_bytes(), periodo="2017-04"), 422, "periodo_antiguo"),
        (form(VENTA.read_bytes(), periodo="diciembre"), 422, "validacion"),
        (form(VENTA.read_bytes(), tipo="otra"), 422, "validacion"),
        (aiohttp.FormData({"tipo": "ventas", "periodo": "2025-12"}), 400, "archivo_incompleto"),
        (b"no form", 400, "archivo_incompleto"),
    ],
)
async def test_bad_files(client: Client, as_a: dict[str, str], data: object, status: int, slug: str) -> None:
    """Each bad upload has its own words and status, and stores nothing."""
    got, body = await post(client, as_a, data)
    assert (got, body["type"]) == (status, f"/problemas/{slug}")
    assert body["detail"].endswith(".")
    assert await empty(client, as_a)


async def test_a_bad_row_is_told(client: Client, as_a: dict[str, str]) -> None:
    """Line and reason come back; the other rows are stored."""
    raw = (DATA / "RCV-compra-reclamado.csv").read_bytes()
    status, done = await post(client, as_a, form(raw, tipo="compras", periodo="2019-06", estado="RECLAMADO"))
    assert (status, done["importados"], done["total_rechazados"]) == (200, 3, 2)
    assert [rechazo["linea"] for rechazo in done["rechazados"]] == [5, 6]
    assert all(rechazo["motivo"] for rechazo in done["rechazados"])


async def test_an_upload_that_is_cut_stores_nothing(client: Client, as_a: dict[str, str]) -> None:
    """A body that ends before its boundary is refused whole."""
    body = (
        b"--x\r\nContent-Disposition: form-data; name=tipo\r\n\r\nventas\r\n"
        b"--x\r\nContent-Disposition: form-data; name=periodo\r\n\r\n2025-12\r\n"
        b'--x\r\nContent-Disposition: form-data; name=archivo; filename="a.csv"\r\n\r\n'
        + VENTA.read_bytes()[:-200]
    )
    reader, writer = await asyncio.open_connection(client.host, client.port)
    head = (
        f"POST {IMPORTAR} HTTP/1.1\r\nHost: x\r\nAuthorization: {as_a['Authorization']}\r\n"
        f"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    writer.write(head.encode() + body)
    assert b"400" in await reader.readline()
    writer.close()
    reader, writer = await asyncio.open_connection(client.host, client.port)
    writer.write(head.replace(str(len(body)), str(len(body) + 500)).encode() + body)
    await writer.drain()
    writer.close()
    await asyncio.sleep(0.2)
    assert await empty(client, as_a)


@pytest.mark.parametrize(
    "path",
    [
        "/api/ventas/resumen",
        "/api/ventas/resumen?periodo=2026-13",
        "/api/ventas/resumen?periodo=hoy",
        "/api/ventas/resumen?periodo=2026-09&otro=1",
        "/api/ventas/detalle?periodo=2026-09&pagina=0",
        "/api/ventas/detalle?periodo=2026-09&limite=501",
        "/api/ventas/detalle?periodo=2026-09&tipo_documento=x",
        "/api/ventas/detalle?periodo=2026-09&contraparte=%00",
        "/api/compras/detalle?periodo=2026-09&estado=OTRO",
    ],
)
async def test_bad_queries(client: Client, as_a: dict[str, str], path: str) -> None:
    """Wrong parameters are named, in Spanish."""
    answer = await client.get(path, headers=as_a)
    body = await answer.json()
    assert (answer.status, body["type"]) == (422, "/problemas/validacion")
    assert body["errors"][0]["in"] == "query"


@pytest.mark.parametrize(
    ("path", "slug"),
    [
        ("/api/ventas/resumen?periodo=2026-12", "periodo_futuro"),
        ("/api/compras/resumen?periodo=2017-04", "periodo_antiguo"),
    ],
)
async def test_months_outside_the_register(
    client: Client, as_a: dict[str, str], path: str, slug: str
) -> None:
    """A month to come or before the register has its own words."""
    answer = await client.get(path, headers=as_a)
    assert (answer.status, (await answer.json())["type"]) == (422, f"/problemas/{slug}")


async def test_boletas_have_no_detail(client: Client, as_a: dict[str, str]) -> None:
    """Asking for the documents of a type that comes as a total says so."""
    answer = await client.get("/api/ventas/detalle?periodo=2026-09&tipo_documento=39", headers=as_a)
    assert (answer.status, (await answer.json())["type"]) == (422, "/problemas/solo_resumen")


@pytest.mark.parametrize(
    "path", ["/api/ventas/resumen?periodo=2026-09", "/api/compras/detalle?periodo=2026-09"]
)
async def test_a_session_is_needed(client: Client, path: str) -> None:
    """Without a session, or with an invented one, nothing opens."""
    for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": "Basic eDp4"}):
        assert (await client.get(path, headers=headers)).status == 401


async def test_an_import_stands_in_the_chat(client: Client, as_a: dict[str, str]) -> None:
    """With the page's `id_mensaje` the file and what became of it are messages, once, with next steps."""
    uuid = "6f1c1f5e-8f6e-4a39-9d6b-0c1b7a1f0003"
    for _ in range(2):
        status, _ = await post(client, as_a, form(VENTA.read_bytes(), VENTA.name, id_mensaje=uuid))
        assert status == 200
    history = await (await client.get("/api/chat", headers=as_a)).json()
    sent, told = history["mensajes"]
    assert (sent["de"], sent["texto"], sent["id_mensaje"]) == ("persona", f"📎 {VENTA.name}", uuid)
    assert (told["de"], told["responde_a"], told["pendiente"]) == ("tributa", sent["id"], False)
    assert "ventas de diciembre de 2025: 3 documentos nuevos," in told["texto"]
    for boton in told["botones"]:
        answer = await client.post("/api/chat", json={"boton": boton["id"]}, headers=as_a)
        assert answer.status == 200


async def test_a_program_that_imports_says_nothing_in_the_chat(client: Client, as_a: dict[str, str]) -> None:
    """Without `id_mensaje`, and when the file is refused, the conversation stays as it is."""
    await post(client, as_a, form(VENTA.read_bytes(), VENTA.name))
    uuid = "6f1c1f5e-8f6e-4a39-9d6b-0c1b7a1f0004"
    assert (await post(client, as_a, form(b"x", id_mensaje=uuid)))[0] == 422
    assert (await (await client.get("/api/chat", headers=as_a)).json())["mensajes"] == []
