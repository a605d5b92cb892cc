"""What a call brings: in its address, as a form, as JSON or as multipart with files."""

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web

from sandbox.telegram.errors import ApiError, bad_request

UPLOAD_BYTES = 50 << 20


@dataclass(frozen=True)
class Upload:
    """A file that came with a call."""

    name: str
    mime: str
    data: bytes


@dataclass
class Params:
    """The parameters of a call, whichever way they came."""

    values: dict[str, Any] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A string, empty if there is none."""
        value = self.values.get(name)
        if value is None:
            return ""
        return value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str, default: int = 0) -> int:
        """A whole number; what is none counts as missing, as in the Bot API."""
        try:
            return int(self.text(name))
        except ValueError:
            return default

    def flag(self, name: str) -> bool:
        """Whether something was asked for."""
        return self.text(name).lower() in ("true", "yes", "1")

    def json(self, name: str, kind: str) -> Any:
        """A value written in JSON, or None; `kind` is how the error calls it."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError as error:
            raise bad_request(f"can't parse {kind} JSON object") from error

    def upload(self, name: str) -> Upload | None:
        """The file of a parameter, sent under its name or attached under another."""
        value = self.text(name)
        return self.files.get(value.removeprefix("attach://") if value.startswith("attach://") else name)


async def read(request: web.Request) -> Params:
    """The address, then the body."""
    params = Params(dict(request.query))
    if request.content_type == "application/json":
        params.values.update(_object(await request.read()))
    elif request.content_type == "application/x-www-form-urlencoded":
        params.values.update(dict(await request.post()))
    elif request.content_type == "multipart/form-data":
        await _read_multipart(request, params)
    return params


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body) if body else {}
    except ValueError as error:
        raise bad_request("can't parse JSON object") from error
    if not isinstance(found, dict):
        raise bad_request("can't parse JSON object")
    return found


async def _read_multipart(request: web.Request, params: Params) -> None:
    """Into memory: aiohttp's own reader would write files to disk."""
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or not part.name:
            continue
        data = bytearray()
        while chunk := await part.read_chunk():
            data += chunk
            if len(data) > UPLOAD_BYTES:
                raise ApiError(413, "Request Entity Too Large")
        if part.filename is None:
            params.values[part.name] = data.decode(errors="replace")
        else:
            mime = part.headers.get("Content-Type", "application/octet-stream")
            params.files[part.name] = Upload(part.filename, mime, bytes(data))
