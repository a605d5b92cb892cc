"""Words of a page put in reading order: columns one after the other, tables row by row."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from bot.rag.pdf_words import Word

CELL = " | "
_GAP = 0.9
_STRIP = 0.5
_FAR_ROW = 2.5
_FAR_LINE = 0.8
_COLUMN_ROWS = 4
_COLUMN_CHARACTERS = 20
_COLUMN_FILL = 0.6
_MARK = re.compile(r"\(?\w{1,4}[.)°º:-]+|[•▪●◦·*–—-]")


@dataclass(slots=True)
class Row:
    """Words side by side, from left to right; `apart` if some are as far apart as cells or columns."""

    words: list[Word]
    apart: bool

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def top(self) -> float:
        return min(word.top for word in self.words)

    @property
    def bottom(self) -> float:
        return max(word.bottom for word in self.words)

    @property
    def height(self) -> float:
        return self.words[0].height


@dataclass(slots=True)
class Block:
    """Lines of running text; of a table, each line is a row."""

    lines: list[Word]
    table: bool = False


def rows(words: Iterable[Word]) -> list[Row]:
    """The words of a page, from top to bottom."""
    found: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.middle):
        first = found[-1][0] if found else None
        if first and word.middle - first.middle <= min(first.height, word.height) / 2:
            found[-1].append(word)
        else:
            found.append([word])
    return [_row(sorted(line, key=lambda word: word.x0)) for line in found]


def _row(line: list[Word]) -> Row:
    """What is drawn twice (false bold) counts once; the even gaps of a justified line set nothing apart."""
    words = line[:1]
    for word in line[1:]:
        if word.text != words[-1].text or word.x0 - words[-1].x0 >= 0.15 * word.height:
            words.append(word)
    height = words[0].height
    gaps = [after.x0 - before.x1 for before, after in pairwise(words)]
    usual = min((gap for gap in gaps if gap > 0), default=0.0)
    return Row(words, any(gap > _GAP * height or gap > max(_STRIP * height, 2 * usual) for gap in gaps))


def blocks(page: Sequence[Row]) -> list[Block]:
    """The rows of a page cut into running text and tables, in reading order."""
    found: list[Block] = []
    at = 0
    while at < len(page):
        end, gutters = _zone(page, at)
        if not gutters:
            _add_line(found, page[at])
            at += 1
            continue
        found += _read_zone([_cells(row, gutters) for row in page[at:end]])
        at = end
    return found


def _add_line(found: list[Block], row: Row) -> None:
    line = Word(row.text, row.words[0].x0, row.words[-1].x1, row.top, row.bottom)
    if found and not found[-1].table:
        found[-1].lines.append(line)
    else:
        found.append(Block([line]))


def _zone(page: Sequence[Row], start: int) -> tuple[int, list[float]]:
    """How far down, from a row with words apart, whitespace between them is kept free, and where it is."""
    if not page[start].apart:
        return start + 1, []
    end, words = start, list[Word]()
    gutters: list[float] = []
    while end < len(page):
        row = page[end]
        kept = _gutters([*words, *row.words], row.height)
        settled = len(kept) < len(gutters) and _lined_up(page[start:end], gutters)
        if not kept or settled or (end > start and _is_far(page[end - 1], row, _several(row, kept))):
            break
        gutters = kept
        words += row.words
        end += 1
    while end > start and not _several(page[end - 1], gutters) and _stands_apart(page, end - 1):
        end -= 1
    return end, gutters if _lined_up(page[start:end], gutters) else []


def _lined_up(zone: Sequence[Row], gutters: Sequence[float]) -> bool:
    return sum(_several(row, gutters) for row in zone) > 1


def _is_far(above: Row, row: Row, several: bool) -> bool:
    """Whether a row begins something else, the sooner if it stands in one column only."""
    return row.top - above.bottom > (_FAR_ROW if several else _FAR_LINE) * row.height


def _several(row: Row, gutters: Sequence[float]) -> bool:
    """Whether a row has something in more than one column."""
    return len({_column(word, gutters) for word in row.words}) > 1


def _column(word: Word, gutters: Sequence[float]) -> int:
    return sum(gutter < word.x0 for gutter in gutters)


def _stands_apart(page: Sequence[Row], at: int) -> bool:
    """Whether a single piece after a zone is rather the heading of what follows."""
    above = page[at].top - page[at - 1].bottom
    below = page[at + 1].top - page[at].bottom if at + 1 < len(page) else float("inf")
    return above > 0.6 * page[at].height and above >= below


def _gutters(words: Iterable[Word], height: float) -> list[float]:
    """The middles of the vertical strips that no word touches."""
    found: list[float] = []
    right: float | None = None
    for word in sorted(words, key=lambda word: word.x0):
        if right is not None and word.x0 - right > _STRIP * height:
            found.append((right + word.x0) / 2)
        right = max(right or word.x1, word.x1)
    return found


type Cells = list[Word | None]


def _cells(row: Row, gutters: Sequence[float]) -> Cells:
    """A row's words by column; none where it is empty."""
    cells: Cells = [None] * (len(gutters) + 1)
    for word in row.words:
        column = _column(word, gutters)
        cells[column] = _joined(cells[column], word)
    return cells


def _joined(one: Word | None, other: Word | None) -> Word | None:
    if one is None or other is None:
        return one or other
    top, bottom = min(one.top, other.top), max(one.bottom, other.bottom)
    return Word(f"{one.text} {other.text}", min(one.x0, other.x0), max(one.x1, other.x1), top, bottom)


def _read_zone(zone: list[Cells]) -> list[Block]:
    columns = [[cell for cell in column if cell] for column in zip(*zone, strict=True)]
    if len(columns) > 1 and all(_MARK.fullmatch(cell.text) for cell in columns[0]):
        return _read_zone([[_joined(one, other), *rest] for one, other, *rest in zone])
    if len(columns) == 1 or all(_is_running(column) for column in columns):
        return [Block(column) for column in columns]
    return [Block([_as_line(band) for band in _bands(zone)], table=True)]


def _is_running(column: list[Word]) -> bool:
    """Whether a column's lines are sentences rather than cells."""
    if len(column) < _COLUMN_ROWS:
        return False
    width = max(cell.x1 for cell in column) - min(cell.x0 for cell in column)
    long = median(len(cell.text) for cell in column) >= _COLUMN_CHARACTERS
    return long and median(cell.x1 - cell.x0 for cell in column) >= _COLUMN_FILL * width


def _bands(zone: list[Cells]) -> list[Cells]:
    """Lines of one table row put together, where rows are set apart by more than their lines are."""
    edges = [([c.top for c in cells if c], [c.bottom for c in cells if c]) for cells in zone]
    height = median(cell.height for cells in zone for cell in cells if cell)
    gaps = [min(after[0]) - max(before[1]) for before, after in pairwise(edges)]
    tight = min((gap for gap in gaps if gap > 0), default=0.0) + 0.2 * height
    bands = [zone[0]]
    apart = max(gaps, default=0.0) > tight
    for gap, cells in zip(gaps, zone[1:], strict=True):
        if apart and gap <= tight and (None in cells or None in bands[-1]):
            bands[-1] = [_joined(one, other) for one, other in zip(bands[-1], cells, strict=True)]
        else:
            bands.append(cells)
    return bands


def _as_line(cells: Cells) -> Word:
    found = [cell for cell in cells if cell]
    top, bottom = min(cell.top for cell in found), max(cell.bottom for cell in found)
    text = CELL.join(cell.text if cell else "" for cell in cells) if len(found) > 1 else found[0].text
    return Word(text, found[0].x0, found[-1].x1, top, bottom)
