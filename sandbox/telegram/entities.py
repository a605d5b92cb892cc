"""`parse_mode`: which words are bold or a link, and what Telegram refuses to read.

Offsets and lengths count UTF-16 units; offsets in errors count bytes, as Telegram's do.
"""

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from sandbox.telegram.errors import ApiError, bad_request

Entity = dict[str, Any]
_TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
    "span": "spoiler", "a": "text_link", "code": "code", "pre": "pre", "blockquote": "blockquote",
}  # fmt: skip
_TAG = re.compile(r"<(/?)([^\s>/]*)([^>]*)>")
_REFERENCE = re.compile(r"&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);")
_RESERVED = "_*[]()~`>#+-=|{}.!"
_MARKS = {"```": "pre", "||": "spoiler", "__": "underline", "*": "bold", "_": "italic", "~": "strikethrough",
          "`": "code", "[": "text_link"}  # fmt: skip
_LEGACY = {"```": "pre", "*": "bold", "_": "italic", "`": "code", "[": "text_link"}


def utf16(text: str) -> int:
    """How long Telegram's clients take a text to be."""
    return len(text.encode("utf-16-le")) // 2


def parse(text: str, mode: str) -> tuple[str, list[Entity]]:
    """The text as it is shown, and its entities, outermost first."""
    readers = {"": _plain, "html": _html, "markdownv2": _markdown_v2, "markdown": _markdown}
    if mode.lower() not in readers:
        raise bad_request("unsupported parse_mode")
    shown, found = readers[mode.lower()](text)
    return shown, sorted(found, key=lambda one: (one["offset"], -one["length"]))


def commands(text: str) -> list[Entity]:
    """The commands that a person wrote, which clients recognise by these entities."""
    return [
        {"type": "bot_command", "offset": utf16(text[: found.start()]), "length": utf16(found[0])}
        for found in re.finditer(r"(?<!\S)/[a-zA-Z0-9_]{1,32}(?:@\w+)?", text)
    ]


@dataclass
class _Reading:
    """What was read so far; `opened` holds marks that wait for their end."""

    source: str
    at: int = 0
    text: str = ""
    opened: list[tuple[str, int, int, Entity]] = field(default_factory=list)  # mark, at, offset, extra
    found: list[Entity] = field(default_factory=list)

    def open(self, mark: str, extra: Entity | None = None) -> None:
        self.opened.append((mark, self.at, utf16(self.text), extra or {}))

    def close(self, kind: str, extra: Entity | None = None) -> None:
        _mark, _at, offset, own = self.opened.pop()
        length = utf16(self.text) - offset
        if length:
            self.found.append({"type": kind, "offset": offset, "length": length, **own, **(extra or {})})

    def error(self, text: str, at: int | None = None) -> ApiError:
        place = len(self.source[: self.at if at is None else at].encode())
        return bad_request(f"can't parse entities: {text.format(place)}")


def _plain(text: str) -> tuple[str, list[Entity]]:
    return text, []


def _html(text: str) -> tuple[str, list[Entity]]:
    reading = _Reading(text)
    while reading.at < len(text):
        if text[reading.at] == "<":
            reading.at = _html_tag(reading)
        else:
            reference = _REFERENCE.match(text, reading.at)
            reading.text += unescape(reference[0]) if reference else text[reading.at]
            reading.at += len(reference[0]) if reference else 1
    if reading.opened:
        raise reading.error(f'Can\'t find end tag corresponding to start tag "{reading.opened[-1][0]}"')
    return reading.text, reading.found


def _html_tag(reading: _Reading) -> int:
    tag = _TAG.match(reading.source, reading.at)
    if not tag:
        raise reading.error("Unclosed start tag at byte offset {}")
    name = tag[2].lower()
    if tag[1]:
        _html_end(reading, name)
    elif name not in _TAGS or (name == "span" and "tg-spoiler" not in tag[3]):
        raise reading.error(f'Unsupported start tag "{name}" at byte offset {{}}')
    else:
        link = re.search(r"""href\s*=\s*(?:"([^"]*)"|'([^']*)'|(\S+))""", tag[3]) if name == "a" else None
        reading.open(name, {"url": unescape(link[1] or link[2] or link[3])} if link else {})
    return tag.end()


def _html_end(reading: _Reading, name: str) -> None:
    if not reading.opened:
        raise reading.error("Unexpected end tag at byte offset {}")
    expected = reading.opened[-1][0]
    if name not in ("", expected):
        raise reading.error(
            f'Unmatched end tag at byte offset {{}}, expected "</{expected}>", found "</{name}>"'
        )
    reading.close(_TAGS[expected])


def _markdown_v2(text: str) -> tuple[str, list[Entity]]:
    return _marked(text, _MARKS, _RESERVED)


def _markdown(text: str) -> tuple[str, list[Entity]]:
    return _marked(text, _LEGACY, "")


def _marked(text: str, marks: dict[str, str], reserved: str) -> tuple[str, list[Entity]]:
    reading = _Reading(text)
    while reading.at < len(text):
        inside = reading.opened[-1][0] if reading.opened else ""
        if _escaped(reading, bool(reserved)):
            reading.text += text[reading.at + 1]
            reading.at += 2
        elif mark := _mark(reading, marks, inside):
            reading.at = _toggle(reading, mark, inside, marks)
        elif _is_reserved(reading, inside, reserved):
            raise reading.error(
                f"Character '{text[reading.at]}' is reserved and must be escaped with the preceding '\\'"
            )
        else:
            reading.text += text[reading.at]
            reading.at += 1
    if reading.opened:
        kind = marks[reading.opened[-1][0]].title().replace("Text_Link", "TextUrl")
        named = f"{kind} entity" if reserved else "the entity starting"
        raise reading.error(f"Can't find end of {named} at byte offset {{}}", reading.opened[-1][1])
    return reading.text, reading.found


def _escaped(reading: _Reading, every: bool) -> bool:
    following = reading.source[reading.at + 1 : reading.at + 2]
    can_be = following.isascii() and following if every else following in tuple("_*`[")
    return reading.source[reading.at] == "\\" and bool(can_be)


def _mark(reading: _Reading, marks: dict[str, str], inside: str) -> str:
    """The mark that stands here; nothing but its own end counts inside code."""
    candidates = [inside] if inside in ("`", "```") else list(marks)
    if inside == "[":
        candidates.append("]")
    return next((one for one in candidates if reading.source.startswith(one, reading.at)), "")


def _toggle(reading: _Reading, mark: str, inside: str, marks: dict[str, str]) -> int:
    """Begin or end what the mark stands for; where reading goes on."""
    end = reading.at + len(mark)
    if mark == "]":
        link = re.compile(r"\(((?:\\.|[^)\\])*)\)").match(reading.source, end)
        reading.close("text_link", {"url": re.sub(r"\\(.)", r"\1", link[1])} if link else {})
        if not link:
            reading.found.pop()
        return link.end() if link else end
    if mark == inside and mark != "[":
        reading.close(marks[mark])
        return end
    reading.open(mark)
    if mark == "```":
        language = re.compile(r"[^\s`]*\n").match(reading.source, end)
        return language.end() if language else end
    return end


def _is_reserved(reading: _Reading, inside: str, reserved: str) -> bool:
    here = reading.source[reading.at]
    quote = here == ">" and reading.source[reading.at - 1 : reading.at] in ("", "\n")
    return here in reserved and inside not in ("`", "```") and bool(here) and not quote
