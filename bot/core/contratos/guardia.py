"""Whether a text that a language model wrote says nothing but what the quotes say.

It errs on the side of no: what is refused costs nicer words only, for the answer without them stands. Every
value, name and word must be in the quotes, with the same polarity and beside the same words; and the
conditions of a sentence that is told must be told with it.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.core.contratos.duraciones import find_duraciones
from bot.core.contratos.fechas import find_fechas
from bot.core.contratos.montos import find_montos
from bot.core.contratos.palabras import raiz
from bot.core.contratos.plano import plegar

LONGEST = 600
# Words on either side, words after a "no", and words in common that make a sentence the one that is told.
_BESIDE, _NEGATED, _TOLD = 3, 2, 2
_LIBRES = frozenset(
    "a al de del el la los las lo un una unos unas en con por para que se su sus tu tus te es son ser sera"
    " seran esta estan este esto ese esa eso y e como segun cual contrato documento clausula pagina dice"
    " indica senala establece tiene hay sigue ha le les me mi tambien asi".split()
)
_NIEGAN = frozenset("no ni nunca jamas sin tampoco nada nadie ningun ninguna ninguno salvo excepto".split())
_CONDICIONAN = _NIEGAN | frozenset(
    "si solo solamente unicamente siempre previo previa maximo minimo tope menos mas hasta desde antes"
    " despues mientras mediante aunque".split()
)
_ROL = re.compile(r"\w+(?:dor|dora|dores|doras|tario|taria|tarios|tarias|nte|ntes|sor|sora)")
_PIEZA = re.compile(
    r"(?P<cifra>(?:us)?\$? ?\d[\d.,/-]*\d ?%?|\$? ?\d ?%?)|(?P<palabra>[^\W\d_]+)"
    r"|(?P<fin>[.;:!?](?=\s|$)|\n)",
    re.IGNORECASE,
)
_SIGNOS = frozenset(" \n.,;:¿?¡!()«»\"'*_%$°-–—/")
_OCULTAS = frozenset({"Cf", "Cc", "Co", "Cn", "Cs"})


@dataclass(frozen=True, slots=True)
class _Ficha:
    """A word by its stem, or a value by what it is worth.

    `exacta` is the word as it stands, for what may not even have another ending: names, roles, values.
    """

    clave: str
    exacta: str
    valor: bool = False
    fija: bool = False
    negada: bool = False


def fiel(texto: str, citas: Sequence[str]) -> bool:
    """Whether a text says only what the quotes say."""
    if not 0 < len(texto.strip()) <= LONGEST or _strange(texto, citas):
        return False
    known = [sentence for cita in citas for sentence in _sentences(cita)]
    said = list(_sentences(texto))
    return (
        bool(said)
        and all(_placed(sentence, at, known) for sentence in said for at in range(len(sentence)))
        and _whole(said, known)
    )


def _strange(texto: str, citas: Iterable[str]) -> bool:
    """Whether there are characters that hide something, or that no quote has."""
    known = _SIGNOS.union(*citas)
    return any(
        char != "\n" and (unicodedata.category(char) in _OCULTAS or not (char.isalnum() or char in known))
        for char in texto
    )


def _placed(sentence: Sequence[_Ficha], at: int, known: Iterable[Sequence[_Ficha]]) -> bool:
    """Whether a word stands somewhere in the quotes as it does here."""
    one = sentence[at]
    before = sentence[at - 1].clave if at else ""
    after = sentence[at + 1].clave if at + 1 < len(sentence) else ""
    for other in known:
        for place, found in enumerate(other):
            same = one.exacta == found.exacta if one.fija else one.clave == found.clave
            if not same or one.negada != found.negada:
                continue
            left = {each.clave for each in other[max(0, place - _BESIDE) : place]}
            right = {each.clave for each in other[place + 1 : place + 1 + _BESIDE]}
            if _beside(one, before, after, left, right):
                return True
    return False


def _beside(one: _Ficha, before: str, after: str, left: set[str], right: set[str]) -> bool:
    """Who does what to whom has an order; what something is worth has what it is the worth of before it."""
    if one.fija and not one.valor:
        return (not before or before in left) and (not after or after in right)
    near = left | right
    if one.valor and before:
        return before in near
    return not (before or after) or before in near or after in near


def _whole(said: Iterable[Sequence[_Ficha]], known: Iterable[Sequence[_Ficha]]) -> bool:
    """Whether nothing was left out on which a sentence depends."""
    told = {one.clave for sentence in said for one in sentence if one.valor or not one.fija}
    words = {one.exacta for sentence in said for one in sentence}
    return all(
        words.issuperset(needed)
        for sentence in known
        if (needed := {one.exacta for one in sentence} & _CONDICIONAN)
        and len({one.clave for one in sentence} & told) >= _TOLD
    )


def _sentences(texto: str) -> Iterator[list[_Ficha]]:
    """What each sentence says, without the words that say nothing."""
    found: list[_Ficha] = []
    since = _NEGATED
    for piece in [*_pieces(texto), None]:
        if piece is None:
            if found:
                yield found
            found, since = [], _NEGATED
        elif piece.exacta in _NIEGAN:
            found.append(piece)
            since = 0
        elif piece.exacta not in _LIBRES:
            negated = since < _NEGATED
            found.append(_Ficha(piece.clave, piece.exacta, piece.valor, piece.fija, negated))
            since += 1


def _pieces(texto: str) -> Iterator[_Ficha | None]:
    """Values and words in their order, and None where a sentence ends."""
    at, first = 0, True
    for inicio, fin, clave in [*_values(texto), (len(texto), len(texto), "")]:
        for found in _PIEZA.finditer(texto, at, inicio):
            if found["fin"]:
                yield None
            else:
                yield _word(found, first=first)
            first = bool(found["fin"])
        if clave:
            yield _Ficha(clave, clave, valor=True, fija=True)
            first = False
        at = max(at, fin)


def _values(texto: str) -> Iterator[tuple[int, int, str]]:
    """Amounts, dates and durations by what they are worth, however they are written."""
    found = [(one.inicio, one.fin, f"monto {one.valor}") for one in find_montos(texto)]
    found += [(one.inicio, one.fin, f"fecha {one.valor} {one.dia}") for one in find_fechas(texto)]
    found += [(one.inicio, one.fin, f"plazo {one.valor}") for one in find_duraciones(texto)]
    end = 0
    for inicio, fin, clave in sorted(found):
        if inicio >= end:
            yield inicio, fin, clave
            end = fin


def _word(found: re.Match[str], *, first: bool) -> _Ficha:
    if found["cifra"]:
        figure = found["cifra"].replace(" ", "").rstrip(".,/-")
        return _Ficha(figure, figure, valor=True, fija=True)
    word = plegar(found["palabra"])
    if found["palabra"].lower() == "sí" or (word == "no" and found.string[found.end() :][:1] == ","):
        # The answer "yes" or "no", which is neither a condition nor the denial of what follows.
        return _Ficha(f"={word}", f"={word}")
    named = found["palabra"][0].isupper() and not first
    return _Ficha(raiz(word), word, fija=named or bool(_ROL.fullmatch(word)))
