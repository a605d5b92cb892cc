"""The lines and fields of a file that somebody uploaded: is it text, in which encoding, where does it end."""

import codecs
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import BinaryIO, NamedTuple

from bot.core.errors import CsvNotCsvError

MAX_LINE = 65_536
_BLOCK = 65_536
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SIGNATURES = (
    (b"%PDF", "un PDF"),
    (b"PK\x03\x04", "una planilla de Excel o un archivo comprimido"),
    (b"PK\x05\x06", "un archivo comprimido"),
    (b"\xd0\xcf\x11\xe0", "una planilla de Excel"),
    (b"\x1f\x8b", "un archivo comprimido"),
    (b"<", "una página web"),
)
# A run of blank lines (a spreadsheet may save a million of them), or one other line. What is neither may go
# on in the next block: after `\r` a `\n` may come.
_END = rb"(?:\r\n|\n|\r(?!\Z))"
_LINES = re.compile(rb"(?P<blank>(?:[; \t]*+" + _END + rb")++)|[^\r\n]*+" + _END)
# A field is quoted only if all of it is; a stray `"` is a character like any other.
_FIELD = re.compile(r'(?:\s*+"((?:[^"]|"")*+)"\s*+|([^;]*))(;|\Z)')


class Line(NamedTuple):
    """One physical line: `complete` if a line end follows it, `problem` if it is no text to read."""

    number: int
    text: str
    complete: bool
    problem: str = ""


def open_lines(archivo: BinaryIO) -> Iterator[Line]:
    """The lines of a text, read block by block; the first block is checked at once.

    Args:
        archivo: UTF-8 or cp1252 (told apart line by line), or UTF-16 with its mark; LF, CRLF or CR.

    Returns:
        The lines with their numbers from 1, in bounded memory: of a line of more than `MAX_LINE` bytes
        only the problem is told. Lines of nothing but `;`, spaces and tabs are counted and left out.

    Raises:
        CsvNotCsvError: if the file is empty or its first block is no text; `parece` tells what it seems.
    """
    blocks = _blocks(archivo)
    first = next(blocks, b"")
    if first.startswith(_UTF_16):
        blocks = _utf_16_to_8(chain([first], blocks))
        first = next(blocks, b"")
    first = first.removeprefix(codecs.BOM_UTF8)
    _check_text(first)
    return _lines(chain([first], blocks))


def split_fields(text: str, width: int) -> list[str]:
    """The fields of a line, unquoted where the whole field is quoted.

    If the quotes would leave fewer than `width` fields, they are taken for literal ones.
    """
    plain = text.split(";")
    if '"' not in text:
        return plain
    fields = list(_unquoted(text))
    return fields if len(fields) >= width else plain


def _unquoted(text: str) -> Iterator[str]:
    for field in _FIELD.finditer(text):
        yield field[2] if field[1] is None else field[1].replace('""', '"')
        if not field[3]:
            return


def _check_text(first: bytes) -> None:
    start = first.lstrip()
    if not start:
        raise CsvNotCsvError(parece="un archivo vacío")
    for signature, name in _SIGNATURES:
        if start.startswith(signature):
            raise CsvNotCsvError(parece=name)
    if b"\0" in first:
        raise CsvNotCsvError(parece="un archivo binario")


def _blocks(archivo: BinaryIO) -> Iterator[bytes]:
    """Blocks of full size but the last, whatever `read` gives at a time."""
    gathered = bytearray()
    while piece := archivo.read(_BLOCK):
        gathered += piece
        if len(gathered) >= _BLOCK:
            yield bytes(gathered)
            gathered.clear()
    if gathered:
        yield bytes(gathered)


def _utf_16_to_8(blocks: Iterable[bytes]) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder("utf-16")(errors="replace")
    for block in blocks:
        yield decoder.decode(block).encode("utf-8", "replace")
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")


def _lines(blocks: Iterable[bytes]) -> Iterator[Line]:
    for number, raw in _raw_lines(blocks):
        complete = raw.endswith((b"\n", b"\r"))
        if len(raw) > MAX_LINE:
            yield Line(number, "", complete, "la línea es demasiado larga")
        elif b"\0" in raw:
            yield Line(number, "", complete, "la línea tiene caracteres que no son texto")
        else:
            yield Line(number, _decode(raw.rstrip(b"\r\n")), complete)


def _raw_lines(blocks: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    number, rest = 1, b""
    for block in blocks:
        whole, at = rest + block, 0
        while found := _LINES.match(whole, at):
            if found["blank"]:
                number += _count_ends(found[0])
            else:
                yield number, found[0]
                number += 1
            at = found.end()
        rest = whole[at:]
        if len(rest) > MAX_LINE and not rest.endswith(b"\r"):
            rest = rest[: MAX_LINE + 1]
    if rest:
        yield number, rest


def _count_ends(blank: bytes) -> int:
    return blank.count(b"\n") + blank.count(b"\r") - blank.count(b"\r\n")


def _decode(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")
