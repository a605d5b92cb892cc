"""`tributa knowledge`, as a trainer types it."""

from pathlib import Path

from typer.testing import CliRunner

from bot.cli import app
from tests.rag.fichas import write_folder

run = CliRunner().invoke


def test_check(tmp_path: Path) -> None:
    """0 if all is well; 1 with a line for each problem."""
    folder = write_folder(tmp_path)
    done = run(app, ["knowledge", "check", "--carpeta", str(folder)])
    assert (done.exit_code, "2 fichas en orden" in done.output) == (0, True), done.output
    path = folder / "uno.md"
    path.write_text(
        path.read_text().replace("[dos]", "[tres]").replace("fecha: 2026-11-23", "fecha: 2020-01-01")
    )
    done = run(app, ["knowledge", "check", "--carpeta", str(folder)])
    assert done.exit_code == 1
    assert "uno.md: «relacionados» nombra «tres»" in done.output
    assert "uno.md: venció el 2021-01-01" in done.output


def test_list(tmp_path: Path) -> None:
    """Each topic with its source and its last day; with a broken file, why it cannot."""
    folder = write_folder(tmp_path)
    done = run(app, ["knowledge", "list", "--carpeta", str(folder)], env={"COLUMNS": "200"})
    assert done.exit_code == 0
    assert "23-11-2027" in done.output
    (folder / "uno.md").write_text("")
    done = run(app, ["knowledge", "list", "--carpeta", str(folder)])
    assert (done.exit_code, "uno.md: debe empezar" in done.output) == (1, True)
