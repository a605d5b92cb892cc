"""Draws one page of a PDF, from stdin to a JSON line, as `pdf_worker` reads one: `-m bot.rag.pdf_pagina 7 3`.

The quote to mark, if any, is in the environment (`CITA`), where nobody else on the machine reads it.
The line is `["png", base64]`, `["ninguna"]` if there is no such page, or `["error", key, params]`.
"""

import base64
import io
import os
import sys

import pypdfium2 as pdfium

from bot.rag.pdf_marcas import boxes, marked
from bot.rag.pdf_worker import UnreadableError, limit, open_pdf, tell

# As wide as a chat shows it sharply; a page that is very long gets fewer points, so that memory has an end.
_WIDTH, _HEIGHT = 1240, 2480


def draw(pdf: pdfium.PdfDocument, numero: int, cita: str = "") -> bytes | None:
    """A page, which counts from 1, in gray, with a quote of it marked."""
    if not 0 < numero <= len(pdf):
        return None
    page = pdf[numero - 1]
    width, height = page.get_size()
    scale = min(_WIDTH / max(width, 1), _HEIGHT / max(height, 1))
    file = io.BytesIO()
    bitmap = page.render(scale=scale, grayscale=True)
    lines = boxes(page, bitmap, cita) if cita else []
    drawn = marked(bitmap.to_pil(), lines) if lines else bitmap.to_pil()
    drawn.save(file, "PNG", optimize=True)
    return file.getvalue()


def main() -> None:
    """Tell the page that the second argument names; the first is the seconds that it may take."""
    seconds, numero = map(int, sys.argv[1:])
    limit(seconds)
    try:
        png = draw(open_pdf(sys.stdin.buffer.read()), numero, os.environ.get("CITA", ""))
    except UnreadableError as failure:
        tell("error", *failure.args)
    except (MemoryError, ValueError):
        tell("error", "complejo", {})
    except pdfium.PdfiumError:
        tell("error", "danado", {})
    else:
        tell("png", base64.b64encode(png).decode()) if png else tell("ninguna")


if __name__ == "__main__":
    main()
