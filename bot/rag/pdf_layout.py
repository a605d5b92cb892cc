"""Words of a page put in reading order: columns one after the other, tables row by row."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from bot.rag.pdf_words import Word

CELL = " | "
_GAP = 0.9
_COLUMN_ROWS = 4
_COLUMN_CHARACTERS = 20
_COLUMN_FILL = 0.6
_MARK = re.compile(r"\(?\w{1,4}[.)°º:-]+|[•▪●◦·*–—-]")


@dataclass(slots=True)
class Row:
    """What stands side by side: pieces from left to right, far enough apart to be cells or columns."""

    pieces: list[Word]

    @property
    def text(self) -> str:
        return " ".join(piece.text for piece in self.pieces)

    @property
    def top(self) -> float:
        return min(piece.top for piece in self.pieces)

    @property
    def bottom(self) -> float:
        return max(piece.bottom for piece in self.pieces)


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
    return [Row(_pieces(sorted(line, key=lambda word: word.x0))) for line in found]


def _pieces(line: list[Word]) -> list[Word]:
    """Words joined where only a space is between them; what is drawn twice (false bold) counts once."""
    pieces: list[Word] = []
    previous: Word | None = None
    for word in line:
        if previous and word.text == previous.text and word.x0 - previous.x0 < 0.15 * word.height:
            continue
        if previous and word.x0 - previous.x1 <= _GAP * max(word.height, previous.height):
            last = pieces[-1]
            glued = word.x0 - previous.x1 < 0.05 * word.height
            joined = last.text + ("" if glued else " ") + word.text
            top, bottom = min(last.top, word.top), max(last.bottom, word.bottom)
            pieces[-1] = Word(joined, last.x0, max(last.x1, word.x1), top, bottom)
        else:
            pieces.append(Word(word.text, word.x0, word.x1, word.top, word.bottom))
        previous = word
    return pieces


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
    line = Word(row.text, row.pieces[0].x0, row.pieces[-1].x1, row.top, row.bottom)
    if found and not found[-1].table:
        found[-1].lines.append(line)
    else:
        found.append(Block([line]))


def _zone(page: Sequence[Row], start: int) -> tuple[int, list[float]]:
    """How far down, from a row with several pieces, whitespace between them is kept free, and where it is."""
    end, gutters, several = start + 1, _gutters(page[start : start + 1]), 1
    if not gutters:
        return end, []
    free: list[Word] = list(page[start].pieces)
    while end < len(page):
        row = page[end]
        wide = row.top - page[end - 1].bottom > 1.2 * row.pieces[0].height
        kept = _gutters_of([*free, *row.pieces], row.pieces[0].height)
        if not kept or (len(row.pieces) == 1 and wide):
            break
        gutters, several = kept, several + (len(row.pieces) > 1)
        free += row.pieces
        end += 1
    while end > start and len(page[end - 1].pieces) == 1 and _stands_apart(page, end - 1):
        end -= 1
    return end, gutters if several > 1 else []


def _stands_apart(page: Sequence[Row], at: int) -> bool:
    """Whether a single piece after a zone is rather the heading of what follows."""
    above = page[at].top - page[at - 1].bottom
    below = page[at + 1].top - page[at].bottom if at + 1 < len(page) else float("inf")
    return above > 0.6 * page[at].pieces[0].height and above >= below


def _gutters(page: Sequence[Row]) -> list[float]:
    return _gutters_of([piece for row in page for piece in row.pieces], page[0].pieces[0].height)


def _gutters_of(pieces: Iterable[Word], height: float) -> list[float]:
    """The middles of the vertical strips that no piece touches."""
    found: list[float] = []
    right: float | None = None
    for piece in sorted(pieces, key=lambda piece: piece.x0):
        if right is not None and piece.x0 - right > _GAP * height:
            found.append((right + piece.x0) / 2)
        right = max(right or piece.x1, piece.x1)
    return found


type Cells = list[Word | None]


def _cells(row: Row, gutters: Sequence[float]) -> Cells:
    """A row's pieces by column; none where it is empty."""
    cells: Cells = [None] * (len(gutters) + 1)
    for piece in row.pieces:
        column = sum(gutter < piece.x0 for gutter in gutters)
        cells[column] = _joined(cells[column], piece)
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
    tight = 0.3 * height
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
