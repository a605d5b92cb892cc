"""Approved templates: those that the product needs, and those registered through the API."""

import re
from dataclasses import dataclass, field
from typing import Any

from bot.channels.whatsapp_templates import TEMPLATES
from sandbox.whatsapp.errors import GraphError, missing
from sandbox.whatsapp.reading import read_list, read_object, read_text

_NAME = re.compile(r"[a-z0-9_]{1,512}")
_VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_BROKEN = re.compile(r"[\n\t]| {5,}")
LONGEST_BODY, LONGEST_CODE = 1024, 15
_OTP_URL = "https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code_expiration_minutes=10&code=otp{{1}}"
_OWN: list[dict[str, Any]] = [
    {
        "name": "tributa_codigo",
        "language": "es_CL",
        "category": "AUTHENTICATION",
        "components": [
            {
                "type": "BODY",
                "text": "*{{1}}* es tu código de verificación. Por tu seguridad, no lo compartas.",
                "add_security_recommendation": True,
                "example": {"body_text": [["123456"]]},
            },
            {
                "type": "FOOTER",
                "text": "Este código caduca en 10 minutos.",
                "code_expiration_minutes": 10,
            },
            {
                "type": "BUTTONS",
                "buttons": [
                    {
                        "type": "URL",
                        "text": "Copiar código",
                        "url": _OTP_URL,
                        "example": [_OTP_URL.replace("{{1}}", "123456")],
                    }
                ],
            },
        ],
    },
    *(one for one in TEMPLATES.values() if one["category"] == "UTILITY"),
]


@dataclass(frozen=True, slots=True)
class Template:
    """An approved template in one language."""

    raw: dict[str, Any]

    @property
    def category(self) -> str:
        return str(self.raw["category"])

    def part(self, kind: str) -> dict[str, Any]:
        """A component, or an empty one."""
        return next((one for one in self.raw["components"] if one["type"].upper() == kind), {})

    @property
    def buttons(self) -> list[dict[str, Any]]:
        return list(self.part("BUTTONS").get("buttons", []))


@dataclass(frozen=True, slots=True)
class Filled:
    """A template with its values, as the person sees it."""

    template: Template
    text: str
    content: dict[str, Any]


@dataclass
class Templates:
    """All templates by name and language."""

    known: dict[tuple[str, str], Template] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for raw in _OWN:
            self.register(raw)

    def register(self, raw: dict[str, Any]) -> Template:
        """Add a template, which is approved at once.

        Raises:
            GraphError: if it is not one.
        """
        name, language = read_text(raw, "name"), read_text(raw, "language")
        if not _NAME.fullmatch(name):
            raise GraphError(100, "name: only lowercase letters, numbers and underscores, at most 512")
        category = read_text(raw, "category").upper()
        if category not in ("AUTHENTICATION", "UTILITY", "MARKETING"):
            raise GraphError(100, "category must be one of AUTHENTICATION, UTILITY, MARKETING")
        for component in read_list(raw, "components"):
            read_text(component, "type")
        stored = {
            "id": str(300000000000001 + len(self.known)),
            "status": "APPROVED",
            "parameter_format": raw.get("parameter_format", "POSITIONAL").upper(),
            **{key: raw[key] for key in ("name", "language")},
            "components": _written_out(raw["components"], category),
            "category": category,
        }
        self.known[name, language] = template = Template(stored)
        return template

    def fill(self, sent: dict[str, Any]) -> Filled:
        """Put the values of a message into its template.

        Raises:
            GraphError: if there is no such template, or the values do not fit it.
        """
        name = read_text(sent, "name")
        language = read_text(read_object(sent, "language"), "code")
        template = self.known.get((name, language))
        if template is None:
            raise GraphError(132001, f"template name ({name}) does not exist in {language}")
        given = read_list(sent, "components", optional=True)
        header = _fill(template.part("HEADER"), _values(given, "header"), "header")
        text = _fill(template.part("BODY"), _values(given, "body"), "body")
        if len(text) > LONGEST_BODY:
            raise GraphError(132005, f"body: hydrated text is longer than {LONGEST_BODY} characters")
        buttons, code = _fill_buttons(template, given)
        content = {
            "plantilla": name,
            "codigo": code,
            "encabezado": header,
            "pie": template.part("FOOTER").get("text", ""),
            "botones": buttons,
        }
        return Filled(template, text, content)


def _written_out(components: list[dict[str, Any]], category: str) -> list[dict[str, Any]]:
    """An authentication template comes without words, which the service adds; its button becomes a link."""
    if category != "AUTHENTICATION":
        return components
    own = {one["type"]: one for one in _OWN[0]["components"]}
    return [{**own.get(kind := one["type"].upper(), {}), **_kept(one), "type": kind} for one in components]


def _kept(component: dict[str, Any]) -> dict[str, Any]:
    """What of a component stays as it was sent."""
    buttons = component.get("buttons")
    if not isinstance(buttons, list):
        return component
    if not all(isinstance(one, dict) and str(one.get("otp_type")).upper() == "COPY_CODE" for one in buttons):
        return component
    return {key: value for key, value in component.items() if key != "buttons"}


def _values(given: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    """The parameters of one component of a message."""
    for one in given:
        if read_text(one, "type").lower() == kind:
            return read_list(one, "parameters", optional=True)
    return []


def _fill(component: dict[str, Any], values: list[dict[str, Any]], where: str) -> str:
    """The text of a component with its values."""
    text = str(component.get("text", ""))
    wanted = list(dict.fromkeys(_VARIABLE.findall(text)))
    if len(values) != len(wanted):
        raise GraphError(
            132000,
            f"{where}: number of localizable_params ({len(values)}) does not match the expected number of"
            f" params ({len(wanted)})",
        )
    found = {}
    for name, value in zip(wanted, values, strict=True):
        found[value.get("parameter_name", name)] = _checked(value, where)
    if set(found) != set(wanted):
        raise GraphError(100, f"{where}: parameter_name is missing or unknown")
    return _VARIABLE.sub(lambda match: found[match[1]], text)


def _checked(value: dict[str, Any], where: str) -> str:
    if value.get("type") != "text":
        raise GraphError(132012, f"{where}: Format mismatch, expected TEXT, received {value.get('type')}")
    text = read_text(value, "text")
    if _BROKEN.search(text):
        raise GraphError(
            132018, "Param text cannot have new-line/tab characters or more than 4 consecutive spaces"
        )
    return text


def _fill_buttons(template: Template, given: list[dict[str, Any]]) -> tuple[list[dict[str, str]], str]:
    """The buttons as the person sees them, and the code that one of them copies."""
    values = {
        str(one.get("index", "0")): read_list(one, "parameters")
        for one in given
        if read_text(one, "type").lower() == "button"
    }
    shown, code = [], ""
    for index, button in enumerate(template.buttons):
        kind, title = button["type"].upper(), button.get("text", "")
        value = (values.pop(str(index), None) or [{}])[0]
        if kind in ("URL", "OTP"):
            code = code or _code(template, button, value, index)
            continue
        if kind == "QUICK_REPLY":
            shown.append({"id": str(value.get("payload", title)), "titulo": title})
    if values:
        raise GraphError(132000, f"buttons: there is no button at index {next(iter(values))}")
    return shown, code


def _code(template: Template, button: dict[str, Any], value: dict[str, Any], index: int) -> str:
    """The code of an authentication template; nothing for another link."""
    if button["type"].upper() == "URL" and not _VARIABLE.search(button.get("url", "")):
        return ""
    if not value.get("text"):
        raise missing(f"buttons: Button at index {index} of type Url requires a parameter")
    text = _checked(value, "buttons")
    if template.category != "AUTHENTICATION":
        return ""
    if len(text) > LONGEST_CODE:
        raise GraphError(132012, f"buttons: the code is longer than {LONGEST_CODE} characters")
    return text
