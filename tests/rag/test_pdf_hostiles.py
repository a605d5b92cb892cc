"""What a hostile PDF does: nothing but being refused, with its reason."""

import resource
from collections.abc import Iterable
from pathlib import Path

import psutil
import pytest

from bot.core.errors import BotError, UploadTooLargeError
from bot.core.errors_contratos import (
    PdfDamagedError,
    PdfEncryptedError,
    PdfNoTextError,
    PdfNotPdfError,
    PdfTooComplexError,
    PdfTooManyPagesError,
)
from bot.rag import pdf_ocr
from bot.rag.pdf import MAXIMUM_BYTES, PdfSubprocess
from bot.services.ports_contratos import Aviso, Nota
from tests.rag import hostiles, pdfs

REASONS: tuple[tuple[Iterable[tuple[str, hostiles.Make]], type[BotError]], ...] = (
    (((name, make) for name, (make, _) in hostiles.ELSE.items()), PdfNotPdfError),
    (hostiles.ENCRYPTED.items(), PdfEncryptedError),
    (hostiles.DAMAGED.items(), PdfDamagedError),
    (hostiles.TOO_MANY.items(), PdfTooManyPagesError),
    (hostiles.BOMBS.items(), PdfTooComplexError),
    (hostiles.EMPTY.items(), PdfNoTextError),
)
NEEDS_OCR = pytest.mark.skipif(
    not pdf_ocr.installed(), reason="tesseract con spa no está instalado (.ci/system)"
)
HOSTILES = [
    pytest.param(make, error, id=name, marks=NEEDS_OCR if name in hostiles.DRAWN else ())
    for group, error in REASONS
    for name, make in group
]
LECTOR = PdfSubprocess(seconds=1)


@pytest.fixture(scope="module")
def ordinary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A contract like any other."""
    path = tmp_path_factory.mktemp("pdf") / "contrato.pdf"
    path.write_bytes(hostiles.page(hostiles.stream(hostiles.HELLO)))
    return path


def test_there_are_forty() -> None:
    """The list does not shrink unnoticed."""
    assert len(HOSTILES) + len(hostiles.HARMLESS) >= 50


def _largest_child() -> int:
    """The most kilobytes that any child has held, those of other tests included."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss


@pytest.mark.parametrize(("make", "error"), HOSTILES)
async def test_hostile(make: hostiles.Make, error: type[BotError], tmp_path: Path, ordinary: Path) -> None:
    """Refused for what it is, it costs the service no memory, leaves no process, and the next is read."""
    path = tmp_path / "contrato.pdf"
    path.write_bytes(make())
    before, earlier = psutil.Process().memory_info().rss, _largest_child()
    with pytest.raises(error) as raised:
        await LECTOR.leer(path)
    assert type(raised.value) is error
    assert psutil.Process().memory_info().rss - before < 32 * 2**20
    assert _largest_child() <= max(800 * 2**10, earlier)
    assert "$450.000" in (await LECTOR.leer(ordinary)).paginas[0].texto
    assert not [child for child in psutil.Process().children() if "pdf_worker" in " ".join(child.cmdline())]


@pytest.mark.parametrize("make", [pytest.param(make, id=name) for name, make in hostiles.HARMLESS.items()])
async def test_harmless(make: hostiles.Make, tmp_path: Path) -> None:
    """Scripts, attachments, forms and odd files are read for their text, and nothing of them is run."""
    path = tmp_path / "contrato.pdf"
    path.write_bytes(make())
    [pagina] = (await LECTOR.leer(path)).paginas
    assert "renta mensual" in pagina.texto


@pytest.mark.parametrize(("make", "parece"), hostiles.ELSE.values(), ids=hostiles.ELSE)
async def test_something_else(make: hostiles.Make, parece: str, tmp_path: Path) -> None:
    """The person hears what the file seems to be."""
    path = tmp_path / "contrato.pdf"
    path.write_bytes(make())
    with pytest.raises(PdfNotPdfError) as raised:
        await LECTOR.leer(path)
    assert parece in raised.value.params["parece"]


async def test_layer_switched_off(tmp_path: Path) -> None:
    """A layer that readers do not show is not read."""
    content = hostiles.page(
        hostiles.stream(b"/OC /L BDC BT /F 12 Tf 72 500 Td (OCULTO) Tj ET EMC " + hostiles.HELLO),
        b"<< /Type /OCG /Name (capa) >>",
        resources=b"/Properties << /L 6 0 R >>",
        more=b"/OCProperties << /OCGs [6 0 R] /D << /OFF [6 0 R] >> >>",
    )
    path = tmp_path / "contrato.pdf"
    path.write_bytes(content)
    lectura = await LECTOR.leer(path)
    assert "OCULTO" not in lectura.paginas[0].texto
    assert lectura.avisos == (Aviso(Nota.INVISIBLE, (1,)),)


async def test_too_large(tmp_path: Path) -> None:
    """A file of any size is not even opened by the reader."""
    path = tmp_path / "contrato.pdf"
    with path.open("wb") as file:
        file.write(pdfs.plain())
        file.truncate(MAXIMUM_BYTES + 1)
    with pytest.raises(UploadTooLargeError):
        await LECTOR.leer(path)
