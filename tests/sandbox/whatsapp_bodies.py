"""Bodies of POST /messages, by size."""

from typing import Any

type Body = dict[str, Any]


def text(size: int) -> Body:
    """A text of so many characters."""
    return {"type": "text", "text": {"body": "x" * size}}


def interactive(action: Body, body: int = 10, **more: Any) -> Body:
    """A message with something to tap."""
    content = {"body": {"text": "x" * body}, "action": action, **more}
    return {"type": "interactive", "interactive": content}


def buttons(count: int = 1, title: int = 5, name: int = 5, **more: Any) -> Body:
    """So many buttons, with titles and ids of so many characters."""
    made = [{"type": "reply", "reply": {"id": str(n) * name, "title": str(n) * title}} for n in range(count)]
    return interactive({"buttons": made}, type="button", **more)


def rows(count: int, title: int = 5, description: int = 5, name: int = 5, start: int = 0) -> list[Body]:
    """So many rows of a list, with ids from the letter at `start` on."""
    return [
        {
            "id": chr(97 + start + n) * name,
            "title": "t" * title,
            "description": "d" * description,
        }
        for n in range(count)
    ]


def listed(*sections: list[Body], label: int = 5, section: int = 5, **more: Any) -> Body:
    """A list of these sections."""
    made = [{"title": "s" * section, "rows": one} for one in sections]
    return interactive({"button": "b" * label, "sections": made}, type="list", **more)


def two_sections(second: int) -> Body:
    """Five rows in one section, the rest in another."""
    return listed(rows(5), rows(second, start=5))


def sections(count: int) -> Body:
    """So many sections of one row."""
    return listed(*[rows(1, start=n) for n in range(count)])


def image(caption: int) -> Body:
    """An image whose caption has so many characters."""
    return {"type": "image", "image": {"link": "https://example.com/a.png", "caption": "x" * caption}}


def document(caption: int) -> Body:
    """A document whose caption has so many characters."""
    return {"type": "document", "document": {"link": "https://example.com/a.pdf", "caption": "x" * caption}}


def header(size: int) -> Body:
    """Buttons under a header of so many characters."""
    return buttons(header={"type": "text", "text": "x" * size})


def footer(size: int) -> Body:
    """A list over a footer of so many characters."""
    return listed(rows(1), footer={"text": "x" * size})


def link(size: int) -> Body:
    """A link whose text has so many characters."""
    parameters = {"display_text": "x" * size, "url": "https://example.com/"}
    return interactive({"name": "cta_url", "parameters": parameters}, type="cta_url")


def tracker(size: int) -> Body:
    """A message with a tracker of so many characters."""
    return {**text(1), "biz_opaque_callback_data": "x" * size}


def code(size: int) -> Body:
    """A one-time code of so many characters."""
    values = [{"type": "text", "text": "1" * size}]
    parts = [
        {"type": "body", "parameters": values},
        {"type": "button", "sub_type": "url", "index": "0", "parameters": values},
    ]
    return template("tributa_codigo", parts)


def notice(text: str, *more: str) -> Body:
    """A notice with these values."""
    values = [{"type": "text", "text": one} for one in (text, *more)]
    return template("tributa_aviso", [{"type": "body", "parameters": values}])


def notice_of(size: int) -> Body:
    """A notice whose whole text has so many characters."""
    fixed = len("Aviso de tu cuenta en Tributa: \n\nPuedes responder a este mensaje.")
    return notice("x" * (size - fixed))


def template(name: str, components: list[Body], language: str = "es_CL") -> Body:
    """A template with its values."""
    return {
        "type": "template",
        "template": {"name": name, "language": {"code": language}, "components": components},
    }
