"""What tests of several services share."""

from pathlib import Path

import pytest


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    """A file that begins like a PDF."""
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7 uno")
    return path
