"""The process that reads a contract: what it tells, what it knows, when it ends."""

import asyncio
import io
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import psutil
import pytest
from PIL import Image

from bot.channels.textos import DomainTexts
from bot.rag.pdf import PdfSubprocess
from bot.services.ports_contratos import Nota
from bot.settings import ROOT
from tests.rag import pdfs

LECTOR = PdfSubprocess()
SERVICE = """
import asyncio, os, signal, sys
from pathlib import Path
from bot.rag.pdf import PdfSubprocess

async def avance(done, total):
    [reader] = __import__("psutil").Process().children()
    reader.send_signal(signal.SIGSTOP)
    print("leyendo", flush=True)
    await asyncio.Event().wait()

asyncio.run(PdfSubprocess().leer(Path(sys.argv[1]), avance))
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the contract is."""
    return tmp_path / "contrato.pdf"


async def test_progress(path: Path) -> None:
    """Each page is told when it is done."""
    await asyncio.to_thread(path.write_bytes, pdfs.plain(3))
    heard: list[tuple[int, int]] = []

    async def avance(done: int, total: int) -> None:
        heard.append((done, total))

    await LECTOR.leer(path, avance)
    assert heard == [(1, 3), (2, 3), (3, 3)]


async def test_cancelled(path: Path) -> None:
    """Whoever stops waiting leaves no process behind, and the next one has its turn."""
    await asyncio.to_thread(path.write_bytes, pdfs.plain(3))
    began = asyncio.Event()

    async def avance(done: int, total: int) -> None:
        began.set()
        await asyncio.Event().wait()

    reading = asyncio.create_task(LECTOR.leer(path, avance))
    await began.wait()
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert not [child for child in psutil.Process().children() if "pdf_worker" in " ".join(child.cmdline())]
    assert len((await LECTOR.leer(path)).paginas) == 3


async def test_nobody_left_when_the_service_dies(path: Path) -> None:
    """A service that is killed takes its reader along."""
    await asyncio.to_thread(path.write_bytes, pdfs.plain(30))
    service = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SERVICE, str(path), stdout=PIPE, cwd=ROOT
    )
    assert service.stdout
    await service.stdout.readline()
    readers = psutil.Process(service.pid).children()
    assert readers
    service.kill()
    await service.wait()
    _, alive = await asyncio.to_thread(psutil.wait_procs, readers, 10)
    assert not alive


async def test_the_process_learns_no_secret(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the environment it has only what it needs to run."""
    monkeypatch.setenv("TRIBUTA_SECRET_KEY", "no lo cuentes")
    await asyncio.to_thread(path.write_bytes, pdfs.plain())
    seen: list[dict[str, str]] = []

    async def avance(done: int, total: int) -> None:
        seen.extend(
            child.environ() for child in psutil.Process().children() if "pdf_worker" in child.cmdline()[2]
        )

    await LECTOR.leer(path, avance)
    assert seen
    assert not [value for environ in seen for value in environ.values() if "no lo cuentes" in value]


def test_every_note_has_its_words() -> None:
    """A note without `utter_aviso_pdf_<nota>` in domain.yml fails here."""
    texts = DomainTexts(ROOT / "domain.yml")
    for nota in Nota:
        assert "la página 3" in texts.texto(f"utter_aviso_pdf_{nota}", paginas="la página 3")


async def test_a_quote_is_marked_where_it_stands(path: Path) -> None:
    """Its lines and no others, however they were joined or written; what is not there marks nothing."""
    lines = ("PRIMERO: las partes acuerdan", "que la duración será de", "doce meses. FIN", "del contrato.")
    await asyncio.to_thread(path.write_bytes, pdfs.drawn(pdfs.written(*lines)))

    async def span(cita: str) -> tuple[int, int] | None:
        """Where the pen's yellow begins and ends, from the top."""
        png = await LECTOR.imagen(path, 1, cita)
        assert png
        colour = Image.open(io.BytesIO(png)).convert("HSV").getchannel("S")
        box = colour.point(lambda value: 255 * (value > 60)).getbbox()
        return box and (box[1], box[3])

    whole = await span(" ".join(lines))
    middle = await span("la DURACION\n será de doce me-ses")
    assert whole and middle
    assert await span("PRIMERO: las partes […] del contrato") == whole
    assert whole[0] < middle[0] < middle[1] < whole[1]
    assert 0.3 < (middle[1] - middle[0]) / (whole[1] - whole[0]) < 0.7
    assert await span("la duración será de trece meses") is None
    assert await span("") is None
