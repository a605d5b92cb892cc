"""Days and weeks that a message asks for, apart from dates with their month."""

import re
from datetime import date, timedelta

from bot.core.consulta.anios import Tokens
from bot.core.consulta.meses import number_of, ordinal_of
from bot.core.consulta.tokens import named_month
from bot.core.periodo import Periodo

_SEMANA = ("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo")
_HACE_DIAS = {"hoy": 0, "ayer": 1, "anoche": 1, "anteayer": 2, "antier": 2, "antayer": 2}
_POR_DIA = frozenset(
    "semanal semanales semanalmente diaria diarias diariamente quincenal quincenales".split()
)
_TROZO = frozenset({"dia", "dias", "semana", "semanas", "quincena", "quincenas"})
_PLURAL_DIA = {"dia": 1, "dias": 1, "semana": 7, "semanas": 7}
_MOVIMIENTO = re.compile(
    r"vend|vent|vnt|compr|factu?r|bolet|emit|recib|gast|ingres|iva$|cuant|kuant|total|documento|movimiento|nota"
    r"|lleve|llevo|hice|hicim|entr[oa]|llegaron|llego|proveed|client|hubo|monto"
)
_OTRA_COSA = re.compile(
    r"vence|vencim|plazo|pagar|paga$|pago|declar|presenta"
    r"|hable|pregunt|pedi|subi|sube|cargu|import"
)
_PEDIDO = frozenset(
    """
    necesito necesita necesitamos quiero quisiera dame mandame enviame urgente mismo puedes pueden podrias
    tengo piden pide debo para hasta a al antes pa feliz buen buena lindo linda bonita excelente gran fin por
    """.split()
)
_SOLO = frozenset(
    """
    y lo los las la el de del que tal pero esta este pasada pasado anterior ultima ultimo en hoy ayer anteayer
    semana dia solo solamente quiero ver dame las eso fin es ? ! . , pasao
    """.split()
) | set(_SEMANA)  # fmt: skip
_DEL_DIA = re.compile(
    r"ventas?|compras?|facturas|boletas|vendido|facturado|comprado|total|movimientos|resumen|caja"
)
_CERCA = 10


def stressed_day(tokens: Tokens, hoy: date) -> Periodo | None:
    """The current month if part of a month is asked for in so many words: `primera quincena`, `día 15`."""
    for at, token in enumerate(tokens):
        part = token in _TROZO and _is_part(tokens, at)
        by_day = token in _POR_DIA or (
            token in _TROZO and tokens[at - 1 : at] in {("por",), ("cada",)} and at > 0
        )
        if part or (by_day and _about_money(tokens, at)) or _bare_number(tokens, at):
            return Periodo.of(hoy)
    return None


def _is_part(tokens: Tokens, at: int) -> bool:
    before = tokens[max(0, at - 2) : at][::-1]
    last = before[0] if before else ""
    if tokens[at].startswith("quincena"):
        return last not in {"feliz", "buena"}
    if last in {"ultimos", "ultimas", "primeros", "primeras"} and tokens[at].endswith("s"):
        return True
    if number_of(last) and before[1:] and before[1] in {"ultimos", "ultimas", "primeros", "primeras"}:
        return True
    if tokens[at] == "semana":
        return (
            bool(ordinal_of(last))
            or (last == "ultima" and tokens[at + 1 : at + 2] == ("de",))
            or _number_follows(tokens, at)
        )
    return tokens[at] in {"dia", "dias"} and _number_follows(tokens, at) and _about_money(tokens, at)


def _number_follows(tokens: Tokens, at: int) -> bool:
    following = at + 1 + (tokens[at + 1 : at + 2] in {("del",), (":",)})
    number = number_of(tokens[following]) if following < len(tokens) and tokens[following].isdigit() else None
    return number is not None and 1 <= number <= 31


def _bare_number(tokens: Tokens, at: int) -> bool:
    """`cuánto vendí el 15`; "el 2" alone is the second of something."""
    if not at or tokens[at - 1] not in {"el", "del"} or not tokens[at].isdigit() or len(tokens[at]) > 2:
        return False
    if at > 1 and named_month(tokens, at - 2):
        return False
    ends = tokens[at + 1 : at + 2] in {(), ("?",), (".",), ("!",), (",",), ("al",)}
    this_month = tokens[at + 1 : at + 3] in {("de", "este"), ("del", "mes"), ("del", "presente")}
    return 1 <= int(tokens[at]) <= 31 and (ends or this_month) and _about_money(tokens, at)


def relative_day(tokens: Tokens, hoy: date) -> Periodo | None:
    """The month of the day or week that is asked for: `cuánto vendí ayer`, `esta semana`, `hace 15 días`."""
    for at in range(len(tokens)):
        ago = _ago(tokens, at)
        if ago is None and _is_named_day(tokens, at) and _asked(tokens, at):
            ago = _days_back(tokens, at, hoy)
        if ago is None and tokens[at - 1 : at + 1] == ("del", "dia") and at > 1:
            ago = 0 if _DEL_DIA.fullmatch(tokens[at - 2]) and tokens[at + 1 : at + 2] != ("de",) else None
        if ago is not None:
            return Periodo.of(hoy - timedelta(days=ago))
    return None


def _is_named_day(tokens: Tokens, at: int) -> bool:
    if tokens[at] in _HACE_DIAS:
        return tokens[at : at + 3] != ("hoy", "en", "dia")
    if tokens[at] in _SEMANA:
        return (at > 0 and tokens[at - 1] in {"el", "este", "del", "los", "pasado"}) or len(tokens) <= 3
    return tokens[at] in {"semana", "finde"}


def _days_back(tokens: Tokens, at: int, hoy: date) -> int:
    if tokens[at] in _HACE_DIAS:
        return _HACE_DIAS[tokens[at]]
    if tokens[at] in _SEMANA:
        return (hoy.weekday() - _SEMANA.index(tokens[at])) % 7
    past = {"pasada", "anterior", "ultima"} & set(tokens[max(0, at - 1) : at + 2])
    return 7 if past else 0


def _ago(tokens: Tokens, at: int) -> int | None:
    """`hace 15 días`, `hace una semana`, `10 días atrás`."""
    number = number_of(tokens[at + 1]) if tokens[at] == "hace" and at + 1 < len(tokens) else None
    unit = _PLURAL_DIA.get(tokens[at + 2]) if at + 2 < len(tokens) else None
    if tokens[at + 2 : at + 3] == ("atras",):
        number, unit = number_of(tokens[at]), _PLURAL_DIA.get(tokens[at + 1])
    if number is None or unit is None or tokens[at + 3 : at + 4] in {("que",), ("q",)}:
        return None
    return min(number, 3650) * unit


def _asked(tokens: Tokens, at: int) -> bool:
    """Whether the day is what the figures are wanted for, not when something is due or was said."""
    before = tokens[max(0, at - 2) : at]
    near_words = [word for word in before if word not in {"el", "la", "esta", "este", "los"}]
    following = tokens[at + 1 : at + 2]
    if (near_words[-1:] and near_words[-1] in _PEDIDO) or (following and following[0] in _PEDIDO):
        return _only(tokens)
    return _only(tokens) or _about_money(tokens, at)


def _only(tokens: Tokens) -> bool:
    return len(tokens) <= 7 and set(tokens) <= _SOLO


def _about_money(tokens: Tokens, at: int) -> bool:
    near = tokens[max(0, at - _CERCA) : at + _CERCA + 1]
    return any(map(_MOVIMIENTO.match, near)) and not any(map(_OTRA_COSA.match, near))
