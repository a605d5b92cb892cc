"""Find the sentence, as the product cut it, in which a mark of the corpus stands."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from bench.contratos.fuentes import MARK, Fuente
from bot.core.contratos.evidencia import Oracion
from bot.core.contratos.plano import plegar
from bot.services.contratos_eleccion import Familia
from bot.services.contratos_evidencia import documentos

_OCULTO = re.compile(r"\[\[.*?\]\]", re.DOTALL)


def find(fuente: Fuente, nombre: str, familias: Sequence[Familia]) -> tuple[Familia, Oracion]:
    """The likeliest: a scan may have changed letters."""
    words = around(fuente, nombre)
    found = [
        (alike(words, oracion.plano), -oracion.orden, familia, oracion)
        for familia in familias
        for documento in documentos(familia)
        for oracion in documento.oraciones
        if oracion.archivo == fuente.archivo
    ]
    _, _, familia, oracion = max(found, key=lambda one: one[:2])
    return familia, oracion


def around(fuente: Fuente, nombre: str) -> str:
    """The folded words on both sides of a mark within its sentence, or its row of a table."""
    mark = f"{{#{nombre}}}"
    block = next(one for one in fuente.bloques if mark in one)
    if block.startswith("|"):
        line = next(one for one in block.split("\n") if mark in one)
        return plegar(" ".join(_clean(line).split()))[:80].strip(" .|")
    at = block.index(mark)
    before = re.split(r"[.;:] |\n", _clean(block[:at]))[-1][-60:]
    after = re.split(r"(?<=[a-z0-9)])\. (?=[A-Z])|; |\n", _clean(block[at:]))[0][:60]
    return plegar(" ".join((before + after).split())).strip(" .|")


def alike(words: str, plano: str) -> float:
    """The part of the words that a folded sentence has in the same order."""
    if words in plano:
        return 1.0
    if len(plano) < 8:
        return 0.0
    blocks = SequenceMatcher(None, words, plano, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks if block.size > 2) / max(1, len(words))


def _clean(text: str) -> str:
    return _OCULTO.sub("", MARK.sub("", text)).replace("**", "")
