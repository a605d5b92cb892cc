"""Whatever is written in a field is text in every page, and another's ids open nothing."""

from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from bot.bootstrap import Services
from bot.core.documentos import Libro
from bot.services.ports import Quien
from bot.services.ports_canales import Remitente
from bot.storage.embedded import Urls
from tests.api.pages.conftest import OCTUBRE, Leida, Navegador, documento, store
from tests.conftest import PASSWORD, A, B, Work
from tests.fakes_contratos import ARRIENDO, FakeLectorPdf

PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "</title><script>alert(1)</script>",
    '<a href="javascript:alert(1)">x</a>',
    "{{ 7*7 }}{% raw %}",
    '" hx-get="/salir" hx-trigger="load',
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "*<b>negrita</b>*",
)
QUIEN = Quien(A)


ALL = " ".join(PAYLOADS)
TAG = "<img src=x onerror=alert(1)>"


def check(page: Leida, *shown: str) -> None:
    """What was written is there as text (or as a field's value), and is nothing else."""
    told = [page.text, *(value for _, attrs in page.tags for value in attrs.values())]
    for payload in shown:
        assert any(payload in one for one in told), payload
    assert all(one.get("src", "").startswith("/static/") for one in page.all("script"))
    assert all(set(one) == {"title"} for one in page.all("iframe")), (
        "ours, for the chat, is filled by a script"
    )
    assert not [one for one in page.all("img") if one["src"] == "x"]
    for tag, attrs in page.tags:
        assert not [name for name in attrs if name.startswith("on")], (tag, attrs)
        assert not attrs.get("href", "").strip().lower().startswith("javascript:")
        assert attrs.get("hx-get", "") != "/salir"


async def write_everywhere(services: Services, urls: Urls, lector_pdf: FakeLectorPdf) -> None:
    """The payloads are the company's name, a counterparty's in both books, and words of the next PDF."""
    with psycopg.connect(urls.owner) as owner:
        owner.execute("UPDATE contributors SET nombre = %s WHERE rut = %s", (ALL, str(A)))
    await store(services, A, *(documento(libro, 1, 1_000, contraparte=ALL) for libro in Libro))
    lector_pdf.pages = (ARRIENDO[0], ARRIENDO[1].replace("La renta mensual", f"{ALL}. La renta mensual"))


async def test_what_others_wrote_is_text(
    navegador: Navegador,
    services: Services,
    clean: Urls,
    work: Work,
    lector_pdf: FakeLectorPdf,
    tmp_path: Path,
) -> None:
    """The company's name, a counterparty of the SII's, a contract's name and words, a browser's name."""
    await write_everywhere(services, clean, lector_pdf)
    pdf = tmp_path / "a.pdf"
    pdf.write_bytes(b"%PDF-1.7")
    contrato = (await services.contratos.subir(QUIEN, pdf, f"{TAG}.pdf")).contrato
    await work()
    await navegador.enter(A)
    check(await navegador.get(f"/?listo={quote(ALL)}&error={quote(ALL)}"), ALL)
    for path in ("/ventas", f"/ventas/{OCTUBRE}", f"/compras/{OCTUBRE}", "/compras"):
        page = await navegador.get(path)
        check(page, ALL)
        assert page.raw.count("&lt;iframe") >= 2, "the company's name and the counterparty's"
    for path in (
        "/iva",
        "/contratos",
        f"/contratos/{contrato}",
        f"/contratos/{contrato}/paginas/2",
        "/ajustes",
    ):
        check(await navegador.get(path), ALL, *([TAG] if "contratos" in path else []))


@pytest.mark.parametrize("payload", PAYLOADS)
async def test_what_a_link_brings_is_text(navegador: Navegador, payload: str) -> None:
    """A filter, a question, a way to go on, and what was typed at the login."""
    check(await navegador.get(f"/entrar?sigue={quote('/' + payload)}"))
    check(await navegador.post("/entrar", rut=payload, password="x", solicitud=payload))
    answer = await navegador.client.post(
        "/api/login",
        json={"rut": str(A), "password": PASSWORD},
        headers={"User-Agent": payload},
    )
    assert answer.status == 200
    check(await navegador.get(f"/compras?contraparte={quote(payload)}"), payload)
    check(await navegador.post("/contratos/preguntar", question=payload))
    check(await navegador.get("/ajustes"))


async def test_another_s_ids_open_nothing(
    navegador: Navegador, services: Services, work: Work, tmp_path: Path
) -> None:
    """Contracts, chats and sessions of A are to B like those that nobody has, and stay as they are."""
    await navegador.enter(A)
    pdf = tmp_path / "a.pdf"
    pdf.write_bytes(b"%PDF-1.7")
    contrato = (await services.contratos.subir(QUIEN, pdf, "Arriendo de Alerce")).contrato
    await work()
    await services.vinculacion._link(Remitente("whatsapp", "CL.100"), A)
    [chat] = await services.vinculacion.chats(QUIEN)
    [sesion] = await services.acceso.sesiones(QUIEN)
    before = await services.contratos.ver(QUIEN, contrato)
    await navegador.enter(B)
    for path in (f"/contratos/{contrato}", f"/contratos/{contrato}/paginas/1"):
        page, unknown = await navegador.get(path), await navegador.get(path.replace(str(contrato), "999999"))
        assert (page.status, page.raw) == (404, unknown.raw)
    acts = {
        f"/contratos/{contrato}/confirmar": "/contratos/999999/confirmar",
        f"/contratos/{contrato}/borrar": "/contratos/999999/borrar",
        f"/ajustes/chats/{chat.conversacion}/cerrar": "/ajustes/chats/nada/cerrar",
        f"/ajustes/sesiones/{sesion.id}/cerrar": "/ajustes/sesiones/999999/cerrar",
    }
    for path, nobody in acts.items():
        page, unknown = await navegador.post(path), await navegador.post(nobody)
        assert (page.status, page.raw) == (404, unknown.raw), path
    for act, fields in (("corregir", {"archivo": "Mío"}), ("reemplazar", {"viejo": str(contrato)})):
        page = await navegador.post(f"/contratos/{contrato}/{act}", **fields)
        unknown = await navegador.post(f"/contratos/999999/{act}", **fields)
        assert (page.status, page.raw) == (404, unknown.raw), act
    asked = await navegador.post(
        "/contratos/preguntar", question="¿cuánto es la renta?", contrato_id=str(contrato)
    )
    assert asked.status == 404
    assert "450" not in asked.raw
    assert await services.contratos.ver(QUIEN, contrato) == before
    assert len(await services.vinculacion.chats(QUIEN)) == len(await services.acceso.sesiones(QUIEN)) == 1
