"""`tributa trainer`, as a trainer types it; training and the rest of the loop are in tests/entrenamiento."""

import shutil
from pathlib import Path

from bot.settings import ROOT
from tests.test_cli import Tributa


def test_an_edit_is_written_in_the_draft(tmp_path: Path) -> None:
    """Cleaned, and told as it is written down; a faulty one is explained; the live project stays as it is."""
    project = tmp_path / "proyecto"
    shutil.copytree(ROOT / "data", project / "data")
    for name in ("domain.yml", "config.yml"):
        shutil.copy(ROOT / name, project)
    tributa = Tributa(tmp_path)

    def trainer(*arguments: str) -> tuple[int, str]:
        return tributa("trainer", *arguments, TRIBUTA_PROJECT=str(project))

    code, told = trainer("assign", "ventas_resumen", "/cuánto he [vendido] este ratito")
    assert code == 0, told
    assert "«cuánto he vendido este ratito» es ventas_resumen" in told
    code, told = trainer("assign", "nada", "qué tal el día")
    assert code == 2
    assert "No hay ninguna intención llamada «nada»" in told
    assert "este ratito" in trainer("draft")[1]
    assert (project / "domain.yml").read_bytes() == (ROOT / "domain.yml").read_bytes()
