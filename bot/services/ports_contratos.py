"""What the contracts need of the outside: who reads their PDF."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

type Avance = Callable[[int, int], Awaitable[None]]


class Nota(StrEnum):
    """Something to know about a page; its words are `utter_aviso_pdf_<nota>`."""

    INVISIBLE = "invisible"
    """Text or characters that nobody sees were left out."""
    CAPA = "capa"
    """A scan without OCR here: its text is what whoever scanned it left behind the image, unchecked."""
    SIN_OCR = "sin_ocr"
    """A scan that was not read, for lack of OCR."""
    DUDOSA = "dudosa"
    """The OCR is unsure of what it read."""
    ILEGIBLE = "ilegible"
    """Something is drawn on the page, but no text could be read."""


@dataclass(frozen=True, slots=True)
class Pagina:
    """The text of one page, whose number counts from 1; `ocr` if it was read from an image.

    Paragraphs, list items and table rows are lines; the cells of a row are separated by ` | `.
    """

    numero: int
    texto: str
    ocr: bool
    notas: tuple[Nota, ...]


@dataclass(frozen=True, slots=True)
class Aviso:
    """A note and the pages that it is about, ascending."""

    nota: Nota
    paginas: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Lectura:
    """All pages of a PDF in order (their text may be empty), and what a person should know about them."""

    paginas: tuple[Pagina, ...]
    avisos: tuple[Aviso, ...]


class LectorPdf(Protocol):
    """Reads PDFs that nobody vouches for."""

    async def revisar(self, ruta: Path) -> None:
        """Return if a file is small enough and begins like a PDF.

        Raises:
            UploadTooLargeError, PdfNotPdfError
        """
        ...

    async def leer(self, ruta: Path, avance: Avance | None = None) -> Lectura:
        """The text of a PDF by page; `avance` hears of each page how many of how many are done.

        Raises:
            UploadTooLargeError, or one of the errors of `bot.core.errors_contratos`.
        """
        ...

    async def imagen(self, ruta: Path, pagina: int, cita: str = "") -> bytes | None:
        """A page as a PNG, with a quote marked where it stands; None if there is no such page.

        Raises:
            as `leer`.
        """
        ...


class Redactor(Protocol):
    """A language model that says what is known in better words; what it says is checked by whoever asks."""

    async def redactar(self, pregunta: str, respuesta: str, cita: str) -> str:
        """The answer in other words, from what the quote says.

        Raises:
            ServiceUnavailableError: if the model does not answer, or is at work for somebody else.
        """
        ...
