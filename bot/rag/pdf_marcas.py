"""Where a quote stands on a page, and the page's picture with it marked as with a pen."""

import re
import unicodedata

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image, ImageChops

# What a quote leaves out stands between these; a shorter piece would be found anywhere.
_GAP = re.compile(r"\[?(?:…|\.\.\.)\]?")
_SHORTEST = 8
_PAPER = (255, 255, 255)
_PEN = (255, 226, 110)
_AROUND = 2
# So many grays, and as many of the pen's: a page with marks is no larger than one without.
_GRAYS = 32

type Box = tuple[int, int, int, int]


def boxes(page: pdfium.PdfPage, bitmap: pdfium.PdfBitmap, cita: str) -> list[Box]:
    """The lines of a quote on a drawn page: left, top, right and bottom, in its pixels.

    Letters and digits are compared, without accents, so that it does not matter how lines were joined.
    Empty if the quote is not there, or the page is a picture of one.
    """
    text = page.get_textpage()
    letters = [
        (letter, at)
        for at in range(text.count_chars())
        for letter in _plain(chr(pdfium_c.FPDFText_GetUnicode(text, at)))
    ]
    written = "".join(letter for letter, _ in letters)
    to = bitmap.get_posconv(page)
    found: list[Box] = []
    for piece in map(_plain, _GAP.split(cita)):
        at = written.find(piece) if len(piece) >= _SHORTEST else -1
        if at >= 0:
            first, last = letters[at][1], letters[at + len(piece) - 1][1]
            count = text.count_rects(first, last - first + 1)
            found += [_box(to, text.get_rect(line)) for line in range(count)]
    return found


def marked(drawn: Image.Image, lines: list[Box]) -> Image.Image:
    """A gray picture with the pen over these lines; what is written stays as dark as it was."""
    pen = Image.new("L", drawn.size)
    for left, top, right, bottom in lines:
        pen.paste(_GRAYS, (left - _AROUND, top - _AROUND, right + _AROUND, bottom + _AROUND))
    grays = drawn.point(lambda gray: gray * _GRAYS // 256)
    both = ImageChops.add(grays, pen)
    shades = [gray / (_GRAYS - 1) for gray in range(_GRAYS)]
    both.putpalette([round(shade * part) for full in (_PAPER, _PEN) for shade in shades for part in full])
    return both


def _box(to: pdfium.PdfPosConv, rect: tuple[float, float, float, float]) -> Box:
    left, bottom, right, top = rect
    (x, y), (other_x, other_y) = to.to_bitmap(left, top), to.to_bitmap(right, bottom)
    return min(x, other_x), min(y, other_y), max(x, other_x), max(y, other_y)


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    return "".join(char for char in apart if char.isalnum()).casefold()
