"""Pieces of a contract for search: whole sentences, each with where it comes from."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.core.contratos.clausulas import Clausula, Contrato, Parte
from bot.core.contratos.oraciones import split_oraciones

_LARGO = 500
_ORACION = 900
_CORTE = re.compile(r"[;,:](?=\s)|\s")


@dataclass(frozen=True, slots=True)
class Trozo:
    """A piece of the text, `documento.texto[inicio:fin]`; `para_indice` is what gets embedded."""

    texto: str
    prefijo: str
    clausula: str
    pagina: int
    inicio: int
    fin: int

    @property
    def para_indice(self) -> str:
        """`Contrato de arriendo · cláusula 5 Renta · página 2: …`."""
        return f"{self.prefijo}: {self.texto}"


def split_trozos(contrato: Contrato, largo: int = _LARGO) -> list[Trozo]:
    """Cut a contract into pieces of about `largo` characters that leave neither their clause nor, but for the
    end of a sentence, their page.

    No sentence is cut, unless it is longer than 900 characters: then at a semicolon, a comma or, in a text
    without them, a space.
    """
    return [
        trozo
        for parte in contrato.partes
        for clausulas in _together_with_nested(parte.todas)
        for trozo in _of_clause(contrato, parte, clausulas, largo)
    ]


def _together_with_nested(clausulas: Iterable[Clausula]) -> Iterator[list[Clausula]]:
    group: list[Clausula] = []
    for clausula in clausulas:
        if group and not clausula.nivel:
            yield group
            group = []
        group.append(clausula)
    yield group


def _of_clause(
    contrato: Contrato, parte: Parte, clausulas: Sequence[Clausula], largo: int
) -> Iterator[Trozo]:
    texto = contrato.documento.texto
    spans = [
        piece
        for clausula in clausulas
        for span in split_oraciones(texto, clausula.inicio, clausula.fin)
        for page in _by_page(contrato, *span)
        for piece in _not_too_long(texto, *page)
    ]
    pages = groupby(spans, key=lambda span: contrato.documento.pagina(span[0]))
    for pagina, inicio, fin in ((page, *one) for page, on in pages for one in _together(on, largo)):
        clausula = next(one for one in reversed(clausulas) if one.inicio <= inicio)
        prefijo = _prefix(contrato, parte, clausula, pagina)
        yield Trozo(texto[inicio:fin], prefijo, clausula.numero, pagina, inicio, fin)


def _together(spans: Iterable[tuple[int, int]], largo: int) -> Iterator[tuple[int, int]]:
    start = end = -1
    for inicio, fin in spans:
        if start >= 0 and fin - start > largo:
            yield start, end
            start = -1
        start, end = (inicio if start < 0 else start), fin
    if start >= 0:
        yield start, end


def _by_page(contrato: Contrato, inicio: int, fin: int) -> Iterator[tuple[int, int]]:
    """A table that runs on is cut where the next page begins; a sentence stays whole."""
    texto = contrato.documento.texto
    if " | " in texto[inicio:fin]:
        for start in contrato.documento.comienzos:
            if inicio < start < fin:
                yield inicio, start
                inicio = start
    yield inicio, fin


def _not_too_long(texto: str, inicio: int, fin: int) -> Iterator[tuple[int, int]]:
    while fin - inicio > _ORACION:
        cuts = [found.end() for found in _CORTE.finditer(texto, inicio + _LARGO // 2, inicio + _ORACION)]
        marks = [cut for cut in cuts if texto[cut - 1] in ";,:"]
        strong = [cut for cut in marks if texto[cut - 1] == ";"]
        cut = (strong or marks or cuts or [inicio + _ORACION])[-1]
        yield inicio, cut
        inicio = cut + len(texto[cut:fin]) - len(texto[cut:fin].lstrip())
    if inicio < fin:
        yield inicio, fin


def _prefix(contrato: Contrato, parte: Parte, clausula: Clausula, pagina: int) -> str:
    names = [contrato.nombre]
    if parte is not contrato.cuerpo:
        names.append(parte.titulo)
    if clausula.numero:
        names.append(f"cláusula {clausula.numero} {clausula.titulo}".strip())
    return " · ".join([*names, f"página {pagina}"])
