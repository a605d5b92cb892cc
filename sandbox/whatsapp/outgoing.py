"""What a business may send, with every published limit. Characters are counted as code points.

Source: "Messages" (developers.facebook.com), and the service's own answers.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.whatsapp.errors import GraphError, invalid, missing
from sandbox.whatsapp.interactive import read_interactive
from sandbox.whatsapp.media import KINDS, Media, MediaStore
from sandbox.whatsapp.reading import bounded, optional_text, read_list, read_object, read_text
from sandbox.whatsapp.templates import Templates

LONGEST_TEXT, LONGEST_CAPTION, LONGEST_TRACKER, LONGEST_NAME = 4096, 1024, 512, 240
NAMES = {
    "image": "imagen",
    "document": "documento",
    "audio": "audio",
    "video": "video",
    "sticker": "sticker",
}


@dataclass
class Draft:
    """A message that may be sent, as the person will see it."""

    kind: str
    text: str = ""
    content: dict[str, Any] = field(default_factory=dict)
    category: str = "service"
    needs_window: bool = True
    link: str = ""
    """An address from which the service has to fetch the file of `content`."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the body of POST /messages."""

    media: MediaStore
    templates: Templates

    def read(self, body: dict[str, Any]) -> Draft:
        """The message in a request.

        Raises:
            GraphError: if it breaks a rule.
        """
        kind = body.get("type", "text")
        readers: dict[str, Callable[[dict[str, Any]], Draft]] = {
            "text": _text,
            "interactive": self._interactive,
            "template": self._template,
            "reaction": _reaction,
            "location": _location,
        }
        if kind in KINDS:
            return self._file(kind, read_object(body, kind))
        if kind == "contacts":
            return _contacts(read_list(body, kind))
        if not isinstance(kind, str) or kind not in readers:
            raise GraphError(100, message=f"Param type must be one of {', '.join([*readers, *KINDS])}.")
        return readers[kind](read_object(body, kind))

    def _interactive(self, value: dict[str, Any]) -> Draft:
        text, content = read_interactive(value)
        header = content.pop("archivo", None)
        if header is None:
            return Draft("interactive", text, content)
        file = self._file(header["type"], read_object(header, header["type"]))
        return Draft("interactive", text, {**content, **file.content}, link=file.link)

    def _template(self, value: dict[str, Any]) -> Draft:
        filled = self.templates.fill(value)
        category = filled.template.category.lower()
        return Draft("template", filled.text, filled.content, category, needs_window=False)

    def _file(self, kind: str, value: dict[str, Any]) -> Draft:
        caption = optional_text(value, "caption", LONGEST_CAPTION, "Caption")
        if caption and kind in ("audio", "sticker"):
            raise GraphError(100, message=f"Unexpected key 'caption' on param '{kind}'.")
        name = optional_text(value, "filename", LONGEST_NAME, "Filename") if kind == "document" else ""
        if bool(value.get("id")) == bool(value.get("link")):
            raise GraphError(100, message=f"Param {kind} must have exactly one of id and link.")
        if value.get("link"):
            link = read_text(value, "link")
            if not link.startswith(("https://", "http://")):
                raise invalid(f"{kind} link is not a valid URL")
            return Draft(kind, caption, {NAMES[kind]: {"url": link, "nombre": name}}, link=link)
        media = self.media.find(str(value["id"]))
        if media is None:
            raise invalid(f"{kind}: media id {value['id']} does not exist or has expired")
        return Draft(kind, caption, {NAMES[kind]: shown(fitting(media, kind), name)})


def fitting(media: Media, kind: str) -> Media:
    """The file, if it may be sent as this kind.

    Raises:
        GraphError: if its type or size is another's.
    """
    types, most = KINDS[kind]
    if media.mime.split(";")[0] not in types and not (kind == "document" and media.received):
        raise GraphError(131053, f"Unsupported {kind} mime type {media.mime}. Supported: {', '.join(types)}")
    if len(media.data) > most:
        raise GraphError(131053, f"File size exceeds the limit of {most} bytes for {kind}.")
    return media


def shown(media: Media, name: str = "") -> dict[str, Any]:
    """A file as the page shows it."""
    return {
        "url": f"/telefono/archivos/{media.id}",
        "id": media.id,
        "nombre": name or media.name,
        "mime": media.mime,
        "tamano": len(media.data),
    }


def _text(value: dict[str, Any]) -> Draft:
    body = value.get("body")
    if not isinstance(body, str) or not body.strip():
        raise GraphError(100, message="The parameter text['body'] is required.")
    if len(body) > LONGEST_TEXT:
        raise GraphError(100, message=f"Param text['body'] must be at most {LONGEST_TEXT} characters long.")
    if not isinstance(value.get("preview_url", False), bool):
        raise GraphError(100, message="Param text['preview_url'] must be a boolean.")
    return Draft("text", body)


def _reaction(value: dict[str, Any]) -> Draft:
    wamid = read_text(value, "message_id")
    emoji = value.get("emoji", "")
    if not isinstance(emoji, str) or len(emoji) > 12:
        raise invalid("Reaction emoji is not valid")
    return Draft("reaction", emoji, {"reaccion": {"mensaje": wamid, "emoji": emoji}})


def _location(value: dict[str, Any]) -> Draft:
    try:
        latitude, longitude = float(value["latitude"]), float(value["longitude"])
    except (KeyError, TypeError, ValueError):
        raise missing("location: latitude and longitude are required") from None
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise invalid("location: latitude or longitude out of range")
    names = {"nombre": str(value.get("name", "")), "direccion": str(value.get("address", ""))}
    return Draft("location", "", {"ubicacion": {"latitud": latitude, "longitud": longitude, **names}})


def _contacts(value: list[dict[str, Any]]) -> Draft:
    found = []
    for one in value:
        name = bounded(read_text(read_object(one, "name"), "formatted_name"), 1024, "Contact name")
        phones = [str(phone.get("phone", "")) for phone in read_list(one, "phones", optional=True)]
        found.append({"nombre": name, "telefonos": phones})
    if not found:
        raise missing("contacts: at least one contact is required")
    return Draft("contacts", "", {"contactos": found})
