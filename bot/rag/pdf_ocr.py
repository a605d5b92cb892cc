"""The words of a scanned page, by tesseract."""

import csv
import io
import math
import os
import re
import resource
import shutil
import subprocess
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from statistics import median

import pypdfium2 as pdfium
from PIL import Image

from bot.rag.pdf_chars import clean
from bot.rag.pdf_words import Word

_DPI = 200
_PIXELS = 8_000_000
_PAGE_SECONDS = 45.0
_CPU_SECONDS = 30
_SURE = 70.0
_WORD = "5"
_TURNS = (0, 180, 90, 270)
# The sign of a number is what tesseract misses most.
_NUMBER_SIGN = re.compile(r"^N[?*\"'”]$")


@dataclass(frozen=True, slots=True)
class Scan:
    """The words of one image, and how sure the OCR is of them, from 0 to 100."""

    words: list[Word]
    confidence: float

    @property
    def doubtful(self) -> bool:
        return self.confidence < _SURE


@cache
def installed() -> bool:
    """Whether there is tesseract with Spanish."""
    program = shutil.which("tesseract")
    if not program:
        return False
    known = subprocess.run([program, "--list-langs"], stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603
    return "spa" in known.stdout.split()


class Ocr:
    """Reads pages; how one lay in the scanner is tried first for the next."""

    def __init__(self) -> None:
        self._turn = 0

    def read(self, page: pdfium.PdfPage) -> Scan:
        """The words of a page as it would be read; few and doubtful if none of its four sides is up."""
        width, height = page.get_size()
        scale = min(_DPI / 72, math.sqrt(_PIXELS / max(width * height, 1.0)))
        bitmap = page.render(scale=scale, grayscale=True, may_draw_forms=False)
        image: Image.Image = bitmap.to_pil()
        end = time.monotonic() + _PAGE_SECONDS
        best = Scan([], 0.0)
        for turn in sorted(_TURNS, key=lambda turn: turn != self._turn):
            scan = _read(image.rotate(turn, expand=True), scale, end)
            if scan.confidence > best.confidence:
                best = scan
                self._turn = turn if not scan.doubtful else self._turn
            if not best.doubtful or time.monotonic() > end:
                break
        return best


def _read(image: Image.Image, scale: float, end: float) -> Scan:
    """One run of tesseract; nothing if it fails or takes too long."""
    picture = io.BytesIO()
    image.save(picture, "PPM")
    try:
        done = subprocess.run(  # noqa: S603
            ["tesseract", "stdin", "stdout", "-l", "spa", "--dpi", str(_DPI), "tsv"],  # noqa: S607
            input=picture.getvalue(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=max(end - time.monotonic(), 0.1),
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
            preexec_fn=_limit,  # safe: the worker has one thread
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Scan([], 0.0)
    told = io.StringIO(done.stdout.decode(errors="replace"))
    rows = csv.DictReader(told, dialect="excel-tab", quoting=csv.QUOTE_NONE)
    return _words([row for row in rows if row["level"] == _WORD and (row["text"] or "").strip()], scale)


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))


def _words(found: list[Mapping[str, str]], scale: float) -> Scan:
    """Tesseract's words in points, those of a line at one height and level again if the page lay askew."""
    lines: defaultdict[tuple[str, ...], list[Word]] = defaultdict(list)
    weights = []
    upright = 0
    for row in found:
        x, y, width, height = (int(row[side]) / scale for side in ("left", "top", "width", "height"))
        text = _NUMBER_SIGN.sub("N°", clean(row["text"])[0])
        if not text:
            continue
        lines[row["block_num"], row["par_num"], row["line_num"]].append(
            Word(text, x, x + width, y, y + height)
        )
        upright += width > height or len(text) < 3
        weights.append((float(row["conf"]), len(text)))
    if not weights:
        return Scan([], 0.0)
    slope = median([_slope(line) for line in lines.values() if len(line) > 4] or [0.0])
    half = 0.75 * median(word.height for line in lines.values() for word in line)
    for line in lines.values():
        middle = median(word.middle - slope * word.x0 for word in line)
        for word in line:
            word.top, word.bottom = middle - half, middle + half
    words = [word for line in lines.values() for word in line]
    confidence = sum(sure * weight for sure, weight in weights) / sum(weight for _, weight in weights)
    return Scan(words, confidence / 2 if upright < len(weights) / 2 else confidence)


def _slope(line: list[Word]) -> float:
    first, last = line[0], line[-1]
    return (last.bottom - first.bottom) / max(last.x0 - first.x0, 1.0)
