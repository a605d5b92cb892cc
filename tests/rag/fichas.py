"""Small knowledge bases for tests."""

from datetime import date
from pathlib import Path

from bot.settings import ROOT

KNOWLEDGE = ROOT / "knowledge"
HOY = date(2026, 11, 23)
_FICHA = """---
titulo: "{titulo}"
fuente: "DL 825"
fecha: 2026-11-23
vigencia: indefinida
tags: [{slug}]
preguntas:
{preguntas}relacionados: [{otro}]
---

Resumen de {slug}.

## Más

Mira [{otro}]({otro}.md).
"""


def write_folder(folder: Path) -> Path:
    """Two sound topics, `uno` and `dos`."""
    for slug, otro in (("uno", "dos"), ("dos", "uno")):
        preguntas = "".join(f"- {slug} numero {n}\n" for n in range(6))
        text = _FICHA.format(titulo=slug.capitalize(), slug=slug, otro=otro, preguntas=preguntas)
        (folder / f"{slug}.md").write_text(text)
    (folder / "ajenas.yml").write_text("- hola\n")
    return folder
