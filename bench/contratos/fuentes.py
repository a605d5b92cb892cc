"""The texts of the contracts: front matter, clauses, shared clauses, and the marks of decisive sentences.

A text is paragraphs parted by blank lines: `# title`, `## clause`, `| table |`, `@firmas a ; b`,
`---salto---`, `{{shared clause}}`, `[[oculto: …]]` and `[[minimo: …]]` for what no person sees.
`{#name}` stands right before the words that answer a question.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import yaml

FOLDER = Path(__file__).parent / "fuentes"
MARK = re.compile(r"\{#([a-z0-9_]+)\}")
SHARED = re.compile(r"\{\{([a-z_]+)\}\}")
HOY = date(2026, 11, 23)


@dataclass(frozen=True)
class Fuente:
    """One document: whose it is, how it looks and what it says."""

    id: str
    rut: str
    archivo: str
    layout: str
    fecha: date
    split: str
    cuerpo: str
    escaneado: bool = False
    portada: bool = False
    anexo_de: str | None = None

    @property
    def bloques(self) -> list[str]:
        return [bloque.strip() for bloque in re.split(r"\n\s*\n", self.cuerpo) if bloque.strip()]

    @property
    def marcas(self) -> dict[str, str]:
        """Each mark with the paragraph, or the row of a table, that it stands in."""
        lines = [
            line
            for bloque in self.bloques
            for line in (bloque.split("\n") if bloque.startswith("|") else [bloque])
        ]
        return {name: MARK.sub("", line) for line in lines for name in MARK.findall(line)}

    @property
    def texto(self) -> str:
        """What a person can read in the document."""
        visible = re.sub(r"\[\[.*?\]\]", "", self.cuerpo, flags=re.DOTALL)
        return MARK.sub("", visible)


@cache
def load() -> dict[str, Fuente]:
    """Every document by its id."""
    shared = {path.stem: path.read_text().strip() for path in (FOLDER / "comunes").glob("*.md")}
    found = [_parse(path.read_text(), shared) for path in sorted(FOLDER.glob("*.md"))]
    return {fuente.id: fuente for fuente in found}


def _parse(text: str, shared: dict[str, str]) -> Fuente:
    _, matter, body = text.split("---\n", 2)
    return Fuente(**yaml.safe_load(matter), cuerpo=SHARED.sub(lambda match: shared[match[1]], body))
