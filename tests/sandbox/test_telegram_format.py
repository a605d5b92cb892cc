"""`parse_mode`: what is bold, and what is refused."""

import pytest

from sandbox.telegram.entities import commands, parse, utf16
from sandbox.telegram.errors import ApiError

READ = [
    ("", "<b>a</b>", "<b>a</b>", []),
    ("HTML", "ñ <b>ventas</b> &amp; <i>IVA</i>", "ñ ventas & IVA", [("bold", 2, 6), ("italic", 11, 3)]),
    ("html", "<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
    ("HTML", '<a href="https://sii.cl/?a=1&amp;b=2">sii</a>', "sii", [("text_link", 0, 3)]),
    ("HTML", "🧾 <code>33</code>", "🧾 33", [("code", 3, 2)]),
    ("HTML", "<pre>a &lt; b</pre> 2 > 1", "a < b 2 > 1", [("pre", 0, 5)]),
    ("HTML", '<span class="tg-spoiler">x</span>', "x", [("spoiler", 0, 1)]),
    ("MarkdownV2", "*ventas* _de_ __hoy__ ~no~ ||sí||", "ventas de hoy no sí",
     [("bold", 0, 6), ("italic", 7, 2), ("underline", 10, 3), ("strikethrough", 14, 2), ("spoiler", 17, 2)]),
    ("MarkdownV2", r"1\.000\.000 \- listo\!", "1.000.000 - listo!", []),
    ("MarkdownV2", "`a*b.c`", "a*b.c", [("code", 0, 5)]),
    ("MarkdownV2", "```\na.b\n```", "a.b\n", [("pre", 0, 4)]),
    ("MarkdownV2", r"[sii](https://sii.cl/a\))", "sii", [("text_link", 0, 3)]),
    ("MarkdownV2", "*a _b_*", "a b", [("bold", 0, 3), ("italic", 2, 1)]),
    ("Markdown", "*a* 1.5 (b) - c", "a 1.5 (b) - c", [("bold", 0, 1)]),
]  # fmt: skip


@pytest.mark.parametrize(("mode", "text", "shown", "entities"), READ)
def test_what_is_shown(mode: str, text: str, shown: str, entities: list[tuple[str, int, int]]) -> None:
    """Marks go away and become entities, counted in UTF-16 units."""
    read, found = parse(text, mode)
    assert read == shown
    assert [(one["type"], one["offset"], one["length"]) for one in found] == entities


REFUSED = [
    ("HTML", "<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
    ("HTML", "ñ <b>a</i>", 'Unmatched end tag at byte offset 7, expected "</b>", found "</i>"'),
    ("HTML", "a</b>", "Unexpected end tag at byte offset 1"),
    ("HTML", "a <p>b</p>", 'Unsupported start tag "p" at byte offset 2'),
    ("HTML", "1 < 2", "Unclosed start tag at byte offset 2"),
    ("MarkdownV2", "*a", "Can't find end of Bold entity at byte offset 0"),
    ("MarkdownV2", "ñ _a", "Can't find end of Italic entity at byte offset 3"),
    ("MarkdownV2", "*a _b*_", "Can't find end of Italic entity at byte offset 6"),
    ("MarkdownV2", "`a", "Can't find end of Code entity at byte offset 0"),
    ("MarkdownV2", "$1.000", r"Character '.' is reserved and must be escaped with the preceding '\'"),
    ("MarkdownV2", "a-b", r"Character '-' is reserved and must be escaped with the preceding '\'"),
    ("Markdown", "un_nombre", "Can't find end of the entity starting at byte offset 2"),
]


@pytest.mark.parametrize(("mode", "text", "error"), REFUSED)
def test_what_is_refused(mode: str, text: str, error: str) -> None:
    """What is not closed is not sent."""
    with pytest.raises(ApiError) as caught:
        parse(text, mode)
    assert (caught.value.code, caught.value.description) == (
        400,
        f"Bad Request: can't parse entities: {error}",
    )


def test_commands_of_a_person() -> None:
    """Clients find commands by their entities."""
    assert [(one["offset"], one["length"]) for one in commands("/start 🧾 /ventas_hoy 1/2")] == [
        (0, 6),
        (10, 11),
    ]
    assert utf16("🧾ñ") == 3
