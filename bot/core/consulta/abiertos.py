"""Ranges of months open on one side: `de agosto en adelante`, `después de agosto`, `antes de marzo`."""

from dataclasses import replace

from bot.core.consulta.anios import Tokens
from bot.core.consulta.mencion import Mencion

RELLENO = frozenset(
    "el la los las mes meses de del fines fin principios inicios inicio todo lo que ano".split()
)
_ADELANTE = frozenset({"en", "para", "pa", "hacia", "por"})
_DESPUES = frozenset("despues dsps luego posterior posteriores posteriormente".split())
_ANTES = frozenset("antes previo previos previas anterior anteriores".split())
# "dos meses antes de octubre" is another month, and what is due before one asks for no range.
_NO_ES_LIMITE = ("mes", "dia", "semana", "vence", "plazo", "declar", "pag", "entreg", "present", "necesit")


def word_before(tokens: Tokens, mencion: Mencion) -> str:
    """The word before a mention, past articles and "mes de"."""
    at = _place_before(tokens, mencion)
    return tokens[at] if at >= 0 else ""


def _place_before(tokens: Tokens, mencion: Mencion) -> int:
    at = mencion.inicio - 1
    while at >= 0 and tokens[at] in RELLENO:
        at -= 1
    return at


def mark_open(tokens: Tokens, mencion: Mencion) -> Mencion:
    """The mention with the side on which it is open; "después de" and "antes de" leave the month out."""
    if mencion.dia or mencion.ahora:
        return mencion
    onward = tokens[mencion.fin : mencion.fin + 2]
    if onward[:1] == ("adelante",) or (onward[1:] == ("adelante",) and onward[0] in _ADELANTE):
        return replace(mencion, abierto="desde")
    at = _place_before(tokens, mencion)
    at -= at > 0 and tokens[at] in {"a", "al"}
    if at < 0 or at + 1 == mencion.inicio or _is_no_bound(tokens, at):
        return mencion
    if tokens[at] in _DESPUES:
        return replace(
            mencion, primero=mencion.ultimo + 1, ultimo=mencion.ultimo + 1, paso=1, abierto="desde"
        )
    if tokens[at] in _ANTES:
        return replace(mencion, primero=mencion.primero - 1, ultimo=mencion.primero - 1, abierto="hasta")
    return mencion


def _is_no_bound(tokens: Tokens, at: int) -> bool:
    linked = tokens[at + 1 : at + 2] in {("de",), ("del",), ("a",), ("al",)}
    near = tokens[max(0, at - 3) : at]
    return not linked or any(token.startswith(_NO_ES_LIMITE) for token in near)
