"""What the documents promise is there."""

import re

from bot.settings import ROOT


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
