"""Why a contract's PDF could not be read."""

from bot.core.errors import BotError, InputError


class PdfError(InputError):
    """The PDF cannot be read."""

    key = "pdf"


class PdfNotPdfError(PdfError):
    """The file is something else; `parece` tells what it seems to be ("una imagen")."""

    key = "pdf_no_es_pdf"


class PdfEncryptedError(PdfError):
    """The PDF opens with a password only."""

    key = "pdf_cifrado"


class PdfDamagedError(PdfError):
    """The PDF is cut off or broken."""

    key = "pdf_danado"


class PdfTooManyPagesError(PdfError):
    """The PDF has `paginas` pages, more than `maximo`."""

    key = "pdf_muchas_paginas"


class PdfTooComplexError(PdfError):
    """Reading the PDF takes more time, memory or text than any contract needs."""

    key = "pdf_complejo"


class PdfNoTextError(PdfError):
    """No page has text that could be read."""

    key = "pdf_sin_texto"


class PdfOcrMissingError(BotError):
    """The PDF is a scan, and this machine has no OCR."""

    key = "pdf_sin_ocr"
