"""Enough of PNG and JPEG to know how large a picture is."""

from struct import unpack_from

from sandbox.telegram.errors import bad_request

PHOTO_BYTES = 10 << 20
_SIDES = 10_000
_RATIO = 20
_PNG = b"\x89PNG\r\n\x1a\n"


def size(data: bytes) -> tuple[int, int] | None:
    """Width and height in pixels; None if it is neither PNG nor JPEG."""
    if data.startswith(_PNG) and len(data) >= 24:
        width, height = unpack_from(">II", data, 16)
        return width, height
    return _jpeg(data) if data.startswith(b"\xff\xd8\xff") else None


def mime(data: bytes) -> str | None:
    """What a picture really is, whatever it was called."""
    if size(data) is None:
        return None
    return "image/png" if data.startswith(_PNG) else "image/jpeg"


def check_photo(data: bytes) -> tuple[int, int]:
    """Width and height of what is sent as a photo.

    Raises:
        ApiError: if Telegram would not take it.
    """
    if len(data) > PHOTO_BYTES:
        raise bad_request("file is too big")
    found = size(data)
    if found is None or not all(found):
        raise bad_request("IMAGE_PROCESS_FAILED")
    if sum(found) > _SIDES or max(found) > _RATIO * min(found):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return found


def _jpeg(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], unpack_from(">H", data, at + 2)[0]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = unpack_from(">HH", data, at + 5)
            return width, height
        at += 2 + length
    return None
