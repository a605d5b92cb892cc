"""Messages without whom they speak of: what trainers may read.

A word is shown only if it is known (the project's own words, or one slip of the finger away from them) and
nothing around it says that it is a name. So what nobody thought of is hidden, not shown.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from bot.core.anonimo_listas import (
    BEFORE_NAMES,
    COMPANY_ENDS,
    FUNCTION,
    KNOWN_CODES,
    LETTERS,
    NUMBER_WORDS,
    PERSON_NAMES,
    SHOWN_CAPITALS,
)
from bot.core.texto import normalize

CORREO, TELEFONO, RUT, MONTO, NUMERO, NOMBRE, CLAVE, ENLACE = (
    "[correo]",
    "[teléfono]",
    "[rut]",
    "[monto]",
    "[número]",
    "[nombre]",
    "[clave]",
    "[enlace]",
)
# What an example says in their place: invented, and written as people write it.
STAND_INS = {
    CORREO: "contacto@ejemplo.cl",
    TELEFONO: "912345678",
    RUT: "76543210-3",
    MONTO: "$150.000",
    NUMERO: "12345",
    NOMBRE: "Quillentue",
    CLAVE: "",
    ENLACE: "",
}
_LONGEST = 400

_SEPARATED = r"[\s.,\-/·_–—]*"
_LINK = re.compile(r"\b(?:https?://|www\.)\S+|\b[\w-]+\.(?:cl|com|net|org|gob)(?:/\S*)?\b", re.I)
_MAIL = re.compile(r"\S+\s*(?:@|\(at\)|\barroba\b)\s*\S+(?:\s*(?:\.|\bpunto\b)\s*\w+)*", re.I)
_SECRET = re.compile(
    r"\b(contrase[nñ]as?|claves?|passwords?|pass|pin|c[oó]digos?)\b([\w\s]{0,30}?)"
    r"(?:\bes\b|\bera\b|[:=]|(?<=[a-z])\s(?=\S*\d))\s*(\S[^\n]*)",
    re.I,
)
_MONEY = re.compile(
    r"(?:\$|\bclp\b|\buf\b|\bus\$?)\s*\d[\d.,]*(?:\s*(?:k|mil|m+|millon(?:es)?|palos?|lucas?))?\b"
    r"|\b\d[\d.,]*\s*(?:\$|clp\b|pesos\b|lucas?\b|lukas?\b|palos?\b|gambas?\b|mil(?:lon(?:es)?|es)?\b|mill[oó]n(?:es)?\b"
    r"|k\b|mm\b|uf\b|utm\b|d[oó]lares\b)(?:\s+de\s+pesos\b)?",
    re.I,
)
_DIGITS_K = re.compile(rf"\b\d(?:{_SEPARATED}\d){{6,8}}{_SEPARATED}[kK]\b")
_LONG_DIGITS = re.compile(r"\+?\(?\d(?:[\s.,\-/·_–—()]*\d){6,}")
_DATE = re.compile(r"\b\d{1,2}[-/.]\d{1,2}(?:[-/.](?:20)?\d\d)?\b|\b20\d\d[-/.]\d{1,2}(?:[-/.]\d{1,2})?\b")
_TOKEN = re.compile(r"\[[a-zéú]+\]|\w+(?:['’&]\w+)*|[^\w\s]|\s+")
_INSIDE_NAMES = frozenset("de del y la las los el".split())
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Anonimizador:
    """Hides who a message speaks of.

    `palabras` are the words that may be shown, normalized; `corrientes` those so common that they are shown
    even if somebody is called so ("Ventas y Servicios Ltda").
    """

    palabras: Collection[str]
    corrientes: Collection[str]

    def ocultar(self, texto: str, nombres: Iterable[str] = ()) -> str:
        """The text with `[rut]`, `[nombre]`, `[monto]`… in the place of what tells whose it is.

        Args:
            texto: as the person wrote it.
            nombres: what the person and those who they deal with are called.
        """
        texto = _visible(texto)[:_LONGEST]
        for pattern, mark in ((_LINK, ENLACE), (_MAIL, CORREO)):
            texto = pattern.sub(mark, texto)
        texto = _SECRET.sub(rf"\1\2 {CLAVE}", texto)
        texto = _DIGITS_K.sub(RUT, texto)
        texto = _MONEY.sub(MONTO, texto)
        texto = _LONG_DIGITS.sub(_long_number, texto)
        tokens = _TOKEN.findall(texto)
        hidden = self._hidden(tokens, nombres)
        return _joined(tokens, hidden)

    def _hidden(self, tokens: list[str], nombres: Iterable[str]) -> dict[int, str]:
        """Which tokens are hidden, by position, and what stands there instead."""
        words = [(at, normalize(one)) for at, one in enumerate(tokens) if one[0].isalnum() or one[0] == "_"]
        marks: dict[int, str] = {}
        for at, word in words:
            if any(char.isdigit() for char in word):
                if not _harmless_number(tokens, at, word):
                    marks[at] = NUMERO if word.isdigit() else NOMBRE
            elif not self._may_be_shown(word):
                marks[at] = NOMBRE
        _hide_number_words(words, marks)
        self._hide_names(tokens, words, marks, nombres)
        return marks

    def _may_be_shown(self, word: str) -> bool:
        if word in FUNCTION or word in NUMBER_WORDS or word in SHOWN_CAPITALS:
            return True
        if word in PERSON_NAMES:
            return False
        return word in self.palabras or _one_slip_away(word, self.palabras)

    def _hide_names(
        self,
        tokens: list[str],
        words: list[tuple[int, str]],
        marks: dict[int, str],
        nombres: Iterable[str],
    ) -> None:
        whole = [tuple(normalize(one).split()) for one in nombres]
        single = {word for name in whole for word in name if len(word) > 2 and word not in FUNCTION}
        plain = [word for _, word in words]
        for index, (at, word) in enumerate(words):
            if word in single and word not in self.corrientes:
                marks[at] = NOMBRE
            if word in COMPANY_ENDS:
                _hide_company(words, index, marks)
            if word in BEFORE_NAMES:
                _hide_following(tokens, words, index, marks, self.corrientes)
            for name in whole:
                if len(name) > 1 and tuple(plain[index : index + len(name)]) == name:
                    marks.update((words[index + more][0], NOMBRE) for more in range(len(name)))
        _hide_capitals(tokens, words, marks)


def rellenar(texto: str) -> str:
    """A masked message as an example: invented things where something was hidden."""
    for mark, stand_in in STAND_INS.items():
        texto = texto.replace(mark, stand_in)
    return " ".join(texto.split())


def _visible(texto: str) -> str:
    """One way to write each character, and none that is not seen."""
    composed = unicodedata.normalize("NFKC", texto)
    kept = (char for char in composed if unicodedata.category(char) not in {"Cf", "Me", "Co", "Cn"})
    digits = "".join(str(unicodedata.digit(char)) if char.isdigit() else char for char in kept)
    return digits.replace("[", "(").replace("]", ")").replace("\ufe0f", "")


def _long_number(found: re.Match[str]) -> str:
    text = found[0]
    if _DATE.fullmatch(text.strip()):
        return text
    digits = "".join(filter(str.isdigit, text))
    if len(digits) in (9, 11) and digits.removeprefix("56").startswith(("9", "2")) and "-" not in text[-3:]:
        return TELEFONO
    return RUT if len(digits) in (8, 9) else NUMERO


def _harmless_number(tokens: list[str], at: int, word: str) -> bool:
    """A day, a year, a code of the SII: nobody is known by them."""
    if word in SHOWN_CAPITALS:
        return True
    if not word.isdigit():
        return bool(re.fullmatch(r"\d{1,2}(?:h|hrs|er|do|to|x|dias?)", word))
    around = (tokens[at - 1] if at else "", tokens[at + 1] if at + 1 < len(tokens) else "")
    grouped = any(sign in ".," for sign in around) and any(
        tokens[near].isdigit() for near in (at - 2, at + 2) if 0 <= near < len(tokens)
    )
    if grouped:  # 1.250.000, or the end of it
        return False
    return len(word) <= 2 or word in KNOWN_CODES or _YEAR.fullmatch(word) is not None


def _hide_number_words(words: list[tuple[int, str]], marks: dict[int, str]) -> None:
    """`cinco millones`, and numbers told digit by digit."""
    run: list[int] = []
    large = False
    for at, word in [*words, (-1, "")]:
        if word in NUMBER_WORDS or (run and word == "y"):
            run.append(at)
            large |= NUMBER_WORDS.get(word, 0) >= 1000
            continue
        year = len(run) <= 4 and large and marks.get(at) is None and _spoken_year(words, run)
        if run and (len(run) >= 5 or (large and not year)):
            marks.update((one, MONTO) for one in run)
        run, large = [], False


def _spoken_year(words: list[tuple[int, str]], run: list[int]) -> bool:
    """`dos mil veinticinco`."""
    said = [word for at, word in words if at in run]
    return said[:2] == ["dos", "mil"] and len(said) > 2


def _hide_company(words: list[tuple[int, str]], index: int, marks: dict[int, str]) -> None:
    """What comes before `Ltda`, back to a word that no company's name begins with."""
    marks[words[index][0]] = NOMBRE
    for back in range(index - 1, max(index - 7, -1), -1):
        at, word = words[back]
        if word.isdigit() or (word in FUNCTION and word not in _INSIDE_NAMES):
            return
        marks[at] = NOMBRE


def _hide_following(
    tokens: list[str],
    words: list[tuple[int, str]],
    index: int,
    marks: dict[int, str],
    corrientes: Collection[str],
) -> None:
    """What comes after `señora` or `me llamo`, up to a word that no name has."""
    for at, word in words[index + 1 : index + 5]:
        between = "".join(tokens[words[index][0] + 1 : at])
        if re.search(r"[.,;:!?¿¡\n]", between) or word in FUNCTION or word in corrientes or word.isdigit():
            return
        marks[at] = NOMBRE


def _hide_capitals(tokens: list[str], words: list[tuple[int, str]], marks: dict[int, str]) -> None:
    """Two words with capitals in the middle of a sentence are a name, if the rest is not written so too."""
    letters = [tokens[at] for at, word in words if not word.isdigit()]
    if sum(one[0].isupper() for one in letters) > max(3, len(letters) * 0.6):
        return
    for (first, before), (second, after) in pairwise(words):
        start = first == 0 or re.search(r"[.!?¿¡\n]", "".join(tokens[max(0, first - 2) : first]))
        both = tokens[first][0].isupper() and tokens[second][0].isupper()
        apart = tokens[first + 1 : second] != [" "]
        if both and not start and not apart and not {before, after} & SHOWN_CAPITALS:
            marks[first] = marks[second] = NOMBRE


def _joined(tokens: list[str], marks: dict[int, str]) -> str:
    """Neighbours that are hidden for the same reason are hidden as one."""
    told: list[str] = []
    last = ""
    for at, token in enumerate(tokens):
        mark = marks.get(at)
        if mark and mark == last:
            while told and told[-1] != mark:
                told.pop()
            continue
        if mark or not (token.isspace() or token in set(".-&'’")):
            last = mark or ""
        told.append(mark or token)
    return " ".join("".join(told).split())


@lru_cache(50_000)
def _slips(word: str) -> frozenset[str]:
    """What the word would be if one letter of it were missing, too many, wrong or changed with the next."""
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    return frozenset(
        [left + right[1:] for left, right in cuts if right]
        + [left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1]
        + [left + letter + right[1:] for left, right in cuts if right for letter in LETTERS]
        + [left + letter + right for left, right in cuts for letter in LETTERS]
    )


def _one_slip_away(word: str, known: Collection[str]) -> bool:
    """Long words only: short ones have too many neighbours to tell a slip from a name."""
    return len(word) >= 6 and any(one in known and len(one) >= 5 for one in _slips(word))
