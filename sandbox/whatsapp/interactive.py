"""Reply buttons, lists and links, with their limits.

Source: "Interactive reply buttons", "Interactive lists" (developers.facebook.com), the service's answers.
"""

from collections import Counter
from typing import Any

from sandbox.whatsapp.errors import GraphError, invalid, missing
from sandbox.whatsapp.reading import bounded, optional_text, read_list, read_object, read_text

LONGEST_BODY, LONGEST_HEADER, LONGEST_FOOTER = 1024, 60, 60
MOST_BUTTONS, LONGEST_BUTTON, LONGEST_BUTTON_ID = 3, 20, 256
MOST_ROWS, MOST_SECTIONS, LONGEST_ROW, LONGEST_ROW_ID, LONGEST_DESCRIPTION = 10, 10, 24, 200, 72
LONGEST_SECTION, LONGEST_LABEL = 24, 20


def read_interactive(value: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The text of an interactive message, and the rest as the page shows it.

    Raises:
        GraphError: if it breaks a limit.
    """
    kind = read_text(value, "type")
    actions = {"button": _buttons, "list": _list, "cta_url": _link}
    if kind not in actions:
        raise GraphError(100, message=f"Param interactive['type'] must be one of {', '.join(actions)}.")
    body = bounded(read_text(read_object(value, "body"), "text"), LONGEST_BODY, "Body text")
    content = {**_header(value, kind), **actions[kind](read_object(value, "action"))}
    if value.get("footer"):
        footer = read_text(read_object(value, "footer"), "text")
        content["pie"] = bounded(footer, LONGEST_FOOTER, "Footer text")
    return body, content


def _header(value: dict[str, Any], kind: str) -> dict[str, Any]:
    """A text, or a file under `archivo`."""
    if not value.get("header"):
        return {}
    header = read_object(value, "header")
    header_kind = read_text(header, "type")
    if header_kind == "text":
        return {"encabezado": bounded(read_text(header, "text"), LONGEST_HEADER, "Header text")}
    if kind == "list" or header_kind not in ("image", "document", "video"):
        raise invalid(f"Header type {header_kind} is not supported for interactive type {kind}")
    return {"archivo": header}


def _buttons(action: dict[str, Any]) -> dict[str, Any]:
    buttons = read_list(action, "buttons")
    if not 1 <= len(buttons) <= MOST_BUTTONS:
        raise invalid(f"Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: {MOST_BUTTONS}")
    shown = []
    for one in buttons:
        if one.get("type") != "reply":
            raise GraphError(100, message="Param buttons['type'] must be one of reply.")
        reply = read_object(one, "reply")
        name = bounded(read_text(reply, "id"), LONGEST_BUTTON_ID, "Button id")
        title = bounded(read_text(reply, "title"), LONGEST_BUTTON, "Button title")
        shown.append({"id": name, "titulo": title})
    _unique([one["id"] for one in shown], "Duplicated button id")
    _unique([one["titulo"] for one in shown], "Duplicated button title")
    return {"botones": shown}


def _list(action: dict[str, Any]) -> dict[str, Any]:
    label = bounded(read_text(action, "button"), LONGEST_LABEL, "Button label")
    sections = read_list(action, "sections")
    if not 1 <= len(sections) <= MOST_SECTIONS:
        raise invalid(f"Invalid sections count. Min allowed: 1, Max allowed: {MOST_SECTIONS}")
    rows = [row for one in sections for row in read_list(one, "rows")]
    if len(rows) > MOST_ROWS:
        raise invalid(f"Total row count exceed max allowed count: {MOST_ROWS}")
    _unique([read_text(row, "id") for row in rows], "Duplicated row id")
    shown = [_section(one, alone=len(sections) == 1) for one in sections]
    return {"lista": {"boton": label, "secciones": shown}}


def _section(section: dict[str, Any], *, alone: bool) -> dict[str, Any]:
    title = optional_text(section, "title", LONGEST_SECTION, "Section title")
    if not title and not alone:
        raise missing("Section title is required when there is more than one section")
    rows = read_list(section, "rows")
    if not rows:
        raise invalid("Invalid rows count. Min allowed rows in a section: 1")
    shown = []
    for row in rows:
        shown.append(
            {
                "id": bounded(read_text(row, "id"), LONGEST_ROW_ID, "Row id"),
                "titulo": bounded(read_text(row, "title"), LONGEST_ROW, "Row title"),
                "descripcion": optional_text(row, "description", LONGEST_DESCRIPTION, "Row description"),
            }
        )
    return {"titulo": title, "filas": shown}


def _link(action: dict[str, Any]) -> dict[str, Any]:
    parameters = read_object(action, "parameters")
    title = bounded(read_text(parameters, "display_text"), LONGEST_BUTTON, "Display text")
    url = read_text(parameters, "url")
    if not url.startswith(("https://", "http://")):
        raise invalid("cta_url: url is not valid")
    return {"enlace": {"titulo": title, "url": url}}


def _unique(values: list[str], what: str) -> None:
    twice = [value for value, times in Counter(values).items() if times > 1]
    if twice:
        raise invalid(f"{what}: {twice[0]}")
