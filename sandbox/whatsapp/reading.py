"""Reading values that a client sent, with the errors that the Graph API has for wrong ones."""

from typing import Any

from sandbox.whatsapp.errors import GraphError, invalid, missing


def read_text(values: Any, name: str) -> str:
    """A text that must be there and must not be empty."""
    value = values.get(name) if isinstance(values, dict) else None
    if value is None or value == "":
        raise missing(f"The parameter {name} is required.")
    if not isinstance(value, str):
        raise GraphError(100, f"The parameter {name} must be a string.")
    return value


def read_object(values: dict[str, Any], name: str) -> dict[str, Any]:
    """An object that must be there."""
    value = values.get(name)
    if value is None:
        raise GraphError(100, message=f"The parameter {name} is required.")
    if not isinstance(value, dict):
        raise GraphError(100, message=f"Param {name} must be an object.")
    return value


def read_list(values: dict[str, Any], name: str, *, optional: bool = False) -> list[dict[str, Any]]:
    """A list of objects."""
    value = values.get(name)
    if value is None and optional:
        return []
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise GraphError(100, message=f"Param {name} must be an array.")
    return value


def bounded(text: str, most: int, what: str, *, least: int = 1) -> str:
    """A text of so many characters."""
    if not least <= len(text) <= most:
        raise invalid(f"{what} length invalid. Min length: {least}, Max length: {most}")
    return text


def optional_text(values: dict[str, Any], name: str, most: int, what: str) -> str:
    """A text that may be missing."""
    if values.get(name) in (None, ""):
        return ""
    return bounded(read_text(values, name), most, what)
