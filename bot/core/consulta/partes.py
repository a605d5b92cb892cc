"""The counterparty that a message names, among those that the taxpayer has."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

from bot.core.consulta.palabras import ARTICULOS, NOMBRES_DE_PILA, ORDINARIAS, SUFIJOS
from bot.core.consulta.vocabulario import CAMBIAN, COSAS
from bot.core.oido import as_heard
from bot.core.texto import normalize

PALABRA = re.compile(r"[^\W_]+(?:&[^\W_]+)?")
SIGLAS = re.compile(r"\b(?:s\.? ?a\.?|s\.? ?p\.? ?a\.?|e\.? ?i\.? ?r\.? ?l\.?|ltda\.?)(?=\W|$)")
_PUNTOS = re.compile(r"(?<=\b\w)\.(?=\w\b)")
_CUTOFF = 0.84
_MIN_TYPO = 5
_MAX_TYPO = 24
_MIN_OWN = 4
# "Compras de combustible" is about goods: they name nobody who has a name besides.
_GENERICAS = COSAS | CAMBIAN


class _Nombre(NamedTuple):
    """The words of an official name by how much they tell."""

    propias: frozenset[str]
    comunes: frozenset[str]
    iniciales: frozenset[str]
    finales: frozenset[str]
    frase: str


class _Mensaje(NamedTuple):
    """The words of a message that may name somebody, and all of them in order."""

    todas: tuple[str, ...]
    claves: frozenset[str]
    iniciales: Mapping[str, Sequence[str]]
    finales: Mapping[str, Sequence[str]]
    mayusculas: frozenset[str]


def _words(texto: str) -> tuple[str, ...]:
    return tuple(PALABRA.findall(_PUNTOS.sub("", normalize(texto))))


@lru_cache(maxsize=65_536)
def _nombre(nombre: str) -> _Nombre:
    words = _words(SIGLAS.sub(lambda found: re.sub(r"[. ]", "", found[0]) + " ", normalize(nombre)))
    named = [word for word in words if word not in ORDINARIAS and len(word) > 1]
    propias = frozenset([word for word in named if word not in _GENERICAS] or named)
    typo = [word for word in propias if len(word) >= _MIN_TYPO]
    core = [word for word in words if word not in SUFIJOS]
    return _Nombre(
        propias,
        frozenset(words) - propias - ARTICULOS,
        frozenset(word[:3] for word in typo),
        frozenset(word[-3:] for word in typo),
        " ".join(core) if len(core) > 1 else "",
    )


def _mensaje(texto: str) -> _Mensaje:
    words = _words(texto)
    claves = frozenset(word for word in words if word not in ORDINARIAS and len(word) > 1)
    # A message names few people: past some words only exact ones count, or the work grows without end.
    typo = [word for word in dict.fromkeys(words) if word in claves and len(word) >= _MIN_TYPO][:_MAX_TYPO]
    typed = PALABRA.findall(texto)
    mixed = any(word.islower() for word in typed)
    return _Mensaje(
        words,
        claves,
        _grouped((word[:3], word) for word in typo),
        _grouped((word[-3:], word) for word in typo),
        frozenset(normalize(word) for word in typed if mixed and word[0].isupper()),
    )


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for key, word in pairs:
        groups.setdefault(key, []).append(word)
    return groups


@lru_cache(maxsize=16_384)
def words_alike(word: str, other: str) -> bool:
    """Whether two normalized words differ by a small typo; a plural in -es is another word."""
    if word in {f"{other}es", other.removesuffix("es")}:
        return word == other
    if min(len(word), len(other)) < _MIN_TYPO or abs(len(word) - len(other)) > 2:
        return False
    matcher = SequenceMatcher(None, word, other, autojunk=False)
    return matcher.quick_ratio() >= _CUTOFF and matcher.ratio() >= _CUTOFF


def _matched(mensaje: _Mensaje, nombre: _Nombre) -> dict[str, str]:
    """The words of the name that the message has, each with the word typed for it."""
    found = {word: word for word in nombre.propias & mensaje.claves}
    for word in nombre.propias - found.keys():
        near = (*mensaje.iniciales.get(word[:3], ()), *mensaje.finales.get(word[-3:], ()))
        typed = next((clave for clave in near if words_alike(clave, word)), None)
        if typed is not None and typed not in found.values():
            found[word] = typed
    return found


def _names_another(mensaje: _Mensaje, nombre: _Nombre, typed: Collection[str]) -> bool:
    """Whether a matched word stands beside a name of somebody else: "Juan Pérez" is no Pedro Pérez."""
    known = nombre.propias | nombre.comunes | set(typed)
    for at, word in enumerate(mensaje.todas):
        beside = (
            (*mensaje.todas[max(0, at - 1) : at], *mensaje.todas[at + 1 : at + 2]) if word in typed else ()
        )
        for other in beside:
            named = other in NOMBRES_DE_PILA or other in mensaje.mayusculas
            if named and other not in known and other not in ORDINARIAS:
                return True
    return False


def _score(mensaje: _Mensaje, nombre: _Nombre, nombre_frase: str) -> tuple[int, int, int] | None:
    """How well a name is named: letters of its own words, generic words shared, words left out."""
    found = _matched(mensaje, nombre) if nombre.propias else {}
    comunes = len(nombre.comunes & set(mensaje.todas))
    if not found:
        whole = nombre.frase and f" {nombre.frase} " in nombre_frase and not nombre.propias
        return (len(nombre.frase), comunes, 0) if whole else None
    complete = len(found) == len(nombre.propias)
    telling = [word for word in found if word not in NOMBRES_DE_PILA and len(word) >= 4]
    if not complete and (not telling or _names_another(mensaje, nombre, found.values())):
        return None
    return sum(map(len, found)), comunes, len(found) - len(nombre.propias)


def names_more(typed: str, nombre: str) -> bool:
    """Whether a name as typed is of somebody else who shares a word: `Viña Estero` is no `Parque del Estero`.

    It is if it has a telling word that the official name lacks, and lacks one that the official name has.
    """
    own = _nombre(nombre)
    if len(_matched(_mensaje(typed), own)) == len(own.propias):
        return False
    official = set(_words(nombre))
    heard = set(map(as_heard, official))
    telling = (word for word in _words(typed) if len(word) >= _MIN_OWN and word not in ORDINARIAS)
    return any(
        as_heard(word) not in heard
        and not any(words_alike(word, other) or other.startswith(word) for other in official)
        for word in telling
    )


def own_words(nombre: str) -> frozenset[str]:
    """The words of a name that are nobody else's: no trade, place or legal form; normalized."""
    return frozenset(word for word in _nombre(nombre).propias if len(word) >= _MIN_OWN)


def may_name_somebody(texto: str) -> bool:
    """Whether a message has a word that could belong to a name, so that names need be looked up at all."""
    return bool(_mensaje(texto).claves)


def find_contraparte(texto: str, nombres: Collection[str]) -> str | None:
    """Which of the official names a message names, whatever its case, accents, legal form or small typos.

    Args:
        nombres: official names, such as "COMERCIAL LOS AROMOS LTDA"; tens of thousands are fine.

    Returns:
        The name as given; None if none, or several equally well, is named. Words of trades, places and
        questions never identify anybody by themselves.
    """
    mensaje = _mensaje(texto)
    frase = f" {' '.join(mensaje.todas)} "
    best: tuple[int, int, int] | None = None
    winners: list[str] = []
    for official in nombres:
        nombre = _nombre(official)
        if not (nombre.propias & mensaje.claves or nombre.iniciales & mensaje.iniciales.keys()
                or nombre.finales & mensaje.finales.keys() or not nombre.propias):  # fmt: skip
            continue
        score = _score(mensaje, nombre, frase)
        if score and (best is None or score > best):
            best, winners = score, [official]
        elif score and score == best:
            winners.append(official)
    same = {_words(name) for name in winners}
    return winners[0] if len(same) == 1 else None
