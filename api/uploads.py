"""Files that come in: streamed to disk, whole or not at all."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import BinaryIO, cast

from aiohttp import BodyPartReader, ClientPayloadError, web
from aiohttp.http_exceptions import BadHttpMessage
from pydantic import BaseModel, ValidationError

from api.problems import RequestInvalidError
from bot.core.errors import UploadIncompleteError, UploadTooLargeError

MAXIMUM_BYTES = 100 * 2**20
UPLOAD_SECONDS = 600
_IN_MEMORY = 2**20
_CHUNK = 2**16
_MAXIMUM_FIELD = 1_000
_MAXIMUM_FIELDS = 8


@asynccontextmanager
async def received[Form: BaseModel](
    request: web.Request, name: str, form: type[Form]
) -> AsyncIterator[tuple[BinaryIO, str, Form]]:
    """The file of that name with its file name, and the other fields as a model.

    Raises:
        UploadIncompleteError: if the body ends early, is no form, or lacks the file.
        UploadTooLargeError: over 100 MB.
        RequestInvalidError: if a field is wrong.
    """
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
        archivo = cast(BinaryIO, file)
        try:
            async with asyncio.timeout(UPLOAD_SECONDS):
                filename, fields = await _read_parts(request, name, archivo)
        except TimeoutError:
            raise web.HTTPRequestTimeout() from None
        except (
            BadHttpMessage,
            ValueError,
            AssertionError,
            ClientPayloadError,
            web.RequestPayloadError,
            asyncio.IncompleteReadError,
        ) as error:
            raise UploadIncompleteError() from error
        if filename is None:
            raise UploadIncompleteError()
        try:
            values = form.model_validate(fields)
        except ValidationError as error:
            raise RequestInvalidError("form", error) from None
        archivo.seek(0)
        yield archivo, filename, values


async def _read_parts(
    request: web.Request, name: str, archivo: BinaryIO
) -> tuple[str | None, dict[str, str]]:
    filename: str | None = None
    fields: dict[str, str] = {}
    if not request.content_type.startswith("multipart/"):
        raise ValueError("no form")
    reader = await request.multipart()
    async for part in reader:
        if not isinstance(part, BodyPartReader) or len(fields) > _MAXIMUM_FIELDS:
            raise ValueError("nested form, or too many fields")
        if part.name == name:
            if filename is not None:
                raise ValueError("two files")
            filename = part.filename or ""
            await _copy(part, archivo)
        else:
            fields[part.name or ""] = await _field(part)
    return filename, fields


async def _field(part: BodyPartReader) -> str:
    """The whole value: one chunk is only what has arrived by now."""
    value = b""
    while chunk := await part.read_chunk(_MAXIMUM_FIELD + 1):
        value += chunk
        if len(value) > _MAXIMUM_FIELD:
            raise ValueError("long field")
    return value.decode()


async def _copy(part: BodyPartReader, archivo: BinaryIO) -> None:
    size = 0
    while chunk := await part.read_chunk(_CHUNK):
        size += len(chunk)
        if size > MAXIMUM_BYTES:
            raise UploadTooLargeError(maximo=MAXIMUM_BYTES // 2**20)
        await asyncio.to_thread(archivo.write, chunk)
