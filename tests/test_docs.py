"""What the documents promise is there."""

import re
import shlex
from itertools import pairwise

import pytest
from typer.main import get_command

from bot.cli import app
from bot.core.entrenamiento import Acto, Edicion, fault_of
from bot.entrenamiento.proyecto import read_intents
from bot.settings import ROOT, Settings


def test_every_point_of_security_has_its_test() -> None:
    """Each test that docs/seguridad.md names exists."""
    text = (ROOT / "docs" / "seguridad.md").read_text()
    current, named = None, 0
    for found in re.finditer(r"`(tests/[\w/]+\.py)?(?:…)?(?:::(test_\w+))?`|`…(_\w+)`", text):
        current = found[1] or current
        assert current
        source = (ROOT / current).read_text()
        name = found[2] or found[3]
        if name:
            named += 1
            assert f"{name}(" in source, f"{current} has no {name}"
    assert named >= 35


def test_every_setting_of_the_channels_is_explained() -> None:
    """Each has its row in docs/canales.md, and no row tells of another."""
    text = (ROOT / "docs" / "canales.md").read_text()
    told = set(re.findall(r"^\| `((?:WHATSAPP|TELEGRAM)_\w+)` \|", text, re.MULTILINE))
    names = {str(one.validation_alias.choices[0]) for one in Settings.model_fields.values()}
    assert told == {name for name in names if name.startswith(("WHATSAPP_", "TELEGRAM_"))}


@pytest.mark.parametrize(
    "document", ["README.md", "docs/canales.md", "docs/entrenadores.md", "docs/operacion.md"]
)
def test_every_command_exists(document: str) -> None:
    """The groups of commands have what the documents tell people to type."""
    groups = r"tributa (whatsapp|telegram|trainer|sessions|key) ([a-z][a-z-]+)"
    typed = re.findall(groups, (ROOT / document).read_text())
    assert typed
    for group, command in typed:
        assert command in get_command(app).commands[group].commands


def test_every_picture_is_there() -> None:
    """README and docs show none that does not exist, and none is kept that nobody shows."""
    shown = {
        (path.parent / picture).resolve()
        for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
        for picture in re.findall(r'src="([^":]+)"', path.read_text())
    }
    assert shown == set((ROOT / "docs").glob("*.png"))


def test_what_the_guide_of_trainers_shows_can_be_typed() -> None:
    """Its new intent and its examples are not in the data yet, and clash with nothing that is."""
    text = (ROOT / "docs" / "entrenadores.md").read_text().replace("\\\n", " ")
    known, edits = read_intents(ROOT), 0
    for command, intent, rest in re.findall(r"tributa trainer (new-intent|assign) (\w+) (.+)", text):
        words = shlex.split(rest)
        options = {"--respuesta", "--mensaje"}
        ejemplos = [
            one
            for before, one in pairwise(["", *words])
            if not one.startswith("--") and before not in options
        ]
        acto = Acto.INTENCION if command == "new-intent" else Acto.EJEMPLO
        edit = Edicion(1, acto, intent, tuple(ejemplos), "Una respuesta.")
        if ejemplos:
            assert fault_of(edit, known) == ""
            known.setdefault(intent, []).extend(ejemplos)
            edits += 1
    assert edits >= 4


def test_every_setting_of_backups_is_explained() -> None:
    """In docs/operacion.md."""
    text = (ROOT / "docs" / "operacion.md").read_text()
    names = {str(one.validation_alias.choices[0]) for one in Settings.model_fields.values()}
    assert {name for name in names if name.startswith("TRIBUTA_BACKUP_")} == set(
        re.findall(r"`(TRIBUTA_BACKUP_\w+)(?:=\d+)?`", text)
    )
