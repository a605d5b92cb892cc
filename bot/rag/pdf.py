"""PDFs that nobody vouches for, each read in a process of its own."""

import asyncio
import base64
import json
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections import defaultdict
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from contextlib import aclosing, asynccontextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, cast

import structlog

from bot.core.errors import BotError, UploadTooLargeError
from bot.core.errors_contratos import (
    PdfDamagedError,
    PdfEncryptedError,
    PdfNoTextError,
    PdfNotPdfError,
    PdfOcrMissingError,
    PdfTooComplexError,
    PdfTooManyPagesError,
)
from bot.core.texto import storable
from bot.services.ports_contratos import Avance, Aviso, Lectura, Nota, Pagina

log = structlog.get_logger()
MAXIMUM_BYTES = 25 * 2**20
_ROOT = Path(__file__).resolve().parents[2]
_HEAD = 1024
_LINE_BYTES = 4 * 2**20
_TOTAL_BYTES = 16 * 2**20
_SILENCE_SECONDS = 60.0
_KEPT = ("PATH", "HOME", "LANG", "TESSDATA_PREFIX", "VIRTUAL_ENV")
_SEEMS = (
    (b"\xff\xd8\xff", "una imagen"),
    (b"\x89PNG", "una imagen"),
    (b"GIF8", "una imagen"),
    (b"II*\0", "una imagen"),
    (b"MM\0*", "una imagen"),
    (b"PK\x03\x04", "un documento de Word, un Excel o un ZIP"),
    (b"\xd0\xcf\x11\xe0", "un documento antiguo de Word o Excel"),
    (b"{\\rtf", "un documento RTF"),
    (b"Rar!", "un archivo comprimido"),
    (b"7z\xbc\xaf", "un archivo comprimido"),
    (b"\x1f\x8b", "un archivo comprimido"),
    (b"MZ", "un programa"),
    (b"\x7fELF", "un programa"),
    (b"%!PS", "un archivo PostScript"),
    (b"<", "una página web o un XML"),
)
_ERRORS: dict[str, type[BotError]] = {
    "cifrado": PdfEncryptedError,
    "danado": PdfDamagedError,
    "muchas_paginas": PdfTooManyPagesError,
    "complejo": PdfTooComplexError,
    "sin_texto": PdfNoTextError,
    "sin_ocr": PdfOcrMissingError,
}


class PdfSubprocess:
    """The port `LectorPdf`: reads `at_once` files at a time, each within its own limits.

    The process gets the open file, perhaps a quote of it, and nothing else: no path, no secret of the
    environment, no descriptor. It may take `seconds` of processor time, and a little more for each page that
    it gets through.
    """

    def __init__(self, at_once: int = 1, seconds: int = 7) -> None:
        self._seconds = seconds
        self._turns = asyncio.Semaphore(at_once)

    async def revisar(self, ruta: Path) -> None:
        """See `LectorPdf.revisar`."""
        with await asyncio.to_thread(ruta.open, "rb") as file:
            await asyncio.to_thread(_check, file)

    async def leer(self, ruta: Path, avance: Avance | None = None) -> Lectura:
        """See `LectorPdf.leer`."""
        with await asyncio.to_thread(ruta.open, "rb") as file:
            await asyncio.to_thread(_check, file)
            async with self._turns:
                return await _read(file, self._seconds, avance)

    async def imagen(self, ruta: Path, pagina: int, cita: str = "") -> bytes | None:
        """See `LectorPdf.imagen`."""
        with await asyncio.to_thread(ruta.open, "rb") as file:
            await asyncio.to_thread(_check, file)
            async with _started(file, "bot.rag.pdf_pagina", self._seconds, pagina, cita=cita) as lines:
                async for kind, *rest in lines:
                    if kind == "error":
                        raise _ERRORS[rest[0]](**rest[1])
                    return base64.b64decode(rest[0]) if rest else None
        raise PdfTooComplexError


def _check(file: BinaryIO) -> None:
    """Leave out at once what is too large or something else, by what it is and not by its name."""
    if os.fstat(file.fileno()).st_size > MAXIMUM_BYTES:
        raise UploadTooLargeError(maximo=MAXIMUM_BYTES // 2**20)
    head = file.read(_HEAD)
    if b"%PDF-" not in head:
        raise PdfNotPdfError(parece=_seems(head))
    os.lseek(file.fileno(), 0, os.SEEK_SET)


def _seems(head: bytes) -> str:
    if not head.strip(b"\0 \t\r\n"):
        return "un archivo vacío"
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    binary = b"\0" in head
    plain = "un archivo que no conozco" if binary else "un archivo de texto"
    return next((what for start, what in _SEEMS if text.startswith(start)), plain)


async def _read(file: BinaryIO, seconds: int, avance: Avance | None) -> Lectura:
    pages: list[Pagina] = []
    async with _started(file, "bot.rag.pdf_worker", seconds) as lines:
        async for kind, *rest in lines:
            if kind == "avance" and avance:
                await avance(rest[0], rest[1])
            elif kind == "pagina":
                pages.append(_page(*rest))
            elif kind == "error":
                raise _ERRORS[rest[0]](**rest[1])
            elif kind == "fin":
                return Lectura(tuple(pages), _notices(pages))
    log.warning("pdf_sin_terminar")
    raise PdfTooComplexError


@asynccontextmanager
async def _started(
    file: BinaryIO, module: str, *args: int, cita: str = ""
) -> AsyncIterator[AsyncGenerator[list[Any]]]:
    """What a module tells of a file, in a process that ends with the context."""
    given = {name: os.environ[name] for name in _KEPT if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module, *map(str, args)),
        stdin=file,
        stdout=PIPE,
        stderr=DEVNULL,
        env=given | {"PYTHONIOENCODING": "utf-8", "PYTHONUTF8": "1", "CITA": cita},
        cwd=_ROOT,
        start_new_session=True,
        limit=_LINE_BYTES,
    )
    try:
        async with aclosing(_told(cast(asyncio.StreamReader, process.stdout))) as lines:
            yield lines
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


async def _told(output: asyncio.StreamReader) -> AsyncGenerator[list[Any]]:
    """What the process tells, until it ends.

    Raises:
        PdfTooComplexError: if it tells too much or nothing for a minute.
    """
    total = 0
    while True:
        try:
            line = await asyncio.wait_for(output.readline(), _SILENCE_SECONDS)
        except (TimeoutError, ValueError):
            raise PdfTooComplexError from None
        total += len(line)
        if total > _TOTAL_BYTES:
            raise PdfTooComplexError
        if not line.endswith(b"\n"):
            return
        yield json.loads(line)


def _page(number: int, text: str, ocr: bool, notes: list[str]) -> Pagina:
    return Pagina(number, storable(text), ocr, tuple(Nota(note) for note in notes))


def _notices(pages: Iterable[Pagina]) -> tuple[Aviso, ...]:
    found: defaultdict[Nota, list[int]] = defaultdict(list)
    for page in pages:
        for note in page.notas:
            found[note].append(page.numero)
    return tuple(Aviso(note, tuple(found[note])) for note in Nota if note in found)
