"""A message cut into the tokens that months are read from."""

import re
from collections.abc import Callable
from datetime import date

from bot.core.consulta.folio import hide_folios
from bot.core.consulta.letra import as_meant
from bot.core.consulta.meses import AMBIGUOS, join_years, month_of
from bot.core.consulta.palabras import ORDINARIAS, RUBROS
from bot.core.errors import PeriodoInvalidError
from bot.core.texto import normalize

# What is no period: `§` stands for amounts, RUTs, folios and names.
OCULTO = "§"
_TOKEN = re.compile(
    r"""
    (?P<oculto>\d{1,2}\.?\d{3}\.?\d{3}\s?-\s?[\dk](?!\w)        # RUT
      | \$\s?\d[\d.,]* | \d{1,3}(?:\.\d{3})+(?!\d)(?:,\d+)? | \d+,\d+ | \d+\s?%)
    | (?P<iso>(?:19|20)\d\d([-/.])\d{1,2}\3\d{1,2}(?!\d))
    | (?P<fecha>\d{1,2}([-/.])\d{1,2}\5(?:\d{4}|\d\d)(?!\d))
    | (?P<aaaa_mm>(?:19|20)\d\d(?:[-.]|\s?/\s?)\d{1,2}(?!\d))
    | (?P<mm_aaaa>\d{1,2}(?:[-.]|\s?/\s?)(?:19|20)\d\d(?!\d))
    | (?P<dd_mm>\d{1,2}/\d{1,2}(?![\d/]))
    | (?P<mm_aa>(?<![\d.-])(?:0?[1-9]|1[0-2])-(?:1[7-9]|[2-9]\d)(?![\d.-])(?!\s+(?:del?|al?)\s))
    | (?P<aaaamm>(?:19|20)\d\d(?:0[1-9]|1[0-2])(?!\d))
    | (?P<trimestre>[qt]\s?[1-4](?!\w) | [1-4][qt](?!\w))
    | (?P<ordinal>\d{1,2}(?:ero|er|ro|do|to|mo|era|ra|da|ta|o|a|°)(?![a-z]))
    | (?P<numero>\d+)
    | (?P<palabra>[a-z]+)
    | (?P<signo>[^\w\s])
    """,
    re.ASCII | re.VERBOSE,
)
_CANTIDADES = frozenset(
    """
    facturas factura boletas boleta notas nota guias documentos docs pesos peso lucas luca clp millones
    millon palos mil uf usd utm dolares clientes proveedores unidades veces cosas personas productos
    ventas compras porciento horas
    """.split()
)
_TRAS_ANIO = frozenset("del de en el ano - / ' ,".split())
_TITULOS = frozenset("don dona sr sra senor senora srta senorita tio tia maestro".split())
_NOMBRES = frozenset({"julio", "abril"})
_VERBO_A = re.compile(r"(?:vend|bend|compr|factu?r|cobr|pagu|pago|emit|hic|hiz|mand|envi|entreg)")
_ROMANOS = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
# "Formulario veintinueve", "efe 29": a form and no day.
_F29 = re.compile(r"\b(?:efe|formulario) (?:veintinueve|29)\b", re.IGNORECASE)
# "1S", "2do sem": half a year.
_SEMESTRE = re.compile(r"(?<![\w.-])([12]) ?s(?![\w-])", re.IGNORECASE)
_ROMANO = re.compile(r"\b(i{1,3}|iv)(?= ?(?:tri|cuatri|bi|se)mestre)", re.IGNORECASE)
_ANTES_DE_MES = frozenset("en desde hasta entre mes de a".split())
_PALABRA = re.compile(r"[^\W\d_]+")
_ULTIMO = frozenset({"ult", "ults"})
_ENTERAS = {
    **dict.fromkeys(("oi", "oy", "hoi"), "hoy"), **dict.fromkeys(("aora", "haora"), "ahora"),
    **dict.fromkeys(_ULTIMO, "ultimo"), "ete": "este", "eta": "esta", "ant": "anterior", "antr": "anterior",
}  # fmt: skip


def tokenize(texto: str) -> tuple[str, ...]:
    """Words, numbers and signs; months in digits are `@p2023-09`, days in digits `@d2026-09-15`.

    Raises:
        PeriodoInvalidError: for a date in digits with a month or a day that does not exist.
    """
    texto = _SEMESTRE.sub(r"semestre \1", _F29.sub("f29", texto))
    visible = _ROMANO.sub(lambda found: _ROMANOS[found[1].lower()], _hide_names(as_meant(texto)))
    tokens = _spelt_out([_token(found) for found in _TOKEN.finditer(hide_folios(visible))])
    return tuple(_hide_people(_hide_quantities(join_years(tokens))))


def _spelt_out(words: list[str]) -> list[str]:
    """`últ. trimestre` is `último trimestre`, `oi` is `hoy`."""
    return [
        _ENTERAS.get(word, word)
        for before, word in zip(["", *words], words, strict=False)
        if not (word == "." and before in _ULTIMO)
    ]


def _token(found: re.Match[str]) -> str:
    kind, text = found.lastgroup or "", found[0]
    if kind == "oculto":
        return OCULTO
    digits = [int(part) for part in re.findall(r"\d+", text)] if len(text) <= 12 else []
    if kind in _DATES:
        return _DATES[kind](text, digits)
    if kind == "trimestre":
        return f"q{digits[0]}"
    return text if kind != "numero" or len(text) <= 4 else OCULTO


def _month(text: str, year: int, month: int) -> str:
    if not 1 <= month <= 12:
        raise PeriodoInvalidError(periodo=text[:20])
    return f"@p{year:04d}-{month:02d}"


def _day(text: str, day: int, month: int, year: int) -> str:
    try:
        return f"@d{date(year + 2000 if year < 100 else year, month, day).isoformat()}"
    except ValueError as error:
        raise PeriodoInvalidError(periodo=text[:20]) from error


def _day_or_month(text: str, digits: list[int]) -> str:
    first, second = digits
    if 1 <= first <= 12 and 16 < second < 40:
        return f"@p20{second:02d}-{first:02d}"
    # "1/2" may be a fraction, "15/09" is a day.
    is_day = 1 <= second <= 12 and 1 <= first <= 31 and (first > 12 or "0" in text)
    return f"@e{first:02d}-{second:02d}" if is_day else OCULTO


_DATES: dict[str, Callable[[str, list[int]], str]] = {
    "iso": lambda text, digits: _day(text, digits[2], digits[1], digits[0]),
    "fecha": lambda text, digits: _day(text, *digits),
    "aaaa_mm": lambda text, digits: _month(text, digits[0], digits[1]),
    "mm_aaaa": lambda text, digits: OCULTO if digits[0] > 31 else _month(text, digits[1], digits[0]),
    "dd_mm": _day_or_month,
    "mm_aa": lambda text, digits: f"@m{digits[0]:02d}-{digits[1]:02d}",
    "aaaamm": lambda text, _: _month(text, int(text[:4]), int(text[4:])),
}


def _hide_quantities(tokens: list[str]) -> list[str]:
    """`2025 pesos`, `15 facturas` are no dates; "marzo 2025 facturas" keeps its year."""
    for at, token in enumerate(tokens[:-1]):
        before = tokens[at - 1] if at else ""
        year = len(token) == 4 and (before in _TRAS_ANIO or month_of(before))
        if token.isdigit() and tokens[at + 1] in _CANTIDADES and not year:
            tokens[at] = OCULTO
    return tokens


def _hide_people(tokens: list[str]) -> list[str]:
    """A month that is somebody's name: `don Julio`, `le vendí a julio`."""
    for at in range(1, len(tokens)):
        titled = tokens[at - 1] in _TITULOS
        told = tokens[at - 1] == "a" and at > 2 and tokens[at - 3] in {"le", "les"}
        given = told and _VERBO_A.match(tokens[at - 2]) is not None and tokens[at] in _NOMBRES
        if given or (titled and month_of(tokens[at]) is not None):
            tokens[at] = OCULTO
    return tokens


def _hide_names(texto: str) -> str:
    """Months in names, by their capitals: "Julio Pérez", "Comercial Agosto"."""
    words = list(_PALABRA.finditer(texto))
    capital = sum(word[0][0].isupper() for word in words)
    if not words or capital * 2 > len(words) + 2:
        return texto
    for index in reversed(range(len(words))):
        if _in_name(words, index):
            texto = f"{texto[: words[index].start()]}{OCULTO}{texto[words[index].end() :]}"
    return texto


def _in_name(words: list[re.Match[str]], index: int) -> bool:
    word = words[index][0]
    if not word[0].isupper() or len(word) < 4 or month_of(normalize(word)) is None:
        return False
    before = words[index - 1][0] if index else ""
    if before[:1].isupper() and normalize(before) in RUBROS:
        return True
    after = words[index + 1] if index + 1 < len(words) else None
    if after is None or after.start() != words[index].end() + 1 or before[:1].isupper():
        return False
    surname = normalize(after[0])
    return (
        normalize(word) in {"julio", "abril"}
        and after[0][0].isupper()
        and surname not in ORDINARIAS
        and month_of(surname) is None
    )


def named_month(tokens: tuple[str, ...], at: int) -> int | None:
    """The month at a place; "mar", "set", "may" and "dic" need company that makes them months."""
    word = tokens[at] if 0 <= at < len(tokens) else ""
    month = month_of(word) if word.isalpha() else None
    return month if word not in AMBIGUOS or _in_context(tokens, at) else None


def _in_context(tokens: tuple[str, ...], at: int) -> bool:
    before, after = tokens[max(0, at - 2) : at][::-1], tokens[at + 1 : at + 3]
    if tokens[at] == "mallo":  # a surname, besides a misspelt mayo
        return len(tokens) == 1 or (bool(before) and before[0] in _ANTES_DE_MES | {"y"} - {"a"})
    if len(tokens) <= 3 and "de" not in after and "un" not in before:
        return True
    if before[:1] and before[0] in _ANTES_DE_MES:
        return after[:1] not in {("de",), ("del",)} or (len(after) > 1 and after[1].isdigit())
    near = [word for word in (*before, *after) if word.isalpha() and word not in AMBIGUOS]
    year = any(word.isdigit() and (len(word) == 4 or 16 < int(word) < 40) for word in after if len(word) <= 4)
    return year or any(month_of(word) for word in near)
