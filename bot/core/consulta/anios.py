"""Years in a message: written, shortened, relative to today."""

from datetime import date

from bot.core.consulta.meses import number_of
from bot.core.errors import PeriodoInvalidError

Tokens = tuple[str, ...]

DESPUES: dict[tuple[str, ...], int] = {
    ("antes", "pasado"): -2, ("ante", "pasado"): -2, ("tras", "anterior"): -2,
    ("antepasado",): -2, ("trasanterior",): -2, ("antepasada",): -2,
    ("recien", "pasado"): -1, ("que", "paso"): -1, ("q", "paso"): -1, ("que", "recien", "paso"): -1,
    ("q", "recien", "paso"): -1, ("que", "acaba", "de", "pasar"): -1, ("que", "ya", "paso"): -1,
    ("que", "termino"): -1, ("que", "acaba", "de", "terminar"): -1,
    ("pasado",): -1, ("pasao",): -1, ("anterior",): -1, ("previo",): -1, ("ultimo",): -1, ("vencido",): -1,
    ("actual",): 0, ("en", "curso"): 0, ("corriente",): 0, ("presente",): 0, ("que", "va"): 0,
    ("que", "estamos"): 0, ("en", "que", "estamos"): 0,
    ("que", "viene"): 1, ("q", "viene"): 1, ("siguiente",): 1, ("proximo",): 1, ("entrante",): 1,
}  # fmt: skip
ANTES = {
    "este": 0, "esta": 0, "presente": 0, "actual": 0, "pasado": -1, "anterior": -1, "ultimo": -1,
    "antepasado": -2, "penultimo": -2, "antepenultimo": -2, "proximo": 1, "siguiente": 1,
}  # fmt: skip
_ENLACES = frozenset("de del d el en ano - / ' , . al".split())
_FUERTES = frozenset({"del", "de", "ano", "'"})


def after(tokens: Tokens, at: int) -> tuple[int, int]:
    """The offset that the words at a place give the unit before them, and how many words (0: none)."""
    for width in (4, 3, 2, 1):
        words = tokens[at : at + width]
        if len(words) == width and words in DESPUES:
            return DESPUES[words], width
    return 0, 0


def year_relative(tokens: Tokens, at: int, hoy: date) -> tuple[int, int] | None:
    """`este año`, `año pasado`, `año en curso`: the year and the place after it."""
    words = tokens[at : at + 2]
    if words[1:] == ("ano",) and words[0] in ANTES and words[0] != "ultimo":
        return hoy.year + ANTES[words[0]], at + 2
    if words[:1] != ("ano",):
        return None
    offset, width = after(tokens, at + 1)
    return (hoy.year + offset, at + 1 + width) if width else None


def year_number(token: str) -> int | None:
    """A year of four digits that a taxpayer may mean."""
    return int(token) if len(token) == 4 and token.isdigit() and 1990 <= int(token) <= 2099 else None


def year_after(tokens: Tokens, at: int, hoy: date) -> tuple[int, int] | None:
    """The year said after a month or a quarter: `2025`, `del 25`, `'23`, `del año pasado`, `de este año`."""
    joint = at
    while joint < at + 4 and joint < len(tokens) and tokens[joint] in _ENLACES:
        relative = year_relative(tokens, joint, hoy)
        if relative:
            return relative
        joint += 1
    relative = year_relative(tokens, joint, hoy)
    if relative:
        return relative
    links = tokens[at:joint]
    if joint < len(tokens) and (year := year_number(tokens[joint])):
        return (year, joint + 1) if "al" not in links else None
    said = links[:-1] if links[-1:] in {(".",), (",",)} else links
    if said[-1:] == ("ano",) and len(said) > 1 and said[-2] in {"del", "el"}:
        year, end = _short_year(tokens, joint, links, hoy) or (hoy.year, joint)
        return year, end
    return _short_year(tokens, joint, links, hoy)


def _short_year(tokens: Tokens, at: int, links: Tokens, hoy: date) -> tuple[int, int] | None:
    number = number_of(tokens[at]) if at < len(tokens) else None
    if number is None or {",", "al", "en"} & set(links) or links[-1:] == ("el",):
        return None
    strong = bool(_FUERTES & set(links))
    # "octubre veinticinco" is a voice note's 2025; "octubre quince" is a day.
    if not tokens[at].isdigit() and number < (10 if strong else 21):
        return None
    if _day_range_follows(tokens, at + 1):
        return None
    low, high = (10, 60) if strong else (17, hoy.year % 100 + 1)
    return (2000 + number, at + 1) if low <= number <= high else None


def _day_range_follows(tokens: Tokens, at: int) -> bool:
    return (
        tokens[at : at + 1] in {("al",), ("hasta",)}
        and tokens[at + 1 : at + 2] != ()
        and tokens[at + 1].isdigit()
    )


def check_part(number: int, parts: int, written: str) -> int:
    """Give the number of a month, quarter or semester back if a year has so many.

    Raises:
        PeriodoInvalidError: if it has not.
    """
    if not 1 <= number <= parts:
        raise PeriodoInvalidError(periodo=written)
    return number
