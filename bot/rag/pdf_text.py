"""Lines of pages made into text: without what each page repeats, paragraphs and words whole."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from statistics import median

from bot.rag.pdf_layout import Block, Row, blocks
from bot.rag.pdf_words import Word

_EDGE_ROWS = 3
_MOST_PAGES = 0.6
_FEWEST_PAGES = 3
_NUMBER = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"[-–—\s]*(?:(?:p[áa]g(?:ina|s?\.)?|hoja)\s*\d{1,4}(?:\s*(?:de|/)\s*\d{1,4})?|\d{1,4}\s+de\s+\d{1,4})"
    r"[-–—.\s]*|[-–—]\s*\d{1,4}\s*[-–—]",
    re.IGNORECASE,
)
_ORDINALS = (
    "PRIMER|SEGUND|TERCER|CUART|QUINT|SEXT|S[EÉ]PTIM|OCTAV|NOVEN|(?:UN|DUO)?D[EÉ]CIM|(?:VI|TRI)G[EÉ]SIM"
)
_MARK = re.compile(
    r"[•▪●◦‣·*–—-]\s|\(?(?:\d{1,2}|[a-zA-Z]|[ivxIVX]{1,5})(?:[.)]|\s?[.°º]?[-–])\s"
    rf"|\d{{1,2}}(?:\.\d{{1,2}})+\.?\s|(?:{_ORDINALS})[OA]\b|(?i:cl[áa]usula|art[íi]culo|anexo|p[áa]rrafo)\s"
)
_BROKEN = re.compile(r"(\w+)-$")
_WHOLE_HYPHEN = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)+")


def page_texts(pages: Sequence[tuple[list[Row], Sequence[str]]]) -> list[str]:
    """The text of each page of a document, from its rows and the texts that stand aslant on it.

    A header or footer stays on the first page that has it: it may be the only place that names something.
    """
    repeated = _furniture([rows for rows, _ in pages])
    hyphenated = _hyphenated(row.text for rows, _ in pages for row in rows)
    texts = []
    for number, (page, aslant) in enumerate(pages):
        kept = [row for at, row in enumerate(page) if (number, at) not in repeated]
        lines = [line for block in blocks(kept) for line in _lines(block, hyphenated)]
        texts.append("\n".join([*lines, *aslant]))
    return texts


def _furniture(pages: Sequence[list[Row]]) -> set[tuple[int, int]]:
    """Page and row of what most pages repeat but for the page's number, and of page numbers alone."""
    slots: defaultdict[str, list[tuple[int, int, list[int]]]] = defaultdict(list)
    gone: set[tuple[int, int]] = set()
    for number, page in enumerate(pages):
        for at in _edges(page):
            text = page[at].text
            if text == str(number + 1) or _PAGE_NUMBER.fullmatch(text):
                gone.add((number, at))
            slots[_NUMBER.sub("#", text)].append((number, at, [int(n) for n in _NUMBER.findall(text)]))
    for places in slots.values():
        same = _alike(places)
        if len({number for number, _ in same}) >= max(_FEWEST_PAGES, _MOST_PAGES * len(pages)):
            first = min(number for number, _ in same)
            gone |= {place for place in same if place[0] != first}
    return gone


def _edges(page: list[Row]) -> Iterable[int]:
    return sorted({*range(len(page))[:_EDGE_ROWS], *range(len(page))[-_EDGE_ROWS:]})


def _alike(places: list[tuple[int, int, list[int]]]) -> list[tuple[int, int]]:
    """Those whose numbers are the same as on most, or count the pages as on most."""
    for slot in range(len(places[0][2])):
        fixed = Counter(numbers[slot] for _, _, numbers in places).most_common(1)[0]
        moving = Counter(numbers[slot] - number for number, _, numbers in places).most_common(1)[0]
        counts_pages = moving[1] > fixed[1]
        wanted = moving[0] if counts_pages else fixed[0]
        places = [
            (number, at, numbers)
            for number, at, numbers in places
            if numbers[slot] - (number if counts_pages else 0) == wanted
        ]
    return [(number, at) for number, at, _ in places]


def _hyphenated(lines: Iterable[str]) -> set[str]:
    """The words that the document itself writes with a hyphen in the middle of a line."""
    return {word.lower() for line in lines for word in _WHOLE_HYPHEN.findall(line)}


def _lines(block: Block, hyphenated: set[str]) -> list[str]:
    """A table's rows, or paragraphs."""
    if block.table or not block.lines:
        return [line.text for line in block.lines]
    right = max(line.x1 for line in block.lines)
    gaps = [after.top - before.bottom for before, after in zip(block.lines, block.lines[1:], strict=False)]
    usual = median(gaps) if gaps else 0.0
    texts = [block.lines[0].text]
    for before, after in zip(block.lines, block.lines[1:], strict=False):
        if _begins(before, after, right, usual):
            texts.append(after.text)
        else:
            texts[-1] = _join(texts[-1], after.text, hyphenated)
    return texts


def _begins(before: Word, after: Word, right: float, usual: float) -> bool:
    """Whether a line begins a paragraph, a clause or an item of a list."""
    height = min(before.height, after.height)
    if after.top - before.bottom > usual + 0.4 * height or max(before.height, after.height) > 1.2 * height:
        return True
    if _MARK.match(after.text):
        return True
    if before.text.endswith("-"):
        return False
    first = after.text.split(" ", 1)[0]
    letter = (after.x1 - after.x0) / len(after.text)
    indented = after.x0 - before.x0 > 0.8 * height and not _MARK.match(before.text)
    return indented or before.x1 + (len(first) + 1) * letter < right - height


def _join(text: str, line: str, hyphenated: set[str]) -> str:
    """`arrenda-` + `miento` → `arrendamiento`, but `76.192.083-` + `9` and `compra-` + `venta` keep theirs.

    A hyphen between small letters is taken for one of the line's end, unless the document writes the word
    with it elsewhere.
    """
    broken = _BROKEN.search(text)
    if not broken:
        return f"{text} {line}"
    begin, end = broken[1], re.match(r"\w*", line)
    written = f"{begin}-{end[0] if end else ''}".lower()
    if begin[-1].isalpha() and line[:1].islower() and written not in hyphenated:
        return text[:-1] + line
    return text + line
