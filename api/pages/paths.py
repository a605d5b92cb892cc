"""Where the pages' files are."""

import hashlib
from functools import cache
from pathlib import Path

WEB = Path(__file__).resolve().parent.parent / "web"


@cache
def static(name: str) -> str:
    """The address of a file of ours, which changes when the file does: browsers may keep it for ever."""
    digest = hashlib.sha256((WEB / "static" / name).read_bytes()).hexdigest()
    return f"/static/{name}?v={digest[:10]}"
