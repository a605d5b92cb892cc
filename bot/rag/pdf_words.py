"""The words that a person sees on a page of a PDF, and where.

Coordinates are those of the page as displayed: points from its upper left corner, y downwards.
"""

import ctypes
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import cast

import pypdfium2 as pdfium
from PIL import Image, ImageDraw
from pypdfium2 import raw

from bot.rag.pdf_chars import clean, is_hidden

MAXIMUM_CHARACTERS = 50_000
_SMALLEST = 2.0
_LEAST_CONTRAST = 10
_GROUND = 32
_SIGHT_PIXELS = 1_000_000
_IMAGES_LOOKED_AT = 200
_INVISIBLE_MODES = {raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP}


class TooComplexError(Exception):
    """A page holds more than any contract's."""


@dataclass(slots=True)
class Word:
    """A word and its box."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


@dataclass(slots=True)
class Sheet:
    """What a page holds.

    `words` are upright ones, `aslant` texts in other directions; `layer` is text in invisible mode. `hidden`
    tells that something was left out, `image` the share of the page that its largest image covers, `ink`
    that of what is drawn on it besides `words` and `aslant`.
    """

    words: list[Word] = field(default_factory=list)
    aslant: list[str] = field(default_factory=list)
    layer: list[Word] = field(default_factory=list)
    hidden: bool = False
    image: float = 0.0
    ink: float = 0.0


def letters(words: list[Word]) -> int:
    """How many letters and digits there are to read."""
    return sum(char.isalnum() for word in words for char in word.text)


def read_sheet(page: pdfium.PdfPage) -> Sheet:
    """The words of a page.

    Raises:
        TooComplexError: if it has more than `MAXIMUM_CHARACTERS`.
    """
    view = _View(page)
    sheet = Sheet(image=view.largest_image())
    turned: list[tuple[int, Word]] = []
    last: Word | None = None
    for text, goes_on, (angle, mode), word in view.words():
        word.text, dropped = clean(text)
        sheet.hidden |= dropped
        if not word.text.strip():
            continue
        if mode in _INVISIBLE_MODES:
            sheet.layer.append(word)
        elif view.shows(word):
            if goes_on and last and turned[-1][0] == angle:
                _extend(last, word)
            else:
                last = word
                turned.append((angle, word))
        else:
            last = None
            sheet.hidden = True
    sheet.ink = view.ink(word for _, word in turned)
    _straighten(sheet, turned, view.size)
    return sheet


def _extend(word: Word, rest: Word) -> None:
    word.text += rest.text
    word.x0, word.x1 = min(word.x0, rest.x0), max(word.x1, rest.x1)
    word.top, word.bottom = min(word.top, rest.top), max(word.bottom, rest.bottom)


def _straighten(sheet: Sheet, turned: list[tuple[int, Word]], size: tuple[float, float]) -> None:
    """Turn the page so that most of its text is upright; the rest (stamps, watermarks) becomes `aslant`."""
    weights: Counter[int] = Counter()
    for angle, word in turned:
        weights[angle] += len(word.text)
    main = max((angle for angle in weights if angle % 90 == 0), key=lambda angle: weights[angle], default=0)
    aslant: dict[int, list[str]] = {}
    for angle, word in turned:
        if angle == main:
            sheet.words.append(_turned(word, -main % 360, size))
        else:
            aslant.setdefault(angle, []).append(word.text)
    sheet.aslant = [" ".join(texts) for texts in aslant.values()]


def _turned(word: Word, angle: int, size: tuple[float, float]) -> Word:
    """A box turned clockwise by quarters, of a page of that size."""
    width, height = size
    if angle == 90:
        return Word(word.text, height - word.bottom, height - word.top, word.x0, word.x1)
    if angle == 180:
        return Word(word.text, width - word.x1, width - word.x0, height - word.bottom, height - word.top)
    if angle == 270:
        return Word(word.text, word.top, word.bottom, width - word.x1, width - word.x0)
    return word


class _View:
    """One page: its text by position, and a small picture of it to see what shows."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self._page = page
        self._text = page.get_textpage()
        self._origin = page.get_bbox()
        self._turn = page.get_rotation()
        self.size = page.get_size()
        self._scale = min(0.7, math.sqrt(_SIGHT_PIXELS / max(self.size[0] * self.size[1], 1.0)))
        bitmap = page.render(scale=self._scale, grayscale=True, may_draw_forms=False)
        self._picture: Image.Image = bitmap.to_pil()

    def ink(self, words: Iterable[Word]) -> float:
        """The share of the page that differs from its ground, but for those words."""
        rest = self._picture.copy()
        ground = max(range(256), key=rest.histogram().__getitem__)
        brush = ImageDraw.Draw(rest)
        for word in words:
            box = (edge * self._scale for edge in (word.x0, word.top, word.x1, word.bottom))
            brush.rectangle(tuple(box), fill=ground)
        alike = sum(rest.histogram()[max(ground - _GROUND, 0) : ground + _GROUND + 1])
        return 1 - alike / (rest.width * rest.height)

    def largest_image(self) -> float:
        """The share of the page that its largest image covers; forms count as what they may hold."""
        kinds = [raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM]
        area = max(self.size[0] * self.size[1], 1.0)
        largest = 0.0
        for found in islice(self._page.get_objects(filter=kinds, max_depth=1), _IMAGES_LOOKED_AT):
            left, bottom, right, top = found.get_bounds()
            largest = max(largest, (right - left) * (top - bottom) / area)
        return largest

    def shows(self, word: Word) -> bool:
        """Whether the word is on the page, large enough, and unlike what it lies on; marks always show."""
        width, height = self.size
        if not any(char.isalnum() for char in word.text):
            return True
        if min(word.height, word.x1 - word.x0) < _SMALLEST * (0.5 if len(word.text) == 1 else 1):
            return False
        if not (0 <= (word.x0 + word.x1) / 2 <= width and 0 <= word.middle <= height):
            return False
        shrink = word.height * 0.1
        box = (word.x0, word.top + shrink, word.x1, word.bottom - shrink)
        left, top, right, bottom = (edge * self._scale for edge in box)
        corner = (max(int(left), 0), max(int(top), 0))
        far = (min(int(right) + 1, self._picture.width), min(int(bottom) + 1, self._picture.height))
        if far[0] <= corner[0] or far[1] <= corner[1]:
            return False
        return _contrast(self._picture.crop((*corner, *far))) >= _LEAST_CONTRAST

    def words(self) -> Iterator[tuple[str, bool, tuple[int, int], Word]]:
        """Each word: its text, whether it goes on with the one before, its angle and mode, its box."""
        for first, goes_on, text in self._spans():
            yield text, goes_on, self._drawn(first), self._box(text, first)

    def _spans(self) -> Iterator[tuple[int, bool, str]]:
        """At which character each word begins; one drawn in pieces is told piece by piece."""
        count = self._text.count_chars()
        if count > MAXIMUM_CHARACTERS:
            raise TooComplexError
        get = raw.FPDFText_GetUnicode
        chars = [chr(get(self._text.raw, index)) for index in range(count)]
        start = 0
        for index, char in enumerate([*chars, " "]):
            if char.isspace():
                if start < index:
                    yield from self._pieces(start, index - 1, chars)
                start = index + 1
            elif char in "\x02\ufffe":
                yield from self._pieces(start, index, chars)
                start = index + 1

    def _pieces(self, first: int, last: int, chars: list[str]) -> Iterator[tuple[int, bool, str]]:
        if self._object(first) == self._object(last):
            yield first, False, "".join(chars[first : last + 1])
            return
        begin = first
        for index in range(first + 1, last + 2):
            if index > last or self._object(index) != self._object(begin):
                yield begin, begin > first, "".join(chars[begin:index])
                begin = index

    def _object(self, index: int) -> int:
        found = raw.FPDFText_GetTextObject(self._text.raw, index)
        return ctypes.addressof(found.contents) if found else 0

    def _drawn(self, index: int) -> tuple[int, int]:
        found = raw.FPDFText_GetTextObject(self._text.raw, index)
        mode = raw.FPDFTextObj_GetTextRenderMode(found) if found else raw.FPDF_TEXTRENDERMODE_FILL
        degrees = math.degrees(raw.FPDFText_GetCharAngle(self._text.raw, index)) + self._turn
        quarter = round(degrees / 90) * 90
        return int(quarter if abs(degrees - quarter) < 5 else round(degrees)) % 360, mode

    def _box(self, text: str, first: int) -> Word:
        shown: Sequence[int] = range(first, first + len(text))
        if not text.isascii():
            shown = [index for index in shown if not is_hidden(text[index - first])] or [first]
        one, other = raw.FS_RECTF(), raw.FS_RECTF()
        raw.FPDFText_GetLooseCharBox(self._text.raw, shown[0], one)
        raw.FPDFText_GetLooseCharBox(self._text.raw, shown[-1], other)
        left, bottom, right, top = self._origin
        x0, x1 = min(one.left, other.left) - left, max(one.right, other.right) - left
        upper, lower = top - max(one.top, other.top), top - min(one.bottom, other.bottom)
        flat = Word(text, x0, x1, upper, lower)
        return _turned(flat, self._turn % 360, (right - left, top - bottom))


def _contrast(picture: Image.Image) -> float:
    """How far the darkest and the lightest of a grey picture are apart, up to 255."""
    darkest, lightest = cast(tuple[float, float], picture.getextrema())
    return lightest - darkest
