"""The counterparty that a message names, known to the taxpayer or not."""

import re
from collections.abc import Collection
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

from bot.core.consulta.palabras import ARTICULOS, NOMBRES_DE_PILA, ORDINARIAS, RUBROS, SUFIJOS
from bot.core.texto import normalize

_PALABRA = re.compile(r"[^\W_]+(?:&[^\W_]+)?")
_SIGLAS = re.compile(r"\b(?:s\.? ?a\.?|s\.? ?p\.? ?a\.?|e\.? ?i\.? ?r\.? ?l\.?|ltda\.?)(?=\W|$)")
_PUNTOS = re.compile(r"(?<=\b\w)\.(?=\w\b)")
_CUTOFF = 0.84
_MIN_TYPO = 5


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
    iniciales: frozenset[str]
    finales: frozenset[str]
    mayusculas: frozenset[str]


def _words(texto: str) -> tuple[str, ...]:
    return tuple(_PALABRA.findall(_PUNTOS.sub("", normalize(texto))))


@lru_cache(maxsize=65_536)
def _nombre(nombre: str) -> _Nombre:
    words = _words(_SIGLAS.sub(lambda found: re.sub(r"[. ]", "", found[0]) + " ", normalize(nombre)))
    propias = frozenset(word for word in words if word not in ORDINARIAS and len(word) > 1)
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
    typo = [word for word in claves if len(word) >= _MIN_TYPO]
    typed = _PALABRA.findall(texto)
    mixed = any(word.islower() for word in typed)
    return _Mensaje(
        words,
        claves,
        frozenset(word[:3] for word in typo),
        frozenset(word[-3:] for word in typo),
        frozenset(normalize(word) for word in typed if mixed and word[0].isupper()),
    )


@lru_cache(maxsize=16_384)
def _alike(word: str, other: str) -> bool:
    if min(len(word), len(other)) < _MIN_TYPO or abs(len(word) - len(other)) > 2:
        return False
    matcher = SequenceMatcher(None, word, other, autojunk=False)
    return matcher.quick_ratio() >= _CUTOFF and matcher.ratio() >= _CUTOFF


def _matched(mensaje: _Mensaje, nombre: _Nombre) -> dict[str, str]:
    """The words of the name that the message has, each with the word typed for it."""
    found = {word: word for word in nombre.propias & mensaje.claves}
    if nombre.iniciales & mensaje.iniciales or nombre.finales & mensaje.finales:
        for word in nombre.propias - found.keys():
            typed = next((clave for clave in sorted(mensaje.claves) if _alike(clave, word)), None)
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
        if not (nombre.propias & mensaje.claves or nombre.iniciales & mensaje.iniciales
                or nombre.finales & mensaje.finales or not nombre.propias):  # fmt: skip
            continue
        score = _score(mensaje, nombre, frase)
        if score and (best is None or score > best):
            best, winners = score, [official]
        elif score and score == best:
            winners.append(official)
    same = {_words(name) for name in winners}
    return winners[0] if len(same) == 1 else None


_RUT = re.compile(
    r"(?<![\w.-])(?:\d{1,2}(?:\.\d{3}){2}\s?[-–]?\s?[\dkK]|\d{7,8}\s?[-–]\s?[\dkK])(?![\w-])"
    r"|(?<=\brut )\d{7,8}[\dkK](?!\w)",
    re.IGNORECASE,
)
_EXPLICITO = frozenset(
    "proveedor proveedora cliente clienta empresa contraparte senor senora sr sra don dona".split()
)
_VERBOS_A = re.compile(r"(?:vend|factur|compr|emit|hice|hicimos|cobr|pagu|pague)\w*")
_ME = re.compile(r"(?:vend|factur|hizo|hicier|emiti|cobr|mando|envi)\w*")
_PREPOSICIONES = {"a", "al", "de", "del", "con", "en", "para", "por"}
_ENLACE = {"de", "del", "la", "las", "los", "el", "y", "e", "san", "santa"}
_ANTES_DE_NOMBRE = frozenset("la el a don dona senor senora".split())
_NADIE = ORDINARIAS - RUBROS - {"san", "santa", "don", "dona", "chile"} | {"sii", "rcv", "drive", "google"}


def names_unknown_party(texto: str) -> str | None:
    """The party that a message limits its question to, as typed; None for ordinary messages.

    Made for parties that `find_contraparte` does not know: a RUT, a capitalized name after a preposition,
    or a name after "proveedor", "cliente", "le vendí a", "me facturó". Rather misses one than invents one.
    """
    rut = _RUT.search(texto)
    if rut:
        return rut[0].strip()
    escrito = _escrito(texto[:2000])
    for at in range(len(escrito.words)):
        start, sure = _start(escrito.plain, at)
        if start and (name := _name(escrito, start, sure)):
            return name
    return None


class _Escrito(NamedTuple):
    """A message as typed and normalized word by word; `capitals` says whether its capitals mean names."""

    texto: str
    words: list[re.Match[str]]
    plain: list[str]
    capitals: bool


def _escrito(texto: str) -> _Escrito:
    words = list(_PALABRA.finditer(texto))
    upper = sum(word[0][0].isupper() for word in words[1:])
    telling = upper * 3 <= max(3, len(words) * 2) and any(word[0].islower() for word in words)
    return _Escrito(texto, words, [normalize(word[0]) for word in words], telling)


def _start(plain: list[str], at: int) -> tuple[int, bool]:
    """Where a name may begin after the word at a place (0: nowhere), and if it needs no capitals."""
    word = plain[at]
    before = plain[at - 1] if at else ""
    if word in _EXPLICITO and before not in {"que", "un", "una", "mi", "cada", "mejor", "mayor"}:
        return at + 1, True
    if before == "me" and _ME.fullmatch(word):
        return at + 1, True
    told = before and _VERBOS_A.fullmatch(before) and at > 1 and plain[at - 2] in {"le", "les", "he", "hemos"}
    if word in {"a", "al"} and told:
        return at + 1, True
    if word in _PREPOSICIONES or (word in {"la", "el", "los", "las"} and before in _PREPOSICIONES):
        return at + 1, False
    return 0, False


def _name(escrito: _Escrito, start: int, sure: bool) -> str | None:
    plain = escrito.plain
    while sure and start < len(plain) and plain[start] in _ANTES_DE_NOMBRE:
        start += 1
    end = start
    while end < min(len(plain), start + 7) and _belongs(escrito, start, end, sure):
        end += 1
    while end > start and plain[end - 1] in _ENLACE:
        end -= 1
    if not any(_tells(word) for word in plain[start:end]):
        return None
    return escrito.texto[escrito.words[start].start() : escrito.words[end - 1].end()]


def _tells(word: str) -> bool:
    generic = word in _NADIE or word in RUBROS or word in SUFIJOS or word in _ENLACE
    return not generic and not word.isdigit() and len(word) > 1


def _belongs(escrito: _Escrito, start: int, at: int, sure: bool) -> bool:
    """Whether the word at a place goes on with the name begun at `start`."""
    words, word = escrito.words, escrito.plain[at]
    if at > start and escrito.texto[words[at - 1].end() : words[at].start()].strip(" .&"):
        return False
    if at > start and word in _ENLACE:
        return at + 1 < len(words) and at < start + 6 and _belongs(escrito, start, at + 1, sure)
    if word in _NADIE:
        return at > start and word in SUFIJOS
    if escrito.capitals and words[at][0][0].isupper():
        return True
    trade = escrito.plain[start] in RUBROS and words[start][0].islower() and at - start <= 3
    return (trade or sure) and not word.isdigit()
