"""Files on their way: which kinds WhatsApp takes, how large they may be, how long they can be fetched.

Source: "Media" (developers.facebook.com), "Supported media types".
"""

import hashlib
import secrets
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.whatsapp.errors import GraphError

MB = 2**20
_OFFICE = "application/vnd.openxmlformats-officedocument."
AUDIO = ("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg")
IMAGE = ("image/jpeg", "image/png")
VIDEO = ("video/mp4", "video/3gpp")
DOCUMENT = (
    "text/plain",
    "application/pdf",
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    f"{_OFFICE}wordprocessingml.document",
    f"{_OFFICE}spreadsheetml.sheet",
    f"{_OFFICE}presentationml.presentation",
)
STICKER = ("image/webp",)
# What may be sent as each kind of message, and how large it may be.
KINDS: dict[str, tuple[tuple[str, ...], int]] = {
    "image": (IMAGE, 5 * MB),
    "audio": (AUDIO, 16 * MB),
    "video": (VIDEO, 16 * MB),
    "sticker": (STICKER, 500 * 1024),
    "document": (DOCUMENT, 100 * MB),
}
_MAGIC = {
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "application/pdf": (b"%PDF-",),
    f"{_OFFICE}spreadsheetml.sheet": (b"PK\x03\x04",),
    f"{_OFFICE}wordprocessingml.document": (b"PK\x03\x04",),
}
URL_SECONDS = 5 * 60
_SENT_DAYS, _RECEIVED_DAYS = 30, 7
_KEPT_BYTES = 512 * MB


@dataclass(frozen=True, slots=True)
class Media:
    """A file, and until when it is there."""

    data: bytes = field(repr=False)
    mime: str
    name: str
    expires: float
    received: bool
    id: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    @property
    def sha256_base64(self) -> str:
        """As webhooks write it."""
        return b64encode(hashlib.sha256(self.data).digest()).decode()


@dataclass
class MediaStore:
    """All files; the oldest go when there are too many."""

    now: Callable[[], float]
    files: dict[str, Media] = field(default_factory=dict)
    urls: dict[str, tuple[str, float]] = field(default_factory=dict)

    def upload(self, data: bytes, mime: str, name: str) -> Media:
        """Take the business's file.

        Raises:
            GraphError: if its type is not taken, its size too large or its content another's.
        """
        plain = mime.partition(";")[0].strip().lower()
        kind = next((kind for kind, (types, _) in KINDS.items() if plain in types), None)
        if kind is None:
            allowed = ", ".join(one for types, _ in KINDS.values() for one in types)
            raise GraphError(
                100,
                message=f"Param file must be a file with one of the following types: {allowed}."
                f" Received file of type '{plain}'.",
            )
        limit = KINDS[kind][1]
        if len(data) > limit:
            raise GraphError(131053, f"File size exceeds the limit of {limit} bytes for {kind}.")
        if not data:
            raise GraphError(131053, "The file is empty.")
        if plain in _MAGIC and not data.startswith(_MAGIC[plain]):
            raise GraphError(131053, f"The content of the file is not of type '{plain}'.")
        return self._keep(data, plain, name, received=False)

    def receive(self, data: bytes, mime: str, name: str) -> Media:
        """Take what a person sends: anything, as a document if it is nothing else."""
        return self._keep(data, mime, name, received=True)

    def _keep(self, data: bytes, mime: str, name: str, *, received: bool) -> Media:
        days = _RECEIVED_DAYS if received else _SENT_DAYS
        number = str(secrets.randbelow(9 * 10**15) + 10**15)
        media = Media(data, mime, name, self.now() + days * 86_400, received, number)
        self.files[media.id] = media
        while sum(len(one.data) for one in self.files.values()) > _KEPT_BYTES:
            del self.files[next(iter(self.files))]
        return media

    def find(self, media_id: str) -> Media | None:
        """A file that is still there."""
        media = self.files.get(media_id)
        return media if media and media.expires > self.now() else None

    def make_url(self, media: Media) -> str:
        """Path and query under which it can be fetched for five minutes."""
        key, until = secrets.token_urlsafe(16), self.now() + URL_SECONDS
        self.urls = {one: found for one, found in self.urls.items() if found[1] > self.now()}
        self.urls[key] = (media.id, until)
        return f"/whatsapp_business/attachments/?mid={media.id}&ext={int(until)}&hash={key}"

    def by_url(self, key: str) -> Media | None:
        """The file of an address that has not expired."""
        media_id, until = self.urls.get(key, ("", 0.0))
        return self.find(media_id) if until > self.now() else None


def kind_of(mime: str) -> str:
    """As what kind of message a person's file arrives."""
    plain = mime.partition(";")[0].strip().lower()
    for kind in ("image", "sticker", "audio", "video"):
        if plain in KINDS[kind][0]:
            return kind
    return "document"
