"""Contracts over HTTP: up, down, a page, corrections, and what is refused."""

import asyncio
from typing import Any

import aiohttp
import pytest

from api.routes import contratos
from bot.bootstrap import Services
from bot.core.errors_contratos import PdfEncryptedError
from bot.rag.pdf import PdfSubprocess
from tests.api.conftest import Client
from tests.conftest import Work
from tests.fakes_contratos import FakeLectorPdf
from tests.rag.hostiles import encrypted, many_pages
from tests.rag.pdfs import drawn, written

PDF = drawn(written("CONTRATO DE ARRENDAMIENTO", "PRIMERO: La renta es de $450.000 mensuales."))


async def upload(
    client: Client, headers: dict[str, str], content: bytes = PDF, **fields: str
) -> tuple[int, Any]:
    """Post a file; status and body."""
    form = aiohttp.FormData()
    form.add_field("file", content, filename="Mi_contrato.pdf", content_type="application/pdf")
    for name, value in fields.items():
        form.add_field(name, value)
    answer = await client.post("/api/contratos", data=form, headers=headers)
    return answer.status, await answer.json()


@pytest.fixture
def no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for the worker."""
    monkeypatch.setattr(contratos, "WAIT_SECONDS", 0)


async def read(client: Client, headers: dict[str, str], path: str) -> Any:
    """A JSON answer."""
    answer = await client.get(path, headers=headers)
    assert answer.status == 200
    return await answer.json()


async def test_created_once_read(client: Client, as_a: dict[str, str], work: Work) -> None:
    """With a worker at hand the answer comes with the count of passages; the list shows what was found."""
    uploading = asyncio.create_task(upload(client, as_a))
    while not uploading.done():
        await work()
    status, told = uploading.result()
    assert status == 201 and told["chunks_processed"] > 0 and not told["duplicado"]
    [one] = (await read(client, as_a, "/api/contratos"))["contratos"]
    assert (one["contrato_id"], one["archivo"], one["estado"]) == (
        told["contrato_id"],
        "Mi contrato",
        "indexado",
    )
    assert (one["inicio"], one["termino"]) == ("2026-03-01", "2026-12-31")
    assert one["partes"][0]["rol"] == "arrendador"
    detail = await read(client, as_a, told["ver"])
    assert detail["vigencia"] == "vigente" and detail["vigente_hasta"] == "2026-12-31"
    assert {"pagos", "termino", "tipo"} <= {hecho["dato"] for hecho in detail["hechos"]}


@pytest.mark.usefixtures("no_wait")
async def test_accepted_before_it_is_read(client: Client, as_a: dict[str, str]) -> None:
    """After the wait, a place to look; the same again is recognised."""
    status, told = await upload(client, as_a)
    assert (status, told["chunks_processed"], told["estado"]) == (202, 0, "recibido")
    assert (await read(client, as_a, told["ver"]))["estado"] == "recibido"
    status, again = await upload(client, as_a)
    assert again["duplicado"] and again["contrato_id"] == told["contrato_id"]


async def test_the_reason_of_an_error(
    client: Client, as_a: dict[str, str], work: Work, lector_pdf: FakeLectorPdf
) -> None:
    """What cannot be read is a problem with its reason, and stays in the list with it."""
    lector_pdf.errors = [PdfEncryptedError()]
    uploading = asyncio.create_task(upload(client, as_a))
    while not uploading.done():
        await work()
    status, told = uploading.result()
    assert status == 422 and "contraseña" in told["detail"]
    [one] = (await read(client, as_a, "/api/contratos"))["contratos"]
    assert one["estado"] == "con error" and "contraseña" in one["motivo"]


@pytest.mark.usefixtures("no_wait")
async def test_file_page_and_end(client: Client, services: Services, as_a: dict[str, str]) -> None:
    """The PDF comes back as it was, a page as a picture; both go with the contract, and come back with it."""
    services.contratos._lector = PdfSubprocess()
    _, told = await upload(client, as_a)
    where = told["ver"]
    answer = await client.get(f"{where}/pdf", headers=as_a)
    assert await answer.read() == PDF and answer.content_type == "application/pdf"
    page = await client.get(f"{where}/paginas/1", headers=as_a)
    assert (await page.read()).startswith(b"\x89PNG") and page.content_type == "image/png"
    assert (await client.get(f"{where}/paginas/2", headers=as_a)).status == 404
    assert (await client.delete(where, headers=as_a)).status == 204
    assert (await client.get(f"{where}/pdf", headers=as_a)).status == 404
    assert (await client.post(f"{where}/recuperar", headers=as_a)).status == 200
    assert (await client.get(f"{where}/pdf", headers=as_a)).status == 200
    assert (await client.delete(f"{where}?definitivo=true", headers=as_a)).status == 204
    assert (await client.post(f"{where}/recuperar", headers=as_a)).status == 404


async def test_corrections(client: Client, as_a: dict[str, str], work: Work, no_wait: None) -> None:
    """Name and facts change; before it is read they cannot, and nonsense is refused."""
    _, told = await upload(client, as_a)
    where, given = told["ver"], {"archivo": "Bodega", "hechos": {"termino": "2027-01-31"}}
    assert (await client.patch(where, json=given, headers=as_a)).status == 409
    await work()
    answer = await client.patch(where, json=given, headers=as_a)
    body = await answer.json()
    assert (body["archivo"], body["termino"], body["corregidos"]) == ("Bodega", "2027-01-31", ["termino"])
    assert body["vigente_hasta"] == "2027-01-31"
    [end] = [one for one in body["hechos"] if one["dato"] == "termino"]
    assert (end["valor"], end["leido"], end["cita"]) == ("2027-01-31", "2026-12-31", "")
    assert (await client.patch(where, json={"reemplaza": told["contrato_id"]}, headers=as_a)).status == 422
    for wrong in ({"hechos": {"partes": []}}, {"hechos": {"duracion": {}}}, {"hechos": {"modalidad": "x"}}):
        assert (await client.patch(where, json=wrong, headers=as_a)).status == 422


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"", b"hola"])
async def test_what_is_no_pdf(
    client: Client, services: Services, as_a: dict[str, str], content: bytes
) -> None:
    """It is refused at once, and nothing is kept."""
    services.contratos._lector = PdfSubprocess()
    status, told = await upload(client, as_a, content)
    assert (status, told["type"]) == (422, "/problemas/pdf_no_es_pdf")
    assert (await read(client, as_a, "/api/contratos"))["contratos"] == []


@pytest.mark.parametrize(
    ("content", "reason"), [(encrypted("AES-256", "x"), "contraseña"), (many_pages(301), "300")]
)
@pytest.mark.usefixtures("no_wait")
async def test_hostile_files(
    client: Client, services: Services, as_a: dict[str, str], work: Work, content: bytes, reason: str
) -> None:
    """What means no good ends in an error with its reason, through the real reader."""
    services.contratos._lector = services.lector_contratos._lector = PdfSubprocess()
    _, told = await upload(client, as_a, content)
    await work()
    found = await read(client, as_a, told["ver"])
    assert found["estado"] == "con error" and reason in found["motivo"]


async def test_limits(client: Client, services: Services, as_a: dict[str, str], no_wait: None) -> None:
    """So many in an hour, and then a time to wait."""
    statuses = {(await upload(client, as_a))[0] for _ in range(61)}
    assert statuses == {202, 429}
