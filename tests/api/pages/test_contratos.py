"""Contracts without JavaScript: from the file to the day on which the lease ends."""

from datetime import date

import aiohttp
import pytest

from bot.bootstrap import Services
from bot.core.contratos.duraciones import Duracion
from bot.core.errors_contratos import PdfDamagedError
from bot.services.ports import Quien
from bot.services.ports_carpeta import Ficha
from tests.api.pages.conftest import Leida, Navegador
from tests.conftest import A, Work
from tests.fakes_contratos import FakeLectorPdf

PDF = b"%PDF-1.7 arriendo"


@pytest.fixture
async def a(navegador: Navegador, monkeypatch: pytest.MonkeyPatch) -> Navegador:
    """Taxpayer A, who need not wait: the worker is not running."""
    monkeypatch.setattr("api.pages.contratos._WAIT_SECONDS", 0.0)
    await navegador.enter(A)
    return navegador


async def upload(a: Navegador, content: bytes = PDF, name: str = "Arriendo_bodega.pdf") -> Leida:
    """Send the form of the page."""
    form = aiohttp.FormData()
    form.add_field("file", content, filename=name, content_type="application/pdf")
    answer = await a.client.post("/contratos", data=form, headers={"Origin": a.origin, "Accept": "text/html"})
    return Leida(await answer.text(), answer.status, answer.url.path_qs)


async def test_from_file_to_the_last_day(a: Navegador, work: Work, lector_pdf: FakeLectorPdf) -> None:
    """It is seen while it is read, then says until when, who and how much, and with which words."""
    assert "Todavía no hay contratos" in (await a.get("/contratos")).text
    page = await upload(a)
    assert page.url.endswith("listo=subido")
    assert "Lo estoy leyendo" in page.text
    assert page.all("section")[0]["hx-trigger"] == "every 2s"
    assert page.all("noscript")
    await work()
    page = await a.get(page.url)
    assert "Termina el 31 de diciembre de 2026" in page.text
    assert "Arrendatario Bodega Boldo Ltda. 77.697.060-3" in page.text
    assert "Renta $450.000" in page.text
    assert "every" not in page.raw
    listed = await a.get("/contratos")
    assert "Arriendo bodega Vigente Hasta el 31 de diciembre de 2026" in listed.text
    where = next(one["href"] for one in page.all("a") if "/paginas/2?cita=La%20renta" in one.get("href", ""))
    sheet = await a.get(where)
    assert "La renta mensual será de $450.000" in sheet.text
    assert (await a.client.get(sheet.all("img")[-1]["src"])).content_type == "image/png"
    assert "La renta mensual será de $450.000" in lector_pdf.marked[-1]
    assert (await a.get(where.replace("/paginas/2", "/paginas/3"))).status == 404


async def test_confirmed_and_removed(a: Navegador, services: Services, work: Work) -> None:
    """Saying yes is asked for once; what is removed is gone and comes back; one's own word is told so."""
    page = await upload(a)
    await work()
    number = page.url.split("?")[0]
    assert "Todo está bien" in (await a.get(number)).text
    said = await a.post(f"{number}/confirmar")
    assert "confirmado por ti" in said.text
    assert "Todo está bien" not in said.text
    again = await upload(a)
    assert "ya lo tenías" in again.text
    gone = await a.post(f"{number}/borrar")
    assert "El contrato se borró" in gone.text
    assert await services.contratos.lista(Quien(A)) == []
    back = await a.post(f"{number}/recuperar")
    assert "Lo recuperaste" in back.text
    await services.contratos.cambiar(
        Quien(A), int(number.rsplit("/", 1)[1]), None, {"termino": date(2027, 1, 31)}
    )
    page = await a.get(number)
    assert "Me lo dijiste tú el 22 de noviembre de 2026; el PDF dice 2026-12-31" in page.text


def _filled(page: Leida) -> dict[str, str]:
    """What the browser would send of the form that puts a contract right, untouched."""
    fields = {
        one["name"]: one.get("value", "") for one in page.all("input") if one.get("id", "").startswith("c-")
    }
    return {**fields, "duracion_en": "meses", "aviso_en": "dias", "modalidad": "fijo"}


async def test_put_right_with_a_form(a: Navegador, services: Services, work: Work) -> None:
    """What is written in it holds from then on, and nothing else is touched; what is wrong is told there."""
    page = await upload(a)
    await work()
    number = page.url.split("?")[0]
    fields = _filled(await a.get(number))
    assert fields["termino"] == "2026-12-31"
    before = await services.contratos.ver(Quien(A), int(number.rsplit("/", 1)[1]))
    same = await a.post(f"{number}/corregir", **fields | {"modalidad": _plazo(before)})
    assert "Quedó como dijiste" in same.text
    [after] = await services.contratos.lista(Quien(A))
    assert (after.hechos, after.corregidos) == (before.hechos, before.corregidos)
    more = {"archivo": "Bodega Boldo", "termino": "2027-03-31", "aviso": "10", "aviso_en": "habiles"}
    page = await a.post(f"{number}/corregir", **fields | {"modalidad": _plazo(before)} | more)
    assert "Termina el 31 de marzo de 2027" in page.text
    assert "Bodega Boldo" in page.text
    assert "Me lo dijiste tú" in page.text
    [after] = await services.contratos.lista(Quien(A))
    assert after.hechos.aviso_termino
    assert after.hechos.aviso_termino.valor == Duracion(dias=10, habiles=True)
    again = _filled(await a.get(number))
    assert again["aviso"] == "10"
    for wrong in ({"termino": "31/03/2027"}, {"duracion": "0"}, {"archivo": ""}, {"modalidad": "eterno"}):
        assert (await a.post(f"{number}/corregir", **fields | wrong)).status == 422


def _plazo(ficha: Ficha) -> str:
    return ficha.hechos.modalidad.valor if ficha.hechos.modalidad else ""


async def test_a_newer_version(a: Navegador, services: Services, work: Work) -> None:
    """It takes the place of the older one, which can be had back; it cannot replace itself."""
    old = (await upload(a)).url.split("?")[0]
    new = (await upload(a, b"%PDF-1.7 otro", "Arriendo_nuevo.pdf")).url.split("?")[0]
    await work()
    viejo = old.rsplit("/", 1)[1]
    assert "Es una versión nueva de otro" in (await a.get(new)).text
    itself = await a.post(f"{old}/reemplazar", viejo=viejo)
    assert itself.status == 422
    assert any(one.get("role") == "alert" for one in itself.all("p"))
    page = await a.post(f"{new}/reemplazar", viejo=viejo)
    assert "El nuevo quedó en lugar del otro" in page.text
    assert [one.id for one in await services.contratos.lista(Quien(A))] == [int(new.rsplit("/", 1)[1])]
    assert "Lo recuperaste" in (await a.post(f"{old}/recuperar")).text


async def test_asked(a: Navegador, work: Work) -> None:
    """The answer names file and page, and leads there."""
    page = await upload(a)
    await work()
    for fields in ({}, {"contrato_id": page.url.split("?")[0].rsplit("/", 1)[1]}):
        told = await a.post("/contratos/preguntar", question="¿cuánto es la renta mensual?", **fields)
        assert "$450.000" in told.text
        assert any("/paginas/2?cita=" in one.get("href", "") for one in told.all("a"))
    assert (await a.post("/contratos/preguntar", question=" ")).status == 422


async def test_what_is_no_contract(a: Navegador, work: Work, lector_pdf: FakeLectorPdf) -> None:
    """It is told beside the form, or on the contract's page, in plain words."""
    page = await upload(a, b"hola")
    assert page.status == 422
    assert page.url == "/contratos"
    assert "Subir un contrato" in page.text
    assert page.text.count("PDF") >= 2
    lector_pdf.errors = [PdfDamagedError()]
    broken = await upload(a)
    await work()
    assert "No se pudo leer" in (await a.get(broken.url)).text
