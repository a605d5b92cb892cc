"""What the documents promise is there."""

import re

import pytest
from typer.main import get_command

from bot.cli import app
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


@pytest.mark.parametrize("document", ["README.md", "docs/canales.md", "docs/operacion.md"])
def test_every_command_exists(document: str) -> None:
    """The groups of commands have what the documents tell people to type."""
    typed = re.findall(r"tributa (whatsapp|telegram|sessions|key) ([a-z-]+)", (ROOT / document).read_text())
    assert typed
    for group, command in typed:
        assert command in get_command(app).commands[group].commands


def test_every_setting_of_backups_is_explained() -> None:
    """In docs/operacion.md."""
    text = (ROOT / "docs" / "operacion.md").read_text()
    names = {str(one.validation_alias.choices[0]) for one in Settings.model_fields.values()}
    assert {name for name in names if name.startswith("TRIBUTA_BACKUP_")} == set(
        re.findall(r"`(TRIBUTA_BACKUP_\w+)(?:=\d+)?`", text)
    )
