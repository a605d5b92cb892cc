"""A contract as its clauses: preamble, numbered clauses and what is nested in them, signatures, annexes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.contratos.documento import Documento, join_paginas
from bot.core.contratos.encabezados import Encabezado, find_encabezados
from bot.core.contratos.jerarquia import arrange
from bot.core.contratos.plano import plegar

_FIRMAS = re.compile(
    r"(?m)^(?:[_.\-]{6,}.{0,80}|firmas?\b.{0,30}:?|p\.? ?p\.? .{0,60}|firman(?: las partes)?\b.{0,60})$"
)
_ANEXO = re.compile(
    r"(?m)^(?:anexos?|adden?dum|adenda|adendum|apendice)\b(?P<numero> ?(?:n(?:°|ro|o)?\.? ?)?"
    r"(?:\d{1,2}|[a-z]|[ivx]{1,4}|unico|primero|segundo|tercero))?(?P<resto>[^\n]{0,80})$"
)
_TITULO = re.compile(
    r"(?m)^(?:modificacion|prorroga|renovacion|resciliacion|termino|finiquito|cesion)(?: y [a-z]+)?"
    r"(?: anticipad[oa])?(?: (?:de|del|al))? (?:contrato|plazo|trabajo)[^\n]{0,60}$"
)
_ENLACE_FINAL = re.compile(
    r"\b(?:el|la|los|las|de|del|en|y|o|a|al|con|presente|su|este|segun|como|ver)\s{1,3}$"
)


@dataclass(frozen=True, slots=True)
class Clausula:
    """A clause's own words, up to the next heading of any level; `texto[inicio:fin]` of the document.

    `numero` is its path: `5`, `5.2`, `5.a`, `5.2.a.i`; empty for preamble and signatures. `nivel` counts
    from 0. `pagina` is where it begins.
    """

    numero: str
    titulo: str
    nivel: int
    inicio: int
    fin: int
    pagina: int
    texto: str


@dataclass(frozen=True, slots=True)
class Parte:
    """The contract itself or an annex of the same file; `titulo` is empty for what has none."""

    titulo: str
    inicio: int
    fin: int
    preambulo: Clausula
    clausulas: tuple[Clausula, ...]
    firmas: Clausula | None

    @property
    def todas(self) -> tuple[Clausula, ...]:
        """Preamble, clauses and signatures, in the order of the text."""
        return (self.preambulo, *self.clausulas, *((self.firmas,) if self.firmas else ()))

    def completa(self, numero: str) -> str:
        """The text of a clause with everything nested in it; empty if there is none of that number."""
        return "\n".join(
            clausula.texto
            for clausula in self.clausulas
            if clausula.numero == numero or clausula.numero.startswith(numero + ".")
        )


@dataclass(frozen=True, slots=True)
class Contrato:
    """A file that was read: its text with pages, its body and its annexes."""

    nombre: str
    documento: Documento
    cuerpo: Parte
    anexos: tuple[Parte, ...]

    @property
    def partes(self) -> tuple[Parte, ...]:
        """The body and the annexes, in the order of the text."""
        return (self.cuerpo, *self.anexos)


def read_contrato(nombre: str, paginas: Sequence[tuple[int, str]]) -> Contrato:
    """Find the structure of a contract.

    Args:
        nombre: what people call it; a file's name will do.
        paginas: number and text of each page, in order; may be empty.
    """
    documento = join_paginas(paginas)
    plano = plegar(documento.texto)
    starts = _annex_starts(documento.texto, plano)
    ends = [*starts, len(plano)]
    partes = [_parte(documento, plano, a, b) for a, b in zip([0, *starts], ends, strict=True)]
    return Contrato(nombre, documento, partes[0], tuple(partes[1:]))


def _annex_starts(texto: str, plano: str) -> list[int]:
    # plegar() keeps lines as spaces; their ends are needed here.
    lined = "".join("\n" if char == "\n" else flat for char, flat in zip(texto, plano, strict=True))
    found = sorted([*_ANEXO.finditer(lined), *_TITULO.finditer(lined)], key=lambda match: match.start())
    first = _first_body(lined)
    return [at.start() for at in found if at.start() > first and _is_title(texto, lined, at)]


def _first_body(lined: str) -> int:
    """A title in the first lines is the document's own."""
    return max(150, min(400, len(lined) // 8))


def _is_title(texto: str, lined: str, found: re.Match[str]) -> bool:
    line = texto[found.start() : found.end()]
    numbered = found.re is _ANEXO and found["numero"] is not None
    indexed = re.search(r"\.{4,}|…|\s\d{1,3}$", found["resto"] if numbered else line)
    if indexed or _ENLACE_FINAL.search(lined, max(0, found.start() - 20), found.start()):
        return False
    letters = [char for char in line if char.isalpha()]
    upper = sum(char.isupper() for char in letters) > 0.8 * len(letters)
    ended = numbered and re.fullmatch(r" ?(?:[:.\-]+.{0,70})?", found["resto"]) is not None
    return line[:1].isupper() and not line.endswith((",", ";")) and (upper or ended)


def _parte(documento: Documento, plano: str, inicio: int, fin: int) -> Parte:
    texto = documento.texto
    headings = arrange(find_encabezados(texto, plano, inicio, fin))
    first = headings[0].inicio if headings else fin
    firmas = _signatures(texto, plano, headings[-1].cuerpo if headings else inicio, fin)
    ends = [*(heading.inicio for heading in headings[1:]), firmas]
    clausulas = tuple(
        _clausula(documento, heading, end) for heading, end in zip(headings, ends, strict=bool(headings))
    )
    until = first if headings else firmas
    titulo = texto[inicio:until].strip().partition("\n")[0]
    preambulo = Clausula("", "", 0, inicio, until, documento.pagina(inicio), texto[inicio:until])
    last = Clausula("", "", 0, firmas, fin, documento.pagina(firmas), texto[firmas:fin])
    return Parte(titulo[:120], inicio, fin, preambulo, clausulas, last if firmas < fin else None)


def _signatures(texto: str, plano: str, after: int, fin: int) -> int:
    lined = "".join(
        "\n" if char == "\n" else flat for char, flat in zip(texto[after:fin], plano[after:fin], strict=True)
    )
    found = _FIRMAS.search(lined)
    return after + found.start() if found else fin


def _clausula(documento: Documento, heading: Encabezado, fin: int) -> Clausula:
    pagina = documento.pagina(heading.inicio)
    texto = documento.texto[heading.inicio : fin]
    return Clausula(heading.numero, heading.titulo, heading.nivel, heading.inicio, fin, pagina, texto)
