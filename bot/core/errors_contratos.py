"""Why a contract's PDF could not be read."""

from bot.core.errors import BotError, InputError, ServiceUnavailableError


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


class VirusFoundError(InputError):
    """The virus scanner refused the file."""

    key = "archivo_virus"


class ScannerUnavailableError(ServiceUnavailableError):
    """The virus scanner does not answer, and what it has not seen is not taken in."""

    key = "antivirus_caido"


class ContractUnreadableError(InputError):
    """A contract was stored but could not be read; `motivo` tells why."""

    key = "contrato_sin_leer"


class ContractNotReadyError(BotError):
    """The contract is still being read."""

    key = "contrato_leyendo"


class CorrectionInvalidError(InputError):
    """What was given is no value for that fact."""

    key = "contrato_correccion"


class ReplacementInvalidError(InputError):
    """A contract cannot stand for itself, nor an annex for a contract."""

    key = "contrato_reemplazo"
