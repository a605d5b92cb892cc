"""The trainers' words for what went wrong."""

from bot.core.errors import BotError
from bot.services.ports import Textos


def error_text(textos: Textos, error: BotError) -> str:
    """What people are told of an error: the response `utter_error_<key>`, with what it is about."""
    return textos.texto(f"utter_error_{error.key}", **error.params)
