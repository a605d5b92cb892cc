"""The characters of a PDF as one would type them."""

import re
import unicodedata

# Blank, though Unicode does not call them so: fillers of Hangul, an empty Braille cell, the grapheme joiner.
_BLANK = {"\u115f", "\u1160", "\u3164", "\uffa0", "\u2800", "\u034f"}
# Presentation forms, full width and mathematical letters; º, ª, ½ or ™ are no such thing and stay.
_FORMS = re.compile("[\ufb00-\ufb06\uff01-\uff5e\U0001d400-\U0001d7ff]")
_HYPHENS = {ord(char): "-" for char in "\x02\xad\u2010\u2011\ufffe"} | {0xF0B7: "•", 0xA0: " "}
_ACCENTS = {"´": "\u0301", "˜": "\u0303"}
_APART = re.compile("(´)([aeiouıAEIOU])|(˜)([nN])")


def clean(text: str) -> tuple[str, bool]:
    """One word or line without what nobody sees, ligatures and accents in one piece.

    Returns:
        The text, and whether characters were left out that are there to hide or to mislead (zero width,
        direction, tags); what a font merely lacks is left out silently.
    """
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore").translate(_HYPHENS)
    if text.isascii() and text.isprintable():
        return text, False
    hidden = [char for char in text if is_hidden(char)]
    seen = "".join(char for char in text if not is_hidden(char) and _is_text(char))
    whole = _APART.sub(_accented, _FORMS.sub(lambda form: unicodedata.normalize("NFKC", form[0]), seen))
    return unicodedata.normalize("NFC", whole), bool(hidden)


def is_hidden(char: str) -> bool:
    """Whether a character takes no place, or only blank."""
    variation = "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"
    return unicodedata.category(char) == "Cf" or char in _BLANK or variation


def _is_text(char: str) -> bool:
    """No control, no private glyph of a font, nothing unassigned."""
    return unicodedata.category(char) not in {"Cc", "Co", "Cn", "Cs"} and char != "\ufffd"


def _accented(found: re.Match[str]) -> str:
    accent, letter = [part for part in found.groups() if part]
    return letter.replace("ı", "i") + _ACCENTS[accent]
