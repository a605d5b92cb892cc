"""The life of a contract: taken in, read once, shown, corrected, replaced, removed."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import psycopg
import pytest

from bot.bootstrap import Services
from bot.core.contratos.duraciones import Duracion
from bot.core.errors import NotFoundError, UploadTooLargeError
from bot.core.errors_contratos import (
    ContractNotReadyError,
    CorrectionInvalidError,
    PdfEncryptedError,
    PdfNotPdfError,
    ScannerUnavailableError,
    VirusFoundError,
)
from bot.services.contratos import clean_name
from bot.services.ports import Quien
from bot.services.ports_carpeta import EstadoContrato
from bot.services.ports_contratos import Aviso, Nota
from bot.services.ports_indice import Fragmento
from bot.storage import pasajes
from bot.storage.embedded import Urls
from tests.conftest import A, B, Work
from tests.fakes_contratos import FakeAntivirus, FakeEspejo, FakeLectorPdf, FakeVectores
from tests.fakes_sii import FakeNotificador

QUIEN = Quien(A)


async def upload(services: Services, path: Path, nombre: str = "Arriendo_bodega.pdf") -> int:
    """Take a file in; its number."""
    return (await services.contratos.subir(QUIEN, path, nombre)).contrato


async def passages(services: Services, contrato: int) -> list[Fragmento]:
    """What A's index holds of a contract."""
    found = await services.indice.comparar(A, "renta")
    return [uno for uno in found.fragmentos if uno.contrato_id == contrato]


def fill(path: Path, content: bytes) -> None:
    """Another file in its place."""
    path.write_bytes(content)


async def test_from_file_to_index(
    services: Services, pdf: Path, work: Work, notificador: FakeNotificador, lector_pdf: FakeLectorPdf
) -> None:
    """It waits, is read, can be asked about, and what was understood is told once."""
    lector_pdf.avisos = (Aviso(Nota.DUDOSA, (2,)),)
    contrato = await upload(services, pdf)
    assert (await services.contratos.ver(QUIEN, contrato)).estado is EstadoContrato.RECIBIDO
    await work()
    ficha = await services.contratos.ver(QUIEN, contrato)
    assert (ficha.estado, ficha.archivo, ficha.paginas) == (EstadoContrato.INDEXADO, "Arriendo bodega", 2)
    assert ficha.paginas_leidas == 2
    assert ficha.hechos.termino and ficha.hechos.termino.valor == date(2026, 12, 31)
    [leido] = await services.contratos.leidos(A)
    assert leido.hechos == ficha.hechos
    [told] = notificador.texts()
    assert "Arriendo bodega" in told and "31-12-2026" in told and "$450.000" in told
    assert "la página 2" in told
    [best] = await services.indice.buscar(A, "cuánto es la renta mensual", 1)
    assert "450.000" in best.texto and best.pagina == 2
    assert len(await passages(services, contrato)) == ficha.trozos
    assert await services.indice.buscar(B, "cuánto es la renta mensual", 5) == []


async def test_the_same_file_twice(services: Services, pdf: Path, work: Work) -> None:
    """It is one contract, read once; another taxpayer's copy is theirs."""
    first = await services.contratos.subir(QUIEN, pdf, "uno")
    again = await services.contratos.subir(QUIEN, pdf, "dos")
    other = await services.contratos.subir(Quien(B), pdf, "uno")
    assert (first.nuevo, again.nuevo, other.nuevo) == (True, False, True)
    assert first.contrato == again.contrato != other.contrato
    await work()
    assert len(await services.contratos.lista(QUIEN)) == 1


async def test_what_is_no_pdf_or_too_large(services: Services, tmp_path: Path) -> None:
    """It is refused before anything is kept."""
    path = tmp_path / "x.pdf"
    for content, error in ((b"PK\x03\x04", PdfNotPdfError), (b"%PDF-" + b"0" * 2**20, UploadTooLargeError)):
        fill(path, content)
        with pytest.raises(error):
            await upload(services, path)
    assert await services.contratos.lista(QUIEN) == []


async def test_nothing_unchecked_is_kept(
    services: Services, pdf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A virus, or a scanner that is away: neither leaves a row."""
    antivirus = FakeAntivirus()
    monkeypatch.setattr(services.contratos, "_antivirus", antivirus)
    for error in (VirusFoundError(), ScannerUnavailableError()):
        antivirus.errors = [error]
        with pytest.raises(type(error)):
            await upload(services, pdf)
    assert await services.contratos.lista(QUIEN) == []


async def test_an_unreadable_one_says_why(
    services: Services, pdf: Path, work: Work, notificador: FakeNotificador, lector_pdf: FakeLectorPdf
) -> None:
    """The reason is kept and told; the same file again is tried again."""
    lector_pdf.errors = [PdfEncryptedError()]
    contrato = await upload(services, pdf)
    await work()
    ficha = await services.contratos.ver(QUIEN, contrato)
    assert ficha.estado is EstadoContrato.CON_ERROR and "contraseña" in ficha.motivo
    assert "contraseña" in notificador.texts()[0]
    assert await services.contratos.leidos(A) == []
    assert await upload(services, pdf) == contrato
    await work()
    assert (await services.contratos.ver(QUIEN, contrato)).estado is EstadoContrato.INDEXADO


async def test_corrections_stay(services: Services, pdf: Path, work: Work) -> None:
    """A person's word is sure, beside what the PDF says; the same word keeps its quote; nonsense is none."""
    contrato = await upload(services, pdf)
    with pytest.raises(ContractNotReadyError):
        await services.contratos.cambiar(QUIEN, contrato, None, {"termino": date(2027, 1, 31)})
    await work()
    before = (await services.contratos.ver(QUIEN, contrato)).hechos
    assert before.termino and before.inicio
    given = {"termino": date(2027, 1, 31), "inicio": before.inicio.valor, "aviso_termino": Duracion(dias=30)}
    await services.contratos.cambiar(QUIEN, contrato, "Bodega norte", given)
    ficha = await services.contratos.ver(QUIEN, contrato)
    assert ficha.archivo == "Bodega norte" and set(ficha.corregidos) == set(given)
    assert ficha.hechos.termino and ficha.hechos.termino.valor == date(2027, 1, 31)
    assert ficha.hechos.inicio == replace(before.inicio, confianza=1.0)
    assert ficha.leidos == before and ficha.hechos.termino.dicho == services.reloj.hoy()
    for wrong in ({"partes": "yo"}, {"termino": "mañana"}, {"modalidad": "eterno"}):
        with pytest.raises(CorrectionInvalidError):
            await services.contratos.cambiar(QUIEN, contrato, None, wrong)


async def test_all_is_right(services: Services, pdf: Path, work: Work, notificador: FakeNotificador) -> None:
    """One tap below what was understood confirms it; nobody confirms another's."""
    contrato = await upload(services, pdf)
    await work()
    [noticia] = [one.salida for one in notificador.told.values()]
    assert noticia.botones[0].id == f"contrato_listar.confirmar::::::{contrato}"
    with pytest.raises(NotFoundError):
        await services.contratos.confirmar(Quien(B), contrato)
    ficha = await services.contratos.confirmar(QUIEN, contrato)
    assert "termino" in ficha.corregidos and ficha.hechos.termino
    assert ficha.hechos.termino.confianza == 1 and ficha.hechos.termino.cita
    assert (await services.contratos.ver(QUIEN, contrato)).corregidos == ficha.corregidos


async def test_a_page_is_drawn_once(services: Services, pdf: Path, lector_pdf: FakeLectorPdf) -> None:
    """The second time it comes from the store; there is no page beyond the last."""
    contrato = await upload(services, pdf)
    first = await services.contratos.pagina(QUIEN, contrato, 2)
    assert await services.contratos.pagina(QUIEN, contrato, 2) == first
    assert lector_pdf.drawn == 1
    with pytest.raises(NotFoundError):
        await services.contratos.pagina(QUIEN, contrato, 3)


async def test_days_that_contracts_bring(services: Services, pdf: Path, work: Work) -> None:
    """The end is told to who watches over it, within the days asked for; the taxpayer's word goes first."""
    await upload(services, pdf)
    await work()
    hoy = services.reloj.hoy()
    assert await services.contratos.fechas(A, hoy, hoy + timedelta(days=5)) == []
    [one] = await services.contratos.fechas(A, hoy, hoy + timedelta(days=60))
    assert (one.nombre, one.dia, one.aviso) == ("Arriendo bodega", date(2026, 12, 31), False)
    await services.contratos.cambiar(QUIEN, one.contrato, None, {"termino": date(2026, 12, 15)})
    [told] = await services.contratos.fechas(A, hoy, hoy + timedelta(days=60))
    assert told.dia == date(2026, 12, 15)
    await services.contratos.volver(QUIEN, one.contrato, ["termino"])
    assert await services.contratos.fechas(A, hoy, hoy + timedelta(days=60)) == [one]


async def test_another_embedder(services: Services, pdf: Path, work: Work) -> None:
    """Its vectors are not mixed with the old ones: words find passages until all are made anew."""
    contrato = await upload(services, pdf)
    await work()
    other = FakeVectores("otro")
    indexador = services.indexador
    indexador._vectores = services.indice._vectores = other  # type: ignore[attr-defined]
    [best] = await services.indice.buscar(A, "renta mensual", 1)
    assert "450.000" in best.texto
    assert await indexador.ajenos() > 0
    done = await indexador.reindexar()
    assert await indexador.ajenos() == 0
    assert done.vectores == (await services.contratos.ver(QUIEN, contrato)).trozos
    assert (await indexador.reindexar()).vectores == 0


async def test_memory_is_as_fresh_as_the_database(
    services: Services, pdf: Path, work: Work, urls: Urls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What other programs change, add or remove is seen at the next question, however little is kept."""
    monkeypatch.setattr(pasajes, "KEPT", 1)
    contrato, search = await upload(services, pdf), services.indice.buscar
    await work()
    before = await search(A, "renta", 9)
    assert await search(A, "renta", 9) == before
    with psycopg.connect(urls.owner) as other:
        other.execute("UPDATE contratos SET archivo = 'Otro' WHERE id = %s", (contrato,))
    assert {one.archivo for one in await search(A, "renta", 9)} == {"Otro"}
    fill(pdf, b"%PDF-1.7 otro")
    second = await upload(services, pdf, "nuevo")
    await work()
    assert {one.contrato_id for one in await search(A, "renta", 9)} == {contrato, second}
    with psycopg.connect(urls.owner) as other:
        other.execute("DELETE FROM contratos WHERE id = %s", (contrato,))
    assert {one.contrato_id for one in await search(A, "renta", 9)} == {second}


async def test_the_copy_follows(services: Services, pdf: Path, work: Work) -> None:
    """It has each taxpayer's vectors, is made anew if some are missing, and forgets who is erased."""
    espejo = FakeEspejo()
    services.indexador._espejo = services.indice._espejo = espejo  # type: ignore[attr-defined]
    contrato = await upload(services, pdf)
    await work()
    count = (await services.contratos.ver(QUIEN, contrato)).trozos
    assert await espejo.contar() == count
    assert "450.000" in (await services.indice.buscar(A, "renta mensual", 1))[0].texto
    espejo.held.popitem()
    assert not await services.indexador.comprobar()
    assert await services.indexador.comprobar()
    await services.datos.borrar(QUIEN)
    assert await espejo.contar() == 0


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("Arriendo_local (1).PDF", "Arriendo local (1)"),
        ("../../etc/passwd", "..-..-etc-passwd"),
        ("a\x00b\nc\u202e.pdf", "ab c"),
        (".pdf", "Contrato"),
        ("x" * 300, "x" * 100),
    ],
)
def test_names(given: str, name: str) -> None:
    """What people see is one short line."""
    assert clean_name(given) == name
