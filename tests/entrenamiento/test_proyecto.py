"""Edits of Tributa's own project, written as a person would."""

import difflib
import shutil
from pathlib import Path

from bot.core.entrenamiento import Acto, Edicion
from bot.entrenamiento.proyecto import apply, read_intents
from bot.settings import ROOT


def test_only_what_is_new_changes_in_the_real_files(tmp_path: Path) -> None:
    """Comments, quotes, anchors and order of thousands of lines stay: an edit only adds lines."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    shutil.copy(ROOT / "domain.yml", tmp_path)
    examples = tuple(f"ejemplo de prueba {number}" for number in range(5))
    apply(
        tmp_path,
        [
            Edicion(1, Acto.EJEMPLO, "ventas_resumen", ("¿cuánto: vendí # ayer?",)),
            Edicion(2, Acto.INTENCION, "horario", examples, 'Dijo: "todo el día" #1'),
        ],
    )
    found = [path.relative_to(tmp_path) for path in tmp_path.rglob("*.yml")]
    lines = []
    for name in sorted(found):
        before = (ROOT / name).read_text().splitlines() if (ROOT / name).exists() else []
        lines += difflib.unified_diff(before, (tmp_path / name).read_text().splitlines(), n=0, lineterm="")
    changed = [line for line in lines if line[0] in "+-" and line[:3] not in {"+++", "---"}]
    assert [line for line in changed if line.startswith("-")] == []
    assert len([line for line in changed if "cuánto: vendí # ayer?" in line]) == 1
    assert len(changed) < 30
    intents = read_intents(tmp_path)
    assert intents["horario"] == list(examples)
    assert "¿cuánto: vendí # ayer?" in intents["ventas_resumen"]
