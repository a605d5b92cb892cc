"""Sentences of Spanish legal text."""

import re
from collections.abc import Iterator

from bot.core.contratos.plano import plegar

_FIN = re.compile(
    r"(?P<punto>[.?!])(?:\.?-)?[\"'”»)]{0,2}(?:-{0,2})(?=\s)"
    r"|\n(?=\s{0,3}(?:[-•*·] |[(]?[a-zA-Z]\) |\d{1,2}[.)]-? |[A-ZÁÉÍÓÚÑ][^\n:.]{2,30}: ))|\n\n(?![a-záéíóúñ])"
)
_SIGUE = re.compile(r"\s{1,4}[\"“«'¿¡(•-]{0,2} ?[A-ZÁÉÍÓÚÑ0-9]")
_ANTES = re.compile(r"[^\s(\"“]{1,14}$")
_ABREVIADAS = frozenset(
    """
    sr sra srta sres sras srs don dn dna d da dr dra ing abog arq prof n° no nro num art arts inc incs cia
    av avda pje psje dpto depto of ofic esq sta sto rut r.u.t c.i c.n.i p.p ej fs fjs rol pag pags cap tit lit
    let us ud uds vd aprox max min tel fono cel vol ed sgtes sgte cl nac c ing soc kg mt mts km m tasa reg c.c
    c.p.c d.l d.f.l d.s a.m p.m
    """.split()
)
# These end sentences too, but only before a word that begins one.
_SOCIEDADES = frozenset("s.a ltda spa s.p.a e.i.r.l eirl cia s.c etc u.f uf u.t.m utm bco s.a.c".split())
_EMPIEZA = re.compile(
    r"\s{1,4}(?:El|La|Los|Las|En|Se|Si|No|Por|Para|Asimismo|Adem[aá]s|Este|Esta|Con|Cualquier|Un|Una"
    r"|Toda?|Sin"
    r"|Dich[oa]s?|Lo|A|Al|Ambas|Cada|Las|Ningun[oa]?|Queda|Ser[aá]|Que|Su|Tal|Una vez|Cuando)\b"
)


def split_oraciones(texto: str, inicio: int = 0, fin: int | None = None) -> list[tuple[int, int]]:
    """Where the sentences of a text lie, in order; between them is only space.

    A line that begins an item of a list or a label (`Inicio: …`) begins a sentence. Periods of abbreviations,
    initials, companies and numbers end none.
    """
    fin = len(texto) if fin is None else fin
    spans = []
    start = inicio
    for end in [*_ends(texto, inicio, fin), fin]:
        piece = texto[start:end]
        left = len(piece) - len(piece.lstrip())
        if piece.strip():
            spans.append((start + left, start + len(piece.rstrip())))
        start = end
    return spans


def _ends(texto: str, inicio: int, fin: int) -> Iterator[int]:
    for found in _FIN.finditer(texto, inicio, fin):
        if not found["punto"]:
            yield found.start()
        elif _SIGUE.match(texto, found.end()) and _closes(texto, found):
            yield found.end()


def _closes(texto: str, found: re.Match[str]) -> bool:
    if found["punto"] != ".":
        return True
    before = _ANTES.search(texto, max(0, found.start() - 14), found.start())
    word = plegar(before[0]).lstrip("(¿¡-") if before else ""
    if word in _SOCIEDADES:
        return (
            _EMPIEZA.match(texto, found.end()) is not None or "\n\n" in texto[found.end() : found.end() + 2]
        )
    initial = len(word) == 1 and word.isalpha()
    marker = word.isdigit() and len(word) < 3 and texto[: found.start() - len(word)].endswith("\n")
    return word not in _ABREVIADAS and not initial and not marker
