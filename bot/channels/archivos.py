"""Files that people send, on their way to whoever reads them."""

import tempfile
from pathlib import Path


def keep(content: bytes | bytearray) -> Path:
    """Write a file that nobody else can read; whoever takes it removes it."""
    with tempfile.NamedTemporaryFile(prefix="tributa-", delete=False) as file:
        file.write(content)
    return Path(file.name)
