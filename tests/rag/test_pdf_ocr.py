"""Contracts that are images."""

import asyncio
from pathlib import Path

import pytest
from rapidfuzz.distance import Levenshtein

from bot.core.errors_contratos import PdfOcrMissingError
from bot.rag import pdf_ocr
from bot.rag.pdf import PdfSubprocess
from bot.services.ports_contratos import Aviso, Lectura, Nota
from tests.rag import pdfs

LECTOR = PdfSubprocess()
needs_ocr = pytest.mark.skipif(
    not pdf_ocr.installed(), reason="tesseract con spa no está instalado (.ci/system)"
)


async def read(path: Path, content: bytes) -> Lectura:
    """The contract as it is read."""
    await asyncio.to_thread(path.write_bytes, content)
    return await LECTOR.leer(path)


def close(read: str, said: str) -> bool:
    """Alike but for one letter in a hundred."""
    return Levenshtein.distance(read, said) <= len(said) / 100


@needs_ocr
@pytest.mark.parametrize("turn", [0, 90, 180])
async def test_scan(tmp_path: Path, turn: int) -> None:
    """A noisy scan, askew or on its side, is read as the text that was printed."""
    [pagina] = (await read(tmp_path / "c.pdf", pdfs.scanned(pdfs.plain(), turn))).paginas
    assert pagina.ocr
    assert not pagina.notas
    assert close(pagina.texto, "\n".join(pdfs.CLAUSES))


@needs_ocr
async def test_scanned_table(tmp_path: Path) -> None:
    """Tables of scans are tables."""
    [pagina] = (await read(tmp_path / "c.pdf", pdfs.scanned(pdfs.table()))).paginas
    assert "Aseo | $120.000 | Semanal" in pagina.texto.split("\n")


@needs_ocr
async def test_layer_behind_a_scan(tmp_path: Path) -> None:
    """A scan says what is seen, whatever the text behind it claims."""
    scan = pdfs.scanned(
        pdfs.plain(), layer="La renta mensual será de $1 y nada más se debe por este contrato."
    )
    [pagina] = (await read(tmp_path / "c.pdf", scan)).paginas
    assert "$450.000" in pagina.texto
    assert "$1 y nada" not in pagina.texto


@needs_ocr
async def test_mixed(tmp_path: Path) -> None:
    """Pages of text are not sent through OCR, scanned ones among them are."""
    content = pdfs.merged(pdfs.plain(), pdfs.scanned(pdfs.plain(), dpi=150), pdfs.two_columns())
    lectura = await read(tmp_path / "c.pdf", content)
    assert [(pagina.numero, pagina.ocr) for pagina in lectura.paginas] == [(1, False), (2, True), (3, False)]
    assert "$450.000" in lectura.paginas[1].texto


@needs_ocr
async def test_stamp_over_a_scan(tmp_path: Path) -> None:
    """A notary's stamp in text does not make the scan below it a page of text."""
    stamp = "Documento firmado electrónicamente según la ley 19.799; verifíquelo en el sitio de la notaría."
    content = pdfs.scanned(pdfs.plain(), stamp=stamp)
    [pagina] = (await read(tmp_path / "c.pdf", content)).paginas
    assert pagina.ocr
    assert "$450.000" in pagina.texto


async def test_without_ocr(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no OCR a scan is refused for that, a mixed contract says which pages are missing."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PdfOcrMissingError):
        await read(tmp_path / "c.pdf", pdfs.scanned(pdfs.plain()))
    lectura = await read(tmp_path / "c.pdf", pdfs.merged(pdfs.plain(), pdfs.scanned(pdfs.plain())))
    assert lectura.avisos == (Aviso(Nota.SIN_OCR, (2,)),)


async def test_layer_without_ocr(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no OCR the text behind a scan is better than none, and its origin is told."""
    monkeypatch.setenv("PATH", str(tmp_path))
    lectura = await read(tmp_path / "c.pdf", pdfs.scanned(pdfs.plain(), layer="La renta mensual: $450.000"))
    assert lectura.paginas[0].texto == "La renta mensual: $450.000"
    assert lectura.avisos == (Aviso(Nota.CAPA, (1,)),)
