"""The pages of a file as one text that knows its pages."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.texto import storable

_NUMERO_DE_PAGINA = re.compile(
    r"(?i)[-–—\s]*(?:(?:p[aá]g(?:ina)?|hoja|fs|fojas)\.?\s*(?:n[°º])?\s*)?\d{1,3}(?:\s*(?:de|/"
    r"|of)\s*\d{1,3})?[-–—.\s]*"
)
_GUION = re.compile(r"([a-záéíóúñ]{2})[-\u00ad\u2010]\n([a-záéíóúñ]{2})")
_ESPACIOS = re.compile(r"[^\S\n]+")
_BLANCO = re.compile(r"\n{3,}")
# On a page of few lines the second one is text, not a header.
_CORTA = 7


@dataclass(frozen=True, slots=True)
class Documento:
    """One text made of pages; `comienzos[i]` is where the page numbered `numeros[i]` begins."""

    texto: str
    comienzos: tuple[int, ...]
    numeros: tuple[int, ...]

    def pagina(self, at: int) -> int:
        """The page on which a place of the text lies; 1 for a file without pages."""
        index = max(0, bisect_right(self.comienzos, at) - 1)
        return self.numeros[index] if self.numeros else 1


def join_paginas(paginas: Sequence[tuple[int, str]]) -> Documento:
    """Join the pages of a file, each with its number, in their order.

    Page numbers, repeated headers and footers and runs of spaces go; words cut at the end of a line are
    joined. Lines stay lines, for clauses begin with them; a page that ends within a sentence runs on.
    """
    seen: set[str] = set()
    texto, comienzos = "", []
    for _, raw in paginas:
        clean = _clean(raw, seen)
        if texto and clean:
            cut = re.search(r"[a-záéíóúñ]-\Z", texto) and re.match(r"[a-záéíóúñ]{2}", clean)
            texto = texto[:-1] if cut else texto + ("\n\n" if texto[-1] in ".:;" else "\n")
        comienzos.append(len(texto))
        texto += clean
    return Documento(texto, tuple(comienzos), tuple(numero for numero, _ in paginas))


def _clean(raw: str, seen: set[str]) -> str:
    lines = [_ESPACIOS.sub(" ", line).strip() for line in storable(raw).splitlines()]
    full = [at for at, line in enumerate(lines) if line]
    edge = 2 if len(full) > _CORTA else 1
    for at in dict.fromkeys([*full[:edge], *full[-edge:]]):
        key = re.sub(r"\d+", "#", lines[at])
        repeated = len(lines[at]) > 7 and key in seen
        seen.add(key)
        if repeated or _NUMERO_DE_PAGINA.fullmatch(lines[at]):
            lines[at] = ""
    return _BLANCO.sub("\n\n", _GUION.sub(r"\1\2", "\n".join(lines))).strip()
