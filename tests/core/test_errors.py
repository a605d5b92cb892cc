"""Every error has its words, and every word its data."""

import re

from bot.channels.textos import DomainTexts
from bot.core import errors, errors_casos, errors_consulta, errors_contratos, errors_entrenamiento, errors_sii  # noqa: F401
from bot.settings import ROOT

TEXTS = DomainTexts(ROOT / "domain.yml")


def _all(kind: type[errors.BotError]) -> list[type[errors.BotError]]:
    return [kind] + [found for child in kind.__subclasses__() for found in _all(child)]


def test_every_key_has_its_text() -> None:
    """A new error without `utter_error_<key>` in domain.yml fails here, and two with the same key too."""
    kinds = _all(errors.BotError)
    assert len({kind.key for kind in kinds}) == len(kinds)
    for kind in kinds:
        assert TEXTS.texto(f"utter_error_{kind.key}"), kind
        assert kind.__doc__


def test_every_error_text_has_its_error() -> None:
    """No text is left behind when an error goes."""
    keys = {kind.key for kind in _all(errors.BotError)} | {"sin_respuesta"}
    written = re.findall(r"^  utter_error_(\w+):", (ROOT / "domain.yml").read_text(), re.M)
    assert set(written) == keys


def test_buttons_fit_every_channel() -> None:
    """WhatsApp takes three buttons of twenty characters, or ten rows that say what they are for."""
    for name, choices in TEXTS.responses.items():
        for choice in choices:
            buttons = choice.get("buttons", [])
            rows = any("description" in button for button in buttons)
            assert len(buttons) <= (10 if rows else 3), name
            assert all(len(button["title"]) <= (24 if rows else 20) for button in buttons), name
            assert all(len(button.get("description", "")) <= 72 for button in buttons), name
