"""The contents of messages, as the Bot API writes them."""

from typing import Any

from sandbox.telegram import images
from sandbox.telegram.simulator import Simulator, Stored

Content = dict[str, Any]


def file_(stored: Stored) -> Content:
    """What every file tells of itself."""
    return {"file_id": stored.id, "file_unique_id": stored.unique_id, "file_size": len(stored.data)}


def photo(stored: Stored) -> Content:
    """A picture; Telegram would add smaller ones before it."""
    width, height = images.size(stored.data) or (0, 0)
    return {"photo": [file_(stored) | {"width": width, "height": height}]}


def document(stored: Stored) -> Content:
    """A file under its name."""
    return {"document": file_(stored) | {"file_name": stored.name, "mime_type": stored.mime}}


def contact(phone: str, name: str, user: int | None) -> Content:
    """A phone; `user` says whose account it is, if it has one."""
    found: Content = {"phone_number": phone, "first_name": name}
    return {"contact": found if user is None else found | {"user_id": user}}


def voice(simulator: Simulator, seconds: int) -> Content:
    """A voice message without a voice."""
    stored = simulator.store("voice", "voz.oga", "audio/ogg", b"OggS" + bytes(60))
    return {"voice": file_(stored) | {"duration": seconds, "mime_type": stored.mime}}


def sticker(simulator: Simulator, emoji: str) -> Content:
    """A sticker."""
    stored = simulator.store("stickers", "sticker.webp", "image/webp", b"RIFF" + bytes(60))
    shape = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
    return {"sticker": file_(stored) | shape | {"emoji": emoji}}


def location(latitude: float, longitude: float) -> Content:
    """A place."""
    return {"location": {"latitude": latitude, "longitude": longitude}}
