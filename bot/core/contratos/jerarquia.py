"""Which headings are clauses, which lie in which, and which are none."""

from collections.abc import Sequence
from dataclasses import replace

from bot.core.contratos.encabezados import Encabezado

# How many clauses may be lost (a page, an illegible heading) before a number is taken for something else.
_PERDIDAS = {"fuerte": 5}
_ARRIBA = ("numero", "parentesis", "ROMANO", "LETRA", "palabra", "multiple")
_CERCA = 6000
_INDICE = 90


def arrange(candidatos: Sequence[Encabezado]) -> list[Encabezado]:
    """The headings of clauses with their numbers and levels, in order."""
    style = _top_style(candidatos)
    chain = _chain(candidatos, style)
    start = chain[0] if chain else 0
    result: list[Encabezado] = []
    top = ""
    open_lists: list[tuple[str, int, str]] = []
    for at, heading in enumerate(candidatos):
        if at in chain:
            top = _top_number(heading, style, len([one for one in chain if one < at]) + 1)
            open_lists = []
            result.append(replace(heading, numero=top, nivel=0))
        elif at > start and chain and style not in {"TITULO", "etiqueta"}:
            nested = _nest(candidatos, at, top, open_lists)
            if nested:
                result.append(nested)
    return result


def _top_number(heading: Encabezado, style: str, position: int) -> str:
    if style in {"TITULO", "etiqueta"}:
        return str(position)
    if heading.camino:
        return heading.camino
    value = _value(heading, style)
    return chr(64 + value) if style == "LETRA" else str(value)


def _value(heading: Encabezado, style: str) -> int:
    return next((value for name, value in heading.lecturas if name == style), 0)


def _is(heading: Encabezado, style: str) -> bool:
    return any(name == style for name, _ in heading.lecturas)


def _top_style(candidatos: Sequence[Encabezado]) -> str:
    strong = [heading for heading in candidatos if heading.fuerte]
    if len(_chain(candidatos, "fuerte")) > 1 or (strong and len(candidatos) == len(strong)):
        return "fuerte"
    chains = {style: _chain(candidatos, style) for style in _ARRIBA}
    long = [style for style in _ARRIBA if len(chains[style]) > 1]
    if long:
        first = min(long, key=lambda style: (chains[style][0], -len(chains[style])))
        # "I. … 1. 2. … II. … 3. 4.": numbers that run through are the clauses.
        through = "numero" in long and len(chains["numero"]) > 2 * len(chains[first])
        return "numero" if through else first
    if strong:
        return "fuerte"
    titles = sum(_is(heading, "TITULO") for heading in candidatos)
    return "TITULO" if titles > 2 else "etiqueta"


def _chain(candidatos: Sequence[Encabezado], style: str) -> list[int]:
    """Places of the headings that count up in a style; of a table of contents and the text, the text's."""
    if style in {"TITULO", "etiqueta"}:
        titled = [at for at, heading in enumerate(candidatos) if _is(heading, style)]
        return titled[1:] if style == "TITULO" else titled
    if style == "multiple":
        return _multiple_chain(candidatos)
    chain = _counted(candidatos, style, 3)
    # The first pages may be missing.
    return chain if len(chain) > 1 or style != "fuerte" else _counted(candidatos, style, 99)


def _counted(candidatos: Sequence[Encabezado], style: str, first: int) -> list[int]:
    chain: list[int] = []
    last = 0
    for at, heading in enumerate(candidatos):
        if not _is(heading, style) or (heading.adentro and style != "fuerte"):
            continue
        value = _value(heading, style)
        if chain and value == _value(candidatos[chain[0]], style) and _is_index(candidatos, chain, at):
            chain, last = [], value - 1
        lost = _PERDIDAS.get(style, 1) if chain else first - 1
        if last < value <= last + 1 + lost:
            chain.append(at)
            last = value
    return chain


def _multiple_chain(candidatos: Sequence[Encabezado]) -> list[int]:
    chain: list[int] = []
    last: tuple[str, ...] = ()
    for at, heading in enumerate(candidatos):
        path = tuple(part.zfill(3) for part in heading.camino.split(".")) if heading.camino else ()
        if path > last:
            chain.append(at)
            last = path
    return chain


def _is_index(candidatos: Sequence[Encabezado], chain: Sequence[int], at: int) -> bool:
    """Whether a chain before a place has hardly any text: then it was a table of contents."""
    begin, end = candidatos[chain[0]].inicio, candidatos[at].inicio
    return len(chain) > 1 and (end - begin) / len(chain) < _INDICE


def _nest(
    candidatos: Sequence[Encabezado], at: int, top: str, lists: list[tuple[str, int, str]]
) -> Encabezado | None:
    """A heading within the current clause; `lists` are the open ones: style, last value, parent."""
    heading = candidatos[at]
    if heading.camino:
        if heading.camino.split(".")[0] not in {
            top.split(".", maxsplit=1)[0],
            str(int(top) + 1) if top.isdigit() else "",
        }:
            return None
        lists[:] = [("multiple", 0, heading.camino)]
        return replace(heading, numero=heading.camino, nivel=heading.camino.count("."))
    for depth in range(len(lists) - 1, -1, -1):
        style, last, parent = lists[depth]
        if style != "multiple" and _is(heading, style) and _value(heading, style) == last + 1:
            lists[depth:] = [(style, last + 1, parent)]
            return _child(heading, style, parent, last + 1)
    for style, value in heading.lecturas:
        if value == 1 and style not in {"TITULO", "etiqueta", "fuerte"} and _goes_on(candidatos, at, style):
            parent = _parent(lists, top)
            lists.append((style, 1, parent))
            return _child(heading, style, parent, 1)
    return None


def _parent(lists: Sequence[tuple[str, int, str]], top: str) -> str:
    if not lists:
        return top
    style, last, parent = lists[-1]
    return parent if style == "multiple" else f"{parent}.{_written(style, last)}"


def _goes_on(candidatos: Sequence[Encabezado], at: int, style: str) -> bool:
    begin = candidatos[at].inicio
    for heading in candidatos[at + 1 : at + 60]:
        if heading.inicio > begin + _CERCA:
            return False
        if _is(heading, style) and _value(heading, style) == 2:
            return True
    return False


def _child(heading: Encabezado, style: str, parent: str, value: int) -> Encabezado:
    numero = f"{parent}.{_written(style, value)}"
    return replace(heading, numero=numero, nivel=numero.count("."))


def _written(style: str, value: int) -> str:
    if style in {"letra", "LETRA"}:
        return chr((96 if style == "letra" else 64) + value)
    if style in {"romano", "ROMANO"}:
        tens, units = divmod(value, 10)
        text = "x" * tens + ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")[units]
        return text.upper() if style == "ROMANO" else text
    return str(value)
