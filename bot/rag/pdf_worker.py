"""Reads one PDF, from stdin to JSON lines, in a process that can hurt nobody: `-m bot.rag.pdf_worker 7`.

Each line is `["avance", done, of]`, `["pagina", number, text, ocr, notes]`, `["error", key, params]` or
`["fin"]`; without one of the last two, whatever came is not the whole.
"""

import ctypes
import json
import os
import resource
import signal
import sys

import pypdfium2 as pdfium
from pypdfium2 import raw

from bot.rag import pdf_ocr
from bot.rag.pdf_layout import Row, rows
from bot.rag.pdf_text import page_texts
from bot.rag.pdf_words import Sheet, TooComplexError, letters, read_sheet

MAXIMUM_PAGES = 300
MAXIMUM_CHARACTERS = 3_000_000
_MEMORY = 768 * 2**20
_CPU_SECONDS_PAGE = 0.25
_CPU_SECONDS_OCR = 3.0
_CPU_SECONDS_EVER = 900
_NICE = 5
_LITTLE_TEXT = 40
_SOME_TEXT = 800
_SCAN = 0.5
_INK = 0.002
_PR_SET_PDEATHSIG = 1
_ENCRYPTED = {raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY}


class UnreadableError(Exception):
    """Why a PDF is not read: the key of its error, and what its words need."""

    def __init__(self, key: str, **params: int) -> None:
        super().__init__(key, params)


class _Reader:
    """Page by page, with a little more processor time for each."""

    def __init__(self, pdf: pdfium.PdfDocument, seconds: float) -> None:
        self._pdf = pdf
        self._ocr = pdf_ocr.Ocr()
        self._seconds = seconds
        self._characters = 0
        self._lacks_ocr = False

    def read(self) -> None:
        """Tell of all pages.

        Raises:
            UnreadableError: if there is nothing to read, or too much.
        """
        total = len(self._pdf)
        if not 0 < total <= MAXIMUM_PAGES:
            raise UnreadableError(
                "muchas_paginas" if total else "danado", paginas=total, maximo=MAXIMUM_PAGES
            )
        found = []
        for number in range(total):
            found.append(self._page(number))
            tell("avance", number + 1, total)
        texts = page_texts([(lines, sheet.aslant) for lines, sheet, _, _ in found])
        if not any(char.isalnum() for text in texts for char in text):
            raise UnreadableError("sin_ocr" if self._lacks_ocr else "sin_texto")
        for number, (text, (_, _, ocr, notes)) in enumerate(zip(texts, found, strict=True), start=1):
            tell("pagina", number, text, ocr, notes)

    def _page(self, number: int) -> tuple[list[Row], Sheet, bool, list[str]]:
        self._allow(_CPU_SECONDS_PAGE)
        page = self._pdf[number]
        sheet = read_sheet(page)
        ocr, notes = self._decide(page, sheet)
        self._characters += sum(len(word.text) for word in sheet.words)
        if self._characters > MAXIMUM_CHARACTERS:
            raise TooComplexError
        page.close()
        return rows(sheet.words), sheet, ocr, notes

    def _decide(self, page: pdfium.PdfPage, sheet: Sheet) -> tuple[bool, list[str]]:
        """What a page says, by its text or its image; a layer behind a scan is not what people see."""
        notes = ["invisible"] if sheet.hidden else []
        count = letters(sheet.words)
        scan = sheet.ink >= _INK and (count < _LITTLE_TEXT or (sheet.image >= _SCAN and count < _SOME_TEXT))
        if not scan:
            return False, notes if notes or not sheet.layer else ["invisible"]
        if not pdf_ocr.installed():
            return False, notes + self._without_ocr(sheet, count)
        self._allow(_CPU_SECONDS_OCR)
        seen = self._ocr.read(page)
        if letters(seen.words) <= 1.2 * count:
            return False, notes or (["ilegible"] if not count else [])
        sheet.words, sheet.aslant = seen.words, []
        return True, notes + (["dudosa"] if seen.doubtful else [])

    def _without_ocr(self, sheet: Sheet, count: int) -> list[str]:
        if sheet.layer and sheet.image >= _SCAN:
            sheet.words += sheet.layer
            return ["capa"]
        if count < _LITTLE_TEXT or sheet.image >= _SCAN:
            self._lacks_ocr = True
            return ["sin_ocr"]
        return []

    def _allow(self, seconds: float) -> None:
        self._seconds += seconds
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (min(int(self._seconds), hard), hard))


def limit(seconds: int) -> None:
    """What this process may use, and that it ends with whoever started it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, _CPU_SECONDS_EVER))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(_NICE)


def open_pdf(content: bytes) -> pdfium.PdfDocument:
    """A PDF that is whole and needs no password.

    Raises:
        UnreadableError: if it is none.
    """
    if b"%%EOF" not in content[-8192:]:
        raise UnreadableError("danado")
    try:
        return pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        raise UnreadableError("cifrado" if error.err_code in _ENCRYPTED else "danado") from None


def tell(*line: object) -> None:
    """One line for whoever started this process."""
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Tell what stdin says or why it cannot be read; the argument is the seconds that it may take."""
    seconds = int(sys.argv[1])
    limit(seconds)
    try:
        _Reader(open_pdf(sys.stdin.buffer.read()), seconds).read()
    except UnreadableError as failure:
        tell("error", *failure.args)
    except (TooComplexError, MemoryError, RecursionError):
        tell("error", "complejo", {})
    except pdfium.PdfiumError:
        tell("error", "danado", {})
    else:
        tell("fin")


if __name__ == "__main__":
    main()
